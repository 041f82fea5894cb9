"""A link: packets in and out, flow control, and an end with a reason.

Knows the protocol and its conduit; how it begins is in `meeting`. All of it runs in the thread
of its node.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from .. import log
from ..errors import (
    AccessRefused,
    CannotCross,
    OtherVersion,
    ProtocolError,
    VersionMismatch,
)
from ..protocol.codec import Decoder, Encoder
from ..protocol.extensions import Reference
from ..protocol.frames import HEADER, FrameReader, Segment, patchHeader
from ..protocol.limits import Limits
from ..protocol.packets import FIRST_CHANNEL, Handshake, Kind
from ..protocol.proof import Prover
from ..transport import Conduit, ConnectFailed, guard
from .channels import Handler, Table
from .decoders import Lent
from .heartbeat import Heartbeat
from .meeting import Meeting, stranger
from .outgoing import HIGH_WATER, Mark, Outgoing
from .peer import Peer

__all__ = ["FULL", "Link"]

#: A frame of this many bytes is written at once, so that a tight loop of emissions is on the
#: wire while it still runs.
FULL = 64 * 1024
_EMPTY = bytes(HEADER)
#: Batches of packets are numbered across all links.
_batches = itertools.count(1)
#: How often a link looks for what came in while a slot that a packet called runs an event loop
#: of its own, in milliseconds.
_NESTED = 2


def _ignore(*_: object) -> None:
    pass


def _raise(_: Any, error: Exception) -> None:
    raise error


def _beginning(packet: Any) -> ProtocolError | None:
    """What is wrong with the packet that was handled last: it has no channel to begin with."""
    if packet is None or (isinstance(packet, list) and packet and type(packet[0]) is int):
        return None
    if not isinstance(packet, list):
        return ProtocolError(f"a packet is a list, not {type(packet).__name__}")
    if not packet:
        return ProtocolError("an empty packet")
    return ProtocolError(f"a packet begins with {packet[0]!r:.40}, not with a channel")


class Link:
    """One connection to one peer.

    Who sends on the hot path appends a packet's bytes to `out` itself, and then calls `flush`
    when `out` is longer than `FULL`, or else `wake` unless `awake`.
    """

    __slots__ = (
        "__weakref__",
        "_available",
        "_batch",
        "_decoders",
        "_depth",
        "_deviceFlush",
        "_farewell",
        "_heartbeat",
        "_held",
        "_late",
        "_limits",
        "_marks",
        "_meeting",
        "_most",
        "_nested",
        "_pending",
        "_reader",
        "_read",
        "_refer",
        "_segments",
        "_timer",
        "_watching",
        "_write",
        "_wrong",
        "about",
        "awake",
        "closed",
        "conduit",
        "decoder",
        "encoder",
        "enums",
        "established",
        "onClosed",
        "onEstablished",
        "onWrong",
        "out",
        "outgoing",
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
        #: Borrowed while there is something to decode.
        self.decoder: Decoder | None = None
        self._decoders = Lent(limits)
        #: The enums of replicas' classes, by the names that they cross by.
        self.enums: dict[str, type[enum.Enum]] = {}
        self._refer: Callable[[Reference, str], object] | None = None
        self.outgoing = Outgoing(conduit, self._lost)
        #: Called with the peer's Handshake once it, and the peer's key, are accepted.
        self.onEstablished: Callable[[Handshake], object] = _ignore
        #: Called once, at the end, with the reason.
        self.onClosed: Callable[[Exception], object] = _ignore
        #: Called with a packet in which a record or enum is of another version than here.
        self.onWrong: Callable[[Any, OtherVersion], object] = _raise
        self._wrong: list[OtherVersion] = []
        #: Makes the handler of a channel (see Table); set by the link's user.
        self.resolve: Callable[[int], tuple[Handler, bool]] = lambda channel: (_ignore, False)
        #: Whether a later packet of this channel replaces an earlier one.
        self.shrinkable: Callable[[int], bool] = lambda channel: False
        self._limits = limits
        #: A packet of fewer bytes is within every limit.
        self._most = limits.leastBytes
        self._reader = FrameReader(limits)
        self._reader.guarded = True
        self._segments: list[Segment] = []
        self._marks: list[Mark] = []
        self._farewell: Exception | None = None
        self._held = False
        #: Bytes read while the emitter was held, not yet handled.
        self._late = 0
        self._batch = 0
        self._read = conduit.read
        self._available = conduit.bytesAvailable
        self._write = conduit.write
        self._pending = conduit.bytesToWrite
        self._deviceFlush = conduit.flush
        self._timer = QTimer(parent)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)
        self._heartbeat: Heartbeat | None = None
        # Qt emits no readyRead within a slot of readyRead, which every handler of a packet is:
        # a dialog that a slot opens would cut the link off. This fires in its event loop only.
        self._nested = QTimer(parent)
        self._nested.setInterval(_NESTED)
        self._nested.timeout.connect(self._pump)
        self._watching = False
        #: How many batches are being handled: more than one when slots run event loops.
        self._depth = 0
        conduit.onReady = self._ready
        conduit.onWritten = self._written
        conduit.onClosed = self._conduitClosed
        self.table[Kind.Goodbye] = self._onGoodbye
        prover = prover or Prover(None, host=False)
        self._meeting = Meeting(self, handshake, prover, limits.handshakeTimeout, parent)

    # The beginning

    def start(self) -> None:
        """Say hello over a connected conduit, and wait for the peer's handshake."""
        self._write(self._meeting.hello())
        if self._available():
            self._ready()

    @property
    def proven(self) -> bool:
        """Whether the peer has proven that it has the shared key."""
        return self._meeting.prover.proven

    def establish(self, hello: Handshake) -> None:
        """The peer is known: from now on its packets count."""
        self.established = True
        self._reader.release()
        if self.decoder is not None:
            self.decoder.inert = False
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
        if not self._depth:
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
        if self._held or self.closed:
            return
        self._held = True
        try:
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
        finally:
            self._held = False
            if not self.closed:
                QTimer.singleShot(0, self._timer, lambda: self._catchUp())

    # Receiving

    def _ready(self) -> None:
        if self._take():
            if self.established:
                self._dispatch()
            else:
                self._meet()

    def _meet(self) -> None:
        """Handle a stranger's frames one by one: what one proves decides how the next is read."""
        self._dispatch()
        while not self.closed:
            try:
                more = self._feed(memoryview(b""))
            except Exception as error:
                self._failed(error)
                return
            if not more:
                return
            self._dispatch()

    def _take(self) -> bool:
        """Read what is there; whether it is to be handled now."""
        if self._heartbeat is not None:
            self._heartbeat.silent = False
        if self._held and self._late > self._limits.maxBacklog:
            return False
        try:
            # At least one: an unbuffered socket notices the peer's end only when it is read.
            data = memoryview(self._read(self._available() or 1))
            if not data:
                self.conduit.checkEnd()
                return False
            self._feed(data)
        except Exception as error:
            self._failed(error)
            return False
        if self._held:
            # No slot may run in the middle of somebody's emission. But it is read: two sides
            # that hold each other would else wait for each other.
            self._late += len(data)
            return False
        return True

    def _feed(self, data: memoryview) -> bool:
        """Take bytes; whether they completed a frame."""
        frames = self._reader.feed(data)
        for frame in frames:
            if self.decoder is None:
                self.decoder = self._borrowed()
            self.decoder.feed(frame)
        return bool(frames)

    def _borrowed(self) -> Decoder:
        decoder = self._decoders.borrow()
        decoder.resolve(self._refer, self.enums, self._otherVersion)
        decoder.inert = not self.established
        return decoder

    def refer(self, function: Callable[[Reference, str], object]) -> None:
        """Have references to shared objects in packets looked up (see ValueDecoder.resolve)."""
        self._refer = function
        if self.decoder is not None:
            self.decoder.resolve(function, self.enums, self._otherVersion)

    def _otherVersion(self, error: OtherVersion) -> None:
        """A value of the packet that comes next cannot be: what it was for fails, and no more."""
        if not self._wrong:
            self.table.intercept(self._onWrong, FIRST_CHANNEL)
        self._wrong.append(error)

    def _onWrong(self, packet: Any) -> None:
        [error, *_], self._wrong = self._wrong, []
        self.onWrong(packet, error)

    def _dispatch(self) -> None:
        if not self._watching:
            self._watching = True
            self._nested.start()
        self._depth += 1
        try:
            self._work()
        finally:
            self._depth -= 1

    def _work(self) -> None:
        self._batch = next(_batches)
        self._late = 0
        decoder = self.decoder
        if decoder is None:
            return  # no frame is complete
        table = self.table
        packet: Any = None
        try:
            for packet in decoder.packets:
                table[packet[0]](packet)
            if self.closed:
                return
            decoder.checkComplete()
        except Exception as error:
            self._failed(_beginning(packet) or error)
            return
        except BaseException:
            # Somebody ends the program from within a slot; what came behind it is not lost.
            self._late = 1
            QTimer.singleShot(0, self._timer, lambda: self._catchUp())
            raise
        if self._depth == 1 and not self._late:
            self.decoder = None
            self._decoders.giveBack(decoder)
        # Answers go out with the batch that asked for them.
        if self.awake:
            self.awake = False
            self.flush()

    def _pump(self) -> None:
        """Within a slot's own event loop: handle what was read, then what can be read now."""
        if not self._depth:
            # Started by the first of many batches, and stopped only when there was none for a
            # while: to start and stop it each time is half a microsecond.
            self._watching = False
            self._nested.stop()
            return
        if self._held or self.closed:
            return
        # A slot called from here may run a loop as well, in which this timer does not fire.
        deeper = QTimer()
        deeper.timeout.connect(self._pump)
        deeper.start(_NESTED)
        self._depth += 1
        try:
            self._work()
            if not self.closed and self._take():
                self._work()
        finally:
            self._depth -= 1
            deeper.stop()

    def _catchUp(self) -> None:
        """Handle what was read, and read what was not, while the emitter was held."""
        if not (self._held or self.closed):
            if self._late:
                self._dispatch()
            if not self.closed and self._available():
                self._ready()

    @property
    def batch(self) -> int:
        """A number that changes with every batch of packets."""
        return self._batch

    def _failed(self, error: Exception) -> None:
        if self.closed:
            return
        self.fail(error if isinstance(error, ProtocolError) else Decoder.explain(error))

    # The end

    def _onGoodbye(self, packet: Any) -> None:
        if self._farewell is not None:
            raise ProtocolError("a second goodbye")
        match packet:
            case [_, str(text), *rest]:
                words = f"the peer closed the connection: {text[:500]}"
            case _:
                words, rest = "the peer closed the connection without a reason", []
        if rest[1:2] == [True]:
            self._farewell = AccessRefused(words)
        elif rest[:1] == [True]:
            self._farewell = VersionMismatch(words)
        else:
            self._farewell = ConnectFailed(words)

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
            text = str(reason).encode(errors="replace").decode()
            farewell = [int(Kind.Goodbye), text, isinstance(reason, VersionMismatch)]
            if isinstance(reason, AccessRefused):
                farewell.append(True)
            self.sendPacket(farewell)
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
        # What arrived before the end is still handled; the answers have nowhere to go.
        self._write = lambda data: 0
        try:
            if self._available():
                self._ready()
        except RuntimeError:
            pass  # the device itself was deleted
        if not self.closed:
            self._ended(reason)

    def _ended(self, reason: Exception) -> None:
        if self._farewell is not None:
            reason = self._farewell
        elif self._reader.incomplete:
            reason = ConnectFailed(f"{reason} in the middle of a frame")
        self._end(reason)
        self.conduit.abort()

    def _end(self, reason: Exception) -> None:
        self.closed = True
        self.awake = True  # nothing is to be woken any more
        self.table.clear()
        self.table.resolve = lambda channel: (_ignore, False)
        for timer in (self._timer, self._nested):
            if isValid(timer):
                timer.stop()
                timer.deleteLater()
        self._meeting.over()
        if self._heartbeat is not None:
            self._heartbeat.stop()
            self._heartbeat = None
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

    # The heartbeat

    def setHeartbeat(self, interval: int, parent: QObject) -> None:
        """Ping every `interval` ms and close when nothing came back by the next; 0: never."""
        if self.closed:
            return
        if self._heartbeat is None:
            if not interval:
                return
            self._heartbeat = Heartbeat(self, parent)
        self._heartbeat.start(interval)

    def look(self) -> bool:
        """Handle what came in and was not read yet; whether that was the end."""
        if self._available():
            self._ready()
        return self.closed
