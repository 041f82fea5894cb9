"""Packets with a record or enum of another version than this side registered: what fails by them.

Knows connections, clients and what packets mean. Only what the value was for fails: a call, a
write, a change; what else the connection carries goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import log
from ..errors import OtherVersion
from ..protocol.packets import FIRST_CHANNEL, Kind
from ..source.refusing import refuse

if TYPE_CHECKING:
    from .connection import Connection
    from .served import Client

__all__ = ["atClient", "atHost"]

_SNAPSHOTS = (Kind.InitPacket, Kind.InitDynamicPacket, Kind.Child)


def atClient(connection: Connection, packet: Any, error: OtherVersion) -> None:
    """A host sent it: in an answer, a change or a snapshot; in `packet` the value is None."""
    link, calls = connection.link, connection.calls
    assert link is not None and calls is not None
    kind = packet[0]
    if kind == Kind.InvokeReplyPacket:
        call = calls.pending.pop(packet[1], None)
        if call is not None:
            call._fail(error)
        return
    if kind in _SNAPSHOTS:
        link.table[kind](packet)
        if connection.subscribed(packet[1]) is not None:  # else its whole interface is another one
            log.core.warning("%s: a property of '%s' is None here: %s", link.peer, packet[1], error)
        return
    found = connection.channel(kind) if kind >= FIRST_CHANNEL else None
    if found is None and kind != Kind.Update:
        raise error
    told = f"'{packet[1]}'"
    if found is not None:
        state, offset = found
        told = state.memberName(offset)
    log.core.warning("%s: a change of %s is left out: %s", link.peer, told, error)


def atHost(client: Client, packet: Any, error: OtherVersion) -> None:
    """A client sent it: in a call or a write."""
    found = client.channel(packet[0]) if packet[0] >= FIRST_CHANNEL else None
    if found is None or len(packet) < 2:
        raise error
    source, offset = found
    member = source.memberName(offset)
    log.core.warning("%s: %s is refused: %s", client.link.peer, member, error)
    refuse(client.link, packet[1], error, member)
