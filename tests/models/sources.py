"""The models that tests share from another process, and the processes that do. Knows pyside_ro."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QSortFilterProxyModel,
    Qt,
)

from pyside_ro import QRemoteObjectHost
from tests.helpers import PeerSide
from tests.models.trees import TreeModel

ROOT = QModelIndex()
DISPLAY, EDIT = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.EditRole)
CHECK = int(Qt.ItemDataRole.CheckStateRole)
USER = int(Qt.ItemDataRole.UserRole)


class Table(QAbstractTableModel):
    """Rows of text, editable; counts how often its data is read."""

    def __init__(self, rows: int = 5, columns: int = 3) -> None:
        super().__init__()
        self.rows = [[f"{r},{c}" for c in range(columns)] for r in range(rows)]
        self.columns = columns
        self.reads = 0

    def rowCount(self, parent: Any = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Any = ROOT) -> int:
        return 0 if parent.isValid() else self.columns

    def data(self, index: Any, role: int = DISPLAY) -> Any:
        self.reads += 1
        if role in (DISPLAY, EDIT):
            return self.rows[index.row()][index.column()]
        if role == CHECK and index.column() == 0:
            return Qt.CheckState.Checked
        return None

    def setData(self, index: Any, value: Any, role: int = EDIT) -> bool:
        if role != EDIT or value == "refused":
            return False
        if value == "raise":
            raise ValueError("no such value")
        self.put(index.row(), index.column(), value)
        return True

    def flags(self, index: Any) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == 1 else flags

    def headerData(self, section: int, orientation: Any, role: int = DISPLAY) -> Any:
        if role != DISPLAY:
            return None
        return f"{'H' if orientation == Qt.Orientation.Horizontal else 'V'}{section}"

    def put(self, row: int, column: int, value: Any) -> None:
        self.rows[row][column] = value
        index = self.index(row, column)
        self.dataChanged.emit(index, index, [DISPLAY, EDIT])

    def putEverySecond(self, column: int, values: list[Any]) -> None:
        for row, value in enumerate(values):
            self.put(2 * row, column, value)

    def insert(self, row: int, count: int) -> None:
        self.beginInsertRows(ROOT, row, row + count - 1)
        self.rows[row:row] = [[f"new{i}" for _ in range(self.columns)] for i in range(count)]
        self.endInsertRows()

    def remove(self, row: int, count: int) -> None:
        self.beginRemoveRows(ROOT, row, row + count - 1)
        del self.rows[row : row + count]
        self.endRemoveRows()


class Million(QAbstractTableModel):
    """A million rows that are nowhere but in their numbers; counts the rows that are read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: set[int] = set()

    def rowCount(self, parent: Any = ROOT) -> int:
        return 0 if parent.isValid() else 1_000_000

    def columnCount(self, parent: Any = ROOT) -> int:
        return 0 if parent.isValid() else 2

    def data(self, index: Any, role: int = DISPLAY) -> Any:
        if role != DISPLAY:
            return None
        self.read.add(index.row())
        return f"{index.row()}:{index.column()}"


class Lazy(QAbstractListModel):
    """A list that fetches ten rows at a time."""

    def __init__(self, total: int = 35) -> None:
        super().__init__()
        self.total = total
        self.loaded = 0

    def rowCount(self, parent: Any = ROOT) -> int:
        return 0 if parent.isValid() else self.loaded

    def data(self, index: Any, role: int = DISPLAY) -> Any:
        return f"lazy {index.row()}" if role == DISPLAY else None

    def canFetchMore(self, parent: Any) -> bool:
        return not parent.isValid() and self.loaded < self.total

    def fetchMore(self, parent: Any) -> None:
        more = min(10, self.total - self.loaded)
        self.beginInsertRows(ROOT, self.loaded, self.loaded + more - 1)
        self.loaded += more
        self.endInsertRows()


class Folders(TreeModel):
    """A tree whose folders are empty until they are fetched, one level at a time."""

    def hasChildren(self, parent: Any = ROOT) -> bool:
        return not parent.isValid() or self.item(parent).name in ("i1", "i2")

    def canFetchMore(self, parent: Any) -> bool:
        return parent.isValid() and self.hasChildren(parent) and not self.item(parent).below

    def fetchMore(self, parent: Any) -> None:
        item = self.item(parent)
        self.beginInsertRows(parent, 0, 2)
        item.below = [self._new(item) for _ in range(3)]
        self.endInsertRows()


def models_host(side: PeerSide, url: str) -> None:
    """Shares one of each; the test may call the table's and the tree's methods by name."""
    table, tree, lazy, folders, million = Table(), TreeModel(), Lazy(), Folders(), Million()
    tree.insert([], 0, 3, 2)
    folders.insert([], 0, 3)
    sorted_ = QSortFilterProxyModel()
    sorted_.setSourceModel(table)
    sorted_.sort(0, Qt.SortOrder.DescendingOrder)
    selection = QItemSelectionModel(table)
    host = QRemoteObjectHost(url)
    assert host.enableRemoting(table, "table", [DISPLAY, EDIT, CHECK], selection)
    assert host.enableRemoting(tree, "tree", [])
    assert host.enableRemoting(lazy, "lazy", [DISPLAY])
    assert host.enableRemoting(folders, "folders", [DISPLAY])
    assert host.enableRemoting(million, "million", [DISPLAY])
    assert host.enableRemoting(sorted_, "sorted", [DISPLAY])
    plain = QObject()
    plain.setObjectName("plain")
    assert host.enableRemoting(plain)
    for method in (table.put, table.putEverySecond, table.insert, table.remove):
        side.command(method)
    side.command(lambda: [table.reads, len(million.read)], "reads")
    side.command(lambda: table.rows, "rows")
    side.command(lambda row: selection.setCurrentIndex(table.index(row, 1), _CURRENT), "select")
    side.command(lambda: [selection.currentIndex().row(), selection.currentIndex().column()], "at")
    side.command(lambda: host.disableRemoting(table), "withdraw")
    side.keep(host, table, tree, lazy, folders, million, sorted_, selection, plain)
    side.ready(url=host.hostUrl().toString())


_CURRENT = QItemSelectionModel.SelectionFlag.ClearAndSelect
