"""The packets: their kinds and what each holds.

A packet is a list whose first element says what it is: below `FIRST_CHANNEL` a kind of the
vocabulary here, from there on a channel, which is one member of one shared object, numbered by
the host. Which packets travel on channels:

==================================  ========================================
host to client, a signal             ``[channel, *arguments]``
host to client, a notify signal      ``[channel, *property values, *arguments]``
client to host, a call               ``[channel, serial, *arguments]``
client to host, a property write     ``[channel, serial, value]``
==================================  ========================================

An interface is what `Interface.toWire` gives: ``[name, properties, signals, slots, enums]``, and
the types that members hold, if there are any.

An object's channels lie side by side: its signals, then its slots, then its properties. The
kinds mean what QtRO's QRemoteObjectPacketTypeEnum says; Goodbye and Proof are our own. Knows
plain values.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from ..errors import InvalidData, VersionMismatch

__all__ = [
    "FIRST_CHANNEL",
    "MAJOR",
    "MINOR",
    "PROTOCOL",
    "Handshake",
    "Kind",
    "ObjectEntry",
]

PROTOCOL = "pyside_ro"
MAJOR = 1
MINOR = 0
FIRST_CHANNEL = 32
#: The characters of a line of an object list, all together.
MAX_ENTRY = 4096


class Kind(enum.IntEnum):
    """What a packet is (QtRemoteObjects::QRemoteObjectPacketTypeEnum)."""

    Invalid = 0
    #: ``[1, protocol, major, minor, {feature: value}, node name]``
    Handshake = 1
    #: ``[2, name, first channel, [property values]]``: to who knows the interface already
    InitPacket = 2
    #: ``[3, name, first channel, [property values], interface]``
    InitDynamicPacket = 3
    #: ``[4, name, whether the interface is wanted]``: a client subscribes
    AddObject = 4
    #: ``[5, name, reason]``: a client unsubscribes; a host withdraws an object, or refuses it
    RemoveObject = 5
    #: calls and signals travel on channels
    InvokePacket = 6
    #: ``[7, serial, value]``, or ``[7, serial, type, message, member]`` when the slot raised
    InvokeReplyPacket = 7
    #: property changes travel on channels
    PropertyChangePacket = 8
    #: ``[9, [[name, type name, signature, whether it is read-only], ...]]``: all objects first,
    #: then what is added; a line may end after the signature
    ObjectList = 9
    #: ``[10, anything]``, to be answered by ``[11, the same]``
    Ping = 10
    Pong = 11
    #: ``[12, reason, whether versions do not match, whether access is refused]``: the last
    #: packet before its sender closes the connection
    Goodbye = 12
    #: ``[13, HMAC]``: its sender has the shared key (see `proof`)
    Proof = 13
    #: ``[16, name, first channel, [property values], type name, signature, interface or None,
    #: whether it is shared by its name]``: to a client that is about to hear of an object because
    #: a property holds it; the interface is sent once a connection
    Child = 16
    #: ``[17, name, property, value]``: what a property holds is another thing without its signal
    Update = 17


@dataclass(frozen=True)
class Handshake:
    """The first packet of both sides."""

    node: str = ""
    features: tuple[tuple[str, object], ...] = ()
    major: int = MAJOR
    minor: int = MINOR

    def packet(self) -> list[object]:
        """The packet to send."""
        kind = int(Kind.Handshake)
        return [kind, PROTOCOL, self.major, self.minor, dict(self.features), self.node[:200]]

    @staticmethod
    def parse(packet: object) -> Handshake:
        """Read the peer's. Raises VersionMismatch in words that say which versions met."""
        match packet:
            case [Kind.Handshake, str(protocol), int(major), int(minor), *rest]:
                if protocol != PROTOCOL:
                    raise VersionMismatch(
                        f"the peer speaks {protocol[:40]!r} {major}.{minor}, "
                        f"this side {PROTOCOL!r} {MAJOR}.{MINOR}"
                    )
                if major != MAJOR:
                    older = "this side" if major > MAJOR else "the peer"
                    raise VersionMismatch(
                        f"the peer speaks version {major}.{minor} of the protocol, this side "
                        f"{MAJOR}.{MINOR}: upgrade pyside-ro on {older}"
                    )
                features = rest[0] if rest and isinstance(rest[0], dict) else {}
                node = rest[1] if len(rest) > 1 and isinstance(rest[1], str) else ""
                known = tuple((k, v) for k, v in features.items() if isinstance(k, str))
                return Handshake(node[:200], known, major, minor)
        raise VersionMismatch("the peer's first packet is no handshake")


@dataclass(frozen=True)
class ObjectEntry:
    """A line of an ObjectList: what a host shares."""

    name: str
    typeName: str
    signature: str
    #: Whether the receiver may neither set its properties nor call its slots.
    readOnly: bool = False

    def toWire(self) -> list[object]:
        """The entry as a list of plain values."""
        line: list[object] = [self.name, self.typeName, self.signature]
        return [*line, True] if self.readOnly else line

    @staticmethod
    def fromWire(data: object) -> ObjectEntry:
        """Read a line. Raises InvalidData."""
        match data:
            case [str(name), str(typeName), str(signature), *rest] if (
                len(name) + len(typeName) + len(signature) < MAX_ENTRY
            ):
                return ObjectEntry(name, typeName, signature, rest[:1] == [True])
        raise InvalidData(f"a malformed object list: {data!r:.80}")
