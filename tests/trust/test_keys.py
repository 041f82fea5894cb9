"""Shared keys: in two and more processes, over every kind of transport."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QUrl

from pyside_ro import (
    QRemoteObjectHost,
    QRemoteObjectNode,
    QRemoteObjectReplica,
)
from pyside_ro.errors import ErrorCode
from pyside_ro.node import connection, trust
from pyside_ro.protocol.packets import Handshake, Kind
from tests.badinput.raw import RawClient, RawHost
from tests.helpers import process_events, wait_until
from tests.network.support import dropped, suspect, valid
from tests.protocol.streams import frame, stream
from tests.trust.sides import (
    KEY,
    OTHER,
    Safe,
    keyed_proxy,
    keyed_registry,
    safe_host,
    visitor,
)

LOG = [r"^pyside_ro"]
CLIENT_ALONE = "the client has a shared key and the host has none"
HOST_ALONE = "the host has a shared key and the client has none"


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused clients of this process come back soon."""
    monkeypatch.setattr(connection, "_REFUSED_RETRY", 50)


class Watch:
    """A node of this process, its errors, and its replica of the safe."""

    def __init__(self, url: str, key: Any = None, name: str = "") -> None:
        self.node = QRemoteObjectNode(sharedKey=key, objectName=name)
        self.errors: list[tuple[ErrorCode, str]] = []
        self.node.error.connect(lambda code: self.errors.append((code, self.node.errorString())))
        self.node.connectToNode(url)
        self.safe: Any = self.node.acquireDynamic("safe")

    def refused(self, words: str) -> None:
        """Wait until it is told so; with the code."""
        wait_until(lambda: self.errors, 10, self.node.errorString)
        code, text = self.errors[0]
        assert code is ErrorCode.SocketAccessError
        assert words in text
        assert not self.node.connectedSources()


@pytest.fixture
def watch() -> Iterator[Any]:
    """Makes watches that are gone at the end."""
    made: list[Watch] = []

    def make(url: str, key: Any = None, name: str = "") -> Watch:
        made.append(Watch(url, key, name))
        return made[-1]

    yield make
    with dropped(*(each.node for each in made)):
        pass


def test_the_same_key_on_both_sides(peer: Any, url: str, watch: Any) -> None:
    host = peer(safe_host, url=url, key=KEY)
    good = watch(host.info["url"], KEY.encode())
    valid(good.safe)
    call = good.safe.open("ada")
    assert call.waitForFinished(10_000) and call.returnValue() == "welcome, ada"
    [asked] = host.ask("asked")
    assert asked["proven"] is True
    assert host.ask("errors") == [] == good.errors


@pytest.mark.parametrize(
    ("hostKey", "clientKey", "atHost", "atClient"),
    [
        (KEY, None, HOST_ALONE, HOST_ALONE),
        (None, KEY, CLIENT_ALONE, CLIENT_ALONE),
        (KEY, OTHER, "the client's shared key is another one", "shared key is another one"),
    ],
)
def test_wrong_keys_are_refused_in_words_on_both_sides(
    peer: Any,
    url: str,
    watch: Any,
    hostKey: str | None,
    clientKey: str | None,
    atHost: str,
    atClient: str,
) -> None:
    host = peer(safe_host, url=url, key=hostKey, allow_stderr=LOG)
    good = watch(host.info["url"], hostKey)
    valid(good.safe)
    bad = watch(host.info["url"], clientKey)
    bad.refused(atClient)
    wait_until(lambda: host.ask("errors"))
    [error] = host.ask("errors")
    assert error.startswith("SocketAccessError: ") and atHost in error
    # It comes back, but not at once and again and again.
    process_events(0.5)
    assert len(host.ask("errors")) == 1 == len(bad.errors)
    assert not bad.safe.isInitialized() and len(host.ask("asked")) == 1
    call = good.safe.open("ada")
    assert call.waitForFinished(10_000)


