"""ModelReplica and SettingsStore: a model of another process for views, and where values are kept.

Knows nodes, replicas of models and stores. pyside6-metaobjectdump reads this file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QIdentityProxyModel, QObject, QTimer, Signal
from shiboken6 import isValid

from ..node import QtRemoteObjects
from ..node.modelling import cacheSize
from ..node.stores import QRemoteObjectSettingsStore
from ..node.weakly import weakly
from ..replica import QRemoteObjectReplica
from .elements import QmlElement
from .following import NodeFollower
from .links import Links
from .problems import refuse
from .properties import Property
from .reasons import reasonOf

__all__ = ["ModelReplica", "SettingsStore", "rolesOf"]


@QmlElement
class SettingsStore(QRemoteObjectSettingsStore):
    """A store in the application's QSettings (QRemoteObjectSettingsStore)."""


@QmlElement
class ModelReplica(QIdentityProxyModel):
    """A model for ListView, TableView, TreeView and Repeater that a host shares by `name`.

    It is empty until it is initialized, and may change its `node` and `name` at run time.
    """

    nodeChanged = Signal()
    nameChanged = Signal()
    rolesChanged = Signal()
    rootCacheSizeChanged = Signal()
    initializedChanged = Signal()
    stateChanged = Signal()
    errorChanged = Signal()

    _ro_apart = True

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._roles: list[int | str] = []
        self._rootCacheSize = -1
        self._replica: Any = None
        self._initialized = False
        self._pending = False
        self._replicaLinks = Links(self)
        self._node = NodeFollower(self, self._nodeChanged, self._look, self._replicaLinks.cut)
        self._error = ""
        self._shownState = 0

    def _change(self) -> None:
        """Acquire once all that QML sets now is set."""
        if not self._pending:
            self._pending = True
            QTimer.singleShot(0, weakly(self._acquire))

    def _acquire(self) -> None:
        if not isValid(self):
            return
        self._pending = False
        self._replicaLinks.cut()
        self._show(None)
        self._replica = None
        node = self._node.node()
        if node is not None and self._name:
            actions = QtRemoteObjects.InitialAction
            action = actions.PrefetchData if self._roles else actions.FetchRootSize
            self._replica = replica = node.acquireModel(self._name, action, self._roles)
            if self._rootCacheSize >= 0:
                replica.setRootCacheSize(self._rootCacheSize)
            self._replicaLinks.connect(replica, replica.initialized, weakly(self._ready))
            self._replicaLinks.connect(replica._link, replica._ro_own[1], weakly(self._look))
            self._ready()
        self._look()

    def _ready(self) -> None:
        replica = self._replica
        if isValid(self) and replica is not None and replica.isInitialized():
            self._show(replica)

    def _show(self, replica: Any) -> None:
        initialized = replica is not None
        if initialized == self._initialized:
            return
        self.setSourceModel(replica)
        self._initialized = initialized
        self.initializedChanged.emit()

    def _look(self, *_: object) -> None:
        """Emit what changed; the words fit the state by then."""
        if not isValid(self) or self._pending:
            return
        link = self._replica._link if self._replica is not None else None
        state, error = self._state(), reasonOf(self._node.node(), self._name, link)
        moved, other = state != self._shownState, error != self._error
        self._shownState, self._error = state, error
        if moved:
            self.stateChanged.emit()
        if other:
            self.errorChanged.emit()

    def _nodeChanged(self) -> None:
        self.nodeChanged.emit()
        self._change()

    def _state(self) -> int:
        if self._replica is None:
            return 0
        number: int = self._replica._ro.state.value
        return number

    @Property(QObject, notify=nodeChanged)
    def node(self) -> QObject | None:
        """The Node that finds the source."""
        return self._node.given()

    @node.setter  # type: ignore[no-redef]
    def node(self, node: QObject | None) -> None:
        self._node.set(node)

    @Property(str, notify=nameChanged)
    def name(self) -> str:
        """The name by which the model is shared."""
        return self._name

    @name.setter  # type: ignore[no-redef]
    def name(self, name: str) -> None:
        if name != self._name:
            self._name = name
            self.nameChanged.emit()
            self._change()

    @Property("QVariantList", notify=rolesChanged)
    def roles(self) -> list[int | str]:
        """The roles, names or numbers, whose data is there once it is initialized; [] for none."""
        return self._roles

    @roles.setter  # type: ignore[no-redef]
    def roles(self, roles: list[Any]) -> None:
        try:
            found = rolesOf(roles)
        except TypeError as error:
            refuse(self, str(error))
            return
        if found != self._roles:
            self._roles = found
            self.rolesChanged.emit()
            self._change()

    @Property(int, notify=rootCacheSizeChanged)
    def rootCacheSize(self) -> int:
        """How many rows of each parent are kept (QAbstractItemModelReplica.rootCacheSize)."""
        return self._rootCacheSize if self._rootCacheSize >= 0 else cacheSize()

    @rootCacheSize.setter  # type: ignore[no-redef]
    def rootCacheSize(self, rows: int) -> None:
        if rows < 0:
            refuse(self, f"rootCacheSize: a number of rows is expected, not {rows}")
        elif rows != self._rootCacheSize:
            self._rootCacheSize = rows
            if self._replica is not None:
                self._replica.setRootCacheSize(rows)
            self.rootCacheSizeChanged.emit()

    @Property(bool, notify=initializedChanged)
    def initialized(self) -> bool:
        """Whether the model's size and roles are known."""
        return self._initialized

    @Property(int, notify=stateChanged)
    def state(self) -> int:
        """The replica's state, a Replica.State."""
        return self._shownState

    @Property(bool, notify=stateChanged)
    def valid(self) -> bool:
        """Whether it is connected to its source."""
        return self._shownState == QRemoteObjectReplica.State.Valid.value

    @Property(str, notify=errorChanged)
    def error(self) -> str:
        """Why it is not connected, in words; empty when it is."""
        return self._error


def rolesOf(roles: Sequence[Any]) -> list[int | str]:
    """Roles as JavaScript gives them: numbers and names. Raises TypeError for anything else."""
    found: list[int | str] = []
    for role in roles:
        if isinstance(role, str):
            found.append(role)
        elif isinstance(role, int | float) and int(role) == role:
            found.append(int(role))
        else:
            raise TypeError(f"roles: a role's name or number is expected, not {role!r:.80}")
    return found
