"""What a link receives: bytes into frames, frames into packets, packets to their handlers.

Knows its link, and frames and decoders; knows nothing of what is sent, or of how a link begins and
ends. Packets are handled in batches, as many as were read at once; a slot that a packet calls may
run an event loop of its own, in which the next ones are handled.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from ..errors import OtherVersion, ProtocolError
from ..protocol.codec import Decoder
from ..protocol.extensions import Reference
from ..protocol.frames import FrameReader
from ..protocol.limits import Limits
from ..protocol.packets import FIRST_CHANNEL
from ..transport import Conduit
from .decoders import Lent
from .holding import letGo

if TYPE_CHECKING:
    from .link import Link

__all__ = ["Incoming"]

#: Batches of packets are numbered across all links.
_batches = itertools.count(1)
#: How often a link looks for what came in while a slot that a packet called runs an event loop
#: of its own, in milliseconds.
_NESTED = 2


def _beginning(packet: Any) -> ProtocolError | None:
    """What is wrong with the packet that was handled last: it has no channel to begin with."""
    if packet is None or (isinstance(packet, list) and packet and type(packet[0]) is int):
        return None
    if not isinstance(packet, list):
        return ProtocolError(f"a packet is a list, not {type(packet).__name__}")
    if not packet:
        return ProtocolError("an empty packet")
    return ProtocolError(f"a packet begins with {packet[0]!r:.40}, not with a channel")


class Incoming:
    """The receiving half of a link."""

    # PySide holds the object behind a connected method weakly, and crashes where it cannot.
    __slots__ = (
        "__weakref__",
        "_available",
        "_checkEnd",
        "_decoders",
        "_late",
        "_limits",
        "_link",
        "_nested",
        "_read",
        "_refer",
        "_watching",
        "_wrong",
        "decoder",
        "depth",
        "enums",
        "held",
        "reader",
    )

    def __init__(self, link: Link, conduit: Conduit, limits: Limits, parent: QObject) -> None:
        self._link = link
        self._limits = limits
        self._read = conduit.read
        self._available = conduit.bytesAvailable
        self._checkEnd = conduit.checkEnd
        self.reader = FrameReader(limits)
        self.reader.guarded = True
        #: Borrowed while there is something to decode.
        self.decoder: Decoder | None = None
        self._decoders = Lent(limits)
        #: The enums of replicas' classes, by the names that they cross by.
        self.enums: dict[str, type[enum.Enum]] = {}
        self._refer: Callable[[Reference, str], object] | None = None
        self._wrong: list[OtherVersion] = []
        #: Whether an emitter is held, in the middle of which no slot may run.
        self.held = False
        #: Bytes read while the emitter was held, not yet handled.
        self._late = 0
        #: How many batches are being handled: more than one when slots run event loops.
        self.depth = 0
        # Qt emits no readyRead within a slot of readyRead, which every handler of a packet is:
        # a dialog that a slot opens would cut the link off. This fires in its event loop only.
        self._nested = QTimer(parent)
        self._nested.setInterval(_NESTED)
        self._nested.timeout.connect(self._pump)
        self._watching = False

    def release(self) -> None:
        """The peer is known: take its frames and values as they come."""
        self.reader.release()
        if self.decoder is not None:
            self.decoder.inert = False

    def over(self) -> None:
        """The link came to its end."""
        if isValid(self._nested):
            self._nested.stop()
            self._nested.deleteLater()

    # Reading

    def ready(self) -> None:
        """Read what is there, and handle it."""
        owner = self._link.owner()
        if self._take() and not self._link.closed:
            if self._link.established:
                self._dispatch()
            else:
                self._meet()
        letGo(owner)

    def look(self) -> None:
        """Handle what came in and was not read yet."""
        if self._available():
            self.ready()

    def _meet(self) -> None:
        """Handle a stranger's frames one by one: what one proves decides how the next is read."""
        self._dispatch()
        while not self._link.closed:
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
        heartbeat = self._link.heartbeat
        if heartbeat is not None:
            heartbeat.silent = False
        if self.held and self._late > self._limits.maxBacklog:
            return False
        try:
            # At least one: an unbuffered socket notices the peer's end only when it is read.
            data = memoryview(self._read(self._available() or 1))
            if not data:
                self._checkEnd()
                return False
            self._feed(data)
        except Exception as error:
            self._failed(error)
            return False
        if self.held:
            self._late += len(data)
            return False
        return True

    def _feed(self, data: memoryview) -> bool:
        """Take bytes; whether they completed a frame."""
        frames = self.reader.feed(data)
        for frame in frames:
            if self.decoder is None:
                self.decoder = self._borrowed()
            self.decoder.feed(frame)
        return bool(frames)

    def _borrowed(self) -> Decoder:
        decoder = self._decoders.borrow()
        decoder.resolve(self._refer, self.enums, self._otherVersion)
        decoder.inert = not self._link.established
        return decoder

    def refer(self, function: Callable[[Reference, str], object]) -> None:
        """Have references to shared objects in packets looked up (see ValueDecoder.resolve)."""
        self._refer = function
        if self.decoder is not None:
            self.decoder.resolve(function, self.enums, self._otherVersion)

    def _otherVersion(self, error: OtherVersion) -> None:
        """A value of the packet that comes next cannot be: what it was for fails, and no more."""
        if not self._wrong:
            self._link.table.intercept(self._onWrong, FIRST_CHANNEL)
        self._wrong.append(error)

    def _onWrong(self, packet: Any) -> None:
        [error, *_], self._wrong = self._wrong, []
        self._link.onWrong(packet, error)

    def _failed(self, error: Exception) -> None:
        if not self._link.closed:
            self._link.fail(error if isinstance(error, ProtocolError) else Decoder.explain(error))

    # Handling

    def _dispatch(self) -> None:
        if not self._watching:
            self._watching = True
            self._nested.start()
        self.depth += 1
        try:
            self._work()
        finally:
            self.depth -= 1

    def _work(self) -> None:
        link = self._link
        link.batch = next(_batches)
        self._late = 0
        decoder = self.decoder
        if decoder is None:
            return  # no frame is complete
        table = link.table
        packet: Any = None
        try:
            for packet in decoder.packets:
                table[packet[0]](packet)
            if link.closed:
                return
            decoder.checkComplete()
        except Exception as error:
            self._failed(_beginning(packet) or error)
            return
        except BaseException:
            # Somebody ends the program from within a slot; what came behind it is not lost.
            self._late = 1
            QTimer.singleShot(0, self._nested, lambda: self._catchUp())
            raise
        if self.depth == 1 and not self._late:
            self.decoder = None
            self._decoders.giveBack(decoder)
        # Answers go out with the batch that asked for them.
        if link.awake:
            link.awake = False
            link.flush()

    def _pump(self) -> None:
        """Within a slot's own event loop: handle what was read, then what can be read now."""
        if not self.depth:
            # Started by the first of many batches, and stopped only when there was none for a
            # while: to start and stop it each time is half a microsecond.
            self._watching = False
            self._nested.stop()
            return
        if self.held or self._link.closed:
            return
        # A slot called from here may run a loop as well, in which this timer does not fire.
        deeper = QTimer()
        deeper.timeout.connect(self._pump)
        deeper.start(_NESTED)
        self.depth += 1
        try:
            self._work()
            if not self._link.closed and self._take():
                self._work()
        finally:
            self.depth -= 1
            deeper.stop()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Handle nothing meanwhile: no slot may run in the middle of a send.

        What comes is read all the same, as two sides that hold each other would else wait for
        each other, and handled in the event after it.
        """
        self.held = True
        try:
            yield
        finally:
            self.held = False
            if not self._link.closed and (self._late or self._available()):
                QTimer.singleShot(0, self._nested, lambda: self._catchUp())

    def _catchUp(self) -> None:
        """Handle what was read, and read what was not, while the emitter was held."""
        if not (self.held or self._link.closed):
            if self._late:
                self._dispatch()
            if not self._link.closed:
                self.look()
