"""The state of a replica: shared by all replicas of one source on one node.

Qt calls it QConnectedReplicaImplementation. Knows packets and links; what it emits on the replicas
that joined it, and how, is in `emitting`.
"""

from __future__ import annotations

import enum
import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .. import log
from ..errors import CannotCross, ConnectionLost, ErrorCode
from ..interface import Interface
from ..link import Link
from ..link.channels import Handler
from ..protocol.packets import Kind
from ..source import Mailbox
from .calls import Calls
from .emitting import notify, signalHandler
from .enums import enumsOf, symbolic
from .matching import (
    Order,
    initialValues,
    knownInterface,
    learned,
    memberOrder,
    same,
    unlike,
    withTypesOf,
)
from .references import naming

if TYPE_CHECKING:
    from .replica import QRemoteObjectReplica

__all__ = ["ReplicaState", "State"]


class State(enum.Enum):
    """QRemoteObjectReplica::State."""

    Uninitialized = 0
    Default = 1
    Valid = 2
    Suspect = 3
    SignatureMismatch = 4


#: How many differences of two interfaces a message names.
_SHOWN = 12


def _ignore(packet: Any) -> None:
    pass


class ReplicaState:
    """What a node knows of one source that it acquired."""

    def __init__(self, name: str, expected: Interface | None, node: Any) -> None:
        self.name = name
        #: Whether it is shared only because a property of another source holds it.
        self.child = False
        #: Whether the host told of it, because a property holds it, and was not asked for it: then
        #: it is the host that ends that.
        self.told = False
        #: Which run of its host it came from, for a child.
        self.instance = ""
        #: Where a child is, or was, held, as far as that is known.
        self.place = ""
        #: The replica that stands for the object in the values of others.
        self.stand: weakref.ref[QRemoteObjectReplica] | None = None
        # A node ends with its last reference, as in Qt: its replicas' state has none.
        self._node = weakref.ref(node)
        self._inbox: Mailbox = node._inbox
        #: The thread of the node, the only one that may use the replicas.
        self.home = threading.get_ident()
        #: The interface: the replica class's own, or the source's once it is known.
        self.interface = expected
        #: What replicas of a class of their own expect of enums and records; None: anything.
        self.typed = expected
        #: The interface, with the enums and records as the source has them now.
        self.described = expected
        self.state = State.Uninitialized
        self.values: list[Any] = []
        self.link: Link | None = None
        self.calls: Calls | None = None
        #: The first of the source's channels on this link; negative while that is not known.
        self.base = -1
        #: By which index the source knows each member, when it declares them in another order.
        self._order: Order | None = None
        #: Whether the host lets this node read only.
        self.readOnly = False
        #: The signature of a source that was refused: it is not asked for again.
        self.refused = ""
        self._signature = ""
        #: The source's interface, when its signature was known before it was sent.
        self._announced: Interface | None = None
        #: Whether the source's interface was asked for with this object.
        self.asks = False
        self._replicas: list[weakref.ref[QRemoteObjectReplica]] = []
        #: What saves the persisted properties, if there are any (node's `persistence`).
        self.keeper: Any = None
        #: Why there is no link, in words.
        self.reason = "the source was not found yet"
        if expected is not None:
            self.state = State.Default
            self.values = initialValues(expected)

    @property
    def node(self) -> Any:
        """The node, or None when it was deleted."""
        return self._node()

    # The replicas

    @property
    def replicas(self) -> list[QRemoteObjectReplica]:
        """Those that live."""
        return [replica for ref in self._replicas if (replica := ref()) is not None]

    def join(self, replica: QRemoteObjectReplica) -> None:
        """Have one more replica follow this state."""
        self._replicas.append(weakref.ref(replica, self._left))
        self._forgetHandlers()

    def setKeeper(self, keeper: Any) -> None:
        """Have `keeper.touch()` called when a value changed that it saves."""
        self.keeper = keeper
        self._forgetHandlers()

    def leave(self, replica: QRemoteObjectReplica) -> None:
        """A replica was deleted."""
        self._replicas = [ref for ref in self._replicas if ref() is not replica]
        self._left(None)

    def _left(self, ref: object) -> None:
        if threading.get_ident() != self.home:
            # Python's collector deletes what is in a cycle in whatever thread it runs.
            self._inbox.post(self._left, ref)
            return
        self._replicas = [r for r in self._replicas if r is not ref and r() is not None]
        self._forgetHandlers()
        node = self.node
        if node is not None and not self.wanted:
            node._abandoned(self)

    @property
    def wanted(self) -> bool:
        """Whether the program has a replica of its own; of a child, whether there is any."""
        stand = self.stand() if self.stand is not None else None
        return any(self.child or replica is not stand for replica in self.replicas)

    def _forgetHandlers(self) -> None:
        """Have the handlers made again: they hold the replicas' emit functions."""
        if self.link is None or self.interface is None or self.link.closed:
            return
        if self.base >= 0:
            self.link.table.forget(self.base, len(self.interface.signals))

    # The beginning and the end

    def subscribe(
        self, link: Link, calls: Calls, signature: str, asked: set[str], readOnly: bool = False
    ) -> None:
        """Ask a host for the object; an interface that is known already is not asked for.

        Nor is one of the signatures in `asked`: it will come with another object before.
        """
        self.link = link
        self.calls = calls
        self.told = False
        self.base = -1
        self.refused = ""
        self.readOnly = readOnly
        self._signature = signature
        self._order = None
        known = knownInterface(signature)
        if known is None and self.interface is not None:
            known = self.interface if self.interface.signature == signature else None
        self._announced = known
        self.asks = known is None and signature not in asked
        if self.asks:
            asked.add(signature)
        link.sendPacket([int(Kind.AddObject), self.name, self.asks])

    def announced(self) -> Interface | None:
        """The source's interface, when a snapshot came without it."""
        if self._announced is None:
            self._announced = knownInterface(self._signature)
        return self._announced

    def follow(self, link: Link, calls: Calls, interface: Interface) -> None:
        """Take what a host tells unasked, because a property holds the object."""
        self.told = self.told or self.link is not link
        self.link = link
        self.calls = calls
        self.refused = ""
        self._signature = interface.signature
        self._order = None
        self._announced = interface

    def claim(self) -> None:
        """The program wants it too now, for whatever time it is held."""
        if self.told and self.link is not None and not self.child and not self.link.closed:
            self.told = False
            self.link.sendPacket([int(Kind.AddObject), self.name, False, True])

    def update(self, index: int, value: Any) -> None:
        """Take a property's value of which no signal told; by the source's number."""
        interface = self.interface
        if self._order is not None and index in self._order.properties:
            index = self._order.properties.index(index)
        if interface is None or index >= len(self.values) or same(self.values[index], value):
            return
        self.values[index] = value
        if interface.properties[index].notify >= 0:
            notify(self, interface.properties[index].notify)

    def initialize(self, base: int, values: Any, source: Interface | None) -> bool:
        """Take the source's snapshot. False when its interface is not what was expected."""
        expected = self.interface
        if source is None:
            source = self._announced
        else:
            source = learned(source)
        if source is not None and expected is not None and source is not expected:
            differences = self.unlike(source)
            if differences:
                self._mismatch(differences, source, self.link)
                return False
            self._order = memberOrder(expected, source)
        interface = expected or source
        if interface is None or not isinstance(values, list):
            raise ConnectionLost(f"{self.name}: the host sent no usable snapshot")
        if len(values) != len(interface.properties):
            raise ConnectionLost(
                f"{self.name}: the host sent {len(values)} values for "
                f"{len(interface.properties)} properties"
            )
        self.base = base
        if self._order is not None:
            values = [values[i] for i in self._order.properties]
        first = self.interface is None
        self.interface = interface
        self.described = withTypesOf(interface, source)
        self._learnEnums(interface)
        values = [symbolic(value, interface) for value in values] if interface.enums else values
        changed = [
            index
            for index, value in enumerate(values)
            if first or not same(self.values[index], value)
        ]
        # The same list for ever: replicas' getters and handlers hold it.
        self.values[:] = values
        if first:
            for replica in self.replicas:
                replica._embody(interface)
        self._forgetHandlers()
        self.reason = ""
        if self.keeper is not None:
            self.keeper.touch()
        self._setState(State.Valid)
        for index in sorted({interface.properties[i].notify for i in changed} - {-1}):
            notify(self, index)
        for replica in self.replicas:
            replica._emitNotified()
        return True

    def unlike(self, source: Interface) -> list[str]:
        """In words: where a source's interface is not what the replicas here expect."""
        if self.interface is None or source is self.interface:
            return []
        differences = unlike(self.interface, source)
        if self.typed is not None:
            differences += self.typed.typeDifferences(source)
        return differences

    def _learnEnums(self, interface: Interface) -> None:
        """Have members of the source's enums arrive as those of the replica's class."""
        if self.link is not None:
            for name, kind in enumsOf(interface).items():
                self.link.enums.setdefault(f"{interface.name}.{name}", kind)

    def _mismatch(self, differences: list[str], source: Interface, link: Link | None) -> None:
        shown = "; ".join(differences[:_SHOWN])
        if len(differences) > _SHOWN:
            shown += f"; and {len(differences) - _SHOWN} more"
        self.reason = f"the source's interface is another one: {shown}"
        told = f"'{self.name}': {self.reason}"
        where = f"{link.peer}: " if link is not None else ""
        mistaken = next(filter(None, (r._mistaken(source) for r in self.replicas)), "")
        if mistaken:
            self.reason, told = mistaken, where + mistaken
        log.core.warning("replica '%s' (SignatureMismatch): %s%s", self.name, where, self.reason)
        if self.link is not None and not self.link.closed:
            self.link.sendPacket([int(Kind.RemoveObject), self.name, "signature mismatch"])
        self.link = None
        self.base = -1
        self.refused = self._signature
        node = self.node
        if node is not None:  # before the signals: their slots ask for it
            node._report(ErrorCode.NoError, told)
        self._setState(State.SignatureMismatch)

    def orphan(self) -> None:
        """The node is being deleted: end the calls, and emit nothing any more."""
        calls, self.calls, self.link = self.calls, None, None
        self.base = -1
        self.reason = "its node was deleted"
        if self.state is State.Valid:
            self.state = State.Suspect
        if calls is not None:
            calls.failAll(ConnectionLost(f"{self.name}: {self.reason}"), self.name)

    def disconnect(self, reason: str) -> None:
        """The link or the source went away: Suspect, and every pending call fails."""
        calls, self.calls, self.link = self.calls, None, None
        self.base = -1
        self.reason = reason
        if self.state in (State.Valid, State.SignatureMismatch):
            self._setState(State.Suspect)
        if calls is not None:
            calls.failAll(ConnectionLost(f"{self.name}: {reason}"), self.name)

    def _setState(self, state: State) -> None:
        old = self.state
        if state is old:
            return
        self.state = state
        for replica in self.replicas:
            replica._emitState(state, old)

    def expect(self, interface: Interface) -> bool:
        """Take on a replica class's interface; False when another one is known."""
        if self.interface is None:
            self.interface = self.described = self.typed = interface
            self.values[:] = initialValues(interface)
            for replica in self.replicas:
                replica._embody(interface)
            self._setState(State.Default)
            return True
        assert self.described is not None
        if self.interface is not interface and interface.differences(self.described):
            return False
        self.typed = self.typed or interface
        return True

    def refuse(
        self, differences: list[str], source: Interface, signature: str, link: Link | None
    ) -> None:
        """Be a mismatch, as a source shows that other replicas of this object follow."""
        if self.state is not State.SignatureMismatch or self.refused != signature:
            self._signature = signature
            self._mismatch(differences, source, self.link or link)

    def handOver(self, other: ReplicaState, source: Interface) -> None:
        """Have another state, of the same name, take what was subscribed to for this one."""
        assert self.link is not None and self.calls is not None
        other.follow(self.link, self.calls, source)
        other.told, other.readOnly = self.told, self.readOnly
        self.link = self.calls = None
        self.told = False
        self.base = -1

    @property
    def confirmed(self) -> bool:
        """Whether the source has, or when it was there had, the interface that is known here."""
        return self.state in (State.Valid, State.Suspect)

    @property
    def signature(self) -> str:
        """That of the source that was subscribed to last."""
        return self._signature

    def introduce(self, replica: QRemoteObjectReplica) -> None:
        """Tell a replica that joined late where things stand."""
        if self.state is State.Valid:
            replica._emitState(State.Valid, State.Default)
            replica._emitNotified()

    # What comes in

    def memberName(self, offset: int) -> str:
        """What the source's signal number `offset` is called, with the property it tells of."""
        index, interface = self._mine(offset), self.interface
        if index is None or interface is None:
            return f"'{self.name}'"
        properties = interface.notified[index]
        member = interface.properties[properties[0]] if properties else interface.signals[index]
        return f"{self.name}.{member.name}"

    def handler(self, offset: int) -> Handler:
        """The function for the packets of the source's signal number `offset`."""
        index = self._mine(offset)
        return _ignore if index is None or self.link is None else signalHandler(self, index)

    def _mine(self, offset: int) -> int | None:
        """The number here of the source's signal number `offset`."""
        if self.interface is None or offset >= len(self.interface.signals):
            return None
        return offset if self._order is None else self._order.signals.index(offset)

    def asSent(self, properties: tuple[int, ...]) -> list[int]:
        """The properties of one notify signal, in the order in which the source sends them."""
        order = self._order
        return (
            [*properties] if order is None else sorted(properties, key=order.properties.__getitem__)
        )

    # What goes out

    def channel(self, group: int, index: int) -> int:
        """The channel of slot (group 1) or property (group 2) number `index`."""
        interface = self.interface
        assert interface is not None
        if self._order is not None:
            return self.base + self._order.starts[group] + self._order[group][index]
        offset = len(interface.signals) + (len(interface.slots) if group == 2 else 0)
        return self.base + offset + index

    def refusal(self, name: str) -> AttributeError:
        """The error for who sets a property that replicas do not set."""
        text = f"property '{name}' of '{self.name}' is read-only"
        push = f"push{name[:1].upper()}{name[1:]}"  # READPUSH in .rep
        if self.interface is not None and any(s.name == push for s in self.interface.slots):
            text += f": {push}() asks the source to set it"
        return AttributeError(text)

    def write(self, index: int, value: Any, relay: Callable[[Calls], int] | None = None) -> None:
        """Ask the source to set property number `index`; for somebody else with `relay`.

        That gives the serial number by which a refusal finds back (see Calls.relay).
        """
        assert self.interface is not None
        prop = self.interface.properties[index]
        if not prop.writable:
            raise self.refusal(prop.name)
        if threading.get_ident() != self.home:
            raise RuntimeError(
                f"{self.name}.{prop.name} was set from another thread than its node's: "
                "use a signal, or a node of that thread"
            )
        if self.readOnly:
            raise PermissionError(
                f"property {self.name}.{prop.name} was not set: its host shares '{self.name}' "
                "read-only with this node"
            )
        link = self.link
        if link is None or self.calls is None or self.state is not State.Valid:
            text = f"property {self.name}.{prop.name} was not set, there is no source"
            if relay is not None:
                raise ConnectionLost(f"{text}: {self.reason}")
            log.core.warning("%s: %s", text, self.reason)
            return
        serial = 0 if relay is None else relay(self.calls)
        try:
            link.send(*link.encoder.pack([self.channel(2, index), serial, value], naming(link)))
        except CannotCross as error:
            raise CannotCross(f"property {self.name}.{prop.name}: {error}") from None
