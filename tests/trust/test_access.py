"""Who may connect, and who sees what and may do what with it."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Property, QEventLoop, QObject, QStringListModel, Qt, QTimer

from pyside_ro import (
    Caller,
    Peer,
    QRemoteObjectHost,
    QRemoteObjectNode,
    QRemoteObjectReplica,
    RemoteError,
)
from pyside_ro.errors import ErrorCode
from pyside_ro.node import connection
from pyside_ro.protocol.packets import Kind
from tests.badinput.raw import RawClient
from tests.helpers import process_events, unique_local_url, wait_until
from tests.network.support import dropped, valid
from tests.trust.sides import (
    KEY,
    Safe,
    keyed_proxy,
    keyed_registry,
    safe_host,
    visitor,
)

LOG = [r"^pyside_ro"]
State = QRemoteObjectReplica.State
NOT_ACCEPTED = "the host does not accept this client"


class Here:
    """A host of this process with safes, and clients of this process under their names."""

    def __init__(self, url: str, **arguments: Any) -> None:
        self.host = QRemoteObjectHost(url, **arguments)
        self.url = self.host.hostUrl().toString()
        self.safes: dict[str, Safe] = {}
        self.nodes: list[QRemoteObjectNode] = []

    def share(self, name: str, **arguments: Any) -> Safe:
        safe = self.safes[name] = Safe()
        assert self.host.enableRemoting(safe, name, **arguments)
        return safe

    def client(self, name: str) -> QRemoteObjectNode:
        node = QRemoteObjectNode(objectName=name)
        self.nodes.append(node)
        node.connectToNode(self.url)
        assert node.waitForNode(self.url, 10_000), node.errorString()
        return node


@pytest.fixture
def here(qapp: Any, url: str) -> Iterator[Any]:
    """Makes a host here; it and its clients are gone at the end."""
    made: list[Here] = []

    def make(**arguments: Any) -> Here:
        made.append(Here(url, **arguments))
        return made[-1]

    yield make
    with dropped(*(node for each in made for node in [*each.nodes, each.host])):
        pass


def failure(call: Any) -> RemoteError:
    """How a call failed."""
    wait_until(call.isFinished)
    error = call.exception()
    assert isinstance(error, RemoteError)
    return error


# The hook


def test_the_hook_hears_who_comes(peer: Any, url: str) -> None:
    host = peer(safe_host, url=url, key=KEY)
    address = host.info["url"]
    guest = peer(visitor, url=address, key=KEY, name="ada")
    assert guest.ask("waitForSource")
    [asked] = host.ask("asked")
    scheme = address.partition(":")[0]
    assert asked["name"] == "ada" and asked["scheme"] == scheme
    assert asked["proven"] is True and asked["certificate"] is None
    assert address in asked["address"] if scheme == "local" else "127.0.0.1:" in asked["address"]
    if scheme == "local" and sys.platform == "linux":
        assert [asked["pid"], asked["uid"]] == [guest.pid, os.geteuid()]
    else:
        assert [asked["pid"], asked["uid"]] == [None, None]


def test_a_slot_hears_the_same_of_its_caller(peer: Any, url: str) -> None:
    host = peer(safe_host, url=url)
    node = QRemoteObjectNode(objectName="bob")
    with dropped(node):
        node.connectToNode(host.info["url"])
        safe: Any = node.acquireDynamic("safe")
        valid(safe)
        call = safe.whoami()
        assert call.waitForFinished(10_000)
        assert [call.returnValue()] == host.ask("asked")
        assert call.returnValue()["proven"] is False


@pytest.mark.parametrize("name", ["eve", "raise"])
def test_the_hook_refuses(peer: Any, url: str, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(connection, "_REFUSED_RETRY", 50)
    host = peer(safe_host, url=url, refuse="eve", allow_stderr=True)
    good, bad = QRemoteObjectNode(objectName="ada"), QRemoteObjectNode(objectName=name)
    codes: list[Any] = []
    bad.error.connect(codes.append)
    with dropped(good, bad):
        for node in (good, bad):
            node.connectToNode(host.info["url"])
        safe: Any = good.acquireDynamic("safe")
        refused: Any = bad.acquireDynamic("safe")
        valid(safe)
        wait_until(lambda: NOT_ACCEPTED in bad.errorString(), 10, bad.errorString)
        assert bad.connectedSources() == {} and refused.state() is State.Uninitialized
        assert codes[0] is ErrorCode.SocketAccessError
        # Nobody's fault at the host: it is no error there, and a good client is none the wiser.
        assert host.ask("errors") == []
        if name == "raise":
            wait_until(lambda: "no such guest" in host.stderr)
        call = safe.open("ada")
        assert call.waitForFinished(10_000)
        bad.setName("ada")
        valid(refused)


def test_the_hook_may_be_set_and_taken_away(here: Any) -> None:
    h = here()
    h.share("safe")
    h.client("first")
    h.host.setAcceptHook(lambda peer: False)
    late = QRemoteObjectNode()
    h.nodes.append(late)
    late.connectToNode(h.url)
    wait_until(lambda: NOT_ACCEPTED in late.errorString())
    h.host.setAcceptHook(None)
    late.setSharedKey(None)  # tries again at once
    assert late.waitForNode(h.url, 10_000)
    with pytest.raises(TypeError, match="accept is a function"):
        h.host.setAcceptHook(5)
    with pytest.raises(TypeError, match="accept is a function"):
        QRemoteObjectHost(accept="yes")


def test_nothing_is_asked_for_while_the_hook_decides(here: Any) -> None:
    h = here()
    h.share("safe")
    running: list[str] = []

    def slow(peer: Peer) -> bool:
        # It should not, but it may: a dialog, for example.
        loop = QEventLoop()
        packets = [[int(Kind.AddObject), "safe", True], [int(Kind.Ping), 1]]
        QTimer.singleShot(0, lambda: raw.say(*packets))
        QTimer.singleShot(100, loop.quit)
        running.append("begun")
        loop.exec()
        running.append("done")
        return False

    h.host.setAcceptHook(slow)
    with RawClient(h.url) as raw:
        assert raw.wait_end() == NOT_ACCEPTED
        kinds = [packet[0] for packet in raw.packets]
        assert kinds == [Kind.Handshake, Kind.Pong, Kind.Goodbye]
    assert running == ["begun", "done"]


# Read-only


def test_a_read_only_object(peer: Any, url: str) -> None:
    host = peer(safe_host, url=url, readOnly=True)
    node = QRemoteObjectNode()
    refusals: list[RemoteError] = []
    node.propertyWriteRefused.connect(refusals.append)
    with dropped(node):
        node.connectToNode(host.info["url"])
        safe: Any = node.acquireDynamic("safe")
        typed: Any = node.acquire(Safe, "safe")
        valid(safe, typed)
        for each in (safe, typed):
            with pytest.raises(PermissionError, match="safe.level was not set.*read-only"):
                each.level = 9
        error = failure(safe.open("eve"))
        assert error.typeName == "PermissionError" and error.member == "safe.open"
        assert "'safe' is shared read-only with this client" in error.message
        assert host.ask("state") == [1, 0]
        # What the host does itself flows.
        host.ask("setLevel", 4)
        wait_until(lambda: safe.level == 4 == typed.level)
        assert refusals == []


def test_a_client_that_writes_all_the_same(peer: Any, url: str) -> None:
    host = peer(safe_host, url=url, readOnly=True)
    with RawClient(host.info["url"]) as raw:
        channels = raw.subscribe("safe")
        raw.say([channels["level"], 0, 9], [channels["level"], 3, 9])
        raw.say([channels["open"], 4, "eve"])
        raw.wait_packet(Kind.InvokeReplyPacket)
        wait_until(lambda: raw.read() and sum(p[0] == 7 for p in raw.packets) == 3)
        replies = [packet for packet in raw.packets if packet[0] == Kind.InvokeReplyPacket]
        assert [reply[1] for reply in replies] == [0, 3, 4]
        assert {reply[2] for reply in replies} == {"PermissionError"}
    assert host.ask("state") == [1, 0]


def test_read_only_through_a_proxy(peer: Any) -> None:
    registry = peer(keyed_registry, url="tcp://127.0.0.1:0")
    url = registry.info["url"]
    host = peer(safe_host, url="tcp://127.0.0.1:0", registry=url, readOnly=True)
    proxy = peer(keyed_proxy, url="tcp://127.0.0.1:0", registry=url, allow_stderr=LOG)
    node = QRemoteObjectNode()
    with dropped(node):
        node.connectToNode(proxy.info["url"])
        safe: Any = node.acquireDynamic("safe")
        valid(safe)
        with pytest.raises(PermissionError, match="read-only"):
            safe.level = 9
        error = failure(safe.open("eve"))
        assert error.typeName == "PermissionError"
        host.ask("setLevel", 4)
        wait_until(lambda: safe.level == 4)
        assert host.ask("state") == [4, 0]


def test_a_write_that_the_source_refuses_is_noticed(peer: Any, url: str) -> None:
    host = peer(safe_host, url=url, allow_stderr=True)
    node = QRemoteObjectNode()
    refusals: list[RemoteError] = []
    node.propertyWriteRefused.connect(refusals.append)
    with dropped(node):
        node.connectToNode(host.info["url"])
        safe: Any = node.acquireDynamic("safe")
        valid(safe)
        safe.level = 3
        safe.level = -1
        wait_until(lambda: refusals)
        [error] = refusals
        assert [error.typeName, error.message, error.member] == [
            "ValueError",
            "below the floor",
            "safe.level",
        ]
        assert safe.level == 3


# Who sees what


def test_each_peer_sees_its_own(here: Any) -> None:
    h = here()
    rules: dict[str, Any] = {"ada": True, "bob": "readOnly", "eve": False}
    asked: list[str] = []

    def access(peer: Peer) -> Any:
        asked.append(peer.name)
        return rules[peer.name]

    safe = h.share("safe", access=access)
    h.share("lobby")
    ada, bob, eve = (h.client(name) for name in rules)
    assert sorted(ada.connectedSources()) == sorted(bob.connectedSources()) == ["lobby", "safe"]
    assert sorted(eve.connectedSources()) == ["lobby"]
    full: Any = ada.acquireDynamic("safe")
    reader: Any = bob.acquireDynamic("safe")
    hidden: Any = eve.acquireDynamic("safe")
    valid(full, reader)
    full.level = 5
    wait_until(lambda: reader.level == 5)
    with pytest.raises(PermissionError):
        reader.level = 6
    assert "read-only" in str(failure(reader.open("bob")))
    assert safe.level == 5 and safe.calls == 0
    assert hidden.state() is State.Uninitialized
    assert asked == ["ada", "bob", "eve"]


def test_what_is_not_to_be_seen_is_as_if_it_were_not_there(here: Any) -> None:
    h = here()
    h.share("lobby")
    with RawClient(h.url) as raw:
        raw.wait_packet(Kind.ObjectList)
        h.share("safe", access=lambda peer: False)
        raw.say([int(Kind.AddObject), "safe", True], [int(Kind.AddObject), "none", True])
        wait_until(lambda: raw.read() and sum(p[0] == 5 for p in raw.packets) == 2)
        h.host.disableRemoting(h.safes["safe"])
        raw.say([int(Kind.Ping), 1])
        raw.wait_packet(Kind.Pong)
        lists = [packet for packet in raw.packets if packet[0] == Kind.ObjectList]
        assert [[line[0] for line in packet[1]] for packet in lists] == [["lobby"]]
        removed = [packet[1:] for packet in raw.packets if packet[0] == Kind.RemoveObject]
        assert removed == [
            ["safe", "no object is shared as 'safe'"],
            ["none", "no object is shared as 'none'"],
        ]


@pytest.mark.parametrize("answer", [None, 1, "readonly", "raise"])
def test_a_rule_that_gives_no_answer_shows_nothing(here: Any, qtlog: Any, answer: Any) -> None:
    def access(peer: Peer) -> Any:
        if answer == "raise":
            raise LookupError("who is that?")
        return answer

    h = here()
    h.share("safe", access=access)
    h.share("lobby")
    assert sorted(h.client("ada").connectedSources()) == ["lobby"]
    assert any("'safe': its access function raised" in r.message for r in qtlog.records)


class Bank(QObject):
    """Holds a safe of its own, and one that is shared by a name as well."""

    def __init__(self, own: QObject, other: QObject) -> None:
        super().__init__()
        self._own, self._other = own, other

    own = Property(QObject, lambda self: self._own, constant=True)
    other = Property(QObject, lambda self: self._other, constant=True)


def test_what_a_read_only_object_holds_is_read_only(here: Any) -> None:
    h = here()
    own, other = Safe(), h.share("other", access=lambda peer: peer.name == "ada")
    bank = Bank(own, other)
    h.host.enableRemoting(bank, "bank", access=lambda peer: peer.name == "ada" or "readOnly")
    free: Any = h.client("ada").acquireDynamic("bank")
    bound: Any = h.client("bob").acquireDynamic("bank")
    valid(free, bound)
    wait_until(lambda: free.own is not None and bound.own is not None and free.other is not None)
    assert "read-only" in str(failure(bound.own.open("bob")))
    assert own.calls == 0
    for safe in (free.own, free.other):
        call = safe.open("ada")
        assert call.waitForFinished(10_000), call.exception()
    # What is hidden stays so, whoever holds it: there is its name, and nothing behind it.
    process_events(0.05)
    assert not QRemoteObjectReplica.isInitialized(bound.other)
    assert other.calls == 1


def test_what_a_hidden_object_holds_does_not_tell_of_it(here: Any) -> None:
    h = here()
    deep, other = Safe(), Safe()
    inner = Bank(deep, other)
    secret, public = Bank(inner, other), Bank(inner, other)
    h.host.enableRemoting(secret, "secret", access=lambda peer: peer.name == "ada")
    h.host.enableRemoting(public, "public", readOnly=True)
    hers: Any = h.client("ada").acquireDynamic("secret")
    valid(hers)
    with RawClient(h.url) as raw:
        raw.subscribe("public")
        assert b"public" in raw.received and b"secret" not in raw.received
    bank: Any = h.client("bob").acquireDynamic("public")
    valid(bank)
    error = failure(bank.own.own.open("bob"))
    assert "read-only" in error.message
    assert "secret" not in f"{error} {error.member} {bank.own!r} {bank.other!r}"
    # The same replicas after the connection was lost, all the same.
    before = [hers.own, hers.own.own, hers.other]
    for client in list(h.host._clients):
        client.link.close(ConnectionError("cut"))
    wait_until(lambda: hers.state() is State.Suspect)
    valid(hers)
    assert [hers.own, hers.own.own, hers.other] == before
    assert hers.own is not hers.other


def test_what_restricted_objects_of_two_hosts_hold_is_told_apart(qapp: Any) -> None:
    hosts, safes, banks = [Here("tcp://127.0.0.1:0") for _ in "ab"], [Safe(), Safe()], []
    node = QRemoteObjectNode()
    with dropped(node, *(h.host for h in hosts)):
        for number, h in enumerate(hosts):
            banks.append(Bank(safes[number], safes[number]))
            h.host.enableRemoting(banks[-1], f"bank {number}", access=lambda peer: True)
            node.connectToNode(h.url)
        replicas: Any = [node.acquireDynamic(f"bank {number}") for number in range(2)]
        valid(*replicas)
        held = [replica.own for replica in replicas]
        for h in hosts:
            for client in list(h.host._clients):
                client.link.close(ConnectionError("cut"))
        wait_until(lambda: {replica.state() for replica in replicas} == {State.Suspect})
        valid(*replicas)
        assert [replica.own for replica in replicas] == held
        held[0].level = 7
        wait_until(lambda: held[0].level == 7)
        assert [held[1].level, safes[1]._level] == [1, 1]


def test_a_model_that_some_may_read_some_change_and_some_not_see(here: Any) -> None:
    rules: dict[str, Any] = {"ada": True, "bob": "readOnly", "eve": False}
    model = QStringListModel(["gold", "silver"])
    h = here()
    assert h.host.enableRemoting(model, "stock", [], access=lambda peer: rules[peer.name])
    ada, bob, eve = (h.client(name) for name in rules)
    assert "stock" not in eve.connectedSources()
    full, reader = ada.acquireModel("stock"), bob.acquireModel("stock")

    def first(replica: Any) -> Any:
        return replica.data(replica.index(0, 0))

    wait_until(lambda: first(full) == first(reader) == "gold")
    reader.setData(reader.index(0, 0), "lead", Qt.ItemDataRole.EditRole)
    process_events(0.1)
    assert model.stringList() == ["gold", "silver"]
    full.setData(full.index(0, 0), "platinum", Qt.ItemDataRole.EditRole)
    wait_until(lambda: first(reader) == "platinum")


def test_a_read_only_model_through_a_proxy(here: Any, peer: Any) -> None:
    registry = peer(keyed_registry, url="tcp://127.0.0.1:0").info["url"]
    model, secret = QStringListModel(["gold"]), QStringListModel(["plan"])
    host = QRemoteObjectHost("tcp://127.0.0.1:0", registry)
    assert host.enableRemoting(model, "stock", [], readOnly=True)
    assert host.enableRemoting(secret, "secret stock", [], access=lambda peer: False)
    proxy = peer(keyed_proxy, url="tcp://127.0.0.1:0", registry=registry, allow_stderr=LOG)
    node = QRemoteObjectNode()
    with dropped(node, host):
        node.connectToNode(proxy.info["url"])
        replica = node.acquireModel("stock")

        def first() -> Any:
            return replica.data(replica.index(0, 0))

        wait_until(lambda: first() == "gold")
        replica.setData(replica.index(0, 0), "lead", Qt.ItemDataRole.EditRole)
        model.setStringList(["gold", "tin"])
        wait_until(lambda: replica.rowCount() == 2 and first() == "gold")
        assert model.stringList() == ["gold", "tin"]
        assert "secret stock" not in node.connectedSources()


def test_read_only_caps_what_the_rule_allows(here: Any) -> None:
    h = here()
    h.share("safe", readOnly=True, access=lambda peer: True)
    safe: Any = h.client("ada").acquireDynamic("safe")
    valid(safe)
    with pytest.raises(PermissionError):
        safe.level = 6
    with pytest.raises(TypeError, match="access is a function of a Peer"):
        h.host.enableRemoting(Safe(), "other", access="everybody")


def test_a_rule_may_change_what_is_shared(here: Any) -> None:
    server = here()
    server.share("early")

    def access(peer: Peer) -> bool:
        if "early" in server.host._sources:
            server.host.disableRemoting(server.host._sources["early"].reference())
            server.share("late")
        return True

    server.share("middle", access=access)
    node = server.client("ada")
    wait_until(lambda: "middle" in node.connectedSources())
    assert sorted(node.connectedSources()) == ["late", "middle"]


def test_an_object_that_is_shared_again_is_shared_anew(here: Any) -> None:
    h = here()
    safe = h.share("safe", readOnly=True)
    replica: Any = h.client("ada").acquireDynamic("safe")
    valid(replica)
    h.host.disableRemoting(safe)
    wait_until(lambda: replica.state() is State.Suspect)
    h.host.enableRemoting(safe, "safe")
    valid(replica)
    replica.level = 8
    wait_until(lambda: safe.level == 8)


def test_the_registry_lists_what_not_everybody_sees(peer: Any, local_url: str) -> None:
    registry = peer(keyed_registry, url="tcp://127.0.0.1:0")
    url = registry.info["url"]
    host = QRemoteObjectHost(local_url, url)
    safe = Safe()
    host.enableRemoting(safe, "safe", access=lambda peer: peer.name == "ada")
    ada, eve = QRemoteObjectNode(url, objectName="ada"), QRemoteObjectNode(url, objectName="eve")
    with dropped(ada, eve, host):
        mine: Any = ada.acquireDynamic("safe")
        hidden: Any = eve.acquireDynamic("safe")
        valid(mine)
        registry_replica = eve.registry()
        assert registry_replica is not None
        wait_until(lambda: "safe" in registry_replica.sourceLocations())
        assert eve.waitForNode(local_url, 10_000)
        process_events(0.05)
        assert hidden.state() is State.Uninitialized


# A caller's end


def test_a_callers_end_is_told_once_from_whatever_thread_it_was_asked_for(qapp: Any) -> None:
    caller = Caller("somewhere")
    called: list[int] = []
    threads: list[threading.Thread] = []

    class Slow(list[Any]):
        def append(self, item: Any) -> None:
            # The connection ends just now, in the host's thread.
            threads.append(threading.Thread(target=caller._gone))
            threads[0].start()
            threads[0].join(0.2)
            super().append(item)

    caller._callbacks = Slow()
    caller.onGone(lambda: called.append(1))
    threads[0].join(10)
    assert called == [1] and not caller.connected
    caller.onGone(lambda: called.append(2))
    assert called == [1, 2]


# The system's own answer


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs a second user")
def test_another_user_cannot_open_the_socket_file(qapp: Any) -> None:
    import subprocess

    from PySide6.QtCore import QDir

    url = unique_local_url()
    host = QRemoteObjectHost(url)
    path = QDir(QDir.tempPath()).filePath(url.partition(":")[2])
    program = (
        "import os, socket, sys; os.setgid(65534); os.setuid(65534)\n"
        "try: socket.socket(socket.AF_UNIX).connect(sys.argv[1])\n"
        "except PermissionError: print('forbidden')\n"
        "else: print('open')"
    )

    def outcome() -> str:
        command = [sys.executable, "-c", program, path]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    with dropped(host):
        assert outcome() == "forbidden"
        os.chmod(path, 0o777)
        assert outcome() == "open"  # what kept it out were the permissions of the file
    del host
    gc.collect()
