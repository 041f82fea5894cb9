"""A client's connection to a host: made, and made again after it was lost.

Knows transports, links, and what packets a host sends; which replicas there are, it asks its
node.
"""

from __future__ import annotations

import random
import weakref
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, QUrl
from shiboken6 import isValid

from .. import log
from ..errors import (
    AccessRefused,
    ConnectionLost,
    ErrorCode,
    LimitExceeded,
    ProtocolError,
    VersionMismatch,
)
from ..interface import Interface
from ..link import ChannelMap, Link
from ..link.channels import Handler
from ..link.holding import letGo
from ..protocol.packets import FIRST_CHANNEL, Handshake, Kind, ObjectEntry
from ..replica import Calls, ReplicaState
from ..transport import Conduit, ConnectFailed, guard
from .held import Held
from .otherversion import atClient
from .trust import proverFor

if TYPE_CHECKING:
    from .node import QRemoteObjectNode

__all__ = ["Connection"]

#: The first and the longest pause between two attempts, in milliseconds.
_FIRST_RETRY = 30
_LAST_RETRY = 2000
#: The pause after a host refused this node, or this node the host: somebody has to do something.
_REFUSED_RETRY = 5000
#: A link that stood for this long, in milliseconds, was a good one: the next attempt after its
#: end is the first again. One that a host ends sooner is not made again at once, for ever.
_SOLID = 1000


def codeOf(reason: Exception) -> ErrorCode:
    """What a node reports beside the words, when a connection ended or did not come about."""
    if isinstance(reason, VersionMismatch):
        return ErrorCode.ProtocolMismatch
    if isinstance(reason, AccessRefused) or (isinstance(reason, ConnectFailed) and reason.access):
        return ErrorCode.SocketAccessError
    return ErrorCode.NoError


