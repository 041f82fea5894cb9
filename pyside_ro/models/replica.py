"""QAbstractItemModelReplica: a mirrored model, and its line to the source.

Knows the mirror (its structure), what views ask of it, the fetcher (its data) and a replica of the
source's adapter.
"""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QTimer,
    Signal,
)
from shiboken6 import isValid

from .. import log
from ..errors import ProtocolError
from ..replica import QRemoteObjectReplica
from ..replica.classes import slotCaller
from .fetching import FLOOR, Fetcher
from .following import GuardedCall, ModelLink, modelInterface
from .headers import Headers
from .mirror import Description
from .roles import numbersOf, unknownRoles
from .views import Viewed
from .wire import checkPath, checkRow

__all__ = ["QAbstractItemModelReplica"]

_State = QRemoteObjectReplica.State
#: The property with which a source describes itself, by its number.
_DESCRIPTION = 2
_CURRENT = (
    QItemSelectionModel.SelectionFlag.Clear
    | QItemSelectionModel.SelectionFlag.Select
    | QItemSelectionModel.SelectionFlag.Current
)


class QAbstractItemModelReplica(Viewed):
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
        self._hints = rolesHint
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
        numbers, unknown = numbersOf(self, self._hints)
        if unknown:
            log.models.warning("'%s' %s", self._name, unknownRoles(self, unknown))
        return numbers

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
            if not isValid(self):
                return  # a slot has deleted it meanwhile: nobody wants the change
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
        except Exception:
            if isValid(self):  # else a slot has deleted it meanwhile
                raise

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


def _end(link: ModelLink, *_: object) -> None:
    """The model is gone: nobody follows the source."""
    if isValid(link):
        link._ro.leave(link)
        link.deleteLater()
