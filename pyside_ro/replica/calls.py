"""The calls that wait for answers on one link.

Knows packets and pending calls.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable
from typing import Any, TypeAlias

from .. import log
from ..errors import ConnectionLost, RemoteError
from .pending import QRemoteObjectPendingCall

__all__ = ["Calls"]

OnRefused: TypeAlias = Callable[[RemoteError], object]

#: How many properties, and numbers of its own, one that others write through may have.
_MOST_RELAYED = 10_000


class Calls:
    """Serial numbers, the calls that have them, and whose they are."""

    __slots__ = ("_relayed", "flush", "nextSerial", "onRefused", "pending", "peer")

    def __init__(self, peer: str, flush: Callable[[], object]) -> None:
        self.peer = peer
        #: Called with the RemoteError when the source refused to set a property.
        self.onRefused: OnRefused = lambda error: None
        #: Sends what was asked for so far, at once.
        self.flush = flush
        #: By serial number.
        self.pending: dict[int, QRemoteObjectPendingCall] = {}
        self.nextSerial = itertools.count(1).__next__
        #: The serial numbers of writes for others, and who is told of a refusal: by who asks.
        self._relayed: weakref.WeakKeyDictionary[Any, dict[Any, tuple[int, OnRefused]]]
        self._relayed = weakref.WeakKeyDictionary()

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
        elif packet[1] != 0:
            refused = self._askerOf(packet[1])
            if refused is not None:
                refused(error)
        else:
            log.core.warning("%s: a property was not set: %s", self.peer, error)
            self.onRefused(error)

    def relay(self, asker: object, key: object, refused: OnRefused) -> int:
        """The serial number of all writes of one property for somebody else.

        `refused` is called with the RemoteError of each that the source refuses; it does not
        keep `asker`. An accepted one has no answer, so that nothing of it is to be remembered.
        """
        known = self._relayed.get(asker)
        if known is None:
            known = self._relayed[asker] = {}
        found = known.get(key)
        if found is None:
            if len(known) >= _MOST_RELAYED:
                return 0
            found = known[key] = (self.nextSerial(), refused)
        return found[0]

    def _askerOf(self, serial: object) -> OnRefused | None:
        for known in self._relayed.values():
            for number, refused in known.values():
                if number == serial:
                    return refused
        return None

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
