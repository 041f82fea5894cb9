"""QAbstractItemModelReplica: Qt's API of a mirrored model.

Knows the mirror (its structure), the fetcher (its data) and a replica of the source's adapter.
"""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QByteArray,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from shiboken6 import isValid

from .. import log
from ..errors import CannotCross, ProtocolError
from ..replica import QRemoteObjectReplica
from ..replica.classes import slotCaller
from .fetching import FLOOR, Fetcher
from .following import GuardedCall, ModelLink, modelInterface
from .headers import Headers
from .mirror import Description, Mirror
from .wire import BRANCH, FLAGS, checkPath, checkRow

__all__ = ["QAbstractItemModelReplica"]

_State = QRemoteObjectReplica.State
_ROOT = QModelIndex()
_HORIZONTAL = Qt.Orientation.Horizontal
#: The property with which a source describes itself, by its number.
_DESCRIPTION = 2
_EDIT = int(Qt.ItemDataRole.EditRole)
_NO_FLAGS = Qt.ItemFlag.NoItemFlags
#: Of an item that is on its way: a view can move to it.
_COMING = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_CURRENT = (
    QItemSelectionModel.SelectionFlag.Clear
    | QItemSelectionModel.SelectionFlag.Select
    | QItemSelectionModel.SelectionFlag.Current
)