def test_nothing_is_listed_and_nothing_is_heard_before_the_proof(peer: Any, url: str) -> None:
    host = peer(safe_host, url=url, key=KEY, allow_stderr=LOG)
    hello = Handshake("x", (("key", b"n" * 32),)).packet()
    attempts: list[list[list[Any]]] = [
        [[4, "safe", True]],
        [[10, 1]],
        [[32, 1]],
        [[13, b"p" * 32], [4, "safe", True]],
        [[13, b"p" * 32, b"p" * 32]],
        [hello],
    ]
    for packets in attempts:
        with RawClient(host.info["url"], greet=False) as raw:
            raw.send(stream()[:8] + frame([hello]))
            raw.wait_packet(Kind.Handshake)
            raw.say(*packets)
            assert raw.wait_end()
            assert {packet[0] for packet in raw.packets} == {Kind.Handshake, Kind.Goodbye}
    for packets in attempts:
        # All in one piece, and the handshake without a nonce.
        with RawClient(host.info["url"], greet=False) as raw:
            raw.send(stream(packets))
            assert HOST_ALONE in raw.wait_end()
            assert {packet[0] for packet in raw.packets} == {Kind.Handshake, Kind.Goodbye}
    assert host.ask("asked") == []
    assert KEY not in host.stderr


def test_a_large_frame_behind_the_handshake_is_not_waited_for(peer: Any, url: str) -> None:
    host = peer(safe_host, url=url, key=KEY, allow_stderr=LOG)
    hello = Handshake("x", (("key", b"n" * 32),)).packet()
    for start in (b"\xff\xff\xff\x00\x00\x00\x00\x00", b"\x08\x00\x00\x00\x01\x00\x00\x00"):
        with RawClient(host.info["url"], greet=False) as raw:
            raw.send(stream()[:8] + frame([hello]) + start)
            assert "before the handshake" in raw.wait_end()


def test_a_client_that_never_proves_itself(peer: Any, url: str) -> None:
    host = peer(safe_host, url=url, key=KEY, limits={"handshakeTimeout": 200}, allow_stderr=LOG)
    hello = Handshake("x", (("key", b"n" * 32),)).packet()
    with RawClient(host.info["url"], greet=False) as raw:
        raw.send(stream()[:8] + frame([hello]))
        assert raw.wait_end() == "the peer did not prove its shared key within 0.2 s"


def test_a_node_that_knows_no_keys_is_told_so(peer: Any, url: str) -> None:
    # An older one: no feature in its handshake, and it takes part at once.
    host = peer(safe_host, url=url, key=KEY, allow_stderr=LOG)
    with RawClient(host.info["url"]) as old:
        assert HOST_ALONE in old.wait_end()
    with RawHost(stream([[9, [["safe", "Safe", "0" * 32]]]])) as older:
        node = QRemoteObjectNode(sharedKey=KEY)
        with dropped(node):
            node.connectToNode(older.url)
            raw = older.wait_client()
            assert CLIENT_ALONE in raw.wait_end()
            assert CLIENT_ALONE in node.errorString()
            assert node.connectedSources() == {}


class Recorder:
    """A man in the middle who writes down what passes, and knows no key."""

    def __init__(self, url: str) -> None:
        target = QUrl(url)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        self.up, self.down = bytearray(), bytearray()
        self._sockets: list[socket.socket] = []
        self._target = (target.host(), target.port())
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        near, _ = self._server.accept()
        far = socket.create_connection(self._target)
        self._sockets += [near, far]
        upward = threading.Thread(target=self._pass, args=(near, far, self.up), daemon=True)
        upward.start()
        self._pass(far, near, self.down)
        upward.join(5)

    def _pass(self, source: socket.socket, sink: socket.socket, seen: bytearray) -> None:
        try:
            while data := source.recv(65536):
                seen += data
                sink.sendall(data)
        except OSError:
            pass

    def close(self) -> None:
        """Hang up on both."""
        for each in self._sockets:
            with contextlib.suppress(OSError):  # who was on the other end reset the connection
                each.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        for each in [*self._sockets, self._server]:
            each.close()


