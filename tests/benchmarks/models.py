"""The models that the benchmarks share, and the functions that measure their replicas.

The same for us and for the peer: what a program does that uses either library. Knows `Side`.
"""

import random
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QEventLoop,
    QModelIndex,
    QObject,
    Qt,
    QTimer,
    Slot,
)

from .sides import Side
from .sources import resident

DISPLAY = Qt.ItemDataRole.DisplayRole
COLUMNS = 4
PAGE = 40
_ROOT = QModelIndex()
_now = time.perf_counter
Figures = dict[str, float]


class Rows(QAbstractTableModel):
    """Rows of four columns, in a Python list."""

    def __init__(self, count: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = [[f"name {row}", row, row * 0.5, "text"] for row in range(count)]

    def rowCount(self, parent: Any = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Any = _ROOT) -> int:
        return 0 if parent.isValid() else COLUMNS

    def data(self, index: Any, role: int = DISPLAY) -> Any:
        return self._rows[index.row()][index.column()] if role == DISPLAY else None

    def put(self, row: int, column: int, value: object) -> None:
        self._rows[row][column] = value
        index = self.index(row, column)
        self.dataChanged.emit(index, index, [DISPLAY])

    def insert(self, row: int, value: object) -> None:
        self.beginInsertRows(_ROOT, row, row)
        self._rows.insert(row, [value, row, 0.0, "new"])
        self.endInsertRows()


class Million(QAbstractTableModel):
    """A million rows that are made when they are read."""

    def rowCount(self, parent: Any = _ROOT) -> int:
        return 0 if parent.isValid() else 1_000_000

    def columnCount(self, parent: Any = _ROOT) -> int:
        return 0 if parent.isValid() else COLUMNS

    def data(self, index: Any, role: int = DISPLAY) -> Any:
        return f"{index.row()},{index.column()}" if role == DISPLAY else None


class Changer(QObject):
    """Changes the model when it is asked to."""

    def __init__(self, model: Rows, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model

    @Slot(int)
    def change(self, count: int) -> None:
        """Changes `count` cells of the first thousand rows, each by itself."""
        for number in range(count):
            self._model.put(number % 1000, number % COLUMNS, f"value {number}")

    @Slot(int)
    def insert(self, count: int) -> None:
        """Inserts `count` rows, each by itself, among the first thousand."""
        for number in range(count):
            self._model.insert(500, f"inserted {number}")


def _until(side: Side, done: Callable[[], bool], missing: str) -> None:
    end = _now() + side.timeout
    # Something to wake up for, even if nothing comes.
    timer = QTimer()
    timer.start(20)
    while not done():
        # With a time to wait for, Qt would not block but poll.
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if _now() > end:
            raise TimeoutError(f"{missing} within {side.timeout:g} s")


def _acquired(side: Side, node: Any, name: str) -> Any:
    model = node.acquireModel(name)
    _until(side, lambda: model.isInitialized() and model.rowCount() > 0, "no rows")
    return model


def _look(side: Side, model: Any, top: int, rows: int = PAGE) -> None:
    """Looks at a page as a view does: asks for its cells, and again when some came."""
    cells = [model.index(row, column) for row in range(top, top + rows) for column in range(4)]
    changed = [True]
    model.dataChanged.connect(lambda *_: changed.__setitem__(0, True))
    try:

        def done() -> bool:
            if not changed[0] and _now() < again[0]:
                return False
            changed[0], again[0] = False, _now() + 0.05
            return None not in [model.data(cell, DISPLAY) for cell in cells]

        again = [0.0]
        _until(side, done, f"rows from {top} on")
    finally:
        model.dataChanged.disconnect()


def modelPage(side: Side, *, count: int) -> Figures:
    """ms from `acquireModel` to the data of the first page."""
    node = side.connected()
    side.acquired(node, "changer")
    begin = _now()
    _look(side, _acquired(side, node, "rows"), 0)
    return {"time": (_now() - begin) * 1000}


def modelPrefetch(side: Side, *, count: int) -> Figures:
    """Seconds until all data of `count` rows is here, and the MiB that it takes."""
    node = side.connected()
    side.acquired(node, "changer")
    before, begin = resident(), _now()
    model = node.acquireModel("rows", side.api.QtRemoteObjects.InitialAction.PrefetchData, [0])
    # The peer counts cells.
    model.setRootCacheSize(count * (COLUMNS if side.name == "peer" else 1))
    done: list[bool] = []
    model.initialized.connect(lambda: done.append(True))
    _until(side, lambda: bool(done), "it was not initialized")
    took = _now() - begin
    if model.data(model.index(count - 1, 1), DISPLAY) != count - 1:
        raise ValueError("the last row is not there")
    after = resident()
    known = before is not None and after is not None
    return {"time": took, **({"memory": (after - before) / 1024} if known else {})}


def modelScroll(side: Side, *, pages: int, jump: bool, name: str, count: int = 0) -> Figures:
    """Rows a second while a page at a time is looked at: the next, or any."""
    node = side.connected()
    model = _acquired(side, node, name)
    total = model.rowCount() - PAGE
    chance = random.Random(1)
    _look(side, model, 0)
    before, begin = resident(), _now()
    for number in range(pages):
        _look(side, model, chance.randrange(total) if jump else number * PAGE % total)
    figures = {"rate": pages * PAGE / (_now() - begin)}
    after = resident()
    if before is not None and after is not None:
        figures["memory"] = (after - before) / 1024
    return figures


def modelChange(side: Side, *, count: int, changes: int) -> Figures:
    """Changes of single cells a second, until the replica has them all."""
    node = side.connected()
    changer = side.acquired(node, "changer")
    model = _acquired(side, node, "rows")
    for top in range(0, 1000, 100):
        _look(side, model, top, 100)
    cells = {(n % 1000, n % COLUMNS): f"value {n}" for n in range(changes)}
    last = list(cells.items())[-1:]
    begin = _now()
    changer.change(changes)

    def has(wanted: Any) -> bool:
        return all(model.data(model.index(*cell), DISPLAY) == value for cell, value in wanted)

    _until(side, lambda: has(last) and has(cells.items()), "not all changes arrived")
    return {"rate": changes / (_now() - begin)}


def modelInsert(side: Side, *, count: int, inserts: int) -> Figures:
    """Inserted rows a second, until the replica has them all."""
    node = side.connected()
    changer = side.acquired(node, "changer")
    model = _acquired(side, node, "rows")
    for top in range(0, 1000, 100):
        _look(side, model, top, 100)
    rows = model.rowCount() + inserts
    begin = _now()
    changer.insert(inserts)
    _until(side, lambda: model.rowCount() == rows, "not all rows arrived")
    return {"rate": inserts / (_now() - begin)}


MODEL_MEASURES: dict[str, Callable[..., Figures]] = {
    function.__name__: function
    for function in (modelPage, modelPrefetch, modelScroll, modelChange, modelInsert)
}
