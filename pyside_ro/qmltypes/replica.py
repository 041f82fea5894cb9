"""Replica: an object of another process, found by its name, in QML.

Knows nodes and dynamic replicas. pyside6-metaobjectdump reads this file.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QEnum, QObject, Signal
from PySide6.QtQml import QPyQmlParserStatus
from shiboken6 import isValid

from ..node.weakly import weakly
from ..replica import QRemoteObjectReplica
from .elements import QmlElement
from .following import NodeFollower
from .links import Links
from .properties import Property
from .reasons import reasonOf

__all__ = ["Replica"]


@QmlElement
class Replica(QPyQmlParserStatus):
    """A dynamic replica: `object` is null until it is initialized, and then has the whole API.

    QML must not see a replica before: it would never learn of the members.
    """

    nodeChanged = Signal()
    nameChanged = Signal()
    objectChanged = Signal()
    stateChanged = Signal()
    errorChanged = Signal()

    @QEnum
    class State(IntEnum):
        """QRemoteObjectReplica::State."""

        Uninitialized = 0
        Default = 1
        Valid = 2
        Suspect = 3
        SignatureMismatch = 4

    #: A property that holds one gives away nothing; its `object` may be shared.
    _ro_apart = True

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._complete = False
        self._name = ""
        self._replica: Any = None
        self._object: QObject | None = None
        self._error = ""
        self._replicaLinks = Links(self)
        self._node = NodeFollower(self, self._nodeChanged, self._heard, self._replicaLinks.cut)

    def classBegin(self) -> None:
        """See QQmlParserStatus::classBegin."""

    def componentComplete(self) -> None:
        """See QQmlParserStatus::componentComplete."""
        self._complete = True
        self._acquire()

    # Following the node and the replica

    def _acquire(self) -> None:
        if not self._complete:
            return
        before = self._state()
        self._letGo()
        node = self._node.node()
        if node is not None and self._name:
            self._replica = replica = node.acquireDynamic(self._name)
            # The replica's own: its source may have signals of these names.
            initialized, changed, _ = replica._ro_own
            self._replicaLinks.connect(replica, initialized, weakly(self._show))
            self._replicaLinks.connect(replica, changed, weakly(self._moved))
        self._show()
        self._tell(self._state() != before)

    def _letGo(self) -> None:
        self._replicaLinks.cut()
        self._replica = None

    def _show(self) -> None:
        """Hand the replica to QML once it has its API."""
        if not isValid(self):
            return
        replica = self._replica
        known = replica is not None and QRemoteObjectReplica.isInitialized(replica)
        shown = replica if known else None
        if shown is not self._object:
            self._object = shown
            self.objectChanged.emit()

    def _moved(self, *_: object) -> None:
        self._tell(True)

    def _heard(self, *_: object) -> None:
        self._tell(False)

    def _tell(self, moved: bool) -> None:
        """Emit what changed; the words fit the state by then."""
        if not isValid(self) or not self._complete:
            return
        error = reasonOf(self._node.node(), self._name, self._replica)
        other = error != self._error
        self._error = error
        if moved:
            self.stateChanged.emit()
        if other:
            self.errorChanged.emit()

    def _nodeChanged(self) -> None:
        self.nodeChanged.emit()
        self._acquire()

    def _state(self) -> int:
        if self._replica is None:
            return 0
        number: int = QRemoteObjectReplica.state(self._replica).value
        return number

    # Properties

    @Property(QObject, notify=nodeChanged)
    def node(self) -> QObject | None:
        """The Node that finds the source."""
        return self._node.given()

    @node.setter  # type: ignore[no-redef]
    def node(self, node: QObject | None) -> None:
        self._node.set(node)

    @Property(str, notify=nameChanged)
    def name(self) -> str:
        """The name by which the source is shared."""
        return self._name

    @name.setter  # type: ignore[no-redef]
    def name(self, name: str) -> None:
        if name != self._name:
            self._name = name
            self.nameChanged.emit()
            self._acquire()

    @Property(QObject, notify=objectChanged)
    def object(self) -> QObject | None:
        """The live replica; null until it is initialized."""
        return self._object if self._object is not None and isValid(self._object) else None

    @Property(int, notify=stateChanged)
    def state(self) -> int:
        """The replica's state, a Replica.State."""
        return self._state()

    @Property(bool, notify=stateChanged)
    def valid(self) -> bool:
        """Whether it is connected to its source."""
        return self._state() == self.State.Valid

    @Property(bool, notify=stateChanged)
    def initialized(self) -> bool:
        """Whether it was connected at least once: `object` is not null."""
        return self._state() in (self.State.Valid, self.State.Suspect)

    @Property(str, notify=errorChanged)
    def error(self) -> str:
        """Why it is not connected, in words; empty when it is."""
        return self._error