def test_a_recorded_connection_opens_nothing_again(peer: Any, watch: Any) -> None:
    host = peer(safe_host, url="tcp://127.0.0.1:0", key=KEY, allow_stderr=LOG)
    tap = Recorder(host.info["url"])
    victim = watch(tap.url, KEY)
    valid(victim.safe)
    victim.node.disconnectFromNode(tap.url)
    tap.close()
    assert KEY.encode() not in tap.up + tap.down
    # To the host, as the client.
    with RawClient(host.info["url"], greet=False) as raw:
        raw.send(bytes(tap.up))
        assert "the client's shared key is another one" in raw.wait_end()
        assert Kind.ObjectList not in {packet[0] for packet in raw.packets}
        assert Kind.Proof not in {packet[0] for packet in raw.packets}
    # To a client, as the host.
    with RawHost(bytes(tap.down)) as ghost:
        again = watch(ghost.url, KEY)
        wait_until(lambda: ghost.turn() or again.errors)
        again.refused("the host's shared key is another one")
        assert not again.safe.isInitialized()


def test_a_host_that_comes_back_with_another_key(
    peer: Any, local_url: str, watch: Any, patient: None
) -> None:
    first = peer(safe_host, url=local_url, key=KEY, allow_stderr=LOG)
    client = watch(local_url, KEY)
    valid(client.safe)
    first.kill()
    suspect(client.safe)
    second = peer(safe_host, url=local_url, key=OTHER, allow_stderr=LOG)
    client.refused("shared key is another one")
    second.kill()
    third = peer(safe_host, url=local_url, key=KEY, allow_stderr=LOG)
    valid(client.safe)
    assert third.ask("clients") == 1


def test_the_key_is_changed_on_both_sides(peer: Any, local_url: str, watch: Any) -> None:
    host = peer(safe_host, url=local_url, key=KEY, allow_stderr=LOG)
    old, late = watch(local_url, KEY), watch(local_url, OTHER)
    valid(old.safe)
    late.refused("shared key is another one")
    host.ask("setSharedKey", OTHER)
    # Who is connected stays; who is refused waits, but not once it has a new key.
    late.node.setSharedKey(OTHER)
    valid(late.safe)
    old.safe.level = 5
    wait_until(lambda: host.ask("state")[0] == 5)


def test_a_registry_its_hosts_and_its_clients(peer: Any, watch: Any) -> None:
    registry = peer(keyed_registry, url="tcp://127.0.0.1:0", key=KEY, allow_stderr=LOG)
    peer(safe_host, url="tcp://127.0.0.1:0", key=KEY, registry=registry.info["url"])
    node = QRemoteObjectNode(registry.info["url"], sharedKey=KEY)
    stranger = QRemoteObjectNode(registry.info["url"])
    with dropped(node, stranger):
        safe: Any = node.acquireDynamic("safe")
        valid(safe)
        assert not stranger.waitForRegistry(300)
        assert HOST_ALONE in stranger.errorString()


def test_a_registry_replica_of_its_own_host(qapp: Any, local_url: str) -> None:
    from pyside_ro import QRemoteObjectRegistryHost

    host = QRemoteObjectRegistryHost(local_url, sharedKey=KEY)
    with dropped(host):
        assert host.waitForRegistry(10_000)


def test_proxies_use_the_key_of_their_host(peer: Any, watch: Any) -> None:
    registry = peer(keyed_registry, url="tcp://127.0.0.1:0", key=KEY)
    peer(safe_host, url="tcp://127.0.0.1:0", key=KEY, registry=registry.info["url"])
    proxy = peer(keyed_proxy, url="tcp://127.0.0.1:0", registry=registry.info["url"], key=KEY)
    far = watch(proxy.info["url"], KEY)
    valid(far.safe)
    call = far.safe.open("ada")
    assert call.waitForFinished(10_000) and call.returnValue() == "welcome, ada"