class QAbstractItemModelReplica(Mirror):
    """A model that mirrors one in another process (QAbstractItemModelReplica).

    Made by `QRemoteObjectNode.acquireModel`. What a view looks at is asked for in batches, with
    some rows around it, and `dataChanged` tells when it is there; until then it is None. The rows
    kept are those looked at last, see `setRootCacheSize`. When the source is lost, what is kept
    stays readable; when it is back, the model is reset.
    """

    #: The root's size is known and, with PrefetchData, the data is there: the first time.
    initialized = Signal()

    def __init__(
        self,
        link: ModelLink | None = None,
        prefetch: bool = False,
        rolesHint: Sequence[int | str] = (),
        cacheSize: int = 1000,
        parent: QObject | None = None,
    ) -> None:
        if link is None:
            raise TypeError("a QAbstractItemModelReplica is made by node.acquireModel()")
        super().__init__(link._ro.name, parent)
        me = weakref.ref(self)
        self._link = link
        # It is a value as other replicas are, which are told apart by these.
        self._ro = link._ro
        self._ro_own = link._ro_own
        self._prefetching = prefetch
        self._hints = [role if isinstance(role, str) else int(role) for role in rolesHint]
        self._cacheSize = cacheSize
        self._roles = []
        self._rolesHint = []
        self._known: frozenset[int] = frozenset()
        self._isInitialized = False
        #: Whether what comes is ignored until the source has described itself.
        self._deaf = True
        self._fetcher = Fetcher(me)
        self._headers = Headers(me)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._flush)
        self._applying = False
        self._selection = QItemSelectionModel(self, self)
        self._selection.currentChanged.connect(self._onReplicaCurrentChanged)
        link._model = me
        self.destroyed.connect(functools.partial(_end, link))
        if link._ro.state is _State.Valid:
            # Another replica is there already: the snapshot is from then.
            self._onAvailableRolesChanged()
            self._describe()

    # The source

    def _stateChanged(self, state: _State) -> None:
        if state is _State.Valid:
            self._onAvailableRolesChanged()
            # It has just come, with all else that the source says of itself.
            told = self._link._ro.values[_DESCRIPTION]
            if told is not None:
                self._guard(lambda: self._introduce(Description(told)))
            else:
                self._describe()

    def _describe(self) -> None:
        self._deaf = True
        call = self.call("describe")
        if call is not None:
            call.add_done_callback(lambda call: self._described(call))

    def _described(self, call: Any) -> None:
        if call.exception() is not None:
            log.models.info("'%s' was not described: %s", self._name, call.exception())
            return
        self._guard(lambda: self._introduce(Description(call.returnValue())))

    def _introduce(self, described: Description) -> None:
        self._deaf = False
        self._rolesHint = self._hinted()
        self._become(described)
        if not self._prefetching:
            self.prefetchDone()

    def _hinted(self) -> list[int]:
        """The roles that were hinted at, by numbers."""
        known = {
            bytes(name.data()).decode(errors="replace"): role
            for role, name in self.roleNames().items()
        }
        unknown = [role for role in self._hints if isinstance(role, str) and role not in known]
        if unknown:
            log.models.warning(
                "'%s' has no role '%s'; there are: %s",
                self._name,
                "', '".join(map(str, unknown)),
                ", ".join(known) or "none",
            )
        return [
            known[role] if isinstance(role, str) else role
            for role in self._hints
            if role not in unknown
        ]

    def prefetchDone(self) -> None:
        """All that was to be there at the beginning is."""
        if not self._isInitialized:
            self._isInitialized = True
            self.initialized.emit()

    def _onAvailableRolesChanged(self) -> None:
        values = self._link._ro.values
        roles = values[0] if values else None
        if isinstance(roles, list) and all(type(role) is int for role in roles):
            self._roles = roles
            self._known = frozenset(roles)

    def _receive(self, name: str, args: tuple[Any, ...]) -> None:
        """Apply what the source says. Raises ProtocolError, which ends the connection."""
        if self._deaf and name != "_onAvailableRolesChanged":
            return
        handler = getattr(type(self), name, None)
        if handler is None:
            return
        if len(args) + 1 != handler.__code__.co_argcount:
            raise ProtocolError(f"'{self._name}': a malformed signal of a model")
        try:
            handler(self, *args)
        except ProtocolError:
            raise
        except Exception as error:
            log.models.exception(f"'{self._name}': a change could not be applied", error)
            self._describe()

    def _guard(self, call: Callable[[], object]) -> None:
        """Run what handles an answer: a malformed one ends the connection."""
        try:
            if isValid(self):
                call()
        except ProtocolError as error:
            link = self._link._ro.link
            if link is not None:
                link.fail(error)

    def call(self, slot: str, *args: Any) -> Any:
        """Call a slot of the source; None when there is no source."""
        state = self._link._ro
        if state.link is None or state.state is not _State.Valid:
            return None
        pending = slotCaller(modelInterface(), slot)(self._link, *args)
        return GuardedCall(pending, self)

    def schedule(self) -> None:
        """Have `flush` called when the event loop comes round."""
        if not self._timer.isActive():
            self._timer.start()

    def _flush(self) -> None:
        self._fetcher.flush()
        self._headers.flush()
        link = self._link._ro.link
        if link is not None:
            link.flush()  # a view waits for it: not only when the event loop comes round again

    def capacity(self) -> int:
        """How many rows of a parent are kept: never fewer than a screen has."""
        return max(self._cacheSize, FLOOR)

    def sections(self, orientation: Qt.Orientation) -> int:
        """How many sections a header has."""
        return max(self._root.columns if orientation is _HORIZONTAL else self._root.rows, 0)

    # Qt's API of the replica

    def isInitialized(self) -> bool:
        """Whether the source's data has come (QAbstractItemModelReplica::isInitialized)."""
        return self._isInitialized

    def availableRoles(self) -> list[int]:
        """The roles that the source shares (QAbstractItemModelReplica::availableRoles)."""
        return list(self._roles)

    def hasData(self, index: QModelIndex | QPersistentModelIndex, role: int) -> bool:
        """Whether an item's data is here (QAbstractItemModelReplica::hasData)."""
        node = self._nodes.get(index.internalId()) if index.isValid() else None
        if node is None:
            return False
        run = node.cache.find(index.row())
        return run is not None and role in run.values

    def rootCacheSize(self) -> int:
        """How many rows are kept (QAbstractItemModelReplica::rootCacheSize).

        By default the environment's QTRO_NODES_CACHE_SIZE, or 1000.
        """
        return self._cacheSize

    def setRootCacheSize(self, rootCacheSize: int) -> None:
        """Keep so many rows of each parent (QAbstractItemModelReplica::setRootCacheSize).

        Those looked at longest ago are forgotten; a screen's rows (128) are kept in any case.
        """
        self._cacheSize = max(int(rootCacheSize), 0)
        for node in self._nodes.values():
            node.cache.evict(self.capacity(), self._fetcher.now - 1)

    def selectionModel(self) -> QItemSelectionModel:
        """A selection model whose current item is the source's (see enableRemoting).

        (QAbstractItemModelReplica::selectionModel)
        """
        return self._selection

    # Qt's API of a model: structure

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

    # Qt's API of a model: data

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

    # The current item

    def _onReplicaCurrentChanged(self, current: QModelIndex, _: QModelIndex) -> None:
        if self._applying or self._deaf:
            return
        node = self._nodes.get(current.internalId()) if current.isValid() else None
        if node is not None:
            path = [*node.path, current.row()]
            self.call("setCurrentIndex", path, current.column(), int(_CURRENT.value))
        elif not current.isValid():
            self.call("setCurrentIndex", [], 0, int(_CURRENT.value))

    def _onCurrentChanged(self, path: Any, column: Any) -> None:
        checkPath(path), checkRow(column)
        self._setCurrent(path, column)

    def _setCurrent(self, path: list[int], column: int) -> None:
        """Follow the source, unless the item is one that is not known here."""
        index = QModelIndex()
        if path:
            node = self.resolve(path[:-1])
            if node is None or path[-1] >= node.rows or column >= node.columns:
                return
            index = self.createIndex(path[-1], column, node.id)
        self._applying = True
        try:
            self._selection.setCurrentIndex(index, _CURRENT)
        finally:
            self._applying = False

    def __repr__(self) -> str:
        if not isValid(self):
            return "<QAbstractItemModelReplica deleted>"
        return f"<QAbstractItemModelReplica '{self._name}' {self._link._ro.state.name}>"


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


def _end(link: ModelLink, *_: object) -> None:
    """The model is gone: nobody follows the source."""
    if isValid(link):
        link._ro.leave(link)
        link.deleteLater()
