"""What a host's properties hold, at a client: the replicas that stand for those objects.

Knows connections and replicas. A host tells of such an object before it mentions it, and when
nothing holds it any more; here a replica of it is kept by the values of the replicas that hold
it, and found again, by its name, when the connection was lost in between.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, cast

from shiboken6 import isValid

from .. import log
from ..errors import LimitExceeded, ProtocolError
from ..interface import Interface
from ..models import ModelLink, QAbstractItemModelReplica, modelInterface
from ..protocol.extensions import Reference
from ..protocol.packets import FIRST_CHANNEL
from ..replica import QRemoteObjectDynamicReplica, QRemoteObjectReplica, ReplicaState
from .modelling import isModelType, modelOf
from .places import Places

if TYPE_CHECKING:
    from ..link import Link
    from .connection import Connection
    from .node import QRemoteObjectNode

__all__ = ["Children", "Held"]


def _placeIn(name: str) -> str:
    """Where an object was met first; '' when an object with an access rule held it then."""
    return name.rpartition("~")[0]


class Children:
    """A node's states of objects that it did not acquire: the children of what it did."""

    def __init__(self) -> None:
        #: By the run of their host, and name; as long as a replica, or a connection, needs them.
        self.states: weakref.WeakValueDictionary[str, ReplicaState] = weakref.WeakValueDictionary()
        self.places = Places()

    @staticmethod
    def abandoned(node: QRemoteObjectNode, state: ReplicaState) -> bool:
        """Whether nothing but other replicas' values stands for an object, in circles.

        For what the program itself acquired, and let go.
        """
        seen = {id(s) for s in node._states.values() if s.wanted}
        work = [s for s in node._states.values() if s.wanted]
        while work:
            for replica in replicasIn(work.pop().values):
                found = replica._ro
                if id(found) not in seen:
                    seen.add(id(found))
                    work.append(found)
        return id(state) not in seen

    def take(
        self,
        node: QRemoteObjectNode,
        name: str,
        link: Link,
        instance: str,
        shape: str,
        expected: Interface | None = None,
        place: str = "",
    ) -> ReplicaState:
        """The state for a host's child: the one that it had, or a new one.

        What its members hold may have changed meanwhile, its `shape` may not. At another run of
        a host names say nothing: there it is who was last in that place, if anybody.
        """
        key = instance + name
        state = self.states.get(key)
        if state is None:
            state = self.places.take(place, instance, shape)
            if state is not None:
                former = state.instance + state.name
                if self.states.get(former) is state:
                    del self.states[former]
                state.name = name
        if (
            state is None
            or state.link not in (None, link)
            or (shape and state.interface and state.interface.shape != shape)
        ):
            state = ReplicaState(name, expected, node)
            state.child = True
        state.instance = instance
        state.place = place
        self.states[key] = state
        return state


