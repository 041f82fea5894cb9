"""Children when connections are lost, hosts start again, and nodes stand in between."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode
from tests.behaviour.support import Peer, State, dropped, finished, live, own, valid
from tests.children.hosts import Root, proxy, registry, serve, threads
from tests.helpers import (
    PeerProcess,
    Recorder,
    process_events,
    remove_socket_file,
    unique_local_url,
    wait_until,
)


def lose(node: QRemoteObjectNode, replica: Any) -> None:
    """Cut the connection, as a network would."""
    [connection] = node._connections.values()
    assert connection.link is not None
    connection.link.abort(ConnectionError("cut"))
    wait_until(lambda: own(replica) is State.Suspect)


def test_the_same_objects_are_the_same_replicas(
    peer: Peer, local_url: str, node: QRemoteObjectNode
) -> None:
    host = peer(serve, url=local_url)
    host.ask("make", "a", 2)
    host.ask("make", "b", 3)
    host.ask("put", "root", "items", ["a", "b"])
    root = live(node, host, "root")
    child, (a, b) = root.child, root.items
    changes = Recorder(root.childChanged, root.itemsChanged, child.valueChanged, a.valueChanged)
    lose(node, root)
    assert own(child) is own(a) is State.Suspect
    valid(root)
    assert root.child is child and root.items == [a, b]
    assert own(child) is own(a) is own(b) is State.Valid
    assert changes.calls == []
    host.ask("quietly", "root", "items", ["a", "b"])
    lose(node, root)
    # In the meantime: another one in front, one less, and a value.
    host.ask("make", "c", 9)
    host.ask("quietly", "root", "items", ["c", "b", "a"])
    host.ask("setValue", "a", 20)
    host.ask("quietly", "root", "child", None)
    valid(root)
    assert root.items[1:] == [b, a] and root.items[0].value == 9
    assert root.child is None and own(child) is State.Suspect
    assert a.value == 20 and own(a) is State.Valid
    assert changes.calls.count((3, (20,))) == 1


@pytest.mark.parametrize("found", ["directly", "by the registry"])
def test_a_host_that_starts_again(peer: Peer, nodes: Any, local_url: str, found: str) -> None:
    registryUrl = ""
    node = nodes()
    hostUrl = "tcp://127.0.0.1:0"
    if found == "directly":
        host = peer(serve, url=local_url)
        hostUrl = local_url
        node.connectToNode(local_url)
    else:
        registryUrl = peer(registry, url=local_url).info["url"]
        host = peer(serve, url=hostUrl, registry=registryUrl)
        node.setRegistryUrl(registryUrl)
    host.ask("make", "spare", 5)
    for name in ("spare", "child"):
        host.ask("put", "root", "child", name)
    root = valid(node.acquireDynamic("root"))
    child = root.child
    values = Recorder(child.valueChanged)
    host.kill()
    wait_until(lambda: own(child) is State.Suspect)
    assert child.value == 1, "what it was last"
    second = peer(serve, url=hostUrl, registry=registryUrl, start=30)
    valid(root)
    assert root.child is child and own(child) is State.Valid
    assert child.value == 31 and values.values == [31]
    second.ask("setValue", "child", 40)
    assert values.wait(2) == [31, 40]
    assert finished(child.add(2)) == 42


def test_acquired_again(peer: Peer, local_url: str, node: QRemoteObjectNode) -> None:
    host = peer(serve, url=local_url)
    for _ in range(3):
        root = live(node, host, "root")
        assert root.child.value == 1
        del root
    wait_until(lambda: host.ask("shared")[0] == 0)
    node.disconnectFromNode(local_url)
    root = live(node, host, "root")
    assert own(root.child) is State.Valid


def test_a_node_ends_with_its_last_reference(peer: Peer, local_url: str, qapp: Any) -> None:
    host = peer(serve, url=local_url)
    host.ask("put", "child", "child", "root")
    node = QRemoteObjectNode()
    ended: list[int] = []
    node.destroyed.connect(lambda: ended.append(1))
    root = live(node, host, "root")
    assert root.child.child.value == 0
    child = root.child
    del root, node
    wait_until(lambda: ended)
    assert own(child) is State.Suspect
    wait_until(lambda: host.ask("shared")[0] == 0)


def test_through_a_proxy(peer: Peer, local_url: str, middle_url: str, nodes: Any) -> None:
    quiet = {"env": {"QT_LOGGING_RULES": "pyside_ro*.warning=false"}}
    listed = peer(registry, url=local_url, **quiet).info["url"]
    host = peer(serve, url="tcp://127.0.0.1:0", registry=listed, **quiet)
    host.ask("put", "child", "child", "root")
    middle = peer(proxy, url=middle_url, registry=listed, **quiet)
    node = nodes()
    root = live(node, middle, "root")
    child = root.child
    assert child.value == 1 and child.child.child is child
    child.value = 6
    wait_until(lambda: child.value == 6)
    assert finished(child.add(4)) == 10
    assert finished(root.pick(child)) is child
    assert host.ask("seen") == ["child"]
    changes = Recorder(root.childChanged, root.itemsChanged)
    host.ask("make", "a", 2)
    host.ask("put", "root", "items", ["a", "child", "a"])
    wait_until(lambda: root.items)
    assert root.items[1] is child and root.items[0] is root.items[2]
    assert [item.value for item in root.items] == [2, 6, 2]
    host.ask("put", "root", "child", "a")
    wait_until(lambda: root.child is root.items[0])
    host.ask("delete", "a")
    wait_until(lambda: root.child is None and root.items == [None, child, None])
    host.ask("put", "root", "items", [])
    wait_until(lambda: root.items == [])
    wait_until(lambda: middle.ask("shared") == 0)
    assert len(changes) >= 4
    # Its host dies and comes back: so does all that is here.
    host.ask("put", "root", "child", "child")
    wait_until(lambda: root.child is not None)
    host.kill()
    wait_until(lambda: own(root) is State.Suspect)
    peer(serve, url="tcp://127.0.0.1:0", registry=listed, start=50, **quiet)
    wait_until(lambda: own(root) is State.Valid and root.child and root.child.value == 51)


@pytest.fixture
def threaded(peer: Peer, local_url: str) -> Iterator[PeerProcess]:
    process = peer(threads, url=local_url)
    yield process
    process.ask("end")


def test_objects_of_another_thread(threaded: PeerProcess, node: QRemoteObjectNode) -> None:
    node.connectToNode(threaded.info["url"])
    root = node.acquireDynamic("root")
    first: list[Any] = []
    root.initialized.connect(lambda: first.append(root.child.child.value))
    valid(root)
    assert first == [3], "children are there first"
    child, (deep, same) = root.child, root.items
    assert child is same and child.child is deep and deep.child is child
    assert finished(child.where()) == "worker" or finished(child.where()).startswith("Dummy")
    changes = Recorder(root.childChanged)
    root.child = deep
    assert changes.wait() == [deep]
    wait_until(lambda: root.child is deep)
    child.value = 8
    wait_until(lambda: child.value == 8)


def test_a_child_of_another_thread_follows(threaded: PeerProcess, node: QRemoteObjectNode) -> None:
    mixed = live(node, threaded, "mixed")
    wait_until(lambda: own(mixed.child) is State.Valid)
    assert mixed.child.value == 2 and mixed.child.child.value == 3


def test_replaced_by_another_thread(threaded: PeerProcess, node: QRemoteObjectNode) -> None:
    home = live(node, threaded, "home")
    for value in (10, 11, 12):
        threaded.ask("replaceFromThread", value)
        wait_until(lambda value=value: home.value == value)  # sent behind it
        assert home.child.value == value


@pytest.mark.parametrize("count", [20, 2_000])
def test_replaced_often_by_another_thread(
    threaded: PeerProcess, node: QRemoteObjectNode, count: int
) -> None:
    home = live(node, threaded, "home")
    seen: list[int] = []
    home.childChanged.connect(lambda child: seen.append(child.value))
    threaded.ask("churnFromThread", count)
    wait_until(lambda: len(seen) >= count)
    assert seen == list(range(count)), "in the order in which they were put there"
    assert home.child.value == count - 1


def test_in_one_process(qapp: Any, local_url: str) -> None:
    """A host that acquires what it shares."""
    host = QRemoteObjectHost(local_url)
    root, child = Root(1), Root(2)
    root._child = child
    host.enableRemoting(root, "root")
    replica = valid(host.acquireDynamic("root"))
    assert replica.child.value == 2
    root.setChild(None)
    wait_until(lambda: replica.child is None)
    host.close()
    process_events(0.01)


def test_a_replica_is_initialized_after_the_host_that_shares_what_holds_it_is_gone(
    qapp: Any, node: QRemoteObjectNode, local_url: str
) -> None:
    url = unique_local_url()
    try:
        node.connectToNode(url)
        late = node.acquireDynamic("late")
        holder = Root(1)
        holder._child = late
        host = QRemoteObjectHost(local_url)
        assert host.enableRemoting(holder, "holder")
        other = QRemoteObjectNode()
        other.connectToNode(local_url)
        assert valid(other.acquireDynamic("holder")).child is None
        del host
        there = QRemoteObjectHost(url)
        source = Root(2)
        assert there.enableRemoting(source, "late")
        assert valid(late).value == 2  # and nothing raised (pytest-qt looks)
        process_events(0.01)
        for one in (there, other):
            dropped(one)
    finally:
        remove_socket_file(url)
