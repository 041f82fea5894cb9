"""ReplicaInterface: what a replica offers, as rows for a form that knows nothing of it.

Knows replicas and their interfaces. pyside6-metaobjectdump reads this file.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from shiboken6 import isValid

from ..errors import RemoteError
from ..interface import Interface
from ..node import QRemoteObjectNode
from ..node.weakly import weakly
from ..replica import QRemoteObjectReplica
from .elements import QmlElement
from .form import CallRows, LogRows, ValueRows
from .links import Links
from .problems import refuse
from .properties import Property
from .replica import Replica

__all__ = ["ReplicaInterface"]


@QmlElement
class ReplicaInterface(QObject):
    """The properties, slots and signals of any replica, as models for views.

    `replica` is a Replica, its `object`, or a typed replica.
    """

    replicaChanged = Signal()
    #: What is shown is another interface now, or none.
    interfaceChanged = Signal()
    validChanged = Signal()
    logsChangesChanged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._given: QObject | None = None
        self._live: Any = None
        self._interface: Interface | None = None
        self._valid = False
        self._logsChanges = False
        self._properties = ValueRows(self)
        self._slots = CallRows(self)
        self._log = LogRows(self)
        #: What is connected to: the element that was given, and the replica itself.
        self._outer = Links(self)
        self._inner = Links(self)

    # Following the replica

    def _follow(self) -> None:
        if not isValid(self):
            return
        given: Any = self.replica
        live: Any = given.object if isinstance(given, Replica) else given
        if live is not self._live:
            self._live = live
            self._show()
        else:
            self._moved()

    def _show(self) -> None:
        """Show the replica that there is now."""
        self._inner.cut()
        live = self._live
        interface = live._ro.interface if live is not None else None
        self._interface = interface
        self._properties.show(live, interface)
        self._slots.show(live, interface)
        if interface is not None:
            for number, info in enumerate(interface.signals):
                told = weakly(self._told, number, info.name, info.names)
                self._inner.connect(live, live._signal(number), told)
        if live is not None:
            self._inner.connect(live, live._ro_own[1], weakly(self._moved))
            self._inner.connect(live, live.destroyed, weakly(self._gone))
            node: Any = live._ro.node
            if isinstance(node, QRemoteObjectNode):
                self._inner.connect(node, node.propertyWriteRefused, weakly(self._refused))
        self.interfaceChanged.emit()
        self._moved()

    def _moved(self, *_: object) -> None:
        if not isValid(self):
            return
        live = self._live if self._live is not None and isValid(self._live) else None
        if live is not None and live._ro.interface is not self._interface:
            self._show()
            return
        valid = live is not None and QRemoteObjectReplica.isReplicaValid(live)
        if valid != self._valid:
            self._valid = valid
            self.validChanged.emit()

    def _gone(self, *_: object) -> None:
        self._inner.forget()
        self._live = None
        if isValid(self):
            self._show()

    def _told(self, number: int, name: str, names: tuple[str, ...], *values: Any) -> None:
        interface = self._interface
        if interface is None or not isValid(self):
            return
        notified = interface.notified[number]
        if notified:
            self._properties.changed(notified)
        if not notified or self._logsChanges:
            self._log.note(name, names, values)

    def _refused(self, error: RemoteError) -> None:
        source, _, member = str(error.member).rpartition(".")
        if self._live is not None and source == self._live._ro.name:
            self._properties.refused(self._properties.rowOf(member), error._what())

    # Properties

    @Property(QObject, notify=replicaChanged)
    def replica(self) -> QObject | None:
        """A Replica, its object, or a typed replica."""
        return self._given if self._given is not None and isValid(self._given) else None

    @replica.setter  # type: ignore[no-redef]
    def replica(self, replica: QObject | None) -> None:
        if replica is self._given:
            return
        if replica is not None and not isinstance(replica, (Replica, QRemoteObjectReplica)):
            refuse(self, f"replica: a replica is expected, not {replica!r:.80}")
            return
        self._outer.cut()
        self._given = replica
        if replica is not None:
            if isinstance(replica, Replica):
                self._outer.connect(replica, replica.objectChanged, weakly(self._follow))
            self._outer.connect(replica, replica.destroyed, weakly(self._forget))
        self.replicaChanged.emit()
        self._follow()

    def _forget(self, *_: object) -> None:
        self._outer.forget()
        if isValid(self):
            self._given = None
            self._follow()

    @Property(str, notify=interfaceChanged)
    def name(self) -> str:
        """The name by which the source is shared."""
        name: str = self._live._ro.name if self._live is not None else ""
        return name

    @Property(str, notify=interfaceChanged)
    def typeName(self) -> str:
        """The name of the source's type; empty as long as it is not known."""
        return self._interface.name if self._interface is not None else ""

    @Property(bool, notify=validChanged)
    def valid(self) -> bool:
        """Whether the replica is connected to its source."""
        return self._valid

    @Property(bool, notify=logsChangesChanged)
    def logsChanges(self) -> bool:
        """Whether the log has the signals by which properties tell that they changed, too."""
        return self._logsChanges

    @logsChanges.setter  # type: ignore[no-redef]
    def logsChanges(self, logs: bool) -> None:
        if logs != self._logsChanges:
            self._logsChanges = logs
            self.logsChangesChanged.emit()

    @Property(QObject, constant=True)
    def properties(self) -> QObject:
        """A row for each property: name, field, writable, value, text, problem."""
        return self._properties

    @Property(QObject, constant=True)
    def slots(self) -> QObject:
        """A row for each slot: name, signature, fields, busy, answer, failed."""
        return self._slots

    @Property(QObject, constant=True)
    def log(self) -> QObject:
        """A row for each signal that was emitted: time, name, text."""
        return self._log

    # Methods

    @Slot(int, "QVariant", result=bool)
    def write(self, row: int, entered: Any) -> bool:
        """Ask the source to set a property to what was entered, text or a value."""
        return self._properties.write(row, _plain(entered))

    @Slot(int, "QVariantList", result=bool)
    def call(self, row: int, entered: list[Any]) -> bool:
        """Call a slot with what was entered for its arguments."""
        return self._slots.call(row, [_plain(value) for value in entered])

    @Slot()
    def clearLog(self) -> None:
        """Forget the signals that were logged."""
        self._log.clear()


def _plain(value: Any) -> Any:
    """JavaScript's numbers arrive as float."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
