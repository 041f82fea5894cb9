"""A property that holds a model is a QAbstractItemModelReplica at the other side."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from PySide6.QtCore import (
    QSortFilterProxyModel,
    QStringListModel,
    Qt,
)
from PySide6.QtTest import QAbstractItemModelTester

from pyside_ro import (
    CannotCross,
    QAbstractItemModelReplica,
    QRemoteObjectDynamicReplica,
    QRemoteObjectHost,
    QRemoteObjectNode,
    QRemoteObjectReplica,
    RemoteError,
    RepFile,
)
from tests.behaviour.support import QUIET, Peer, State, failure, finished, live, own, valid
from tests.children.hosts import proxy, registry
from tests.children.shelves import REP, USER, Listed, Shelf, elsewhere, library, second, shelves
from tests.children.test_again import lose
from tests.helpers import (
    PeerProcess,
    QmlStage,
    Recorder,
    process_events,
    remove_socket_file,
    unique_local_url,
    wait_until,
)

EDIT = int(Qt.ItemDataRole.EditRole)


def texts(model: Any, role: int = 0) -> list[list[Any]]:
    """What a model shows; asks for what is not there."""
    return [
        [model.data(model.index(r, c), role) for c in range(model.columnCount())]
        for r in range(model.rowCount())
    ]


def shows(model: Any, expected: list[list[Any]], role: int = 0) -> None:
    """Wait until a model shows this."""
    wait_until(lambda: texts(model, role) == expected, message=lambda: repr(texts(model, role)))


TABLE = [["0,0", "0,1"], ["1,0", "1,1"], ["2,0", "2,1"]]


@pytest.fixture
def host(peer: Peer, local_url: str) -> PeerProcess:
    return peer(shelves, url=local_url)


@pytest.fixture(params=["dynamic", "typed"])
def shelf(request: Any, host: PeerProcess, node: QRemoteObjectNode) -> Any:
    node.connectToNode(host.info["url"])
    if request.param == "dynamic":
        return valid(node.acquireDynamic("shelf"))
    typed = node.acquire(Shelf, "shelf")
    assert typed.table is None
    return valid(typed)


def test_a_model_is_a_model(host: PeerProcess, shelf: Any) -> None:
    table = shelf.table
    assert isinstance(table, QAbstractItemModelReplica)
    assert shelf.property("table") is table
    tester = QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal)
    shows(table, TABLE)
    assert table.isInitialized() and set(table.availableRoles()) == set(table.roleNames())
    changes = Recorder(table.rowsInserted)
    host.ask("insert", 1, 1)
    assert changes.wait()[0]
    shows(table, [TABLE[0], ["new0", "new0"], *TABLE[1:]])
    assert table.headerData(0, Qt.Orientation.Horizontal) in (None, "H0")
    assert table.setData(table.index(0, 1), "mine")
    wait_until(lambda: host.ask("rows")[0][1] == "mine")
    shows(table, [["0,0", "mine"], ["new0", "new0"], *TABLE[1:]])
    assert len(host.ask("rows")) == 4
    del tester


def test_replaced_null_and_deleted(host: PeerProcess, shelf: Any) -> None:
    first = shelf.table
    shows(first, TABLE)
    changes = Recorder(shelf.tableChanged)
    host.ask("put", "shelf", "table", "strings")
    other = changes.wait()[0]
    assert shelf.table is other is not first and isinstance(other, QAbstractItemModelReplica)
    shows(other, [["a"], ["b"]])
    wait_until(lambda: first._link._ro.state is State.Suspect)
    assert texts(first) == TABLE, "what it was last can be read"
    assert host.ask("shared") == [1, 0], "its adapter is gone"
    host.ask("put", "shelf", "table", None)
    assert changes.wait(2)[1] is None and shelf.table is None
    host.ask("put", "shelf", "table", "table")
    assert changes.wait(3)[2] is first, "the same model is the same replica again"
    host.ask("insert", 0, 1)
    shows(first, [["new0", "new0"], *TABLE])
    host.ask("put", "shelf", "table", "strings")
    assert changes.wait(4)[3] is other
    host.ask("delete", "strings")
    wait_until(lambda: shelf.table is None)
    assert len(changes.calls) == 5, "the property's signal tells"
    assert host.ask("shared") == [0, 0]


def test_one_model_in_several_places(host: PeerProcess, shelf: Any) -> None:
    host.ask("hold")
    wait_until(lambda: shelf.items)
    [inner] = shelf.items
    assert inner.table is shelf.table
    assert host.ask("shared") == [2, 1]
    host.ask("put", "shelf", "items", ["strings", "table"])
    wait_until(lambda: len(shelf.items) == 2)
    strings, table = shelf.items
    assert table is shelf.table
    shows(strings, [["a"], ["b"]])
    host.ask("sort")
    wait_until(lambda: isinstance(shelf.items, dict))
    shows(shelf.items["sorted"], TABLE[::-1])
    # One of this side over it.
    mine = QSortFilterProxyModel()
    mine.setSourceModel(shelf.items["sorted"])
    mine.sort(0)
    shows(mine, TABLE)


def test_what_is_not_looked_at_is_not_shared(
    host: PeerProcess, peer: Peer, node: QRemoteObjectNode
) -> None:
    assert host.ask("shared") == [0, 0]
    shelf = live(node, host, "shelf")
    assert shelf.table is not None
    assert host.ask("shared") == [1, 1]
    other = peer(second, url=host.info["url"])
    wait_until(lambda: other.ask("rowCount") == 3)
    del shelf
    gc.collect()
    assert host.ask("shared") == [1, 1]
    other.ask("rowCount")
    other.stop()
    wait_until(lambda: host.ask("shared") == [0, 0])


def test_the_roles_that_a_class_lists(
    peer: Peer, local_url: str, node: QRemoteObjectNode, nodes: Any
) -> None:
    host = peer(shelves, url=local_url, allow_stderr=["listed.table: .* has no role 'colour'"])
    host.ask("put", "listed", "table", "roles")
    listed = live(node, host, "listed")
    model = listed.table
    shows(model, [["tip", "tip"]] * 2, 3)
    assert model.availableRoles() == [0, 3]
    assert set(model.roleNames()) == {0, 2, 3, USER}, "the names are the model's, as in Qt"
    assert model.data(model.index(0, 0), USER) is None
    wait_until(lambda: "there are: display, edit, toolTip, secret" in host.stderr)
    # Held by a property that lists none, too, it is still one model: with all its roles.
    host.ask("put", "shelf", "table", "roles")
    shelf = live(nodes(), host, "shelf")
    wait_until(lambda: set(shelf.table.availableRoles()) == {0, 2, 3, USER})
    wait_until(lambda: set(model.availableRoles()) == {0, 2, 3, USER})
    shows(shelf.table, [["secret", "secret"]] * 2, USER)
    typed = nodes()
    typed.connectToNode(local_url)
    assert valid(typed.acquire(Listed, "listed")).table is not None


def test_after_the_connection_was_lost(host: PeerProcess, shelf: Any) -> None:
    table = shelf.table
    shows(table, TABLE)
    resets = Recorder(table.modelReset)
    lose(shelf.node(), shelf)
    assert texts(table) == TABLE
    host.ask("insert", 0, 1)
    valid(shelf)
    assert shelf.table is table
    assert resets.wait() is not None
    shows(table, [["new0", "new0"], *TABLE])


def test_a_host_that_starts_again(peer: Peer, local_url: str, node: QRemoteObjectNode) -> None:
    first = peer(shelves, url=local_url)
    shelf = live(node, first, "shelf")
    table = shelf.table
    shows(table, TABLE)
    first.kill()
    wait_until(lambda: own(shelf) is State.Suspect)
    peer(shelves, url=local_url, start=2)
    valid(shelf)
    assert shelf.table is table, "the one in the same place"
    shows(table, [["start 2", "0,1"], *TABLE[1:]])


def test_models_that_had_moved(peer: Peer, local_url: str, node: QRemoteObjectNode) -> None:
    first = peer(shelves, url=local_url, items=["strings", "roles"])
    shelf = live(node, first, "shelf")
    table, (strings, roles) = shelf.table, shelf.items
    first.ask("put", "shelf", "items", ["roles", "strings"])
    first.ask("put", "shelf", "table", None)
    wait_until(lambda: shelf.items == [roles, strings] and shelf.table is None)
    first.kill()
    wait_until(lambda: own(shelf) is State.Suspect)
    peer(shelves, url=local_url, items=["roles", "strings"])
    valid(shelf)
    assert shelf.items == [roles, strings] and shelf.table is table
    shows(strings, [["a"], ["b"]])
    shows(table, TABLE)


def test_a_model_with_a_name(host: PeerProcess, shelf: Any) -> None:
    node = shelf.node()
    table = shelf.table
    assert host.ask("share", "strings", "words")
    host.ask("put", "shelf", "table", "strings")
    wait_until(lambda: shelf.table is not table)
    words = shelf.table
    assert isinstance(words, QAbstractItemModelReplica)
    shows(words, [["a"], ["b"]])
    assert host.ask("shared") == [0, 0], "one subscription, by its name"
    assert words._ro is node.acquireModel("words")._ro
    # Shared as a plain object by a name, it is a model in a property all the same.
    assert host.ask("share", "table", "plain", True)
    plain = valid(node.acquireDynamic("plain"))
    assert isinstance(plain, QRemoteObjectDynamicReplica)
    host.ask("put", "shelf", "table", "table")
    wait_until(lambda: shelf.table is not words)
    assert shelf.table is table
    shows(table, TABLE)


def test_it_is_what_a_slot_or_property_is_given(host: PeerProcess, shelf: Any) -> None:
    assert finished(shelf.take(shelf.table)) == "the same Table"
    host.ask("put", "shelf", "items", ["strings"])
    wait_until(lambda: shelf.items)
    assert finished(shelf.take(shelf.items[0])) == "another QStringListModel"
    old = shelf.table
    shelf.table = shelf.items[0]
    wait_until(lambda: shelf.table is shelf.items[0])
    shows(shelf.table, [["a"], ["b"]])
    with pytest.raises(CannotCross, match="not connected"):
        shelf.take(old)
    with pytest.raises(CannotCross, match="a QStringListModel cannot cross to a source"):
        shelf.take(QStringListModel())


def test_slots_give_no_models(peer: Peer, local_url: str, node: QRemoteObjectNode) -> None:
    host = peer(shelves, url=local_url, env=QUIET)
    shelf = live(node, host, "shelf")
    for name, kind in (("give", "Table"), ("giveAny", "QStringListModel")):
        error = failure(getattr(shelf, name)())
        assert isinstance(error, RemoteError) and error.typeName == "CannotCross"
        assert f"the result of shelf.{name}: a {kind} is a model" in error.message
        assert "enableRemoting(model, name, roles)" in error.message
    assert own(shelf) is State.Valid and finished(shelf.take(3)) == "another int"


@pytest.mark.qt_warnings("was not set")
def test_a_model_of_a_read_only_object(peer: Peer, local_url: str, nodes: Any) -> None:
    host = peer(shelves, url=local_url)
    look = live(nodes(), host, "look")
    shows(look.table, TABLE)
    calls = [look.table.call("setData", [0], 0, "no", EDIT), look.table.call("fetchMore", [])]
    for call in calls:
        error = failure(call.pending)
        assert isinstance(error, RemoteError) and error.typeName == "PermissionError"
    assert look.table.setData(look.table.index(0, 0), "no"), "asked, and refused there"
    process_events(0.05)
    assert host.ask("rows")[0][0] == "0,0"
    host.ask("insert", 0, 1)
    shows(look.table, [["new0", "new0"], *TABLE])
    # By the other name the same model may be changed.
    shelf = live(nodes(), host, "shelf")
    shows(shelf.table, [["new0", "new0"], *TABLE])
    shelf.table.setData(shelf.table.index(0, 0), "yes")
    wait_until(lambda: host.ask("rows")[0][0] == "yes")


def test_a_model_of_another_thread(peer: Peer, local_url: str, node: QRemoteObjectNode) -> None:
    host = peer(elsewhere, url=local_url)
    shelf = live(node, host, "shelf")
    table = shelf.table
    assert isinstance(table, QAbstractItemModelReplica), "though it follows a moment later"
    shows(table, TABLE)
    table.setData(table.index(0, 0), "set")
    shows(table, [["set", "0,1"], *TABLE[1:]])
    host.ask("end")


def test_models_of_a_rep_file(peer: Peer, local_url: str, nodes: Any) -> None:
    host = peer(library, url=local_url)
    node = nodes()
    node.connectToNode(local_url)
    typed = node.acquire(RepFile(REP).replica["Library"])
    assert typed.books is None
    valid(typed)
    shows(typed.books, [["0,0"], ["1,0"], ["2,0"]])
    assert typed.books.availableRoles() == [0, EDIT]
    shows(typed.authors, [["Ada"], ["Emmy"]])
    assert len(typed.authors.availableRoles()) > 2 and typed.annex is None
    with pytest.raises(AttributeError, match="read-only"):
        typed.books = None
    dynamic = live(nodes(), host, "Library")
    host.ask("set", 0, 0, "new")
    shows(dynamic.books, [["new"], ["1,0"], ["2,0"]])
    host.ask("clear")
    wait_until(lambda: dynamic.books is None and typed.books is None)


QML = """
import QtQuick