class Connection(QObject):
    """One host that a node is, or wants to be, connected to."""

    def __init__(
        self,
        node: QRemoteObjectNode,
        url: QUrl,
        make: Callable[[QRemoteObjectNode], Conduit],
    ) -> None:
        super().__init__(node)
        # A node ends with its last reference, as in Qt: its connections have none.
        self._node = weakref.ref(node)
        self.url = url
        self.make = make
        #: What the host shares, by name; empty while there is no connection.
        self.objects: dict[str, ObjectEntry] = {}
        self.link: Link | None = None
        self.calls: Calls | None = None
        #: Whether the object list has come.
        self.ready = False
        #: Whether the program asked for it; else the registry led here, and it ends with its use.
        self.requested = True
        #: Why there is no connection, in words.
        self.reason = "not connected yet"
        #: What waits for a change here (see waitUntil).
        self.watchers: list[Callable[[], object]] = []
        self._channels: ChannelMap[ReplicaState] = ChannelMap()
        self._subscribed: dict[str, ReplicaState] = {}
        #: The objects that the host's properties hold.
        self._held: Held | None = None
        #: The signatures of interfaces that the host was asked for.
        self._asked: set[str] = set()
        self._attempts = 0
        self._conduit: Conduit | None = None
        #: How long the present link has stood.
        self._stood = QElapsedTimer()
        self._retry = QTimer(self)
        self._retry.setSingleShot(True)
        self._retry.timeout.connect(self.open)
        self._ended = False

    @property
    def node(self) -> QRemoteObjectNode:
        """The node; its end is the end of its connections, after which nobody asks."""
        node = self._node()
        assert node is not None
        return node

    @property
    def ended(self) -> bool:
        """Whether it is over, and never tried again."""
        return self._ended

    # The connection itself

    def open(self) -> None:
        """Try to connect, now."""
        if self._ended or self._conduit is not None:
            return
        try:
            self._conduit = conduit = self.make(self.node)
            guard(conduit)
            conduit.handshakeTimeout = self.node._limits.handshakeTimeout
            conduit.onConnected = self._connected
            conduit.onClosed = self._failed
            conduit.open()
        except Exception as error:
            # Somebody's own transport; a defect of it must not end the attempts.
            log.io.exception(f"{self.url.toString()}: the transport raised", error)
            broken = self._conduit
            self._failed(ConnectFailed(f"the transport raised {type(error).__name__}: {error}"))
            if broken is not None:
                broken.onConnected = broken.onReady = lambda: None
                broken.onClosed = lambda reason: None

    def end(self, reason: str) -> None:
        """Close, and never try again."""
        self._ended = True
        self._retry.stop()
        link, conduit = self.link, self._conduit
        if link is not None:
            link.close(ConnectFailed(reason))
        elif conduit is not None:
            self._conduit = None
            conduit.abort()
        self._tellWatchers()
        self.discard()

    def discard(self) -> None:
        """Delete it later, and let go of the node only after that.

        This may hold the last reference to the node: the node must not be deleted from within
        the deletion of its own child.
        """
        node = self.node
        self.destroyed.connect(lambda: QTimer.singleShot(0, lambda: node))
        self.deleteLater()

    def hurry(self) -> None:
        """Try again now and not after the pause: somebody said that the host is there."""
        if self._conduit is None and not self._ended:
            self._attempts = 0
            self._retry.start(0)

    def _connected(self) -> None:
        assert self._conduit is not None
        node = self.node
        handshake = Handshake(node.objectName())
        prover = proverFor(node, self._conduit, host=False)
        link = Link(self._conduit, handshake, node._encoder, node._limits, self, prover)
        node._links.add(link)
        link.owner = self._node
        self.link = link
        self.calls = calls = Calls(link.peer, link.flush)
        calls.onRefused = node.propertyWriteRefused.emit
        link.onEstablished = self._established
        link.onClosed = self._lost
        link.resolve = self._resolve
        link.onWrong = partial(atClient, self)
        table = link.table
        table[Kind.ObjectList] = self._proven(self._onObjectList)
        table[Kind.InitPacket] = self._proven(self._onInit)
        table[Kind.InitDynamicPacket] = self._proven(self._onInit)
        table[Kind.RemoveObject] = self._proven(self._onRemove)
        table[Kind.InvokeReplyPacket] = calls.onReply
        link.start()

    def _proven(self, handler: Handler) -> Handler:
        def handle(packet: Any) -> None:
            if self.link is None or not self.link.established:
                raise VersionMismatch("a handshake was expected first")
            handler(packet)

        return handle

    def _established(self, handshake: Handshake) -> None:
        self._stood.start()
        self.reason = ""
        assert self.link is not None
        instance = str(dict(handshake.features).get("instance", ""))
        self._held = held = Held(self, self.link, instance)
        self.link.table[Kind.Child] = held.onChild
        self.link.table[Kind.Update] = held.onUpdate
        self.link.setHeartbeat(self.node.heartbeatInterval(), self)
        log.io.debug("%s: connected to node '%s'", self.url.toString(), handshake.node)

    def _failed(self, reason: Exception) -> None:
        """The conduit never came about."""
        node = self._node()
        if node is None:
            return  # Qt is deleting the node, and the device with it
        conduit, self._conduit = self._conduit, None
        if conduit is not None:
            conduit.abort()
        self._lose(reason)
        letGo(node)

    def _lost(self, reason: Exception) -> None:
        """The link ended."""
        self._conduit = self.link = None
        self._lose(reason)

    def _lose(self, reason: Exception) -> None:
        text = str(reason)
        known, self.reason = self.reason, text
        code = codeOf(reason)
        subscribed, self._subscribed = self._subscribed, {}
        if self._held is not None:
            self._held.lost(subscribed.values())
            self._held = None
        calls, self.calls = self.calls, None
        self._channels = ChannelMap()
        self.objects = {}
        self._asked = set()
        self.ready = False
        if self._stood.isValid() and self._stood.elapsed() > _SOLID:
            self._attempts = 0
        self._stood.invalidate()
        if not (self.requested or self._ended) and not self.node._wanted(self):
            log.io.debug("%s: %s; nothing is wanted from it", self.url.toString(), text)
            self.node._forget(self)
            self._ended = True
            self.discard()
        if not self._ended and isValid(self._retry):  # else Qt is deleting the node
            pause = min(_FIRST_RETRY * 2 ** min(self._attempts, 10), _LAST_RETRY)
            if isinstance(reason, AccessRefused):
                pause = _REFUSED_RETRY
            elif isinstance(reason, ProtocolError) or code is not ErrorCode.NoError:
                pause = _LAST_RETRY  # it will hardly have changed its mind at once
            self._attempts += 1
            # Jitter: a hundred clients do not come back in the same moment.
            self._retry.start(int(pause * random.uniform(0.7, 1.3)))
            if text != known:
                log.io.info("%s: %s; trying again until it works", self.url.toString(), text)
        self.node._connectionProblem(self, text, code if text != known else ErrorCode.NoError)
        for state in subscribed.values():
            state.disconnect(f"{self.url.toString()}: {text}" if text else "disconnected")
        if calls is not None:
            calls.failAll(ConnectionLost(f"{self.url.toString()}: {text}"))
        self.node._objectsChanged()
        self._tellWatchers()

    def _tellWatchers(self) -> None:
        for wake in list(self.watchers):
            wake()

    # What a host sends

    def _resolve(self, channel: int) -> tuple[Handler, bool]:
        found = self._channels.find(channel)
        if found is None:
            # Sent before the host heard that nobody wants it any more.
            return lambda packet: None, False
        state, offset = found
        return state.handler(offset), True

    def channel(self, number: int) -> tuple[ReplicaState, int] | None:
        """Whose channel that is, and which one of its owner's."""
        return self._channels.find(number)

    def _onObjectList(self, packet: Any) -> None:
        match packet:
            case [_, list(lines), *_]:
                entries = [ObjectEntry.fromWire(line) for line in lines]
            case _:
                raise ProtocolError("a malformed object list")
        limit = self.node._limits.maxObjects
        if len(self.objects) + len(entries) > limit:
            raise LimitExceeded(f"the host shares more than {limit} objects (Limits.maxObjects)")
        for entry in entries:
            self.objects[entry.name] = entry
        self.ready = True
        self.node._objectsChanged(entries)
        self._tellWatchers()

    def _onInit(self, packet: Any) -> None:
        match packet:
            case [Kind.InitPacket, str(name), int(base), list(values), *_]:
                interface = None
            case [Kind.InitDynamicPacket, str(name), int(base), list(values), description, *_]:
                interface = Interface.fromWire(description)
            case _:
                raise ProtocolError("a malformed snapshot of an object")
        state = self._subscribed.get(name)
        if state is None or state.link is not self.link:
            return
        if base < FIRST_CHANNEL:
            raise ProtocolError(f"'{name}' was sent with channel {base}, which is no object's")
        self.initialize(state, base, values, interface)

    def initialize(
        self, state: ReplicaState, base: int, values: list[Any], interface: Interface | None
    ) -> None:
        """Give a replica's state its source's snapshot."""
        name = state.name
        self._subscribed[name] = state
        source = interface or state.announced()
        if source is None:
            # The object that was to bring it is gone, or never was.
            self._askAgain(state)
            return
        size = len(source.signals) + len(source.slots) + len(source.properties)
        self._release(state.base)
        rivals = self.node._rivals
        chosen = rivals.chosen(state, source)
        if chosen is not state:
            state = self._subscribed[name] = chosen
            if self._held is not None:
                self._held.replaced(state)
        self._channels.add(base, size, state)
        assert self.link is not None
        self.link.table.forget(base, size)
        if not state.initialize(base, values, interface):
            if self._subscribed.get(name) is state:  # else that made somebody acquire it anew
                del self._subscribed[name]
            self._release(base)
            if self._held is not None:
                self._held.removed(name)
        if self.node._states.get(name) is state:
            rivals.settle(state, source)

    def _release(self, base: int) -> None:
        """Take channels back, if there are any: what still comes on them is for nobody."""
        size = self._channels.remove(base)
        if self.link is not None:
            self.link.table.forget(base, size)

    def _askAgain(self, state: ReplicaState) -> None:
        """Subscribe once more, and have the interface sent with it."""
        entry = self.objects.get(state.name)
        assert self.link is not None
        if entry is None or state.asks:
            raise ProtocolError(f"'{state.name}' was sent without its interface")
        self._asked.discard(entry.signature)
        self.link.sendPacket([int(Kind.RemoveObject), state.name, "its interface is needed"])
        self.subscribe(state, entry)

    def _onRemove(self, packet: Any) -> None:
        match packet:
            case [_, str(name), str(reason), *more]:
                pass
            case _:
                raise ProtocolError("a malformed packet that removes an object")
        state = self._subscribed.pop(name, None)
        if more != [True]:  # else only no property holds it any more
            self.objects.pop(name, None)
        if self._held is not None:
            self._held.removed(name, state)
        if state is not None:
            self._release(state.base)
            state.disconnect(f"{self.url.toString()}: {reason}")
            if state.told and not state.replicas:
                self.node._abandoned(state)  # else it would be asked for
        self.node._objectsChanged()

    def subscribed(self, name: str) -> ReplicaState | None:
        """The state that follows one of the host's objects."""
        return self._subscribed.get(name)

    # What the node wants

    def subscribe(self, state: ReplicaState, entry: ObjectEntry) -> None:
        """Have a replica's state follow one of this host's objects."""
        assert self.link is not None and self.calls is not None
        self._subscribed[state.name] = state
        state.subscribe(self.link, self.calls, entry.signature, self._asked, entry.readOnly)

    def unsubscribe(self, state: ReplicaState) -> None:
        """Nobody wants this object any more."""
        if self._subscribed.get(state.name) is not state or (state.told and self.link is not None):
            return
        del self._subscribed[state.name]
        if self.link is None or self.link.closed:
            return
        self._release(state.base)
        self.link.sendPacket([int(Kind.RemoveObject), state.name, "no longer wanted"])
