"""The calls that wait for answers on one link.

Knows packets and pending calls.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from .. import log
from ..errors import ConnectionLost, RemoteError
from .pending import QRemoteObjectPendingCall

__all__ = ["Calls"]


class Calls:
    """Serial numbers, the calls that have them, and whose they are."""

    __slots__ = ("flush", "nextSerial", "onRefused", "pending", "peer")

    def __init__(self, peer: str, flush: Callable[[], object]) -> None:
        self.peer = peer
        #: Called with the RemoteError when the source refused to set a property.
        self.onRefused: Callable[[RemoteError], object] = lambda error: None
        #: Sends what was asked for so far, at once.
        self.flush = flush
        #: By serial number.
        self.pending: dict[int, QRemoteObjectPendingCall] = {}
        self.nextSerial = itertools.count(1).__next__

    def onReply(self, packet: Any) -> None:
        """Handle an InvokeReplyPacket: a value, or the type, text and member of an exception."""
        found = self.pending.pop(packet[1], None)
        if len(packet) == 3:
            if found is not None:
                found._finish(packet[2])
            return
        match packet:
            case [_, _, str(typeName), str(message), str(member)]:
                error = RemoteError(typeName, message, member)
            case _:
                error = RemoteError("InvalidReply", "the answer cannot be read", "")
        if found is not None:
            found._fail(error)
        elif packet[1] == 0:
            log.core.warning("%s: a property was not set: %s", self.peer, error)
            self.onRefused(error)

    def forget(self, call: QRemoteObjectPendingCall) -> None:
        """Expect no answer for a call that ended before one came."""
        for serial, other in self.pending.items():
            if other is call:
                del self.pending[serial]
                return

    def failAll(self, error: ConnectionLost, replica: str | None = None) -> None:
        """End all calls, or those of one replica, because nobody will answer them."""
        ended = [
            serial
            for serial, call in self.pending.items()
            if replica is None or call._name == replica
        ]
        for call in [self.pending.pop(serial) for serial in ended]:
            call._fail(error)