Window {
    id: top
    visible: true
    width: 200; height: 200
    property QtObject object
    readonly property int count: list.count
    function textAt(row) { return list.itemAtIndex(row)?.shown ?? "" }
    ListView {
        id: list
        anchors.fill: parent
        model: top.object.table
        delegate: Item {
            required property string display
            readonly property string shown: display ?? ""
            width: 100; height: 20
        }
    }
}
"""


def test_a_list_view_in_qml(host: PeerProcess, shelf: Any, qml: QmlStage) -> None:
    shows(shelf.table, TABLE)
    view: Any = qml.load(QML, object=shelf)
    wait_until(lambda: view.property("count") == 3)

    def text(row: int) -> Any:
        return (
            qml.engine.evaluate("(function(v, r) { return v.textAt(r) })")
            .call([qml.engine.newQObject(view), row])
            .toVariant()
        )

    wait_until(lambda: text(1) == "1,0", message=lambda: repr(text(1)))
    host.ask("insert", 0, 2)
    wait_until(lambda: view.property("count") == 5)
    host.ask("put", "shelf", "table", None)
    wait_until(lambda: view.property("count") == 0)
    host.ask("put", "shelf", "table", "table")
    wait_until(lambda: text(2) == "0,0")
    gc.collect()
    qml.engine.collectGarbage()
    process_events(0.02)
    assert isinstance(shelf.table, QAbstractItemModelReplica)


def test_through_a_proxy(peer: Peer, nodes: Any, local_url: str) -> None:
    registryUrl = peer(registry, url=local_url).info["url"]
    host = peer(shelves, url="tcp://127.0.0.1:0", registry=registryUrl)
    middle = unique_local_url()
    try:
        between = peer(proxy, url=middle, registry=registryUrl)
        node = nodes()
        shelf = live(node, between, "shelf")
        table = shelf.table
        assert isinstance(table, QAbstractItemModelReplica)
        shows(table, TABLE)
        table.setData(table.index(0, 0), "far")
        wait_until(lambda: host.ask("rows")[0][0] == "far")
        host.ask("insert", 3, 1)
        shows(table, [["far", "0,1"], *TABLE[1:], ["new0", "new0"]])
        host.ask("put", "shelf", "table", "strings")
        wait_until(lambda: shelf.table is not table)
        shows(shelf.table, [["a"], ["b"]])
        host.ask("put", "shelf", "table", None)
        wait_until(lambda: shelf.table is None)
        wait_until(lambda: between.ask("shared") == 0)
        host.ask("put", "shelf", "table", "table")
        wait_until(lambda: shelf.table is not None)
        again = shelf.table
        shows(again, [["far", "0,1"], *TABLE[1:], ["new0", "new0"]])
        between.kill()
        wait_until(lambda: own(shelf) is State.Suspect)
        peer(proxy, url=middle, registry=registryUrl)
        valid(shelf)
        shows(shelf.table, [["far", "0,1"], *TABLE[1:], ["new0", "new0"]])
    finally:
        remove_socket_file(middle)


def test_it_ends_with_the_host(qapp: Any, local_url: str, nodes: Any) -> None:
    table = QStringListModel(["a"])
    shelf = Shelf(table)
    host = QRemoteObjectHost(local_url)
    host.enableRemoting(shelf, "shelf")
    replica = live(nodes(), local_url, "shelf")
    shows(replica.table, [["a"]])
    assert len(table.children()) == 1
    host.deleteLater()
    del host
    wait_until(lambda: own(replica) is State.Suspect)
    wait_until(lambda: not table.children())
    table.setStringList(["b"])
    assert QRemoteObjectReplica.state(replica) is State.Suspect
