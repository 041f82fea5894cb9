"""The public classes of replicas.

Knows Qt's names for them; their behaviour is in `state`, their members in `classes`.
"""

from __future__ import annotations

import difflib
import importlib
import sys
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from PySide6.QtCore import QCoreApplication, QObject, Signal, SignalInstance
from shiboken6 import isValid

from ..interface import Interface
from ..interface.types import declared
from .changing import changeClass
from .classes import replicaClass
from .state import ReplicaState
from .state import State as _State
from .waiting import waitUntil

__all__ = ["QRemoteObjectDynamicReplica", "QRemoteObjectReplica", "keepFromQml"]


class QRemoteObjectReplica(QObject):
    """A QObject that mirrors a source in another process (QRemoteObjectReplica).

    Made by `QRemoteObjectNode.acquire` and `acquireDynamic`. It has the source's properties,
    signals and slots. Where the source has a member of the same name as one here, the source's
    is found; ``QRemoteObjectReplica.state(replica)`` still reaches the one here.
    """

    State: TypeAlias = _State

    #: The replica became Valid: for the first time, or again.
    initialized = Signal()
    #: The state changed: new state, old state.
    stateChanged = Signal(object, object)
    #: All property changes of an initialization were emitted.
    notified = Signal()

    _ro: ReplicaState
    _ro_readOnly: frozenset[str] = frozenset()
    #: The names of all that the class got from an interface.
    _ro_members: tuple[str, ...] = ()
    #: Signals of the class that a base class has as well, and what notifies QML in their place.
    _ro_relays: dict[str, str] = {}

    def __init__(self, state: ReplicaState | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        if state is None:
            raise TypeError(
                f"a {type(self).__name__} is made by a node: use node.acquire() or "
                "node.acquireDynamic()"
            )
        # Before the class changes: then a source's signal of the same name would be found.
        self._ro_own: tuple[SignalInstance, SignalInstance, SignalInstance] = (
            self.initialized,
            self.stateChanged,
            self.notified,
        )
        self._ro = state
        self._ro_node = state.node
        self._keep()
        if state.interface is not None:
            self._embody(state.interface)
        state.join(self)
        reference = weakref.ref(self)

        def gone() -> None:
            replica = reference()
            if replica is not None:
                replica._ro.leave(replica)

        self.destroyed.connect(gone)

    def _embody(self, interface: Interface) -> None:
        """Become an instance of the class that the interface describes."""
        # Built from the bare class, as an instance that was made as such may still change.
        cls: Any = replicaClass(interface, type(self))
        for name in cls._ro_members:
            # PySide keeps the signals of the former class in the instance.
            self.__dict__.pop(name, None)
        changeClass(self, cls)
        for name, relay in cls._ro_relays.items():
            getattr(self, name).connect(getattr(self, relay))

    def _keep(self) -> None:
        """Belong to who acquired it, also in QML."""
        keepFromQml(self)

    def _letNodeGo(self) -> None:
        """Keep the node no longer: it is the node that keeps this replica."""
        self._ro_node = None

    def _signal(self, index: int) -> SignalInstance:
        interface = self._ro.interface
        assert interface is not None
        info = interface.signals[index]
        found: Any = getattr(self, info.name)
        if sum(other.name == info.name for other in interface.signals) > 1:
            types = tuple(map(declared, info.types))
            found = found[types if len(types) != 1 else types[0]]
        instance: SignalInstance = found
        return instance

    def _emitState(self, new: _State, old: _State) -> None:
        if not isValid(self):
            return
        self._keep()
        initialized, changed, _ = self._ro_own
        if new is _State.Valid:
            # Before any change is emitted, so that slots of `initialized` can connect to them.
            initialized.emit()
        if isValid(self):
            changed.emit(new, old)

    def _emitNotified(self) -> None:
        if isValid(self):
            self._ro_own[2].emit()

    def _mistaken(self, source: Interface) -> str:
        """What to say of a source that is something else altogether; '': where it differs."""
        return ""

    # Qt's API

    def state(self) -> _State:
        """The replica's state (QRemoteObjectReplica::state)."""
        return self._ro.state

    def isInitialized(self) -> bool:
        """Whether the replica was Valid at least once (QRemoteObjectReplica::isInitialized)."""
        return self._ro.state in (_State.Valid, _State.Suspect)

    def isReplicaValid(self) -> bool:
        """Whether the replica is connected to its source (QRemoteObjectReplica::isReplicaValid)."""
        return self._ro.state is _State.Valid

    def waitForSource(self, timeout: int = 30000) -> bool:
        """Block up to `timeout` ms (negative: without end) until the replica is Valid.

        The application's events flow meanwhile; it may be used before ``app.exec()``. False
        when the time passed, or on SignatureMismatch (QRemoteObjectReplica::waitForSource), or,
        beyond Qt, as soon as the replica or its node is deleted. The node's `errorString` says why.
        """
        changed = self._ro_own[1]
        connected: list[Callable[[], object]] = []

        def subscribe(wake: Callable[[], object]) -> None:
            connected.append(wake)
            changed.connect(wake)

        def settled() -> bool:
            return self._ro.state in (_State.Valid, _State.SignatureMismatch)

        node = self._ro.node
        if node is None:
            return False
        known = waitUntil(settled, subscribe, timeout, self, node)
        for wake in connected:
            if isValid(self):
                changed.disconnect(wake)
        if known and self._ro.state is _State.Valid:
            return True
        if isValid(node):
            node._explain(self._ro)
        return False

    def node(self) -> Any:
        """The node that acquired the replica (QRemoteObjectReplica::node)."""
        return self._ro.node

    # Words for what cannot be

    if not TYPE_CHECKING:  # that a class with stubs lacks a member, a type checker should say

        def __getattr__(self, name: str) -> Any:
            state = self.__dict__.get("_ro")
            if state is None:
                raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
            if state.interface is None:
                raise AttributeError(
                    f"replica '{state.name}' has no attribute {name!r} yet, its source was not "
                    f"reached ({state.reason}): wait for its signal initialized, or call "
                    "waitForSource()"
                )
            close = difflib.get_close_matches(name, dir(type(self)), 1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise AttributeError(
                f"replica '{state.name}' ({state.interface.name}) has no attribute {name!r}{hint}"
            )

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._ro_readOnly:
            raise self._ro.refusal(name)
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        state = self.__dict__.get("_ro")
        if state is None or not isValid(self):
            return f"<{type(self).__name__} deleted>"
        return f"<{type(self).__name__} '{state.name}' {state.state.name}>"


for _member in _State:  # QRemoteObjectReplica.Valid, as PySide6 has it
    setattr(QRemoteObjectReplica, _member.name, _member)


class QRemoteObjectDynamicReplica(QRemoteObjectReplica):
    """A replica that learns its API from the source (QRemoteObjectDynamicReplica).

    It gains its whole API, Python attributes included, when it is initialized.
    """

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


def keepFromQml(replica: QObject) -> None:
    """Have QML's garbage collector never delete a replica that a slot or property returned."""
    qml: Any = sys.modules.get("PySide6.QtQml")
    if qml is None and _isGui():
        # Before the program itself does: later the replica may be in QML already.
        qml = importlib.import_module("PySide6.QtQml")
    if qml is not None:
        qml.QQmlEngine.setObjectOwnership(replica, qml.QQmlEngine.ObjectOwnership.CppOwnership)


def _isGui() -> bool:
    return type(QCoreApplication.instance()).__name__ in ("QApplication", "QGuiApplication")
