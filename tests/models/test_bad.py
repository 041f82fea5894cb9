"""Models that lie or raise, and peers that send what no model is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, qInstallMessageHandler
from PySide6.QtTest import QAbstractItemModelTester

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode
from tests.helpers import Recorder, wait_until
from tests.models.sources import DISPLAY, EDIT, Table
from tests.models.support import acquired, same

ROOT = QModelIndex()


class Log:
    """What this library logged."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._before = qInstallMessageHandler(self._take)

    def _take(self, kind: Any, context: Any, message: str) -> None:
        self.lines.append(message)

    def close(self) -> None:
        qInstallMessageHandler(self._before)

    def wait(self, *words: str) -> None:
        wait_until(
            lambda: any(all(w in line for w in words) for line in self.lines),
            message=lambda: f"{words} in {self.lines}",
        )


@pytest.fixture
def log(qapp: Any) -> Any:
    found = Log()
    yield found
    found.close()


@pytest.fixture
def host(local_url: str) -> QRemoteObjectHost:
    return QRemoteObjectHost(local_url)


class Liar(Table):
    """Says nothing, or something else, when its rows change."""

    def grow(self, said: int, done: int) -> None:
        if said:
            self.beginInsertRows(ROOT, 0, said - 1)
        self.rows[0:0] = [["x"] * self.columns for _ in range(done)]
        if said:
            self.endInsertRows()


@pytest.mark.parametrize(("said", "done"), [(1, 3), (3, 1), (2, 0)])
def test_more_rows_than_announced(
    node: QRemoteObjectNode, host: QRemoteObjectHost, log: Log, said: int, done: int
) -> None:
    liar = Liar()
    honest = Table()
    assert host.enableRemoting(liar, "liar", [DISPLAY])
    assert host.enableRemoting(honest, "honest", [DISPLAY])
    replica = acquired(node, host.hostUrl(), "liar")
    other = acquired(node, host.hostUrl(), "honest")
    tester = QAbstractItemModelTester(replica, QAbstractItemModelTester.FailureReportingMode.Fatal)
    same(replica, liar)
    liar.grow(said, done)
    log.wait("Liar", "rowCount()", "announced")
    same(replica, liar)
    same(other, honest)
    tester.deleteLater()


def test_rows_that_nobody_announced(
    node: QRemoteObjectNode, host: QRemoteObjectHost, log: Log
) -> None:
    liar = Liar()
    assert host.enableRemoting(liar, "liar", [DISPLAY])
    replica = acquired(node, host.hostUrl(), "liar")
    liar.grow(0, 4)
    # It is noticed when its rows are looked at.
    same(replica, liar)


class Raising(Table):
    def data(self, index: Any, role: int = DISPLAY) -> Any:
        if index.row() == 2:
            raise LookupError("no such row in the file")
        if index.row() == 3:
            return object()
        return super().data(index, role)

    def flags(self, index: Any) -> Qt.ItemFlag:
        if index.row() == 1:
            raise LookupError("no flags either")
        return super().flags(index)

    def headerData(self, section: int, orientation: Any, role: int = DISPLAY) -> Any:
        raise LookupError("no headers")


def test_data_that_raises(node: QRemoteObjectNode, host: QRemoteObjectHost, log: Log) -> None:
    model = Raising()
    assert host.enableRemoting(model, "raising", [DISPLAY])
    replica = acquired(node, host.hostUrl(), "raising")
    wait_until(lambda: replica.data(replica.index(4, 0)) == "4,0" or _look(replica))
    assert replica.data(replica.index(0, 0)) == "0,0"
    assert replica.hasData(replica.index(2, 0), DISPLAY)
    assert replica.data(replica.index(2, 0)) is None
    assert replica.data(replica.index(3, 0)) is None
    replica.headerData(0, Qt.Orientation.Horizontal)
    log.wait("Raising", "data() raised", "row 2, column 0", "no such row in the file")
    log.wait("Raising", "object", "cannot cross")
    log.wait("Raising", "flags() raised")
    log.wait("Raising", "headerData() raised")
    assert sum("data() raised for row" in line for line in log.lines) == 1


def _look(replica: Any) -> None:
    for row in range(5):
        replica.data(replica.index(row, 0))


class Sizeless(QAbstractListModel):
    def rowCount(self, parent: Any = ROOT) -> int:
        raise OSError("the file is gone")

    def data(self, index: Any, role: int = DISPLAY) -> Any:
        return None


