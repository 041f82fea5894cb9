"""ModelReplica and SettingsStore: a model of another process for views, and where values are kept.

Knows nodes, replicas of models and stores. pyside6-metaobjectdump reads this file.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QIdentityProxyModel, QObject, QTimer, Signal
from shiboken6 import isValid

from ..node import QtRemoteObjects
from ..node.stores import QRemoteObjectSettingsStore
from ..node.weakly import weakly
from .elements import QmlElement
from .node import nodeOf
from .problems import refuse

__all__ = ["ModelReplica", "SettingsStore"]


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
    initializedChanged = Signal()

    _ro_apart = True

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._node: QObject | None = None
        self._name = ""
        self._roles: list[int] = []
        self._replica: Any = None
        self._initialized = False
        self._pending = False

    def _change(self) -> None:
        """Acquire once all that QML sets now is set."""
        if not self._pending:
            self._pending = True
            QTimer.singleShot(0, weakly(self._acquire))

    def _acquire(self) -> None:
        if not isValid(self):
            return
        self._pending = False
        self._show(None)
        self._replica = None
        node = nodeOf(self._node)
        if node is None or not self._name:
            return
        actions = QtRemoteObjects.InitialAction
        action = actions.PrefetchData if self._roles else actions.FetchRootSize
        self._replica = node.acquireModel(self._name, action, self._roles)
        self._replica.initialized.connect(weakly(self._ready))
        self._ready()

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

    @Property(QObject, notify=nodeChanged)
    def node(self) -> QObject | None:
        """The Node that finds the source."""
        return self._node if self._node is not None and isValid(self._node) else None

    @node.setter  # type: ignore[no-redef]
    def node(self, node: QObject | None) -> None:
        if node is self._node:
            return
        try:
            nodeOf(node)
        except TypeError as error:
            refuse(self, str(error))
            return
        self._node = node
        self.nodeChanged.emit()
        self._change()

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
    def roles(self) -> list[int]:
        """The roles, as numbers, whose data is fetched before it is initialized; [] for none."""
        return self._roles

    @roles.setter  # type: ignore[no-redef]
    def roles(self, roles: list[Any]) -> None:
        found = [int(role) for role in roles]
        if found != self._roles:
            self._roles = found
            self.rolesChanged.emit()
            self._change()

    @Property(bool, notify=initializedChanged)
    def initialized(self) -> bool:
        """Whether the model's size and roles are known."""
        return self._initialized
