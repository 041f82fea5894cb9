"""Living replicas that follow another state: another node's, another object's, or one of other
expectations.

Knows replicas and their states.
"""

from __future__ import annotations

from shiboken6 import isValid

from ..interface import Interface
from .emitting import arguments
from .matching import same
from .replica import QRemoteObjectDynamicReplica, QRemoteObjectReplica
from .state import ReplicaState, State

__all__ = ["merge", "moveTo", "partDynamic"]


def moveTo(replica: QRemoteObjectReplica, state: ReplicaState) -> None:
    """Have `replica` follow `state`, of the same interface, and emit what is different now."""
    former = replica._ro
    former.leave(replica)
    replica._ro = state
    replica._ro_node = state.node
    state.join(replica)
    interface = state.interface
    assert interface is not None
    changed = {
        interface.properties[index].notify
        for index, (old, new) in enumerate(zip(former.values, state.values, strict=True))
        if not same(old, new)
    }
    for number in sorted(changed - {-1}):
        replica._signal(number).emit(*arguments(state, number))
    if state.state is not former.state and state.state is not State.Valid:
        replica._emitState(state.state, former.state)


def partDynamic(state: ReplicaState) -> ReplicaState | None:
    """Have the dynamic replicas of a state follow one of their own, if typed ones are there too.

    What the classes of the others say of enums and records, they do not expect.
    """
    dynamic = [r for r in state.replicas if isinstance(r, QRemoteObjectDynamicReplica)]
    if not dynamic or not state.confirmed:
        return None
    if len(dynamic) == len(state.replicas):
        state.typed = None
        return None
    own = ReplicaState(state.name, state.interface, state.node)
    own.typed = None
    own.described, own.state, own.reason = state.described, state.state, state.reason
    own.values[:] = state.values
    for replica in dynamic:
        state.leave(replica)
        replica._ro = own
        own.join(replica)
    return own


def _numbers(interface: Interface) -> list[list[str]]:
    """What tells whether two interfaces number the same members alike."""
    return [
        [signal.signature for signal in interface.signals],
        [slot.signature for slot in interface.slots],
        [prop.name for prop in interface.properties],
    ]


def merge(other: ReplicaState, state: ReplicaState) -> bool:
    """Have the dynamic replicas of one state follow another that is Valid, of the same source.

    False when they have an API already, and it is numbered otherwise.
    """
    interface = state.interface
    assert interface is not None
    if other.typed is not None:
        return False
    first = other.interface is None
    if other.interface is not None and _numbers(other.interface) != _numbers(interface):
        return False
    changed = {
        interface.properties[index].notify
        for index, value in enumerate(state.values)
        if first or not same(other.values[index], value)
    }
    replicas = other.replicas
    for replica in replicas:
        other.leave(replica)
        replica._ro = state
        if first:
            replica._embody(interface)
        state.join(replica)
    state.stand = state.stand or other.stand
    for replica in replicas:
        replica._emitState(state.state, other.state)
        for number in sorted(changed - {-1}):
            if isValid(replica):
                replica._signal(number).emit(*arguments(state, number))
        replica._emitNotified()
    return True