class Held:
    """The objects that one connection's host told of."""

    def __init__(self, connection: Connection, link: Link, instance: str) -> None:
        self._connection = weakref.ref(connection)
        self._link = link
        self._instance = instance
        #: What came once, for all children of the same kind.
        self._interfaces: dict[str, Interface] = {}
        #: The states of children, by name, as long as the host says so.
        self._states: dict[str, ReplicaState] = {}
        link.refer(self._resolve)

    @property
    def connection(self) -> Connection:
        """The connection; its end is the end of its link, after which nobody asks."""
        connection = self._connection()
        assert connection is not None
        return connection

    def onChild(self, packet: Any) -> None:
        """Take the snapshot of an object that a property holds."""
        match packet:
            case [
                _,
                str(name),
                int(base),
                list(values),
                str(kind),
                str(sig),
                wire,
                bool(own),
                *more,
            ]:
                pass
            case _:
                raise ProtocolError("a malformed snapshot of a child")
        place = more[0] if more and isinstance(more[0], str) else _placeIn(name)
        if base < FIRST_CHANNEL:
            raise ProtocolError(f"'{name}' was sent with channel {base}, which is no object's")
        interface = self._interface(name, sig, wire)
        log.core.debug("%s: '%s' is a %s", self._link.peer, name, kind)
        model = isModelType(kind)
        if own:
            state = self._ownState(name, model)
        else:
            state = self._child(name, place, interface.shape, model)
        calls = self.connection.calls
        assert calls is not None
        state.follow(self._link, calls, interface)
        self.connection.initialize(state, base, values, None)

    def _interface(self, name: str, signature: str, wire: Any) -> Interface:
        found = self._interfaces.get(signature)
        if wire is not None:
            found = Interface.fromWire(wire)
            self._room(len(self._interfaces))
            self._interfaces[found.signature] = found
        if found is None or found.signature != signature:
            raise ProtocolError(f"'{name}' was sent without its interface")
        return found

    def _room(self, count: int) -> None:
        limit = self.connection.node._limits.maxObjects
        if count >= limit:
            raise LimitExceeded(f"the host told of more than {limit} objects (Limits.maxObjects)")

    def _child(self, name: str, place: str, shape: str, model: bool) -> ReplicaState:
        state = self._states.get(name)
        interface = state.interface if state is not None else None
        if state is None or (interface is not None and shape != interface.shape):
            self._room(len(self._states))
            node = self.connection.node
            expected = modelInterface() if model else None
            state = node._children.take(
                node, name, self._link, self._instance, shape, expected, place
            )
            self._states[name] = state
        state.place = place
        return state

    def _ownState(self, name: str, model: bool = False) -> ReplicaState:
        """The state of what is shared by a name of its own, which another host may have too."""
        states = self.connection.node._states
        state = self._states.get(name) or self.connection.subscribed(name) or states.get(name)
        if state is None or state.link not in (None, self._link):
            self._room(len(self._states))
            expected = modelInterface() if model else None
            state = ReplicaState(name, expected, self.connection.node)
            states.setdefault(name, state)
        # Until something refers to it.
        self._states[name] = state
        return state

    def onUpdate(self, packet: Any) -> None:
        """Take what a property holds now, of which no signal tells."""
        match packet:
            case [_, str(name), int(index), value, *_] if index >= 0:
                state = self.connection.subscribed(name)
            case _:
                raise ProtocolError("a malformed update")
        if state is not None and state.link is self._link:
            state.update(index, value)

    def _resolve(self, how: Reference, name: str) -> object:
        """The replica that a reference of the host stands for."""
        state = self._states.get(name) or self.connection.subscribed(name)
        model = how is Reference.MODEL
        if how is Reference.NAMED:
            entry = self.connection.objects.get(name)
            model = entry is not None and isModelType(entry.typeName)
        if state is None:
            if how is Reference.PASSED:
                return None  # an argument that is held by nothing this node knows
            # The rest comes behind this: objects may hold each other.
            if how is Reference.NAMED:
                state = self._ownState(name, model)
            else:
                shape = modelInterface().shape if model else ""
                state = self._child(name, _placeIn(name), shape, model)
        replica = replicaOf(state, model)
        if not state.child:
            if state.told:
                # As long as the host says so; it may have been let go here, and be held again.
                self._states[name] = state
                self.connection.node._states.setdefault(name, state)
            else:
                self._states.pop(name, None)
            if state.link is None:
                self.connection.node._find(state)
        return replica

    def replaced(self, state: ReplicaState) -> None:
        """Another state of the same name follows the source that one here subscribed to."""
        if state.name in self._states:
            self._states[state.name] = state

    def removed(self, name: str, state: ReplicaState | None = None) -> None:
        """The host shares an object no longer, which `state` has followed until now."""
        if self._states and state is not None:
            places = self.connection.node._children.places
            if state.child:
                places.left(state)
            else:  # what it holds leaves next
                places.keep([state])
        self._states.pop(name, None)

    def lost(self, states: Iterable[ReplicaState]) -> None:
        """The connection was lost, by which those states followed their sources."""
        if self._states:
            self.connection.node._children.places.keep(s for s in states if not s.child)
        self._states.clear()


def replicasIn(value: Any, depth: int = 20) -> Iterator[QRemoteObjectReplica]:
    """All replicas in a value of a property."""
    if isinstance(value, QRemoteObjectReplica):
        yield value
    elif isinstance(value, QAbstractItemModelReplica):
        yield value._link
    elif depth and isinstance(value, dict):
        for item in value.values():
            yield from replicasIn(item, depth - 1)
    elif depth and isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from replicasIn(item, depth - 1)


def replicaOf(
    state: ReplicaState, model: bool = False
) -> QRemoteObjectReplica | QAbstractItemModelReplica:
    """The replica by which values stand for an object: always the same, while it lives."""
    stand = state.stand() if state.stand is not None else None
    found: Any = stand._model() if isinstance(stand, ModelLink) else stand
    if found is not None and isValid(found):
        return cast("QRemoteObjectReplica | QAbstractItemModelReplica", found)
    if model or (state.interface is not None and isModelType(state.interface.name)):
        mirror = modelOf(state)
        if mirror is not None:
            state.stand = weakref.ref(mirror._link)
            return mirror
    # Not one that the program has: its end is to be the subscription's.
    replica = QRemoteObjectDynamicReplica(state)
    replica._letNodeGo()
    state.stand = weakref.ref(replica)
    return replica
