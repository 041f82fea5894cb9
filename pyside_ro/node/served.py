"""A host's side of one connection: who is there, and what it subscribed to.

Knows links, sources and what packets a client sends; which objects there are, it asks its host.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from shiboken6 import isValid

from .. import log
from ..errors import LimitExceeded, ProtocolError, VersionMismatch
from ..link import ChannelMap, Link
from ..link.channels import Handler
from ..protocol.extensions import Reference
from ..protocol.packets import Handshake, Kind, ObjectEntry
from ..protocol.values import lostObject
from ..source import Source
from ..source.caller import callerGone
from ..source.calls import refuse
from ..transport import Conduit

if TYPE_CHECKING:
    from .host import QRemoteObjectHostBase

__all__ = ["Client"]


def _tooMany(limit: int) -> str:
    return f"the host allows {limit} subscriptions a client (Limits.maxSubscriptions)"


class Client:
    """One client of a host."""

    def __init__(self, host: QRemoteObjectHostBase, conduit: Conduit) -> None:
        self._host = weakref.ref(host)
        #: The signatures of the interfaces that were sent with a child (see Family).
        self.interfaces: set[str] = set()
        handshake = Handshake(host.objectName(), (("instance", host._family.instance),))
        self.link = link = Link(conduit, handshake, host._encoder, host._limits, host)
        host._links.add(link)
        self._channels: ChannelMap[Source] = ChannelMap()
        self._subscribed: dict[str, Source] = {}
        link.onEstablished = self._established
        link.onClosed = self._closed
        link.resolve = self._resolve
        link.shrinkable = self._shrinkable
        link.refer(self._referred)
        link.table[Kind.AddObject] = self._proven(self._onAdd)
        link.table[Kind.RemoveObject] = self._proven(self._onRemove)

    @property
    def host(self) -> QRemoteObjectHostBase:
        """The host; its end is the end of its links, after which nobody asks."""
        host = self._host()
        assert host is not None
        return host

    def _proven(self, handler: Handler) -> Handler:
        def handle(packet: Any) -> None:
            if not self.link.established:
                raise VersionMismatch("a handshake was expected first")
            handler(packet)

        return handle

    def _established(self, handshake: Handshake) -> None:
        log.io.debug("%s: node '%s' connected", self.link.peer, handshake.node)
        self.host._family.subscribers[self.link] = self
        self.host._proven(self)
        self.announce(source.entry for source in self.host._sources.values())

    def _closed(self, reason: Exception) -> None:
        log.io.info("%s: disconnected: %s", self.link.peer, reason)
        subscribed, self._subscribed = self._subscribed, {}
        for source in subscribed.values():
            source.detach(self.link)
        self.host._family.gone(self.link, subscribed.values())
        self.host._gone(self, reason)
        callerGone(self.link)

    # To the client

    def announce(self, entries: Iterable[ObjectEntry]) -> None:
        """Say what is shared, all at first, then what is added."""
        if self.link.established:
            self.link.sendPacket([int(Kind.ObjectList), [entry.toWire() for entry in entries]])

    def withdraw(self, source: Source, reason: str) -> None:
        """Say that an object is shared no longer."""
        if self._forget(source.name) is not None:
            pass  # the source itself says so
        elif self.link.established:
            self.link.sendPacket([int(Kind.RemoveObject), source.name, reason])

    def take(self, source: Source) -> bool:
        """Subscribe the client to what a property holds (see Family)."""
        if source.name not in self._subscribed and not self._mayHaveMore(source.name):
            return False
        self._subscribed[source.name] = source
        self._channels.add(source.base, source.size, source)
        return True

    def drop(self, source: Source) -> None:
        """Take nothing more for a child that no property holds (see Family)."""
        self._forget(source.name)

    def _forget(self, name: str) -> Source | None:
        source = self._subscribed.pop(name, None)
        if source is not None:
            self._channels.remove(source.base)
            for channel in range(source.base, source.base + source.size):
                self.link.table.pop(channel, None)
        return source

    def _mayHaveMore(self, name: str) -> bool:
        limit = self.host._limits.maxSubscriptions
        if len(self._subscribed) < limit:
            return True
        log.core.warning("%s: '%s' was refused: %s", self.link.peer, name, _tooMany(limit))
        return False

    # From the client

    def _onAdd(self, packet: Any) -> None:
        match packet:
            case [_, str(name), bool(wantsInterface), *_]:
                pass
            case _:
                raise ProtocolError("a malformed subscription")
        source = self.host._sources.get(name)
        reason = ""
        if source is None:
            reason = f"no object is shared as '{name[:100]}'"
        elif len(self._subscribed) >= self.host._limits.maxSubscriptions:
            reason = _tooMany(self.host._limits.maxSubscriptions)
        if source is None or reason:
            log.core.warning("%s: '%s' was refused: %s", self.link.peer, name[:100], reason)
            self.link.sendPacket([int(Kind.RemoveObject), name, reason])
            return
        self._subscribed[name] = source
        self._channels.add(source.base, source.size, source)
        source.attach(self.link, wantsInterface)

    def _onRemove(self, packet: Any) -> None:
        match packet:
            case [_, str(name), *_]:
                source = self._subscribed.get(name)
            case _:
                raise ProtocolError("a malformed packet that removes a subscription")
        if source is not None and not source.child:  # the end of those, the host decides
            self._forget(name)
            source.detach(self.link)
            self.host._family.left(source, self.link)

    def _referred(self, how: Reference, name: str) -> object:
        """The object that a client means by one of its replicas; it sees no others."""
        source = self._subscribed.get(name)
        obj = source.reference() if source is not None else None
        return lostObject(name) if obj is None or not isValid(obj) else obj

    def _resolve(self, channel: int) -> tuple[Handler, bool]:
        found = self._channels.find(channel)
        if found is None:
            return self._onUnknown, False
        source, offset = found
        return source.handler(self.link, offset), True

    def _onUnknown(self, packet: Any) -> None:
        log.io.info("%s: a call of an object it is not subscribed to", self.link.peer)
        error = LookupError("no such object or member, or it is shared no longer")
        if len(packet) > 1:
            refuse(self.link, packet[1], error, "")

    def _shrinkable(self, channel: int) -> bool:
        found = self._channels.find(channel)
        return found is not None and found[0].shrinkable(channel)

    def refuseConnection(self, reason: str) -> None:
        """Close before anything was asked for."""
        self.link.start()
        self.link.fail(LimitExceeded(reason))
