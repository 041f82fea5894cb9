"""How a replica model follows the adapter of its source: a replica that hands on all that comes.

Knows replicas, their states and pending calls; of the model only what it hands things to.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any, Protocol

from shiboken6 import isValid

from ..interface import Interface, interfaceOfClass
from ..replica import QRemoteObjectReplica
from .adapter import ModelAdapter

__all__ = ["GuardedCall", "ModelLink", "modelInterface"]

_State = QRemoteObjectReplica.State


class Follower(Protocol):
    """What a link asks of its model."""

    def _receive(self, name: str, args: tuple[Any, ...]) -> None: ...

    def _stateChanged(self, state: _State) -> None: ...

    def _guard(self, call: Callable[[], object]) -> None: ...


#: Read when the program starts: who opens a view waits for it otherwise.
_INTERFACE = interfaceOfClass(ModelAdapter)
#: What a model has that is shared as the QObject that it is.
_INSERTED = "rowsInserted(QModelIndex,int,int)"


def modelInterface() -> Interface:
    """The interface that every shared model has."""
    return _INTERFACE


class ModelLink(QRemoteObjectReplica):
    """The replica of a model's adapter, which hands all that comes to its model."""

    _model: Callable[[], Any] = staticmethod(lambda: None)

    def _embody(self, interface: Interface) -> None:
        """Stay as it is: nobody asks it for the adapter's members by their names."""

    def _mistaken(self, source: Interface) -> str:
        """See QRemoteObjectReplica._mistaken; an adapter of another version is told as others."""
        if source.name == _INTERFACE.name:
            return ""
        name = self._ro.name
        if any(signal.signature == _INSERTED for signal in source.signals):
            return (
                f"'{name}' is not shared as a model: give its roles to "
                f"enableRemoting(model, '{name}', roles)"
            )
        return (
            f"'{name}' is no model but a {source.name:.80}: acquireDynamic() gives a replica of it "
            "(in QML: Replica)"
        )

    def _signal(self, index: int) -> Any:
        interface = self._ro.interface
        assert interface is not None
        return _Receiver(self._model, interface.signals[index].name)

    def _emitState(self, new: _State, old: _State) -> None:
        super()._emitState(new, old)
        model = self._model()
        if model is not None and isValid(model):
            model._stateChanged(new)


class _Receiver:
    """What a replica's state emits, as a call of the model's handler."""

    __slots__ = ("emit",)

    def __init__(self, model: Callable[[], Any], name: str) -> None:
        handler = f"_on{name[0].upper()}{name[1:]}"

        def emit(*args: Any) -> None:
            found = model()
            if found is not None and isValid(found):
                found._receive(handler, args)

        self.emit = emit


class GuardedCall:
    """A pending call whose callbacks may find that the answer is malformed."""

    __slots__ = ("_model", "exception", "pending", "returnValue")

    def __init__(self, pending: Any, model: Follower) -> None:
        self.pending = pending
        self.exception = pending.exception
        self.returnValue = pending.returnValue
        self._model = weakref.ref(model)

    def add_done_callback(self, callback: Callable[[Any], object]) -> None:
        def done(_: object) -> None:
            model = self._model()
            if model is not None:
                model._guard(lambda: callback(self))

        self.pending.add_done_callback(done)
