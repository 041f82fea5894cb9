"""The calls that wait for answers on one link.

Knows packets and pending calls.
"""

from __future__ import annotations

import itertools
from typing import Any

from .. import log
from ..errors import ConnectionLost, RemoteError
from .pending import QRemoteObjectPendingCall

__all__ = ["Calls"]


class Calls:
    """Serial numbers, the calls that have them, and whose they are."""

    __slots__ = ("nextSerial", "pending", "peer")

    def __init__(self, peer: str) -> None:
        self.peer = peer
        #: By serial number: the call, and the name of its replica for when its source goes.
        self.pending: dict[int, tuple[QRemoteObjectPendingCall, str]] = {}
        self.nextSerial = itertools.count(1).__next__

    def onReply(self, packet: Any) -> None:
        """Handle an InvokeReplyPacket: a value, or the type, text and member of an exception."""
        found = self.pending.pop(packet[1], None)
        if len(packet) == 3:
            if found is not None:
                found[0]._finish(packet[2])
            return
        match packet:
            case [_, _, str(typeName), str(message), str(member)]:
                error = RemoteError(typeName, message, member)
            case _:
                error = RemoteError("InvalidReply", "the answer cannot be read", "")
        if found is not None:
            found[0]._fail(error)
        elif packet[1] == 0:
            log.core.warning("%s: a property was not set: %s", self.peer, error)

    def failAll(self, error: ConnectionLost, replica: str | None = None) -> None:
        """End all calls, or those of one replica, because nobody will answer them."""
        ended = [
            serial
            for serial, (_, name) in self.pending.items()
            if replica is None or name == replica
        ]
        for call, _ in [self.pending.pop(serial) for serial in ended]:
            call._fail(error)
