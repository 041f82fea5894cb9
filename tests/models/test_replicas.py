"""Models of another process: shape, data, edits, headers, flags, the current item."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, QStringListModel, Qt
from PySide6.QtTest import QAbstractItemModelTester

from pyside_ro import (
    QAbstractItemModelReplica,
    QRemoteObjectHost,
    QRemoteObjectNode,
    QRemoteObjectReplica,
    QtRemoteObjects,
)
from tests.behaviour.support import shared_host
from tests.helpers import (
    PeerProcess,
    PeerSide,
    Recorder,
    process_events,
    unique_local_url,
    wait_until,
)
from tests.models.sources import CHECK, DISPLAY, EDIT, Table, models_host
from tests.models.support import HORIZONTAL, VERTICAL, acquired
from tests.models.trees import TreeModel

PREFETCH = QtRemoteObjects.InitialAction.PrefetchData


@pytest.fixture
def host(qapp: Any) -> Iterator[PeerProcess]:
    with shared_host(
        models_host, allow_stderr=["no such value", "Traceback", r"^\s", "pyside_ro"]
    ) as process:
        yield process


@pytest.fixture
def table(node: QRemoteObjectNode, host: PeerProcess) -> QAbstractItemModelReplica:
    replica = acquired(node, host, "table")
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    replica.tester = QAbstractItemModelTester(replica, mode)  # type: ignore[attr-defined]
    return replica


def shown(model: Any, row: int, column: int, expected: Any, role: int = DISPLAY) -> None:
    wait_until(
        lambda: model.data(model.index(row, column), role) == expected,
        message=lambda: f"{model.data(model.index(row, column), role)!r} is not {expected!r}",
    )


def test_short_names_of_the_enums() -> None:
    names: Any = QtRemoteObjects  # as PySide6 has them
    assert names.PrefetchData is PREFETCH
    assert names.Ping is QtRemoteObjects.QRemoteObjectPacketTypeEnum.Ping


class Renamed(QStringListModel):
    """Its roles have other names after each reset."""

    names: ClassVar[dict[int, bytes]] = {}

    def rename(self, *names: str) -> None:
        self.beginResetModel()
        self.names = {256 + i: name.encode() for i, name in enumerate(names)}
        self.endResetModel()

    def roleNames(self) -> dict[int, Any]:
        return dict(self.names)


def renamed_host(side: PeerSide, url: str) -> None:
    host, model = QRemoteObjectHost(url), Renamed(["a"])
    model.rename("first")
    assert host.enableRemoting(model, "model", [])
    model.rename("one", "two")
    side.command(model.rename)
    side.command(lambda: any(source.links for source in host._sources.values()), "watched")
    side.keep(host, model)
    side.ready(url=url)


def names(model: QAbstractItemModelReplica) -> set[bytes]:
    return {bytes(name.data()) for name in model.roleNames().values()}


def test_roles_that_changed_while_nobody_looked(peer: Any, qapp: Any) -> None:
    host = peer(renamed_host, url=unique_local_url())
    node = QRemoteObjectNode()
    replica = acquired(node, host, "model")
    assert names(replica) == {b"one", b"two"}
    node.disconnectFromNode(host.info["url"])
    wait_until(lambda: not host.ask("watched"))
    host.ask("rename", "three")
    other = QRemoteObjectNode()
    replica = acquired(other, host, "model")
    assert names(replica) == {b"three"}
    host.ask("rename", "four", "five")
    wait_until(lambda: names(replica) == {b"four", b"five"})


def test_shape_and_data(table: QAbstractItemModelReplica) -> None:
    assert (table.rowCount(), table.columnCount()) == (5, 3)
    assert table.availableRoles() == [DISPLAY, EDIT, CHECK]
    assert table.roleNames()[DISPLAY] == b"display"
    index = table.index(2, 1)
    assert not table.hasData(index, DISPLAY)
    assert table.data(index) is None
    changes = Recorder(table.dataChanged)
    shown(table, 2, 1, "2,1")
    assert table.hasData(index, DISPLAY)
    assert any(first.row() <= 2 <= last.row() for _, (first, last, *_) in changes.calls)
    shown(table, 0, 0, Qt.CheckState.Checked, CHECK)
    assert table.data(index, int(Qt.ItemDataRole.UserRole)) is None
    assert table.parent(index) == QModelIndex()
    assert not table.hasChildren(index)
    wait_until(lambda: table.flags(table.index(0, 1)) & Qt.ItemFlag.ItemIsEditable)
    assert not table.flags(table.index(0, 0)) & Qt.ItemFlag.ItemIsEditable


def test_a_page_is_one_request(node: QRemoteObjectNode, host: PeerProcess) -> None:
    table = acquired(node, host, "table")
    for row in range(5):
        for column in range(3):
            table.data(table.index(row, column))
    before = table._fetcher.requests
    shown(table, 4, 2, "4,2")
    assert table._fetcher.requests == before + 1


def test_changes(table: QAbstractItemModelReplica, host: PeerProcess) -> None:
    shown(table, 1, 1, "1,1")
    seen = Recorder(table.dataChanged)
    host.ask("put", 1, 1, "changed")
    shown(table, 1, 1, "changed")
    told = [(a.row(), a.column(), b.row(), b.column()) for _, (a, b, *_) in seen.calls]
    assert (1, 1, 1, 1) in told
    host.ask("insert", 1, 2)
    wait_until(lambda: table.rowCount() == 7)
    assert table.data(table.index(3, 1)) == "changed"
    shown(table, 2, 0, "new1")
    host.ask("remove", 0, 3)
    wait_until(lambda: table.rowCount() == 4)
    assert table.data(table.index(0, 1)) == "changed"


def test_edits_are_asked_for(table: QAbstractItemModelReplica, host: PeerProcess) -> None:
    shown(table, 1, 1, "1,1")
    assert table.setData(table.index(1, 1), "mine")
    assert table.data(table.index(1, 1)) == "1,1"
    shown(table, 1, 1, "mine")
    assert host.ask("rows")[1][1] == "mine"
    assert table.setData(table.index(1, 1), "refused")
    assert table.setData(table.index(1, 1), "raise")
    assert table.setData(table.index(1, 1), "again")
    shown(table, 1, 1, "again")
    assert not table.setData(QModelIndex(), "nowhere")
    assert not table.setData(table.index(1, 1), "role", int(Qt.ItemDataRole.UserRole))
    assert not table.setData(table.index(1, 1), object())


def test_headers(table: QAbstractItemModelReplica, host: PeerProcess) -> None:
    assert table.headerData(1, HORIZONTAL) is None
    wait_until(lambda: table.headerData(1, HORIZONTAL) == "H1")
    wait_until(lambda: table.headerData(4, VERTICAL) == "V4")
    assert table.headerData(99, HORIZONTAL) is None
    host.ask("insert", 0, 1)
    wait_until(lambda: table.headerData(5, VERTICAL) == "V5")


def test_current_item(table: QAbstractItemModelReplica, host: PeerProcess) -> None:
    host.ask("select", 3)
    selection = table.selectionModel()
    wait_until(lambda: selection.currentIndex().row() == 3)
    assert selection.currentIndex().column() == 1
    assert selection.isSelected(table.index(3, 1))
    selection.setCurrentIndex(table.index(1, 2), selection.SelectionFlag.ClearAndSelect)
    wait_until(lambda: host.ask("at") == [1, 2])
    assert selection.currentIndex().row() == 1


def test_a_late_replica_has_the_current_item(host: PeerProcess, node: QRemoteObjectNode) -> None:
    host.ask("select", 2)
    late = acquired(node, host, "table")
    assert late.selectionModel().currentIndex().row() == 2


def test_prefetch(node: QRemoteObjectNode, host: PeerProcess) -> None:
    table = acquired(node, host, "table", PREFETCH, [DISPLAY])
    assert all(table.data(table.index(r, c)) == f"{r},{c}" for r in range(5) for c in range(3))
    assert not table.hasData(table.index(0, 0), EDIT)


def test_prefetch_of_a_tree(node: QRemoteObjectNode, host: PeerProcess) -> None:
    tree = acquired(node, host, "tree", PREFETCH)
    first = tree.index(0, 0)
    assert tree.rowCount(first) == 2
    below = tree.index(1, 0, first)
    assert tree.data(below).startswith("i")
    assert tree.parent(below) == first


def test_lazy_list(node: QRemoteObjectNode, host: PeerProcess) -> None:
    lazy = acquired(node, host, "lazy")
    assert lazy.rowCount() == 0
    for rows in (10, 20, 30, 35):
        wait_until(lambda: lazy.canFetchMore(QModelIndex()))
        lazy.fetchMore(QModelIndex())
        wait_until(lambda rows=rows: lazy.rowCount() == rows)
    process_events(0.05)
    assert not lazy.canFetchMore(QModelIndex())
    shown(lazy, 34, 0, "lazy 34")


def test_lazy_folders(node: QRemoteObjectNode, host: PeerProcess) -> None:
    folders = acquired(node, host, "folders")
    first = folders.index(0, 0)
    wait_until(lambda: folders.hasChildren(first))
    wait_until(lambda: folders.rowCount(first) == 3)
    wait_until(lambda: folders.data(folders.index(2, 0, first)) is not None)
    assert not folders.hasChildren(folders.index(2, 0))


def test_a_sorted_source(node: QRemoteObjectNode, host: PeerProcess) -> None:
    model = acquired(node, host, "sorted")
    shown(model, 0, 0, "4,0")
    host.ask("put", 0, 0, "9,0")
    shown(model, 0, 0, "9,0")


def test_sorting_a_replica(node: QRemoteObjectNode, host: PeerProcess) -> None:
    table = acquired(node, host, "table", PREFETCH)
    proxy = QSortFilterProxyModel()
    proxy.setSourceModel(table)
    proxy.sort(0, Qt.SortOrder.DescendingOrder)
    assert [proxy.data(proxy.index(r, 0)) for r in range(5)] == [f"{r},0" for r in (4, 3, 2, 1, 0)]
    proxy.setFilterFixedString("new")
    host.ask("insert", 2, 3)
    wait_until(lambda: proxy.rowCount() == 3)


def test_many_changes_at_once_stay_sorted(node: QRemoteObjectNode, host: PeerProcess) -> None:
    host.ask("insert", 0, 60)
    table = acquired(node, host, "table", PREFETCH)
    proxy = QSortFilterProxyModel()
    proxy.setSourceModel(table)
    proxy.sort(0)
    column = [table.index(row, 0) for row in range(65)]
    for turn in range(5):
        # Rows that do not touch: a signal for each of them.
        values = [f"{row * 17 * (turn + 1) % 31:02}" for row in range(31)]
        host.ask("putEverySecond", 0, values)
        wait_until(lambda wanted=values: [each.data() for each in column[:62:2]] == wanted)
        shown = [proxy.index(row, 0).data() for row in range(65)]
        assert shown == sorted(each.data() for each in column)


def test_no_model(node: QRemoteObjectNode, host: PeerProcess) -> None:
    assert node.connectToNode(host.info["url"])
    model = node.acquireModel("plain")
    state = QRemoteObjectReplica.State
    wait_until(lambda: model._link._ro.state is state.SignatureMismatch)
    assert not model.isInitialized()
    assert model.rowCount() == 0


def test_withdrawn(table: QAbstractItemModelReplica, host: PeerProcess) -> None:
    shown(table, 1, 1, "1,1")
    assert host.ask("withdraw")
    wait_until(lambda: "Suspect" in repr(table))
    assert table.rowCount() == 5
    assert table.data(table.index(1, 1)) == "1,1"
    assert not table.setData(table.index(1, 1), "nobody there")


def test_lost_and_found(peer: Any, node: QRemoteObjectNode, local_url: str) -> None:
    process = peer(models_host, url=local_url)
    table = acquired(node, process, "table")
    shown(table, 1, 1, "1,1")
    process.ask("insert", 0, 4)
    wait_until(lambda: table.rowCount() == 9)
    process.kill()
    wait_until(lambda: "Suspect" in repr(table))
    assert table.data(table.index(5, 1)) == "1,1"
    resets = Recorder(table.modelReset)
    peer(models_host, url=local_url)
    resets.wait()
    assert table.rowCount() == 5
    shown(table, 1, 1, "1,1")


def test_enabling(qapp: Any, local_url: str) -> None:
    host = QRemoteObjectHost(local_url)
    table = Table()
    with pytest.raises(TypeError, match="QAbstractItemModel"):
        host.enableRemoting(host, "host", [])
    assert not host.enableRemoting(table, "", [])
    assert host.enableRemoting(table, "table", [])
    assert not host.enableRemoting(Table(), "table", [])
    assert host.disableRemoting(table)
    assert not host.disableRemoting(table)
    assert host.enableRemoting(table, "table", [])


def test_a_deleted_model_is_withdrawn(node: QRemoteObjectNode, local_url: str) -> None:
    host = QRemoteObjectHost(local_url)
    table = Table()
    assert host.enableRemoting(table, "table", [])
    replica = acquired(node, local_url, "table")
    del table
    wait_until(lambda: "Suspect" in repr(replica))
    assert replica.rowCount() == 5


def test_who_asked_for_rows_once_is_told_of_them(node: QRemoteObjectNode, local_url: str) -> None:
    host = QRemoteObjectHost(local_url)
    tree = TreeModel()
    tree.insert([], 0, 3)
    tree.insert([0], 0, 2)
    assert host.enableRemoting(tree, "tree", [])
    replica = acquired(node, local_url, "tree")
    told = Recorder(replica.rowsInserted)
    parents = [replica.index(row, 0) for row in range(3)]
    assert [replica.rowCount(parent) for parent in parents] == [0, 0, 0], "it is not known yet"
    told.wait()
    assert told.calls == [(0, (parents[0], 0, 1))]
    assert replica.rowCount(parents[0]) == 2
    # By now it is known that the others have none; one of them gets some.
    wait_until(lambda: replica._root.kids[1].rows == 0)
    tree.insert([1], 0, 1)
    told.wait(2)
    assert told.calls[1:] == [(0, (replica.index(1, 0), 0, 0))]
    assert replica.rowCount(parents[2]) == 0


def test_a_proxy_that_looks_into_a_tree_finds_it_all(
    node: QRemoteObjectNode, local_url: str
) -> None:
    host = QRemoteObjectHost(local_url)
    tree = TreeModel()
    tree.insert([], 0, 3)
    tree.insert([1], 0, 2)
    tree.insert([1, 0], 0, 1)
    assert host.enableRemoting(tree, "tree", [DISPLAY])
    replica = acquired(node, local_url, "tree")
    proxy = QSortFilterProxyModel()
    proxy.setRecursiveFilteringEnabled(True)
    proxy.setSourceModel(replica)
    wanted = tree.data(tree.at([1, 0, 0]), DISPLAY)
    proxy.setFilterFixedString(wanted)

    def found() -> Any:
        index = QModelIndex()
        while proxy.rowCount(index):
            index = proxy.index(0, 0, index)
        return proxy.data(index, DISPLAY)

    wait_until(lambda: found() == wanted, message=lambda: repr(found()))


def test_a_model_arrives_with_its_size(
    node: QRemoteObjectNode, local_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    call = QAbstractItemModelReplica.call
    monkeypatch.setattr(
        QAbstractItemModelReplica,
        "call",
        lambda self, slot, *args: (asked.append(slot), call(self, slot, *args))[1],
    )
    host = QRemoteObjectHost(local_url)
    table = Table()
    assert host.enableRemoting(table, "table", [])
    replica = acquired(node, local_url, "table")
    assert (replica.rowCount(), asked) == (5, [])
    # Another one on this node finds the snapshot, which may be old by now.
    table.insert(0, 2)
    late = node.acquireModel("table")
    wait_until(late.isInitialized)
    assert (late.rowCount(), asked) == (7, ["describe"])


def test_unwatched_costs_nothing(node: QRemoteObjectNode, local_url: str) -> None:
    host = QRemoteObjectHost(local_url)
    table = Table()
    assert host.enableRemoting(table, "table", [])
    signal = "2dataChanged(QModelIndex,QModelIndex,QList<int>)"
    assert table.receivers(signal) == 0
    replica = acquired(node, local_url, "table")
    assert table.receivers(signal) == 1
    del replica
    wait_until(lambda: table.receivers(signal) == 0)
