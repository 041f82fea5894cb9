"""A host's side of one connection: who is there, and what it subscribed to.

Knows links, sources and what packets a client sends; which objects there are, it asks its host.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .. import log
from ..errors import LimitExceeded, ProtocolError, VersionMismatch
from ..link import ChannelMap, Link
from ..link.channels import Handler
from ..protocol.packets import Handshake, Kind, ObjectEntry
from ..source import Source
from ..source.caller import callerGone
from ..source.calls import refuse
from ..transport import Conduit

if TYPE_CHECKING:
    from .host import QRemoteObjectHostBase

__all__ = ["Client"]


class Client:
    """One client of a host."""

    def __init__(self, host: QRemoteObjectHostBase, conduit: Conduit) -> None:
        self._host = weakref.ref(host)
        handshake = Handshake(host.objectName())
        self.link = link = Link(conduit, handshake, host._encoder, host._limits, host)
        host._links.add(link)
        self._channels: ChannelMap[Source] = ChannelMap()
        self._subscribed: dict[str, Source] = {}
        link.onEstablished = self._established
        link.onClosed = self._closed
        link.resolve = self._resolve
        link.shrinkable = self._shrinkable
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
        self.host._proven(self)
        self.announce(source.entry for source in self.host._sources.values())

    def _closed(self, reason: Exception) -> None:
        log.io.info("%s: disconnected: %s", self.link.peer, reason)
        subscribed, self._subscribed = self._subscribed, {}
        for source in subscribed.values():
            source.detach(self.link)
        self.host._gone(self, reason)
        callerGone(self.link)

    # To the client

    def announce(self, entries: Iterable[ObjectEntry]) -> None:
        """Say what is shared, all at first, then what is added."""
        if self.link.established:
            self.link.sendPacket([int(Kind.ObjectList), [entry.toWire() for entry in entries]])

    def withdraw(self, source: Source, reason: str) -> None:
        """Say that an object is shared no longer."""
        if self._subscribed.pop(source.name, None) is not None:
            self._channels.remove(source.base)
            for channel in range(source.base, source.base + source.size):
                self.link.table.pop(channel, None)
        elif self.link.established:
            self.link.sendPacket([int(Kind.RemoveObject), source.name, reason])

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
            limit = self.host._limits.maxSubscriptions
            reason = f"the host allows {limit} subscriptions a client (Limits.maxSubscriptions)"
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
                source = self._subscribed.pop(name, None)
            case _:
                raise ProtocolError("a malformed packet that removes a subscription")
        if source is not None:
            source.detach(self.link)
            self._channels.remove(source.base)
            for channel in range(source.base, source.base + source.size):
                self.link.table.pop(channel, None)

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
