"""A property that holds a QObject is a replica of that object at the other side."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from PySide6.QtCore import QObject

from pyside_ro import (
    CannotCross,
    ConnectionLost,
    QRemoteObjectHost,
    QRemoteObjectNode,
    QRemoteObjectReplica,
    RemoteError,
    interfaceOf,
)
from tests.behaviour.support import QUIET, Peer, State, dropped, failure, finished, live, own, valid
from tests.children.hosts import Item, Root, onlooker, serve
from tests.helpers import PeerProcess, QmlStage, Recorder, process_events, wait_until


@pytest.fixture
def host(peer: Peer, local_url: str) -> PeerProcess:
    return peer(serve, url=local_url)


@pytest.fixture(params=["dynamic", "typed"])
def root(request: Any, host: PeerProcess, node: QRemoteObjectNode) -> Any:
    node.connectToNode(host.info["url"])
    if request.param == "dynamic":
        return valid(node.acquireDynamic("root"))
    typed = node.acquire(Root, "root")
    assert typed.child is None and typed.items == []
    return valid(typed)


def test_a_child_is_a_replica(host: PeerProcess, root: Any) -> None:
    child = root.child
    assert isinstance(child, QRemoteObjectReplica) and isinstance(child, QObject)
    assert own(child) is State.Valid and child.isInitialized(), "before its parent is"
    assert root.property("child") is child
    assert interfaceOf(child).name == "Item"
    assert child.value == 1 and child.child is None
    changes = Recorder(child.valueChanged)
    host.ask("setValue", "child", 5)
    assert changes.wait() == [5] and root.child.value == 5
    child.value = 6
    assert changes.wait(2) == [5, 6]
    assert finished(child.add(10)) == 16
    interface = interfaceOf(root)
    assert {p.name: p.type for p in interface.properties}["child"] == "QObject*"
    assert "childChanged(QObject*)" in [s.signature for s in interface.signals]
    # Only the signal that a property has for it: others do not point to objects.
    assert "moved" not in [s.name for s in interface.signals]


def test_children_are_there_when_the_parent_is_initialized(
    host: PeerProcess, node: QRemoteObjectNode
) -> None:
    host.ask("make", "deep", 3)
    host.ask("make", "middle", 2, "deep")
    host.ask("put", "root", "child", "middle")
    node.connectToNode(host.info["url"])
    replica = node.acquireDynamic("root")
    seen: list[int] = []
    replica.initialized.connect(lambda: seen.append(replica.child.child.value))
    wait_until(lambda: seen)
    assert seen == [3]


def test_it_is_replaced_and_null(host: PeerProcess, root: Any) -> None:
    changes = Recorder(root.childChanged)
    first = root.child
    host.ask("make", "second", 2)
    host.ask("put", "root", "child", "second")
    second = changes.wait()[0]
    assert root.child is second and second.value == 2
    wait_until(lambda: own(first) is State.Suspect)
    assert isinstance(failure(first.add(1)), ConnectionLost)
    assert "no property holds it" in str(failure(first.add(1)))
    host.ask("put", "root", "child", None)
    assert changes.wait(2)[1] is None and root.child is None
    wait_until(lambda: own(second) is State.Suspect)
    host.ask("put", "root", "child", "child")
    assert changes.wait(3)[2] is first, "the same object is the same replica again"
    assert own(first) is State.Valid and finished(first.add(1)) == 2


def test_what_is_not_held_is_not_shared(host: PeerProcess, root: Any) -> None:
    assert host.ask("shared") == [1, 1, 0]
    host.ask("make", "deep", 3)
    host.ask("put", "child", "child", "deep")
    wait_until(lambda: root.child.child is not None)
    assert host.ask("shared") == [2, 2, 0]
    host.ask("put", "root", "child", None)
    assert host.ask("shared") == [0, 2, 0]
    host.ask("drop", "child")
    host.ask("drop", "deep")
    assert host.ask("shared") == [0, 0, 0]


def test_objects_that_hold_each_other(host: PeerProcess, root: Any) -> None:
    host.ask("make", "b", 2, "child")
    host.ask("put", "child", "child", "b")
    wait_until(lambda: root.child.child is not None)
    a, b = root.child, root.child.child
    assert b.child is a and own(b) is State.Valid
    host.ask("put", "b", "child", "root")
    wait_until(lambda: b.child is not a)
    assert QRemoteObjectReplica.state(b.child) is State.Valid
    assert b.child.child is a, "the source that is shared by its name"
    assert b.child.items == root.items
    host.ask("setValue", "root", 9)
    wait_until(lambda: b.child.value == root.value == 9)
    host.ask("put", "b", "child", "child")
    host.ask("put", "root", "child", None)
    wait_until(lambda: own(a) is own(b) is State.Suspect)
    assert host.ask("shared")[0] == 0, "a circle that nothing leads to"


def test_a_circle_is_there_at_once(host: PeerProcess, node: QRemoteObjectNode) -> None:
    host.ask("put", "child", "child", "root")
    host.ask("make", "b", 2, "child")
    host.ask("put", "root", "items", ["b", "child", "root"])
    replica = live(node, host, "root")
    assert all(own(item) is State.Valid for item in replica.items)
    assert replica.items[0].child is replica.child is replica.items[1]
    assert replica.child.child is replica.items[2]
    assert replica.child.child.child is replica.child


def test_a_circle_ends_with_what_leads_to_it(host: PeerProcess, node: QRemoteObjectNode) -> None:
    host.ask("put", "child", "child", "root")
    replica = live(node, host, "root")
    assert replica.child.child.value == 0
    assert host.ask("shared")[0] == 1
    del replica
    wait_until(lambda: host.ask("shared")[0] == 0)
    replica = live(node, host, "root")
    assert replica.child.value == 1


def test_the_same_object_is_the_same_replica(host: PeerProcess, root: Any) -> None:
    host.ask("put", "root", "items", ["child", "child"])
    host.ask("put", "root", "any", {"a": ["child"], "b": None})
    wait_until(lambda: root.any)
    assert root.items == [root.child, root.child]
    assert root.items[0] is root.child is root.any["a"][0]
    host.ask("put", "root", "items", [])
    host.ask("put", "root", "child", None)
    wait_until(lambda: root.child is None)
    assert own(root.any["a"][0]) is State.Valid, "another property holds it"
    host.ask("put", "root", "any", 3)
    wait_until(lambda: root.any == 3)
    assert host.ask("shared")[0] == 0


def test_a_list_property(qapp: Any, local_url: str, node: QRemoteObjectNode) -> None:
    from PySide6.QtQml import ListProperty  # not above: most programs with children have no QML

    class Listed(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.all = [Item(4), Item(7)]

        def _count(self) -> int:
            return len(self.all)

        def _at(self, index: int) -> QObject:
            return self.all[index]

        items = ListProperty(QObject, lambda self, item: None, count=_count, at=_at)

    host, listed = QRemoteObjectHost(local_url), Listed()
    assert host.enableRemoting(listed, "listed"), host.errorString()
    replica = live(node, local_url, "listed")
    assert [item.value for item in replica.items] == [4, 7]
    dropped(host)


def test_lists_of_objects(host: PeerProcess, root: Any) -> None:
    changes = Recorder(root.itemsChanged)
    for number in range(5):
        host.ask("make", f"i{number}", number)
    host.ask("put", "root", "items", [f"i{n}" for n in range(5)])
    changes.wait()
    items = root.items
    assert [item.value for item in items] == [0, 1, 2, 3, 4]
    host.ask("put", "root", "items", ["i4", "i1", 7, None, "i0"])
    changes.wait(2)
    assert root.items == [items[4], items[1], 7, None, items[0]]
    wait_until(lambda: own(items[2]) is own(items[3]) is State.Suspect)
    assert own(items[0]) is own(items[1]) is own(items[4]) is State.Valid
    host.ask("put", "root", "items", [1, 2, 3])
    changes.wait(3)
    assert root.items == [1, 2, 3]
    assert host.ask("shared")[0] == 1, "only the child is left"


def test_a_deleted_object_is_null(host: PeerProcess, root: Any) -> None:
    host.ask("make", "a", 1)
    host.ask("make", "b", 2)
    host.ask("put", "root", "items", ["a", "b", "child"])
    wait_until(lambda: len(root.items) == 3)
    a, b, child = root.items
    changes = Recorder(root.itemsChanged, root.childChanged)
    host.ask("delete", "child")
    wait_until(lambda: root.child is None and root.items[2] is None)
    assert root.items == [a, b, None]
    assert own(child) is State.Suspect and own(a) is State.Valid
    assert sorted(index for index, _ in changes.calls) == [0, 1]
    host.ask("delete", "a")
    wait_until(lambda: root.items == [None, b, None])


def test_references_go_both_ways(host: PeerProcess, root: Any) -> None:
    host.ask("make", "a", 7)
    host.ask("put", "root", "items", ["a"])
    wait_until(lambda: root.items)
    [item] = root.items
    picked = Recorder(root.picked)
    assert finished(root.pick(item)) is item
    assert finished(root.pick(root.child)) is root.child
    assert host.ask("seen") == ["a", "child"]
    assert picked.wait(2) == [item, root.child]
    assert finished(root.pick([item, {"x": item}])) == [item, {"x": item}]
    assert finished(root.itemAt(0)) is item
    root.child = item
    wait_until(lambda: root.child is item)
    root.child = None
    wait_until(lambda: root.child is None)
    root.items = [item, item]
    wait_until(lambda: root.items == [item, item])


@pytest.mark.parametrize("value", [3, "text"])
def test_a_pointer_takes_objects_only(
    peer: Peer, local_url: str, node: QRemoteObjectNode, value: object
) -> None:
    host = peer(serve, url=local_url, env=QUIET)
    replica = live(node, host, "root")
    child = replica.child
    replica.child = value
    assert finished(replica.add(1)) == 1, "what was asked before has been done"
    assert replica.child is child


def test_strangers_cannot_cross(
    peer: Peer, local_url: str, node: QRemoteObjectNode, nodes: Any
) -> None:
    host = peer(serve, url=local_url, env=QUIET)
    replica = live(node, host, "root")
    with pytest.raises(CannotCross, match=r"argument 1 \(item\) of root.pick: a Item cannot cross"):
        replica.pick(Item())
    error = failure(replica.stranger())
    assert isinstance(error, RemoteError) and error.typeName == "CannotCross"
    assert "enableRemoting()" in error.message and "root.stranger" in error.message
    other = live(nodes(), host, "root")
    with pytest.raises(CannotCross, match="another host's"):
        replica.pick(other.child)
    gone = replica.child
    host.ask("put", "root", "child", None)
    wait_until(lambda: own(gone) is State.Suspect)
    with pytest.raises(CannotCross, match="not connected"):
        replica.pick(gone)


def test_what_is_shared_by_a_name(host: PeerProcess, root: Any) -> None:
    node = root.node()
    host.ask("make", "own", 4)
    assert host.ask("share", "own")
    host.ask("put", "root", "child", "own")
    wait_until(lambda: root.child.value == 4)
    mine = valid(node.acquireDynamic("own"))
    assert host.ask("shared")[0] == 0
    mine.value = 5
    wait_until(lambda: root.child.value == mine.value == 5)
    held = root.child
    host.ask("put", "root", "child", None)
    wait_until(lambda: root.child is None)
    assert own(mine) is State.Valid
    host.ask("put", "root", "child", "own")
    wait_until(lambda: root.child is not None)
    assert root.child is held
    # Shared by its name no longer, it is still held.
    assert host.ask("unshare", "own")
    wait_until(lambda: own(mine) is State.Suspect)
    wait_until(lambda: root.child is not held)
    assert root.child.value == 5 and own(root.child) is State.Valid


def test_a_child_of_a_name_that_nobody_acquired(host: PeerProcess, node: QRemoteObjectNode) -> None:
    host.ask("make", "own", 4)
    host.ask("share", "own")
    host.ask("put", "root", "child", "own")
    replica = live(node, host, "root")
    assert own(replica.child) is State.Valid and replica.child.value == 4
    seen: list[Any] = []
    replica.childChanged.connect(lambda c: c is None or seen.append((own(c), c.value)))
    for _ in range(3):  # it leaves and comes back before the client has heard of it
        host.ask("put", "root", "child", "child")
        host.ask("put", "root", "child", "own")
    wait_until(lambda: len(seen) == 6)
    assert seen == [(State.Valid, 1), (State.Valid, 4)] * 3, "it is there before it is mentioned"
    host.ask("setValue", "own", 8)
    wait_until(lambda: replica.child.value == 8)
    host.ask("put", "root", "child", None)
    wait_until(lambda: replica.child is None)
    wait_until(lambda: host.ask("subscribers", "own") == 0)


def test_a_child_that_is_acquired_by_its_name_stays(
    host: PeerProcess, node: QRemoteObjectNode
) -> None:
    host.ask("make", "own", 4)
    host.ask("share", "own")
    host.ask("put", "root", "child", "own")
    replica = live(node, host, "root")
    mine: Any = node.acquireDynamic("own")
    assert own(mine) is State.Valid and mine.value == 4
    assert finished(mine.add(1)) == 5, "the host has heard of it"
    changes = Recorder(mine.stateChanged)
    host.ask("put", "root", "child", None)
    wait_until(lambda: replica.child is None)
    host.ask("setValue", "own", 8)
    wait_until(lambda mine=mine: mine.value == 8)
    assert not changes.calls
    host.ask("put", "root", "child", "own")
    wait_until(lambda: replica.child is not None)
    del mine
    gc.collect()
    host.ask("setValue", "own", 9)
    wait_until(lambda: replica.child.value == 9)
    host.ask("put", "root", "child", None)
    wait_until(lambda: host.ask("subscribers", "own") == 0)


def test_typed_and_dynamic_replicas_share_children(
    host: PeerProcess, node: QRemoteObjectNode
) -> None:
    dynamic = live(node, host, "root")
    typed = valid(node.acquire(Root, "root"))
    assert typed.child is dynamic.child


def test_the_replica_holds_its_children(host: PeerProcess, node: QRemoteObjectNode) -> None:
    replica = live(node, host, "root")
    changes: list[int] = []
    replica.child.valueChanged.connect(changes.append)
    gc.collect()
    host.ask("setValue", "child", 3)
    wait_until(lambda: changes == [3])
    child = replica.child
    del replica
    wait_until(lambda: own(child) is State.Suspect)
    assert host.ask("shared")[0] == 0


def test_a_second_client(peer: Peer, host: PeerProcess, root: Any) -> None:
    other = peer(onlooker, url=host.info["url"])
    wait_until(lambda: other.ask("valid"))
    assert other.ask("values") == [1, []]
    other.ask("setChildValue", 12)
    wait_until(lambda: root.child.value == 12)
    host.ask("make", "new", 3)
    host.ask("put", "root", "items", ["new", "child"])
    wait_until(lambda: other.ask("values") == [12, [3, 12]])
    other.stop()
    wait_until(lambda: host.ask("shared")[0] == 2)
    assert own(root.child) is State.Valid and finished(root.child.add(1)) == 13


def test_ten_thousand_replacements_leave_nothing(
    host: PeerProcess, node: QRemoteObjectNode
) -> None:
    replica = live(node, host, "root")
    left = host.answer(host.tell("replace", 10_000), 50)
    wait_until(lambda: replica.child is not None and replica.child.value == 9_999)
    assert host.ask("shared") == [1, 2, 0]
    assert left < 500
    gc.collect()
    assert len(node._children.states) < 20


def test_deep_nesting(host: PeerProcess, node: QRemoteObjectNode) -> None:
    replica = live(node, host, "root")
    host.ask("tree", 2_000)
    wait_until(lambda: replica.child.child is not None, 30)
    found, depth = replica.child, 0
    while found is not None:
        depth += 1
        assert found.value == depth and own(found) is State.Valid
        found = found.child
    assert depth == 2_000
    host.ask("put", "root", "child", None)
    wait_until(lambda: replica.child is None, 30)
    wait_until(lambda: host.ask("shared")[0] == 0)


def test_in_qml(host: PeerProcess, root: Any, qml: QmlStage) -> None:
    page = qml.load(
        """
        import QtQml
        QtObject {
            property QtObject root
            property int value: root && root.child ? root.child.value : -1
            property int deep: root && root.child && root.child.child ? root.child.child.value : -1
            property bool isNull: root ? root.child === null : false
            property var values: root ? root.items.map(item => item.value) : []
            property QtObject child: root ? root.child : null
            property Connections watcher: Connections {
                target: root ? root.child : null
                function onValueChanged(value) { page.seen.push(value) }
            }
            id: page
            property var seen: []
            function report() { return seen.join(" ") }
            function write(value) { root.child.value = value }
            function swap() { root.child = root.items[0] }
        }
        """,
        root=root,
    )
    read = page.property
    assert (read("value"), read("deep"), read("isNull")) == (1, -1, False)
    host.ask("setValue", "child", 4)
    wait_until(lambda: read("value") == 4)
    host.ask("make", "deep", 7)
    host.ask("put", "child", "child", "deep")
    wait_until(lambda: read("deep") == 7)
    page.write(5)
    wait_until(lambda: read("value") == 5)
    host.ask("put", "root", "items", ["deep", "child"])
    wait_until(lambda: list(read("values").toVariant()) == [7, 5])
    page.swap()
    wait_until(lambda: read("value") == 7)
    assert page.report() == "4 5"
    assert read("child") is root.child
    host.ask("put", "root", "child", None)
    wait_until(lambda: read("isNull"))
    assert read("value") == -1 and read("child") is None
    gc.collect()
    process_events(0.02)
    host.ask("put", "root", "child", "child")
    wait_until(lambda: read("value") == 5)