def test_a_host_needs_no_key_for_itself(qapp: Any, local_url: str) -> None:
    host, safe = QRemoteObjectHost(local_url, sharedKey=KEY, accept=lambda peer: False), Safe()
    with dropped(host):
        host.enableRemoting(safe, "safe", readOnly=True, access=lambda peer: False)
        mine: Any = host.acquireDynamic("safe")
        valid(mine)
        mine.level = 7
        wait_until(lambda: safe.level == 7)


def test_the_other_process_proves_itself_too(peer: Any, local_url: str) -> None:
    host, safe = QRemoteObjectHost(local_url, sharedKey=KEY), Safe()
    with dropped(host):
        host.enableRemoting(safe, "safe")
        good = peer(visitor, url=local_url, key=KEY)
        assert good.ask("waitForSource")
        bad = peer(visitor, url=local_url, key=OTHER, allow_stderr=LOG)
        wait_until(lambda: bad.ask("errors"))
        assert bad.ask("errors")[0].startswith("SocketAccessError: ")
        assert host.lastError() is ErrorCode.SocketAccessError
        assert "the client's shared key is another one" in host.errorString()
        assert not bad.ask("valid")


# What a key is


def test_keys_that_are_none(qapp: Any) -> None:
    for empty in (b"", ""):
        with pytest.raises(ValueError, match="the shared key is empty"):
            QRemoteObjectNode(sharedKey=empty)
    node = QRemoteObjectNode()
    for wrong in (5, ["a"]):
        with pytest.raises(TypeError, match="a shared key is bytes or a str"):
            node.setSharedKey(wrong)  # type: ignore[arg-type]
    node.setSharedKey(None)


def test_a_short_key_is_warned_of_once(
    qapp: Any, qtlog: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trust, "_warned", [])

    def warnings() -> list[str]:
        return [r.message for r in qtlog.records if "can be guessed" in r.message]

    node = QRemoteObjectNode(sharedKey="x" * 16)
    assert warnings() == []
    node.setSharedKey("fifteen bytes !")
    node.setSharedKey(b"1234")
    [text] = warnings()
    assert "15 bytes" in text and "fifteen" not in text


def test_a_host_that_others_can_reach_warns_once_unless_it_has_a_key(qapp: Any, qtlog: Any) -> None:
    def warnings() -> list[str]:
        return [r.message for r in qtlog.records if "from other machines" in r.message]

    hosts = [QRemoteObjectHost("tcp://0.0.0.0:0", sharedKey=KEY)]
    hosts.append(QRemoteObjectHost("tcp://127.0.0.1:0"))
    assert warnings() == []
    hosts.append(QRemoteObjectHost("tcp://0.0.0.0:0"))
    [text] = warnings()
    assert hosts[2].hostUrl().toString() in text
    with dropped(*hosts):
        pass


def test_a_replica_says_why(peer: Any, watch: Any, local_url: str) -> None:
    peer(safe_host, url=local_url, key=KEY, allow_stderr=LOG)
    client = watch(local_url)
    assert not client.node.waitForNode(local_url, 300)
    assert HOST_ALONE in client.node.errorString() and local_url in client.node.errorString()
    assert client.safe.state() is QRemoteObjectReplica.State.Uninitialized


def test_over_a_device_of_the_program(qapp: Any) -> None:
    from tests.transport.devices import pair

    near, far = pair()
    host, node, safe = QRemoteObjectHost(sharedKey=KEY), QRemoteObjectNode(sharedKey=KEY), Safe()
    with dropped(host, node):
        host.addHostSideConnection(near)
        host.enableRemoting(safe, "safe")
        node.addClientSideConnection(far)
        replica: Any = node.acquireDynamic("safe")
        valid(replica)
        call = replica.whoami()
        assert call.waitForFinished(10_000) and call.returnValue()["scheme"] == "device"
