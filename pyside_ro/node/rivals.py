"""Replicas of one object that expect different interfaces: each is judged by its own.

Knows replicas' states. Those that expect the same, or nothing, share one, and one subscription;
the others have a state each. There is one source: when its interface comes, it is the state that
expects it which follows it, whichever subscribed, and the others are told what differs.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from ..interface import Interface
from ..replica import QRemoteObjectReplica, ReplicaState
from ..replica.moving import merge, partDynamic

if TYPE_CHECKING:
    from .node import QRemoteObjectNode

__all__ = ["Rivals"]

_State = QRemoteObjectReplica.State
_OTHER_ORDER = "another replica of this node has the members in another order"
_OTHER_MEMBERS = "another replica of this node has the source's own members"


class Rivals:
    """A node's states of the same names, but for the first of each, which is the node's own."""

    def __init__(self, node: QRemoteObjectNode) -> None:
        # It is the node that keeps this.
        self._node = weakref.ref(node)
        self._waiting: dict[str, list[ReplicaState]] = {}

    @property
    def _states(self) -> dict[str, ReplicaState]:
        node = self._node()
        assert node is not None
        return node._states

    def _all(self, name: str) -> list[ReplicaState]:
        first = self._states.get(name)
        return [] if first is None else [first, *self._waiting.get(name, ())]

    def fitting(self, name: str, interface: Interface | None) -> ReplicaState | None:
        """The state that one more replica of this interface (None: of any) can follow."""
        for state in self._all(name):
            if interface is None:
                # Whose class says what it has, and no source yet, may be wrong.
                if state.interface is None or state.confirmed:
                    return state
            elif state.interface is not None and state.expect(interface):
                return state
        return None

    def add(self, state: ReplicaState) -> None:
        """Take a new state in that no other one can stand for."""
        first = self._states.get(state.name)
        if first is None or first.state is _State.SignatureMismatch:
            self._lead(state)
        else:
            self._waiting.setdefault(state.name, []).append(state)

    def judge(self, state: ReplicaState) -> None:
        """Say of a new state what a source that is there already shows."""
        first = self._states[state.name]
        if first.state is _State.Valid and first is not state and first.described is not None:
            differences = state.unlike(first.described) or _apart(state, first)
            state.refuse(differences, first.described, first.signature, first.link)

    def _lead(self, state: ReplicaState) -> None:
        """Have a state be the one that is looked for, and that subscribes."""
        first = self._states.get(state.name)
        others = self._waiting.pop(state.name, [])
        self._states[state.name] = state
        rest = [other for other in (first, *others) if other is not None and other is not state]
        if rest:
            self._waiting[state.name] = rest

    def chosen(self, state: ReplicaState, source: Interface) -> ReplicaState:
        """Which state is to have the snapshot of the source that `state` subscribed to."""
        name = state.name
        if self._states.get(name) is not state:
            return state
        if name not in self._waiting and not state.unlike(source):
            return state
        for other in self._all(name):
            if other.unlike(source) and (own := partDynamic(other)) is not None:
                self._waiting.setdefault(name, []).append(own)
        fitting = [other for other in self._all(name) if not other.unlike(source)]
        ranks = [(_rank(other, source), other is not state) for other in fitting]
        found = fitting[ranks.index(min(ranks))] if fitting else state
        if found is not state:
            self._lead(found)
            state.handOver(found, source)
        return found

    def settle(self, state: ReplicaState, source: Interface) -> None:
        """Tell the other states of an object what its source showed."""
        for other in list(self._waiting.get(state.name, ())):
            differences = other.unlike(source)
            if not differences and state.state is _State.Valid:
                if merge(other, state):
                    self._leave(other)
                    continue
                differences = _apart(other, state)
            if differences:
                other.refuse(differences, source, source.signature, state.link)

    def _leave(self, state: ReplicaState) -> bool:
        waiting = self._waiting.get(state.name, [])
        if state not in waiting:
            return False
        waiting.remove(state)
        if not waiting:
            del self._waiting[state.name]
        return True

    def forget(self, state: ReplicaState) -> ReplicaState | None:
        """Nobody follows a state any more; gives the one that is to be looked for in its place."""
        if self._leave(state) or self._states.get(state.name) is not state:
            return None
        waiting = self._waiting.get(state.name)
        del self._states[state.name]
        if not waiting:
            return None
        self._lead(waiting[0])
        return waiting[0]


def _rank(state: ReplicaState, source: Interface) -> int:
    """Which of several states that fit a source is to follow it: one of the lowest rank.

    The members are numbered as a class has them, if there is one: the others can be again. But who
    has the source's own members already can not have others.
    """
    exact = state.interface is not None and not state.interface.memberDifferences(source)
    return (0 if exact else 2) + (state.typed is None)


def _apart(state: ReplicaState, valid: ReplicaState) -> list[str]:
    """In words: why a state cannot be merged with another one of a source that fits both."""
    if state.interface is None or valid.interface is None:
        return [_OTHER_ORDER]
    differences = state.interface.differences(valid.interface)
    return [_OTHER_MEMBERS, *differences] if differences else [_OTHER_ORDER]
