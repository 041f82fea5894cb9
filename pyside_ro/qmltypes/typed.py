"""Typed replicas as QML types: the whole API is there from the start, with default values.

Knows replicas' states and nodes.
"""

from __future__ import annotations

import itertools
from typing import Any

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import qmlRegisterType
from shiboken6 import isValid

from ..interface import Interface, interfaceOfClass
from ..replica import QRemoteObjectReplica, ReplicaState
from ..replica.classes import replicaClass
from ..replica.enums import enumsOf
from ..replica.moving import moveTo
from .elements import SUFFIX, MadeByQml
from .enumerators import classWithEnums
from .following import NodeFollower

__all__ = ["registerTyped"]


_numbers = itertools.count()


class _Method(Property):
    """A property for QML whose Python attribute stays the method that Qt's API has there."""

    def __init__(self, method: Any, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._method = method

    def __get__(self, obj: QObject | None, owner: Any = None) -> Any:
        return self if obj is None else self._method.__get__(obj, owner)


class _Nowhere:
    """In place of a node, until there is one."""

    _inbox: Any = None


class _TypedReplica(QRemoteObjectReplica, metaclass=MadeByQml):
    """What a typed replica is in QML besides its source's API; see `_own`."""

    _ro_interface: Interface
    _ro_name: str

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(ReplicaState(self._ro_name, self._ro_interface, _Nowhere()), parent)
        self._ro_qmlNode = NodeFollower(self, self._nodeChanged)

    def _embody(self, interface: Interface) -> None:
        # The source may have signals of these names.
        self._ro_changed = [getattr(self, name) for name in _SIGNALS]
        super()._embody(interface)

    def _emitState(self, new: Any, old: Any) -> None:
        super()._emitState(new, old)
        if isValid(self):
            self._ro_changed[2].emit()

    def _keep(self) -> None:
        """It belongs to QML, which made it."""

    def _attach(self) -> None:
        """Follow the source that `node` and `name` say."""
        interface = self._ro_interface
        node = self._ro_qmlNode.node()
        if node is None or not self._ro_name:
            moveTo(self, ReplicaState(self._ro_name, interface, _Nowhere()))
        else:
            make: Any = self._moved
            node._replica(make, self._ro_name, interface)

    def _moved(self, state: ReplicaState) -> _TypedReplica:
        moveTo(self, state)
        return self

    def _readState(self) -> int:
        number: int = self._ro.state.value
        return number

    def _readNode(self) -> QObject | None:
        return self._ro_qmlNode.given()

    def _setNode(self, node: QObject | None) -> None:
        self._ro_qmlNode.set(node)

    def _nodeChanged(self) -> None:
        self._attach()
        self._ro_changed[0].emit()

    def _readName(self) -> str:
        return self._ro_name

    def _setName(self, name: str) -> None:
        if name != self._ro_name:
            self._ro_name = name
            self._attach()
            self._ro_changed[1].emit()


def _own(interface: Interface) -> dict[str, Any]:
    """The properties of its own that a replica of this interface can have.

    Not one by a name that the source uses: PySide takes two properties of one name, of a class
    and its base, for one, whatever their types.
    """
    cls = _TypedReplica
    members: Any = (*interface.properties, *interface.signals, *interface.slots)
    taken = {member.name for member in members}
    # Of the same class as the properties: PySide's notify signals of a base class crash QML.
    signals = {name: Signal() for name in _SIGNALS}
    node, name, state = signals.values()
    own: dict[str, Any] = {
        "node": _Method(cls.node, QObject, cls._readNode, cls._setNode, notify=node),
        "name": Property(str, cls._readName, cls._setName, notify=name),
        "state": _Method(cls.state, int, cls._readState, notify=state),
    }
    return {**signals, **{name: prop for name, prop in own.items() if name not in taken}}


#: Names that no source will have; in QML the handlers are onNodeChanged and so on all the same.
_SIGNALS = ("_ro_nodeChanged", "_ro_nameChanged", "_ro_stateChanged")


def registerTyped(described: Any, uri: str, major: int, minor: int, qmlName: str, name: str) -> int:
    """Register the replica class of a QObject subclass; see `pyside_ro.registerReplicaType`."""
    described = getattr(described, "_ro_describedBy", described)
    interface = interfaceOfClass(described)
    qmlName = qmlName or f"{interface.name}Replica"
    # QML tells types apart by this, and there may be several of one interface.
    className = f"{qmlName}{SUFFIX}{next(_numbers)}"
    namespace = {
        "__module__": __name__,
        "_ro_interface": interface,
        "_ro_name": name or interface.name,
        "_ro_className": className,
        **_own(interface),
    }
    enums = enumsOf(interface)
    base = classWithEnums(MadeByQml, f"Typed{className}", (_TypedReplica,), namespace, enums)
    cls = replicaClass(interface, base)
    cls._ro_bare = base  # type: ignore[attr-defined]
    number: int = qmlRegisterType(cls, uri, major, minor, qmlName)  # type: ignore[call-overload]
    return number
