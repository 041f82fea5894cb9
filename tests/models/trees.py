"""A tree model in plain Python whose every kind of change is one call. Knows QtCore only."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt

EDIT, DISPLAY = Qt.ItemDataRole.EditRole, Qt.ItemDataRole.DisplayRole
USER = int(Qt.ItemDataRole.UserRole)


class Item:
    """One item: a value for each column, and children."""

    def __init__(self, name: str, above: Item | None, columns: int) -> None:
        self.name = name
        self.above = above
        self.below: list[Item] = []
        self.values = [f"{name}.{c}" for c in range(columns)]
        self.enabled = True


class TreeModel(QAbstractItemModel):
    """Items to any depth, the same columns everywhere. Paths are lists of rows."""

    def __init__(self, columns: int = 2) -> None:
        super().__init__()
        self.columns = columns
        self.top = Item("root", None, 0)
        self._items: dict[int, Item] = {}
        self._made = 0
        self.headers: list[str] = [f"column {c}" for c in range(columns)]

    # What a QAbstractItemModel is

    def item(self, index: QModelIndex) -> Item:
        return self._items[index.internalId()] if index.isValid() else self.top

    def at(self, path: list[int]) -> QModelIndex:
        index = QModelIndex()
        for row in path:
            index = self.index(row, 0, index)
            assert index.isValid()
        return index

    def index(self, row: int, column: int, parent: Any = QModelIndex()) -> QModelIndex:  # noqa: B008
        above = self.item(parent)
        if not (0 <= row < len(above.below) and 0 <= column < self.columns):
            return QModelIndex()
        if parent.isValid() and parent.column():
            return QModelIndex()
        item = above.below[row]
        return self.createIndex(row, column, id(item))

    def parent(self, index: Any = None) -> Any:
        if index is None:
            return super().parent()
        above = self.item(index).above if index.isValid() else None
        if above is None or above.above is None:
            return QModelIndex()
        return self.createIndex(above.above.below.index(above), 0, id(above))

    def rowCount(self, parent: Any = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.column() > 0 else len(self.item(parent).below)

    def columnCount(self, parent: Any = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.column() > 0 else self.columns

    def data(self, index: Any, role: int = 0) -> Any:
        if not index.isValid():
            return None
        if role in (DISPLAY, EDIT):
            return self.item(index).values[index.column()]
        if role == USER:
            return self.item(index).name
        return None

    def setData(self, index: Any, value: Any, role: int = int(EDIT)) -> bool:
        if role != EDIT or value == "refused":
            return False
        self.item(index).values[index.column()] = value
        self.dataChanged.emit(index, index, [DISPLAY, EDIT])
        return True

    def flags(self, index: Any) -> Qt.ItemFlag:
        flags = super().flags(index)
        if not index.isValid():
            return flags
        return flags if self.item(index).enabled else Qt.ItemFlag.NoItemFlags

    def headerData(self, section: int, orientation: Any, role: int = 0) -> Any:
        if role != DISPLAY:
            return None
        if orientation == Qt.Orientation.Vertical:
            return f"row {section}"
        return self.headers[section] if section < len(self.headers) else None

    # Changes

    def _new(self, above: Item) -> Item:
        self._made += 1
        item = Item(f"i{self._made}", above, self.columns)
        self._items[id(item)] = item
        return item

    def insert(self, path: list[int], row: int, count: int, below: int = 0) -> None:
        above = self.item(self.at(path))
        self.beginInsertRows(self.at(path), row, row + count - 1)
        new = [self._new(above) for _ in range(count)]
        for item in new:
            item.below = [self._new(item) for _ in range(below)]
        above.below[row:row] = new
        self.endInsertRows()

    def remove(self, path: list[int], row: int, count: int) -> None:
        above = self.item(self.at(path))
        self.beginRemoveRows(self.at(path), row, row + count - 1)
        del above.below[row : row + count]
        self.endRemoveRows()

    def move(self, path: list[int], row: int, count: int, target: list[int], place: int) -> bool:
        source, to = self.at(path), self.at(target)
        mine, theirs = self.item(source), self.item(to)
        if not self.beginMoveRows(source, row, row + count - 1, to, place):
            return False
        moved = mine.below[row : row + count]
        del mine.below[row : row + count]
        if mine is theirs and place > row:
            place -= count
        theirs.below[place:place] = moved
        for item in moved:
            item.above = theirs
        self.endMoveRows()
        return True

    def change(self, path: list[int], column: int, value: Any) -> None:
        index = self.at(path).siblingAtColumn(column)
        self.item(index).values[column] = value
        self.dataChanged.emit(index, index, [DISPLAY, EDIT])

    def changeAll(self, path: list[int], value: str) -> None:
        above = self.item(self.at(path))
        if not above.below:
            return
        for number, item in enumerate(above.below):
            item.values = [f"{value}{number}.{c}" for c in range(self.columns)]
        last = self.index(len(above.below) - 1, self.columns - 1, self.at(path))
        self.dataChanged.emit(self.index(0, 0, self.at(path)), last)

    def enable(self, path: list[int], enabled: bool) -> None:
        self.item(self.at(path)).enabled = enabled
        first = self.at(path)
        self.dataChanged.emit(first, first.siblingAtColumn(self.columns - 1))

    def insertColumn(self, column: int) -> None:  # type: ignore[override]
        self.beginInsertColumns(QModelIndex(), column, column)
        self.columns += 1
        for item in self._all():
            item.values.insert(column, f"{item.name}.new")
        self.headers.insert(column, f"new {self.columns}")
        self.endInsertColumns()

    def removeColumn(self, column: int) -> None:  # type: ignore[override]
        self.beginRemoveColumns(QModelIndex(), column, column)
        self.columns -= 1
        for item in self._all():
            del item.values[column]
        del self.headers[column]
        self.endRemoveColumns()

    def moveColumn(self, column: int, place: int) -> None:  # type: ignore[override]
        root = QModelIndex()
        if not self.beginMoveColumns(root, column, column, root, place):
            return
        to = place - 1 if place > column else place
        for item in self._all():
            item.values.insert(to, item.values.pop(column))
        self.headers.insert(to, self.headers.pop(column))
        self.endMoveColumns()

    def turnRound(self) -> None:
        """Reverse the order of all items everywhere: a change of the layout."""
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        held = [(index, self._items[index.internalId()]) for index in old]
        for item in [self.top, *self._all()]:
            item.below.reverse()
        new = [
            self.createIndex(item.above.below.index(item), index.column(), id(item))
            for index, item in held
            if item.above is not None
        ]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def beginAnew(self, rows: int) -> None:
        self.beginResetModel()
        self.top.below = [self._new(self.top) for _ in range(rows)]
        self.endResetModel()

    def rename(self, column: int, name: str) -> None:
        self.headers[column] = name
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, column, column)

    def _all(self) -> list[Item]:
        found = list(self.top.below)
        for item in found:
            found += item.below
        return found

    def paths(self) -> list[list[int]]:
        """The path of every item, the root's first."""
        found: list[list[int]] = [[]]

        def walk(item: Item, path: list[int]) -> None:
            for row, below in enumerate(item.below):
                found.append([*path, row])
                walk(below, [*path, row])

        walk(self.top, [])
        return found
