"""A living replica that follows another state: another node's, or another object's.

Knows replicas and their states.
"""

from __future__ import annotations

from .emitting import arguments
from .replica import QRemoteObjectReplica
from .state import ReplicaState, State, same

__all__ = ["moveTo"]


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
