"""What views ask of a replica: Qt's API of a model, answered from what is here.

What is not here is wanted from then on, and a signal tells when it has come. Knows the mirror, the
fetcher and the headers; nothing of links.
"""

from __future__ import annotations

import functools
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QByteArray,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from .. import log
from ..errors import CannotCross
from .following import ModelLink
from .mirror import Mirror
from .wire import BRANCH, FLAGS

__all__ = ["Viewed"]

_ROOT = QModelIndex()
_HORIZONTAL = Qt.Orientation.Horizontal
_EDIT = int(Qt.ItemDataRole.EditRole)
_NO_FLAGS = Qt.ItemFlag.NoItemFlags
#: Of an item that is on its way: a view can move to it.
_COMING = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class Viewed(Mirror):
    """A mirror that views, proxies and delegates use. The base of QAbstractItemModelReplica."""

    _link: ModelLink
    #: The roles that the source shares.
    _known: frozenset[int]

    def call(self, slot: str, *args: Any) -> Any:
        """Call a slot of the source; None when there is no source."""
        raise NotImplementedError

    def sections(self, orientation: Qt.Orientation) -> int:
        """How many sections a header has."""
        return max(self._root.columns if orientation is _HORIZONTAL else self._root.rows, 0)

    # Structure

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """The rows of a parent; 0 until they are known, which `rowsInserted` tells."""
        if not parent.isValid():
            return max(self._root.rows, 0)
        if self.flat or parent.column() != 0:
            return 0
        above = self._nodes.get(parent.internalId())
        row = parent.row()
        if above is None or row >= above.rows:
            return 0
        node = above.kids.get(row)
        if node is not None and node.rows >= 0:
            return node.rows
        # Who was told that there are none is told when there are.
        node = self.child(above, row)
        has = above.cache.value(row, 0, BRANCH, None)
        if has is None:
            node.awaited = True
            self._fetcher.want(above, row, BRANCH)
        else:
            self._takeBranch(node, has)
        return max(node.rows, 0)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """The columns of a parent."""
        if not parent.isValid():
            return self._root.columns
        if self.flat or parent.column() != 0:
            return 0
        above = self._nodes.get(parent.internalId())
        if above is None or parent.row() >= above.rows:
            return 0
        node = above.kids.get(parent.row())
        if node is not None and node.rows >= 0:
            return node.columns
        return self._shownColumns(above)

    def hasChildren(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> bool:
        """Whether a parent has rows; False until that is known, which `dataChanged` tells."""
        if not parent.isValid():
            return self._root.rows > 0
        if self.flat or parent.column() != 0:
            return False
        above = self._nodes.get(parent.internalId())
        row = parent.row()
        if above is None or row >= above.rows:
            return False
        node = above.kids.get(row)
        if node is not None and node.rows >= 0:
            return node.rows > 0 or node.more
        has = above.cache.value(row, 0, BRANCH, None)
        if has is None:
            self._fetcher.glance(above, row, BRANCH)
        return bool(has)

    def index(
        self, row: int, column: int, parent: QModelIndex | QPersistentModelIndex = _ROOT
    ) -> QModelIndex:
        """The item at a place, whether its data is here or not."""
        node: Any = self._root
        if parent.isValid():
            above = self._nodes.get(parent.internalId()) if parent.column() == 0 else None
            node = above.kids.get(parent.row()) if above is not None else None
        if node is None or not (0 <= row < node.rows and 0 <= column < node.columns):
            return QModelIndex()
        return self.createIndex(row, column, node.id)

    def parent(self, index: Any = None) -> Any:
        """The item above another one; without one, the QObject's parent."""
        if index is None:
            return QObject.parent(self)
        node = self._nodes.get(index.internalId()) if index.isValid() else None
        if node is None or node.parent is None:
            return QModelIndex()
        return self.createIndex(node.row, 0, node.parent.id)

    def canFetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> bool:
        """Whether the source can fetch more rows, as far as that is known."""
        node = self._nodeOf(parent)
        return node is not None and node.rows >= 0 and node.more

    def fetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> None:
        """Have the source fetch more rows; `rowsInserted` tells of them."""
        node = self._nodeOf(parent)
        if node is None or node.rows < 0 or not node.more:
            return
        # Not again before the source has answered.
        node.more = False
        path = node.path
        call = self.call("fetchMore", path)
        if call is not None:
            call.add_done_callback(lambda call: self._fetched(call, node))

    def _fetched(self, call: Any, node: Any) -> None:
        answer = call.returnValue() if call.exception() is None else None
        if isinstance(answer, list) and len(answer) == 3 and node.rows >= 0:
            node.more = answer[2] is True

    def _nodeOf(self, parent: QModelIndex | QPersistentModelIndex) -> Any:
        if not parent.isValid():
            return self._root
        above = self._nodes.get(parent.internalId())
        return above.kids.get(parent.row()) if above is not None else None

    # Data

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:
        """An item's data if it is here; None while it is not, which `dataChanged` tells."""
        row = index.row()
        node = self._nodes.get(index.internalId())
        if node is None or row < 0:
            return None
        run = node.cache.last
        if not run.first <= row < run.end:
            found = node.cache.find(row)
            if found is None:
                if role in self._known and row < node.rows:
                    self._fetcher.want(node, row, role)
                return None
            run = found
        values = run.values.get(role)
        if values is None:
            if role in self._known:
                self._fetcher.want(node, row, role)
            return None
        run.stamp = self._fetcher.now
        column = index.column()
        if column >= run.columns:
            return None
        return values[(row - run.first) * run.columns + column]

    def setData(
        self, index: QModelIndex | QPersistentModelIndex, value: Any, role: int = _EDIT
    ) -> bool:
        """Ask the source to set an item's data; True when it was asked.

        The value changes when the source says so; a refusal is in the log.
        """
        role = int(role)
        node = self._nodes.get(index.internalId()) if index.isValid() else None
        if node is None or index.row() >= node.rows or index.column() >= node.columns:
            return False
        what = f"row {index.row()}, column {index.column()} of '{self._name}'"
        if role not in self._known:
            log.models.warning("%s was not set: role %d is not shared", what, role)
            return False
        path = [*node.path, index.row()]
        try:
            call = self.call("setData", path, index.column(), value, role)
        except CannotCross as error:
            log.models.warning("%s was not set: %s", what, error)
            return False
        if call is None:
            reason = self._link._ro.reason
            log.models.warning("%s was not set, there is no source: %s", what, reason)
            return False
        call.add_done_callback(functools.partial(_answered, what))
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """A header's data if it is here; None while it is not, which `headerDataChanged` tells."""
        if not 0 <= section < self.sections(orientation):
            return None
        if self._headers.plain:
            return QAbstractItemModel.headerData(self, section, orientation, role)
        return self._headers.value(section, orientation, int(role))

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """An item's flags; while it is on its way, those with which a view can move to it."""
        node = self._nodes.get(index.internalId()) if index.isValid() else None
        if node is None or index.row() >= node.rows:
            return _NO_FLAGS
        found = node.cache.value(index.row(), index.column(), FLAGS, None)
        if found is None:
            self._fetcher.glance(node, index.row(), FLAGS)
            return _COMING
        return _flags(found)

    def roleNames(self) -> dict[int, QByteArray]:
        """The source's names of roles (QAbstractItemModel::roleNames)."""
        values = self._link._ro.values
        names = values[1] if len(values) > 1 else None
        if not isinstance(names, dict):
            return {}
        return {
            role: QByteArray(name)
            for role, name in names.items()
            if type(role) is int and isinstance(name, bytes)
        }


@functools.lru_cache(maxsize=1024)
def _flags(value: int) -> Qt.ItemFlag:
    return Qt.ItemFlag(value)


def _answered(what: str, call: Any) -> None:
    """Say so when the source did not take a value."""
    error = call.exception()
    if error is not None:
        log.models.warning("%s was not set: %s", what, error)
    elif call.returnValue() is not True:
        log.models.warning("%s was not set: the source model refused", what)
