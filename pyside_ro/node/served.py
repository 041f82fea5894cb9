"""A host's side of one connection: who is there, and what it subscribed to.

Knows links, sources and what packets a client sends; which objects there are, it asks its host.
"""

from __future__ import annotations

import dataclasses
import weakref
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from .. import log
from ..errors import LimitExceeded, ProtocolError
from ..link import ChannelMap, Link, peerOf
from ..link.channels import Handler
from ..protocol.extensions import Reference
from ..protocol.packets import Handshake, Kind, ObjectEntry
from ..protocol.values import lostObject
from ..source import Source
from ..source.caller import callerGone
from ..source.refusing import refuse
from ..transport import Conduit
from .otherversion import atHost
from .trust import Access, admission, isOwn, proverFor

if TYPE_CHECKING:
    from .host import QRemoteObjectHostBase

__all__ = ["Client", "receive"]


def _tooMany(limit: int) -> str:
    return f"the host allows {limit} subscriptions a client (Limits.maxSubscriptions)"


class Client:
    """One client of a host."""

    def __init__(self, host: QRemoteObjectHostBase, conduit: Conduit) -> None:
        self._host = weakref.ref(host)
        #: The signatures of the interfaces that were sent with a child (see Family).
        self.interfaces: set[str] = set()
        handshake = Handshake(host.objectName(), (("instance", host._family.instance),))
        prover = proverFor(host, conduit, host=True)
        self.link = link = Link(conduit, handshake, host._encoder, host._limits, host, prover)
        host._links.add(link)
        link.owner = self._host
        #: What this client sees, and may do with it, by name.
        self._access: dict[str, Access] = {}
        #: Whether there is something that it may only read.
        self._restricted = False
        self._channels: ChannelMap[Source] = ChannelMap()
        self._subscribed: dict[str, Source] = {}
        #: The names that it asked for; of other objects it was told because properties hold them.
        self._asked: set[str] = set()
        link.onEstablished = self._established
        link.onClosed = self._closed
        link.resolve = self._resolve
        link.onWrong = partial(atHost, self)
        link.shrinkable = self._shrinkable
        link.refer(self._referred)

    @property
    def host(self) -> QRemoteObjectHostBase:
        """The host; its end is the end of its links, after which nobody asks."""
        host = self._host()
        assert host is not None
        return host

    def _established(self, handshake: Handshake) -> None:
        link = self.link
        link.about = peerOf(link.conduit, handshake, link.proven)
        host = self.host
        refused = None if isOwn(link.conduit) else admission(host._acceptHook, link.about)
        if link.closed:
            return  # the hook itself took long, or closed the host
        if refused is not None:
            link.close(refused)
            return
        log.io.debug("%s: node '%s' connected", link.peer, handshake.node)
        # Not before: while the hook decides, nothing is asked for.
        link.table[Kind.AddObject] = self._onAdd
        link.table[Kind.RemoveObject] = self._onRemove
        host._family.subscribers[link] = self
        host._proven(self)
        self._announceAll(host._sources.values())

    def _closed(self, reason: Exception) -> None:
        log.io.info("%s: disconnected: %s", self.link.peer, reason)
        subscribed, self._subscribed = self._subscribed, {}
        for source in subscribed.values():
            source.detach(self.link)
        self.host._family.gone(self.link, subscribed.values())
        self.host._gone(self, reason)
        callerGone(self.link)

    # To the client

    def announce(self, source: Source) -> None:
        """Say that an object was added, if this client sees it."""
        entry = self._entry(source)
        if entry is not None:
            self.link.sendPacket([int(Kind.ObjectList), [entry.toWire()]])

    def _announceAll(self, sources: Iterable[Source]) -> None:
        told = [(source, self._entry(source)) for source in list(sources)]
        # An access rule may have withdrawn one that was asked about before.
        lines = [entry.toWire() for source, entry in told if entry and self._shared(source)]
        self.link.sendPacket([int(Kind.ObjectList), lines])

    def _shared(self, source: Source) -> bool:
        return self.host._sources.get(source.name) is source

    def _entry(self, source: Source) -> ObjectEntry | None:
        """What this client is told of a source, as the source's access rule decides.

        Nothing of one that a slot of remoteObjectAdded, or an access rule, has withdrawn.
        """
        if not self._shared(source):
            return None
        access = Access.Full
        if not isOwn(self.link.conduit):
            assert self.link.about is not None
            access = self.host._sharing[source.name].access(self.link.about)
        if access is Access.Nothing or not self._shared(source):
            return None
        self._access[source.name] = access
        if access is Access.Full:
            return source.entry
        if not self._restricted:
            self._restricted = True
            for child in self._subscribed.values():
                if child.child:
                    self.link.table.forget(child.base, child.size)
        return dataclasses.replace(source.entry, readOnly=True)

    def withdraw(self, source: Source, reason: str) -> None:
        """Say that an object is shared no longer."""
        if self._access.pop(source.name, None) is None:
            return  # it never knew
        if self._forget(source.name) is None:  # else the source itself says so
            self.link.sendPacket([int(Kind.RemoveObject), source.name, reason])

    def take(self, source: Source) -> bool:
        """Subscribe the client to what a property holds (see Family)."""
        if not source.child and source.name not in self._access:
            return False  # it is shared by a name that this client is not to see
        if source.name not in self._subscribed and not self._mayHaveMore(source.name):
            return False
        self._subscribed[source.name] = source
        self._channels.add(source.base, source.size, source)
        return True

    def drop(self, source: Source) -> None:
        """Take nothing more for a child that no property holds (see Family)."""
        self._forget(source.name)

    def asked(self, source: Source) -> bool:
        """Whether it asked for that object itself (see Family)."""
        return source.name in self._asked

    def _forget(self, name: str) -> Source | None:
        source = self._subscribed.pop(name, None)
        self._asked.discard(name)
        if source is not None:
            self.link.table.forget(source.base, self._channels.remove(source.base))
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
            case [_, str(name), bool(wantsInterface), *more]:
                pass
            case _:
                raise ProtocolError("a malformed subscription")
        # What it must not see is as if it were not there.
        source = self.host._sources.get(name) if name in self._access else None
        if source is not None and more == [True] and self._subscribed.get(name) is source:
            self._asked.add(name)  # it was told of it, and has its state
            return
        reason = ""
        if source is None or source.dead:
            source, reason = None, f"no object is shared as '{name[:100]}'"
        elif len(self._subscribed) >= self.host._limits.maxSubscriptions:
            reason = _tooMany(self.host._limits.maxSubscriptions)
        if source is None or reason:
            log.core.warning("%s: '%s' was refused: %s", self.link.peer, name[:100], reason)
            self.link.sendPacket([int(Kind.RemoveObject), name, reason])
            return
        self._subscribed[name] = source
        self._asked.add(name)
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
        obj = source.original() if source is not None else None
        return lostObject(name) if obj is None else obj

    def _resolve(self, channel: int) -> tuple[Handler, bool]:
        found = self._channels.find(channel)
        if found is None:
            return self._onUnknown, False
        source, offset = found
        if not source.child:
            readOnly = self._access.get(source.name) is not Access.Full
            return source.handler(self.link, offset, readOnly), True
        # A child is as free as the freest of what leads to it, which may change.
        readOnly = self._restricted and not any(
            self._access.get(root.name) is Access.Full
            for root in self.host._family.roots(source, self.link)
        )
        return source.handler(self.link, offset, readOnly), not self._restricted

    def channel(self, number: int) -> tuple[Source, int] | None:
        """Whose channel that is, and which one of its owner's."""
        return self._channels.find(number)

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


def receive(host: QRemoteObjectHostBase, conduit: Conduit) -> None:
    """Begin to serve a connection, if there is room for it."""
    limits = host._limits
    conduit.scheme = conduit.scheme or host.hostUrl().scheme()
    client = Client(host, conduit)
    unproven = host._unproven
    if len(unproven) >= limits.maxUnprovenConnections:
        # Strangers that never say who they are must not keep out those who do so at once.
        words = "too many connections are waiting for their handshake"
        if not host._flooded:
            host._flooded = True
            log.io.warning("%s: %s: the oldest are closed", host.hostUrl().toString(), words)
        unproven[0].link.close(LimitExceeded(f"{words} (Limits.maxUnprovenConnections)"))
    unproven.append(client)
    if len(host._clients) >= limits.maxConnections:
        client.refuseConnection(
            f"the host has {limits.maxConnections} clients (Limits.maxConnections)"
        )
    else:
        client.link.start()