def test_a_size_that_raises(node: QRemoteObjectNode, host: QRemoteObjectHost, log: Log) -> None:
    model = Sizeless()
    assert host.enableRemoting(model, "sizeless", [])
    replica = acquired(node, host.hostUrl(), "sizeless")
    assert replica.rowCount() == 0
    log.wait("Sizeless", "size cannot be read", "the file is gone")


def test_foreign_indexes(node: QRemoteObjectNode, host: QRemoteObjectHost, log: Log) -> None:
    model, other = Table(), Table()
    assert host.enableRemoting(model, "table", [DISPLAY])
    replica = acquired(node, host.hostUrl(), "table")
    same(replica, model)
    stranger = other.index(0, 0)
    model.dataChanged.emit(stranger, stranger)
    model.dataChanged.emit(model.index(4, 2), model.index(0, 0))
    model.dataChanged.emit(QModelIndex(), QModelIndex())
    log.wait("Table", "indexes of another model")
    log.wait("Table", "dataChanged of rows 4 to 0")
    model.put(0, 0, "still")
    same(replica, model)


def test_malformed_requests(node: QRemoteObjectNode, host: QRemoteObjectHost) -> None:
    model = Table()
    assert host.enableRemoting(model, "table", [DISPLAY, EDIT])
    replica = acquired(node, host.hostUrl(), "table")
    bad: list[tuple[str, list[Any]]] = [
        ("rows", [None]),
        ("rows", [[None]]),
        ("rows", [[[[], -1, 5, [0]]]]),
        ("rows", [[[["x"], 0, 5, [0]]]]),
        ("rows", [[[[], 0, 5, ["role"]]]]),
        ("rows", [[[[], 0, 5, [0]]] * 5000]),
        ("sizes", [[[0] * 2000]]),
        ("headers", [[[7, 0, 1, 0]]]),
        ("headers", [[[1, 0, "x", 0]]]),
        ("setData", ["path", 0, "value", EDIT]),
        ("setCurrentIndex", [[0], 0, -1]),
    ]
    for slot, args in bad:
        call = replica.call(slot, *args)
        wait_until(call.pending.isFinished)
        if slot != "setCurrentIndex":  # without a selection model nothing is done at all
            assert call.exception() is not None, (slot, args)
    empty = replica.call("rows", [[[7], 0, 5, [0]], [[], 99, 200, [0]], [[], 3, 1, [0]]])
    wait_until(empty.pending.isFinished)
    assert [b and b[3] for b in empty.returnValue()] == [None, 0, 0]
    outside = replica.call("setData", [99], 0, "value", EDIT)
    wait_until(outside.pending.isFinished)
    assert outside.returnValue() is False
    same(replica, model)


@pytest.mark.parametrize(
    ("signal", "args"),
    [
        ("rowsInserted", ("path", 0, 1, 6)),
        ("rowsInserted", ([], -1, 0, 6)),
        ("rowsRemoved", ([[]], 0, 1, 6)),
        ("cellsChanged", ([], [0], [0, 1], [0], [["x"]])),
        ("cellsChanged", ([], [0], [0], [0], [[1, 2, 3]])),
        ("cellsChanged", ([], ["0"], [0], [0], [["x"]])),
        ("areaChanged", ([], 0, 0, 1, 1, [None])),
        ("headerDataChanged", (3, 0, 0)),
        ("layoutChanged", ("all",)),
        ("modelReset", ([[-1, 0, False], True, True, [], 0],)),
        ("currentChanged", ([-3], 0)),
    ],
)
def test_malformed_signals_end_the_connection(
    node: QRemoteObjectNode,
    host: QRemoteObjectHost,
    log: Log,
    signal: str,
    args: tuple[Any, ...],
) -> None:
    model = Table()
    assert host.enableRemoting(model, "table", [DISPLAY])
    replica = acquired(node, host.hostUrl(), "table")
    same(replica, model)
    resets = Recorder(replica.modelReset)
    adapter = next(iter(host._sources.values())).reference()
    getattr(adapter, signal).emit(*args)
    log.wait("closing the connection")
    # It comes back, and has the model again.
    resets.wait()
    same(replica, model)


def test_a_malformed_change_of_roles_ends_the_connection(
    node: QRemoteObjectNode, host: QRemoteObjectHost, log: Log
) -> None:
    model = Table()
    assert host.enableRemoting(model, "table", [DISPLAY])
    replica = acquired(node, host.hostUrl(), "table")
    resets = Recorder(replica.modelReset)
    source = next(iter(host._sources.values()))
    index = [s.name for s in source.interface.signals].index("availableRolesChanged")
    [link] = source.links
    link.sendPacket([source.base + index, [DISPLAY], {}, "and more"])
    log.wait("closing the connection", "a malformed signal of a model")
    resets.wait()
    same(replica, model)


