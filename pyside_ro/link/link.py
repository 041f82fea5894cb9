"""A link: one connection, from its beginning to an end with a reason, and what is sent over it.

Knows the protocol and its conduit. How it begins is in `meeting`, what it receives in `incoming`,
what it still has to write in `outgoing`. All of it runs in the thread of its node.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from .. import log
from ..errors import CannotCross, OtherVersion, ProtocolError
from ..protocol.codec import Encoder
from ..protocol.extensions import Reference
from ..protocol.frames import HEADER, Segment, patchHeader
from ..protocol.limits import Limits
from ..protocol.packets import FIRST_CHANNEL, Handshake, Kind
from ..protocol.proof import Prover
from ..transport import Conduit, ConnectFailed, guard
from .channels import Handler, Table
from .farewell import farewell, reasonGiven
from .heartbeat import Heartbeat
from .holding import letGo
from .incoming import Incoming
from .meeting import Meeting, stranger
from .outgoing import HIGH_WATER, Mark, Outgoing
from .peer import Peer

__all__ = ["FULL", "Link"]

#: A frame of this many bytes is written at once, so that a tight loop of emissions is on the
#: wire while it still runs.
FULL = 64 * 1024
_EMPTY = bytes(HEADER)


def _ignore(*_: object) -> None:
    pass


def _raise(_: Any, error: Exception) -> None:
    raise error


class Link:
    """One connection to one peer.

    Who sends on the hot path appends a packet's bytes to `out` itself, and then calls `flush`
    when `out` is longer than `FULL`, or else `wake` unless `awake`.
    """

    __slots__ = (
        "__weakref__",
        "_deviceFlush",
        "_farewell",
        "_limits",
        "_marks",
        "_meeting",
        "_most",
        "_pending",
        "_segments",
        "_timer",
        "_write",
        "about",
        "awake",
        "batch",
        "closed",
        "conduit",
        "encoder",
        "enums",
        "established",
        "heartbeat",
        "incoming",
        "onClosed",
        "onEstablished",
        "onWrong",
        "out",
        "outgoing",
        "owner",
        "peer",
        "resolve",
        "running",
        "shrinkable",
        "table",
    )

    def __init__(
        self,
        conduit: Conduit,
        handshake: Handshake,
        encoder: Encoder,
        limits: Limits,
        parent: QObject,
        prover: Prover | None = None,
    ) -> None:
        guard(conduit)
        self.conduit = conduit
        self.encoder = encoder
        self.peer = conduit.peer
        #: The node, while it lives; set by the link's user.
        self.owner: Callable[[], object] = _ignore
        #: Who the peer is; filled in by the link's user.
        self.about: Peer | None = None
        self.established = False
        self.closed = False
        #: How many calls of the peer are running, their answers to come.
        self.running = 0
        #: The frame that is being filled, behind room for its header.
        self.out = bytearray(_EMPTY)
        #: Whether a flush is coming by itself.
        self.awake = False
        self.table = Table(stranger)
        #: A number that changes with every batch of packets that is handled.
        self.batch = 0
        self.incoming = Incoming(self, conduit, limits, parent)
        #: The enums of replicas' classes, by the names that they cross by.
        self.enums: dict[str, type[enum.Enum]] = self.incoming.enums
        self._deviceFlush = self._flushHeld if conduit.flushReceives else conduit.flush
        self.outgoing = Outgoing(conduit, self._deviceFlush, self._lost)
        #: Called with the peer's Handshake once it, and the peer's key, are accepted.
        self.onEstablished: Callable[[Handshake], object] = _ignore
        #: Called once, at the end, with the reason.
        self.onClosed: Callable[[Exception], object] = _ignore
        #: Called with a packet in which a record or enum is of another version than here.
        self.onWrong: Callable[[Any, OtherVersion], object] = _raise
        #: Makes the handler of a channel (see Table); set by the link's user.
        self.resolve: Callable[[int], tuple[Handler, bool]] = lambda channel: (_ignore, False)
        #: Whether a later packet of this channel replaces an earlier one.
        self.shrinkable: Callable[[int], bool] = lambda channel: False
        self._limits = limits
        #: A packet of fewer bytes is within every limit.
        self._most = limits.leastBytes
        self._segments: list[Segment] = []
        self._marks: list[Mark] = []
        self._farewell: Exception | None = None
        self._write = conduit.write
        self._pending = conduit.bytesToWrite
        self._timer = QTimer(parent)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)
        self.heartbeat: Heartbeat | None = None
        conduit.onReady = self.incoming.ready
        conduit.onWritten = self._written
        conduit.onClosed = self._conduitClosed
        self.table[Kind.Goodbye] = self._onGoodbye
        prover = prover or Prover(None, host=False)
        self._meeting = Meeting(self, handshake, prover, limits.handshakeTimeout, parent)

    # The beginning

    def start(self) -> None:
        """Say hello over a connected conduit, and wait for the peer's handshake."""
        self._write(self._meeting.hello())
        self.incoming.look()

    @property
    def proven(self) -> bool:
        """Whether the peer has proven that it has the shared key."""
        return self._meeting.prover.proven

    def establish(self, hello: Handshake) -> None:
        """The peer is known: from now on its packets count."""
        self.established = True
        self.incoming.release()
        self.table.resolve = self._resolve
        self.table[Kind.Ping] = lambda packet: self.sendPacket([int(Kind.Pong), *packet[1:2]])
        self.table[Kind.Pong] = _ignore
        self.onEstablished(hello)

    def _resolve(self, channel: Any) -> tuple[Handler, bool]:
        if type(channel) is not int or channel < 0:
            raise ProtocolError(f"a packet begins with {channel!r:.40}, not with a channel")
        if channel < FIRST_CHANNEL:
            # A kind that a later minor version added.
            return _ignore, True
        return self.resolve(channel)

    # Sending

    def wake(self) -> None:
        """Have what is in `out` sent when the event loop next comes round.

        In the middle of a batch that is its end, or a slot's own event loop.
        """
        self.awake = True
        if not self.incoming.depth:
            self._timer.start()

    def _tick(self) -> None:
        self.awake = False
        self.flush()

    def full(self, data: bytes) -> None:
        """Write a frame that is full, with `data` at its end; see `out`.

        Raises CannotCross when that alone is more than a peer accepts; it is not sent then.
        """
        if len(data) > self._most:
            try:
                self.encoder.check(data, None)
            except CannotCross:
                del self.out[-len(data) :]
                raise
        self.flush()

    def send(self, data: bytes, segments: list[Segment] | None = None) -> None:
        """Append a packet's bytes, and its segments, to the frame that is being filled."""
        if self.closed:
            return
        out = self.out
        out += data
        if segments:
            self._segments += segments
            self._marks.append((len(out), len(segments)))
            # At once: the buffers are the sender's, who may change them after this.
            self.flush()
        elif len(out) > FULL:
            self.flush()
        elif not self.awake:
            self.wake()

    def sendPacket(self, packet: list[Any]) -> None:
        """Pack and send."""
        self.send(*self.encoder.pack(packet))

    def flush(self) -> None:
        """Write the frame that is being filled, as far as flow control allows."""
        out = self.out
        if len(out) == HEADER:
            return
        self.out = bytearray(_EMPTY)
        if self.closed:
            return
        if self._segments:
            segments, self._segments = self._segments, []
            marks, self._marks = self._marks, []
            self.outgoing.add(out, segments, marks)
        elif self.outgoing or (pending := self._pending()) >= HIGH_WATER:
            self.outgoing.add(out, [], [])
        else:
            patchHeader(out)
            if pending:
                # In a tight loop there is no event loop that would do it.
                self._deviceFlush()
            if self._write(out) < 0:
                self._lost()
            return
        if self.outgoing.size > self._limits.maxBacklog:
            self._relieve()

    def _flushHeld(self) -> None:
        """Flush a device that receives meanwhile: nothing is handled in the middle of a send."""
        incoming = self.incoming
        if not incoming.held and self.established:
            with incoming.hold():
                self.conduit.flush()

    def _written(self) -> None:
        if self.outgoing:
            self.outgoing.pump()

    def _lost(self) -> None:
        """A write failed: Qt has closed an unbuffered socket then, and no signal tells."""
        self._write = self.conduit.write = lambda data: 0  # type: ignore[method-assign]
        # Not now: somebody is in the middle of an emission, or of a call.
        QTimer.singleShot(0, self._timer, lambda: self._gone())

    def _gone(self) -> None:
        self._conduitClosed(ConnectFailed("the peer closed the connection"))

    def _relieve(self) -> None:
        """Shrink what waits; if that is not enough, hold the emitter while the client reads."""
        limit = self._limits.maxBacklog
        self.outgoing.shrink(limit, self.shrinkable)
        if self.incoming.held or self.closed:
            return
        with self.incoming.hold():
            while self.outgoing.size > limit:
                if not self.conduit.waitForWritten(self._limits.stallTimeout):
                    waiting = self.outgoing.size
                    self.outgoing.drop()
                    self.abort(
                        ConnectFailed(
                            f"the peer has read nothing for {self._limits.stallTimeout} ms while "
                            f"{waiting / 1e6:.0f} MB wait for it (Limits.maxBacklog, stallTimeout)"
                        )
                    )
                    return
                self.outgoing.pump()

    def refer(self, function: Callable[[Reference, str], object]) -> None:
        """Have references to shared objects in packets looked up (see ValueDecoder.resolve)."""
        self.incoming.refer(function)

    # The end

    def _onGoodbye(self, packet: Any) -> None:
        if self._farewell is not None:
            raise ProtocolError("a second goodbye")
        self._farewell = reasonGiven(packet)

    def fail(self, error: Exception) -> None:
        """Close because the peer broke a rule; both sides hear why."""
        log.io.warning("%s: closing the connection: %s", self.peer, error)
        self.close(error)

    def close(self, reason: Exception) -> None:
        """Say goodbye with the reason, and end the connection when it is sent."""
        if self.closed:
            return
        # A peer that hung up first makes the last bytes fail: that is not why it ends.
        gone: list[Exception] = []
        self.conduit.onClosed = gone.append
        if not self.outgoing:
            self.sendPacket(farewell(reason))
            self.flush()
            # The node may be deleted next, and its devices with what they still keep.
            self._deviceFlush()
        self._end(reason)
        if gone:
            self.conduit.abort()
        else:
            self.conduit.close()

    def abort(self, reason: Exception) -> None:
        """End the connection at once."""
        if not self.closed:
            log.io.warning("%s: connection ended: %s", self.peer, reason)
            self._end(reason)
            self.conduit.abort()

    def _conduitClosed(self, reason: Exception) -> None:
        if self.closed:
            return
        owner = self.owner()
        # What arrived before the end is still handled; the answers have nowhere to go.
        self._write = lambda data: 0
        try:
            self.incoming.look()
        except RuntimeError:
            pass  # the device itself was deleted
        if not self.closed:
            self._ended(reason)
        letGo(owner)

    def _ended(self, reason: Exception) -> None:
        if self._farewell is not None:
            reason = self._farewell
        elif self.incoming.reader.incomplete:
            reason = ConnectFailed(f"{reason} in the middle of a frame")
        self._end(reason)
        self.conduit.abort()

    def _end(self, reason: Exception) -> None:
        self.closed = True
        self.awake = True  # nothing is to be woken any more
        self.table.clear()
        self.table.resolve = lambda channel: (_ignore, False)
        if isValid(self._timer):
            self._timer.stop()
            self._timer.deleteLater()
        self.incoming.over()
        self._meeting.over()
        if self.heartbeat is not None:
            self.heartbeat.stop()
            self.heartbeat = None
        self.outgoing.drop()
        # Not every conduit is silent after its end.
        self.conduit.onReady = self.conduit.onWritten = self.conduit.onClosed = _ignore
        log.io.debug("%s: closed: %s", self.peer, reason)
        self.onClosed(reason)
        self.onClosed = self.onEstablished = _ignore
        self.resolve = lambda channel: (_ignore, False)

    def abandon(self) -> None:
        """Forget everything because the node is being deleted, and its devices with it."""
        self.closed = self.awake = True
        self.table.clear()
        self.table.resolve = lambda channel: (_ignore, False)
        conduit = self.conduit
        conduit.onReady = conduit.onWritten = conduit.onConnected = _ignore
        conduit.onClosed = _ignore
        self.onClosed = self.onEstablished = _ignore
        conduit.outlive()

    # The heartbeat

    def setHeartbeat(self, interval: int, parent: QObject) -> None:
        """Ping every `interval` ms and close when nothing came back by the next; 0: never."""
        if self.closed:
            return
        if self.heartbeat is None:
            if not interval:
                return
            self.heartbeat = Heartbeat(self, parent)
        self.heartbeat.start(interval)

    def look(self) -> bool:
        """Handle what came in and was not read yet; whether that was the end."""
        self.incoming.look()
        return self.closed
