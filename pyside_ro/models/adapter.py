"""The source of a shared model: a QObject with slots and signals like any other.

Qt's QAbstractItemModelSourceAdapter. Its answers and signals travel on one link, in order: an
answer speaks of the model as it is after all signals before it, wherever a request was overtaken.
How requests are checked and answered is in `answers`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    ClassInfo,
    Property,
    QAbstractItemModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    Qt,
    QTimer,
    Signal,
    Slot,
)

from ..source.lifetime import living, nothing, referenceTo
from .answers import findItem, readHeaders, readRows, readSizes
from .changes import Changes
from .midst import Midst
from .reading import ModelReader
from .roles import namesOf
from .wire import checkPath

__all__ = ["READING", "ModelAdapter"]

#: The slots that only read: what a peer without the right to change anything may call.
READING = frozenset({"describe", "sizes", "rows", "headers"})

#: A move: the parent's path, the first and the last that move, the other parent's, and the place.
_Move = tuple[Any, int, int, Any, int]
#: One whose beginning was before anybody watched.
_LOST: _Move = (None, 0, 0, None, -1)
#: PySide's stubs have it as a class without arguments.
_classInfo: Any = ClassInfo


@_classInfo({"RemoteObject Type": "QAbstractItemModelAdapter"})
class ModelAdapter(QObject):
    """Shares one model. Every path, row and role that comes in is checked."""

    availableRolesChanged = Signal()
    #: path, first, last, and the parent's number of rows after it
    rowsInserted = Signal(object, int, int, int)
    rowsRemoved = Signal(object, int, int, int)
    #: Where the rows were, and where they went, both as it was before
    rowsMoved = Signal(object, int, int, object, int)
    columnsInserted = Signal(object, int, int)
    columnsRemoved = Signal(object, int, int)
    columnsMoved = Signal(object, int, int, object, int)
    #: path, rows, columns, roles, and a list of values for each role
    cellsChanged = Signal(object, object, object, object, object)
    #: path, top, left, bottom, right, roles (none: all)
    areaChanged = Signal(object, int, int, int, int, object)
    headerDataChanged = Signal(int, int, int)
    #: What `describe` gives
    layoutChanged = Signal(object)
    #: What `describe` gives
    modelReset = Signal(object)
    #: The path of the current item, its last row with the column
    currentChanged = Signal(object, int)

    def __init__(
        self,
        model: QAbstractItemModel,
        roles: Sequence[int],
        selectionModel: QItemSelectionModel | None = None,
    ) -> None:
        super().__init__()
        self._model = referenceTo(model)
        self._selection = nothing if selectionModel is None else referenceTo(selectionModel)
        self._given = [int(role) for role in roles]
        self._names = namesOf(model)
        self._reader = ModelReader(model)
        self._changes = Changes(
            self._reader, self._available, self.cellsChanged.emit, self.areaChanged.emit
        )
        self._moves: list[_Move] = []
        #: The root's size, as far as it was told.
        self._rows = self._columns = 0
        self._midst = Midst()
        self._watching = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._flush)

    @property
    def name(self) -> str:
        """The model's class, for messages."""
        return self._reader.name

    def model(self) -> QAbstractItemModel:
        """The model. Raises ReferenceError when it was deleted."""
        model = living(self._model())
        if model is None:
            raise ReferenceError("the model was deleted")
        return model

    def offer(self, roles: Sequence[int]) -> None:
        """Share these roles as well (none named: all)."""
        if not self._given:
            return
        more = [role for role in roles if role not in self._given]
        if more or not roles:
            self._given = [*self._given, *more] if roles else []
            self.availableRolesChanged.emit()

    # What is known of it at once

    def _available(self) -> list[int]:
        return self._given or list(self._names)

    availableRoles = Property(list, _available, notify=availableRolesChanged)

    def _roleNames(self) -> object:
        return self._names

    roleNames = Property(object, _roleNames, notify=availableRolesChanged)

    def _description(self) -> object:
        return self._describe() if living(self._model()) is not None else None

    #: In the snapshot, so that a replica need not ask before it can ask for rows.
    description = Property(object, _description)

    # Watching: what nobody looks at costs nothing

    def _ro_watched(self, watched: bool) -> None:
        """The first replica has come, or the last has gone."""
        model = living(self._model())
        if model is None or watched is self._watching:
            return
        self._watching = watched
        pairs: list[tuple[Any, Any]] = [
            (model.dataChanged, self._onDataChanged),
            (model.headerDataChanged, self._onHeaderDataChanged),
            (model.layoutAboutToBeChanged, self._flush),
            (model.layoutChanged, self._onLayoutChanged),
            (model.modelReset, self._reset),
            (model.rowsAboutToBeInserted, self._begun),
            (model.rowsInserted, self._onRowsInserted),
            (model.rowsAboutToBeRemoved, self._begun),
            (model.rowsRemoved, self._onRowsRemoved),
            (model.rowsAboutToBeMoved, self._beforeMove),
            (model.rowsMoved, self._onRowsMoved),
            (model.columnsAboutToBeInserted, self._begun),
            (model.columnsInserted, self._onColumnsInserted),
            (model.columnsAboutToBeRemoved, self._begun),
            (model.columnsRemoved, self._onColumnsRemoved),
            (model.columnsAboutToBeMoved, self._beforeMove),
            (model.columnsMoved, self._onColumnsMoved),
        ]
        selection = living(self._selection())
        if selection is not None:
            pairs.append((selection.currentChanged, self._onCurrentChanged))
        for signal, method in pairs:
            if watched:
                signal.connect(method)
            else:
                signal.disconnect(method)
        if watched:
            self._names = namesOf(model)  # nobody heard of a reset until now
            self._measure(model)
        self._changes.clear()
        self._moves.clear()
        self._midst.watch(watched)

    def end(self) -> None:
        """It is shared no longer."""
        self._ro_watched(False)
        # What is deleted in another thread with a connection may stop that one and this for good:
        # Qt's lock is held there, and Python's waited for.
        self._timer.timeout.disconnect(self._flush)
        self.deleteLater()

    def _measure(self, model: QAbstractItemModel) -> list[Any]:
        size = self._reader.size(model, QModelIndex())
        self._rows, self._columns, _ = size
        return size

    @Slot()
    def _flush(self) -> None:
        """Send the changes that wait: before anything moves, and once a turn."""
        if self._changes:
            model = living(self._model())
            if model is not None:
                self._midst.read()
                self._changes.flush(model)

    @Slot()
    def _begun(self) -> None:
        """A change begins."""
        self._flush()
        self._midst.begin()

    # The model's signals. Declared as slots, they are connected in a third of the time.

    @Slot(QModelIndex, QModelIndex, "QList<int>")
    def _onDataChanged(
        self, top: QModelIndex, bottom: QModelIndex, roles: Sequence[int] = ()
    ) -> None:
        first, left, last, right = top.row(), top.column(), bottom.row(), bottom.column()
        flat, model = self._reader.flat, self._model()
        if top.model() != model or not (flat or bottom.model() == model):
            where = "of another model" if top.isValid() else "that are invalid"
            self._reader.warnOnce("foreign", f"dataChanged with indexes {where} is ignored")
            return
        path = [] if flat else self._reader.path(top.parent())
        if path is None:
            return
        if not (0 <= first <= last and 0 <= left <= right):
            text = f"dataChanged of rows {first} to {last}, columns {left} to {right} is ignored"
            self._reader.warnOnce("dataChanged", text)
            return
        if not path and (last >= self._rows or right >= self._columns):
            text = (
                f"dataChanged up to row {last}, column {right} of {self._rows} rows and "
                f"{self._columns} columns is ignored"
            )
            self._reader.warnOnce("dataChanged", text)
            return
        self._changes.add(tuple(path), (first, left, last, right), list(roles))
        if self._changes.full:
            self._flush()
        elif not self._timer.isActive():
            self._timer.start()

    def _rowsChanged(
        self, tell: Any, parent: QModelIndex, first: int, last: int, change: int
    ) -> None:
        seen, torn = self._midst.end()
        path = self._reader.path(parent)
        count = self._counted(parent, path, change) if seen and path is not None else 0
        if torn:
            self._reset()
        elif path is not None:
            tell.emit(path, first, last, count)

    def _counted(self, parent: QModelIndex, path: list[int], change: int) -> int:
        """A parent's number of rows after a change, with a word when the model contradicts."""
        count = int(self._reader.size(self.model(), parent)[0])
        if not path:
            expected = self._rows + change
            self._rows = count
            if count != expected:
                self._reader.warnOnce(
                    "count",
                    f"rowCount() is {count} where its signals announced {expected}: replicas "
                    "follow rowCount(); is begin/endInsertRows (or Remove) missing somewhere?",
                )
        return count

    @Slot(QModelIndex, int, int)
    def _onRowsInserted(self, parent: QModelIndex, first: int, last: int) -> None:
        self._rowsChanged(self.rowsInserted, parent, first, last, last - first + 1)

    @Slot(QModelIndex, int, int)
    def _onRowsRemoved(self, parent: QModelIndex, first: int, last: int) -> None:
        self._rowsChanged(self.rowsRemoved, parent, first, last, first - last - 1)

    @Slot(QModelIndex, int, int, QModelIndex, int)
    def _beforeMove(
        self, parent: QModelIndex, first: int, last: int, destination: QModelIndex, place: int
    ) -> None:
        self._begun()
        paths = self._reader.path(parent), self._reader.path(destination)
        self._moves.append((paths[0], first, last, paths[1], place))

    def _moved(self) -> _Move | None:
        """The move that ends; None when replicas do not see it, or are told of a reset instead."""
        source, first, last, destination, place = self._moves.pop() if self._moves else _LOST
        unseen = source is None and destination is None and place >= 0
        if self._midst.end()[1]:
            self._reset()
        elif source is not None and destination is not None:
            return source, first, last, destination, place
        elif not unseen:
            self._reset()  # from or to where replicas see nothing
        return None

    @Slot()
    def _onRowsMoved(self) -> None:
        move = self._moved()
        if move is None:
            return
        source, first, last, destination, place = move
        if source != destination:
            self._rows += (last - first + 1) * ((not destination) - (not source))
        self.rowsMoved.emit(source, first, last, destination, place)

    @Slot(QModelIndex, int, int)
    def _onColumnsInserted(self, parent: QModelIndex, first: int, last: int) -> None:
        self._columnsChanged(self.columnsInserted, parent, first, last, last - first + 1)

    @Slot(QModelIndex, int, int)
    def _onColumnsRemoved(self, parent: QModelIndex, first: int, last: int) -> None:
        self._columnsChanged(self.columnsRemoved, parent, first, last, first - last - 1)

    def _columnsChanged(
        self, tell: Any, parent: QModelIndex, first: int, last: int, change: int
    ) -> None:
        path = self._reader.path(parent)
        if self._midst.end()[1]:
            self._reset()
        elif path is not None:
            if not path:
                self._columns += change
            tell.emit(path, first, last)

    @Slot()
    def _onColumnsMoved(self) -> None:
        move = self._moved()
        if move is None:
            return
        source, first, last, destination, place = move
        if source == destination:
            self.columnsMoved.emit(source, first, last, destination, place)
        else:
            self._reset()

    @Slot(Qt.Orientation, int, int)
    def _onHeaderDataChanged(self, orientation: Qt.Orientation, first: int, last: int) -> None:
        self.headerDataChanged.emit(int(orientation.value), first, last)

    @Slot()
    def _onLayoutChanged(self) -> None:
        self._changes.clear()
        self.layoutChanged.emit(self._describe(anew=True))

    @Slot()
    def _reset(self) -> None:
        self._changes.clear()
        names = namesOf(self.model())
        if names != self._names:
            self._names = names
            self.availableRolesChanged.emit()
        self.modelReset.emit(self._describe(anew=True))

    @Slot(QModelIndex, QModelIndex)
    def _onCurrentChanged(self, current: QModelIndex, _: QModelIndex) -> None:
        cell = self._cell(current)
        if cell is not None:
            self.currentChanged.emit(*cell)

    def _cell(self, index: QModelIndex) -> tuple[list[int], int] | None:
        """An item's path and column; an empty path for no item."""
        if not index.isValid():
            return [], 0
        path = self._reader.path(index.parent())
        return None if path is None else ([*path, index.row()], index.column())

    # What replicas ask

    def _describe(self, anew: bool = False) -> list[Any]:
        current: tuple[list[int], int] = ([], 0)
        selection = living(self._selection())
        if selection is not None:
            current = self._cell(selection.currentIndex()) or current
        reader, model = self._reader, self.model()
        # In the middle of a change: as it was, since replicas will be told of the change.
        told = self._midst and not anew
        size = reader.size(model, QModelIndex()) if told else self._measure(model)
        size[:2] = self._rows, self._columns
        return [size, reader.flat, reader.plainHeaders, *current]

    @Slot(result=object)
    def describe(self) -> object:
        """``[root's size, whether flat, whether headers are plain, current path, column]``."""
        return self._describe()

    @Slot(object, result=object)
    def sizes(self, paths: Any) -> object:
        """The Size of each path; None where there is no such item.

        An item without rows that could fetch some does so, as it does for a view that opens it.
        """
        self._midst.read()
        return readSizes(self._reader, self.model(), paths)

    @Slot(object, result=object)
    def rows(self, ranges: Any) -> object:
        """For each ``[path, first, last, roles]`` a Block, which may be shorter than asked."""
        self._midst.read()
        found = readRows(self._reader, self.model(), ranges)
        if self._midst:
            for block in found:
                if block is not None and not block[0]:
                    block[1][0] = self._rows  # as replicas know it
        return found

    @Slot(object, result=object)
    def headers(self, ranges: Any) -> object:
        """For each ``[orientation, first, last, role]`` the sections' values, maybe fewer."""
        self._midst.read()
        return readHeaders(self._reader, self.model(), ranges)

    @Slot(object, result=object)
    def fetchMore(self, path: Any) -> object:
        """Have the model fetch more rows, and give the Size that then is known."""
        model = self.model()
        parent = self._reader.index(model, checkPath(path))
        if parent is None:
            return None
        if model.canFetchMore(parent):
            model.fetchMore(parent)
        return self._reader.size(model, parent)

    @Slot(object, int, object, int, result=object)
    def setData(self, path: Any, column: int, value: Any, role: int) -> object:
        """Set an item's data; whether the model took it."""
        model = self.model()
        index = findItem(self._reader, model, path, column)
        if index is None:
            return False
        if role not in self._available():
            raise ValueError(f"role {role} is not shared")
        return bool(model.setData(index, value, role))

    @Slot(object, int, int)
    def setCurrentIndex(self, path: Any, column: int, command: int) -> None:
        """Make an item the current one of the shared selection model."""
        selection = living(self._selection())
        if selection is None:
            return
        index = findItem(self._reader, self.model(), path, column) if path else QModelIndex()
        if index is not None:
            flags = QItemSelectionModel.SelectionFlag(command)
            selection.setCurrentIndex(index, flags)

    def __repr__(self) -> str:
        return f"<the model {self.name}>"