@pytest.mark.parametrize("told", ["all", [[-1, 0, False], True, True, [], 0], [[1, 1], True]])
def test_a_malformed_snapshot_ends_the_connection(
    node: QRemoteObjectNode,
    host: QRemoteObjectHost,
    log: Log,
    monkeypatch: pytest.MonkeyPatch,
    told: object,
) -> None:
    model = Table()
    assert host.enableRemoting(model, "table", [DISPLAY])
    source = next(iter(host._sources.values()))
    with monkeypatch.context() as lying:
        lying.setattr(source, "readAll", lambda obj: [[0], {}, told])
        assert node.connectToNode(host.hostUrl())
        replica = node.acquireModel("table")
        log.wait("closing the connection")
        assert replica.rowCount() == 0
        assert not replica.isInitialized()
    # It comes back, and has the model.
    wait_until(replica.isInitialized)
    same(replica, model)


def test_a_model_that_cannot_describe_itself_at_once(
    node: QRemoteObjectNode,
    host: QRemoteObjectHost,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = Table()
    assert host.enableRemoting(model, "table", [DISPLAY])
    source = next(iter(host._sources.values()))
    monkeypatch.setattr(source, "readAll", lambda obj: [[0], {}, None])
    same(acquired(node, host.hostUrl(), "table"), model)


@pytest.mark.parametrize(
    ("signal", "args"),
    [
        ("rowsInserted", ([], 77, 78, 80)),
        ("rowsRemoved", ([], 3, 9, 1)),
        ("rowsMoved", ([], 0, 2, [], 1)),
        ("rowsMoved", ([], 0, 9, [], 12)),
        ("columnsRemoved", ([], 0, 9)),
        ("columnsInserted", ([], 9, 9)),
        ("columnsMoved", ([], 0, 1, [], 1)),
    ],
)
def test_changes_that_do_not_fit(
    node: QRemoteObjectNode,
    host: QRemoteObjectHost,
    log: Log,
    signal: str,
    args: tuple[Any, ...],
) -> None:
    model = Table()
    assert host.enableRemoting(model, "table", [DISPLAY])
    replica = acquired(node, host.hostUrl(), "table")
    tester = QAbstractItemModelTester(replica, QAbstractItemModelTester.FailureReportingMode.Fatal)
    same(replica, model)
    resets = Recorder(replica.modelReset)
    adapter = next(iter(host._sources.values())).reference()
    getattr(adapter, signal).emit(*args)
    log.wait("do not fit its rows")
    resets.wait()
    same(replica, model)
    tester.deleteLater()


def reset(model: Table) -> None:
    model.beginResetModel()
    model.endResetModel()


CHANGES: dict[str, Callable[[Table], object]] = {
    "modelAboutToBeReset": reset,
    "modelReset": reset,
    "rowsInserted": lambda model: model.insert(1, 2),
    "rowsRemoved": lambda model: model.remove(1, 2),
    "dataChanged": lambda model: model.put(0, 0, "new"),
    "layoutChanged": lambda model: model.layoutChanged.emit(),
}


@pytest.mark.parametrize("owned", [False, True], ids=["by itself", "with its parent"])
@pytest.mark.parametrize("signal", ["first modelAboutToBeReset", "first modelReset", *CHANGES])
def test_a_replica_deleted_within_a_signal_of_its_own(
    node: QRemoteObjectNode, host: QRemoteObjectHost, log: Log, signal: str, owned: bool
) -> None:
    model, other = Table(), Table()
    assert host.enableRemoting(model, "model", [DISPLAY])
    assert host.enableRemoting(other, "other", [DISPLAY])
    bystander = acquired(node, host.hostUrl(), "other")
    same(bystander, other)
    replica, owner = node.acquireModel("model"), QObject()
    if owned:
        replica.setParent(owner)
    first, _, name = signal.rpartition(" ")
    if not first:
        wait_until(replica.isInitialized)
        same(replica, model)
    fired = Recorder(getattr(replica, name))
    getattr(replica, name).connect(lambda *_: shiboken6.delete(owner if owned else replica))
    if not first:
        CHANGES[name](model)
    wait_until(lambda: not shiboken6.isValid(replica))
    # Nobody is disturbed by that, and the source is asked nothing for it.
    other.put(0, 0, "changed")
    same(bystander, other)
    assert len(fired) == 1
    assert log.lines == []
