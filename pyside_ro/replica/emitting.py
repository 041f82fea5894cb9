"""The life of a signal, second half: one closure a signal, from a link's packet to the replicas.

Knows packets and replicas' states. This is the hot path: whatever can be known when the closure
is made is not looked up when it runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .. import log
from ..errors import ProtocolError
from ..interface.types import defaultValue
from ..link.channels import Handler

if TYPE_CHECKING:
    from .state import ReplicaState

__all__ = ["arguments", "notify", "signalHandler"]


def signalHandler(state: ReplicaState, index: int) -> Handler:
    """The function for the packets of signal number `index`, with the replicas that are there."""
    interface = state.interface
    assert interface is not None
    emit = _emitter(state, index)
    properties = interface.notified[index]
    values = state.values
    name = f"{state.name}.{interface.signals[index].name}"

    def failed(error: Exception) -> None:
        _failed(name, error)

    if not properties:

        def onSignal(packet: Any) -> None:
            try:
                emit(*packet[1:])
            except ProtocolError:
                raise
            except Exception as error:
                failed(error)

        return onSignal

    if len(properties) == 1:
        [only] = properties

        def onChange(packet: Any) -> None:
            try:
                values[only] = packet[1]
                emit(*packet[2:])
            except ProtocolError:
                raise
            except Exception as error:
                failed(error)

        return onChange

    count = len(properties)
    places = state.asSent(properties)

    def onChanges(packet: Any) -> None:
        try:
            for place, value in zip(places, packet[1 : 1 + count], strict=True):
                values[place] = value
            emit(*packet[1 + count :])
        except ProtocolError:
            raise
        except Exception as error:
            failed(error)

    return onChanges


def _emitter(state: ReplicaState, index: int) -> Callable[..., object]:
    """A function that emits signal number `index` on all replicas."""
    emits: list[Callable[..., object]] = [r._signal(index).emit for r in state.replicas]
    if state.keeper is not None and index in state.keeper.signals:
        emits.append(state.keeper.touch)
    if len(emits) == 1:
        return emits[0]

    def emitAll(*args: Any) -> None:
        for emit in emits:
            try:
                emit(*args)
            except RuntimeError:
                continue  # that replica was deleted by another one's slot

    return emitAll


def _failed(name: str, error: Exception) -> None:
    # PySide's words for a replica that was deleted in this very moment, by the collector perhaps.
    if not str(error).startswith("Signal source has been deleted"):
        log.core.warning("signal %s cannot be emitted: %s", name, error)


def arguments(state: ReplicaState, index: int) -> list[Any]:
    """Those of notify signal number `index` when nobody sent it: what can be known of them."""
    assert state.interface is not None
    values = [state.values[i] for i in state.interface.notified[index]]
    return [
        values[i] if i < len(values) else defaultValue(kind)
        for i, kind in enumerate(state.interface.signals[index].types)
    ]


def notify(state: ReplicaState, index: int) -> None:
    """Emit notify signal number `index` on all replicas, when nobody sent it."""
    args = arguments(state, index)
    try:
        _emitter(state, index)(*args)
    except Exception as error:
        assert state.interface is not None
        _failed(f"{state.name}.{state.interface.signals[index].name}", error)
