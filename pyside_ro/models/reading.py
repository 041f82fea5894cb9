"""Reading a source model: sizes, blocks of rows, headers, and what cannot be read or sent.

Knows QAbstractItemModel. Reading is what a host spends its time on: nothing is looked up or
called once a cell that can be known once a block.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QAbstractTableModel,
    QModelIndex,
    Qt,
)

from .. import log
from ..errors import CannotCross
from ..protocol.codec import Encoder
from .wire import BRANCH, FLAGS, MAX_CELLS, MAX_COLUMNS

__all__ = ["ModelReader"]

_ROOT = QModelIndex()
_PLAIN = frozenset({str, int, float, bool, type(None)})
#: Values whose crossing depends on what is in them.
_CONTAINERS = (list, tuple, dict, set, frozenset, str, int)
_LISTED = 1000


class ModelReader:
    """Reads one model for its adapter, whose `name` is in every message."""

    def __init__(self, model: QAbstractItemModel) -> None:
        cls = type(model)
        self.name = cls.__name__
        #: A list or table, none of whose items has children or a parent.
        self.flat = any(
            isinstance(model, base)
            and cls.index is base.index
            and cls.parent is base.parent
            and cls.hasChildren is base.hasChildren
            for base in (QAbstractListModel, QAbstractTableModel)
        )
        #: Headers that are just numbers are not asked for.
        self.plainHeaders = cls.headerData is QAbstractItemModel.headerData
        self._plainFlags = self.flat and cls.flags in (
            QAbstractListModel.flags,
            QAbstractTableModel.flags,
        )
        #: Nor does PySide let anyone call this of theirs, which is False for every item.
        self._noBranches = any(
            isinstance(model, base) and cls.hasChildren is base.hasChildren
            for base in (QAbstractListModel, QAbstractTableModel)
        )
        #: PySide takes QAbstractListModel's own for private.
        self._oneColumn = (
            isinstance(model, QAbstractListModel)
            and cls.columnCount is QAbstractListModel.columnCount
        )
        self._encoder = Encoder()
        self._crossing: set[type] = set()
        self._said: set[object] = set()

    def warnOnce(self, key: object, text: str, error: BaseException | None = None) -> None:
        """Log something about the model, the first time only."""
        if key in self._said or len(self._said) > _LISTED:
            return
        self._said.add(key)
        if error is None:
            log.models.warning("model '%s': %s", self.name, text)
        else:
            log.models.exception(f"model '{self.name}': {text}", error)

    # Places

    def index(self, model: QAbstractItemModel, path: Sequence[int]) -> QModelIndex | None:
        """The item at a path; None when there is none."""
        index = _ROOT
        for row in path:
            if self.flat or row >= model.rowCount(index):
                return None
            index = model.index(row, 0, index)
            if not index.isValid():
                return None
        return index

    def path(self, index: QModelIndex) -> list[int] | None:
        """The path of an item; None when it is not in column 0 all the way up."""
        path: list[int] = []
        while index.isValid():
            if index.column() != 0 or len(path) > 1000:
                return None
            path.append(index.row())
            index = index.parent()
        path.reverse()
        return path

    def size(self, model: QAbstractItemModel, parent: QModelIndex) -> list[Any]:
        """Rows, columns, and whether there is more to fetch; never negative."""
        if self.flat and parent.isValid():
            return [0, 0, False]
        try:
            rows = int(model.rowCount(parent))
            columns = 1 if self._oneColumn else int(model.columnCount(parent))
            more = bool(model.canFetchMore(parent))
        except Exception as error:
            self.warnOnce("size", "its size cannot be read; it is taken as empty", error)
            return [0, 0, False]
        if columns > MAX_COLUMNS:
            self.warnOnce("columns", f"only {MAX_COLUMNS} of its {columns} columns are shared")
        return [max(rows, 0), min(max(columns, 0), MAX_COLUMNS), more]

    # Values

    def block(
        self,
        model: QAbstractItemModel,
        path: list[int],
        first: int,
        last: int,
        roles: Sequence[int],
    ) -> list[Any] | None:
        """A Block for the wire; None when there is no such item. It may be shorter than asked."""
        parent = self.index(model, path)
        if parent is None:
            return None
        size = self.size(model, parent)
        rows, columns, _ = size
        most = max(1, MAX_CELLS // max(1, columns * len(roles)))
        last = min(last, rows - 1, first + most - 1)
        count = max(0, last - first + 1)
        if not count:
            return [path, size, 0, 0, [], []]
        if self.flat:
            # What index() of these classes does, without asking for the size again.
            make = model.createIndex
            indexes = [make(r, c) for r in range(first, last + 1) for c in range(columns)]
        else:
            index = model.index
            indexes = [index(r, c, parent) for r in range(first, last + 1) for c in range(columns)]
        return [path, size, first, count, list(roles), self.values(model, indexes, roles)]

    def values(
        self, model: QAbstractItemModel, indexes: list[QModelIndex], roles: Sequence[int]
    ) -> list[list[Any]]:
        """For each role a list with the items' values, or with the one that they all have."""
        found: list[list[Any]] = []
        for role in roles:
            if role == FLAGS:
                found.append(_same(self._flags(model, indexes)))
            elif role == BRANCH:
                found.append(_same(self._branches(model, indexes)))
            else:
                found.append(self._data(model, indexes, role))
        return found

    def _data(self, model: QAbstractItemModel, indexes: list[QModelIndex], role: int) -> list[Any]:
        data = model.data
        try:
            values = [data(i, role) for i in indexes]
        except Exception:
            values = [self._datum(model, i, role) for i in indexes]
        if values.count(None) == len(values) and values:
            return [None]
        return self.sendable(values, role)

    def _datum(self, model: QAbstractItemModel, index: QModelIndex, role: int) -> Any:
        try:
            return model.data(index, role)
        except Exception as error:
            where = f"row {index.row()}, column {index.column()}, role {role}"
            self.warnOnce("data", f"data() raised for {where}; such cells are empty", error)
            return None

    def _flags(self, model: QAbstractItemModel, indexes: list[QModelIndex]) -> list[int]:
        flags = model.flags
        if self._plainFlags:
            return [int(flags(indexes[0]).value)]
        try:
            return [flags(i)._value_ for i in indexes]
        except Exception:
            return [self._flag(model, i) for i in indexes]

    def _flag(self, model: QAbstractItemModel, index: QModelIndex) -> int:
        try:
            found: Any = model.flags(index)
            return int(found.value if isinstance(found, Qt.ItemFlag) else found)
        except Exception as error:
            where = f"row {index.row()}, column {index.column()}"
            self.warnOnce("flags", f"flags() raised for {where}; such cells have none", error)
            return 0

    def _branches(self, model: QAbstractItemModel, indexes: list[QModelIndex]) -> list[bool]:
        if self._noBranches:
            return [False]
        has = model.hasChildren
        try:
            return [i.column() == 0 and bool(has(i)) for i in indexes]
        except Exception as error:
            self.warnOnce("hasChildren", "hasChildren() raised; its rows have none", error)
            return [False]

    def header(self, model: QAbstractItemModel, section: int, orientation: Any, role: int) -> Any:
        """A header's value."""
        try:
            return model.headerData(section, orientation, role)
        except Exception as error:
            where = f"section {section}, {orientation.name}, role {role}"
            self.warnOnce("header", f"headerData() raised for {where}", error)
            return None

    def sendable(self, values: list[Any], role: int) -> list[Any]:
        """The values, with None for each that cannot cross."""
        try:
            self._encoder.packPlain(values)
        except Exception:
            return [self._sendable(value, role) for value in values]
        return values

    def _sendable(self, value: Any, role: int) -> Any:
        kind = type(value)
        if kind in self._crossing:
            return value
        try:
            self._encoder.pack([value])
        except CannotCross as error:
            text = f"a value of role {role} stays empty at replicas: {error}"
            self.warnOnce((role, kind), text)
            return None
        if not issubclass(kind, _CONTAINERS):
            self._crossing.add(kind)
        return value


def _same(values: list[Any]) -> list[Any]:
    """The values, or one of them when all are equal; for values of one type."""
    return values[:1] if values and values.count(values[0]) == len(values) else values
