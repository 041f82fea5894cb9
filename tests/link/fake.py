"""A conduit in memory whose device and peer the test plays itself, and a link over it.

Knows conduits, links and the protocol; no socket.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from pyside_ro.link import Link
from pyside_ro.link.channels import Handler
from pyside_ro.protocol.codec import Encoder
from pyside_ro.protocol.limits import Limits
from pyside_ro.protocol.packets import Handshake
from pyside_ro.protocol.proof import Prover
from pyside_ro.transport import Conduit
from tests.protocol.streams import Receiver, stream


class FakeConduit(Conduit):
    """Keeps all that is written: `room` is what the system still takes, the device the rest."""

    peer = "the test"

    def __init__(self, room: float = float("inf")) -> None:
        super().__init__()
        self.room = room
        self.kept = 0
        #: Whether the device fails, as a socket does whose peer is gone, without a signal.
        self.broken = False
        self.writes: list[bytes] = []
        self.end = ""
        #: What a blocked writer lives through: called with the milliseconds, gives the answer.
        self.wait: Callable[[int], bool] = lambda milliseconds: False
        self.waits: list[int] = []
        #: Called at each write, for a peer that answers at once.
        self.onWrite: Callable[[], None] = lambda: None
        self._incoming = bytearray()

    def bytesAvailable(self) -> int:
        return len(self._incoming)

    def bytesToWrite(self) -> int:
        return self.kept

    def read(self, count: int) -> bytes:
        data = bytes(self._incoming[:count])
        del self._incoming[:count]
        return data

    def write(self, data: Any) -> int:
        if self.broken:
            return -1
        self.writes.append(bytes(data))
        self.onWrite()
        size = len(data)
        taken = int(min(self.room, size))
        self.room -= taken
        self.kept += size - taken
        return size

    def take(self, size: int) -> None:
        """The peer reads: this much more leaves the device."""
        gone = min(size, self.kept)
        self.kept -= gone
        self.room += size - gone
        self.onWritten()

    def arrive(self, data: bytes) -> None:
        """Bytes of the peer come in."""
        self._incoming += data
        self.onReady()

    @property
    def sent(self) -> bytes:
        """All that was written so far."""
        return b"".join(self.writes)

    def packets(self) -> list[Any]:
        """The packets in what was written, from the handshake on; whole frames only."""
        return Receiver(Limits(maxFrame=1 << 31)).feed(self.sent)

    def open(self) -> None:
        self.onConnected()

    def flush(self) -> object:
        return None

    def waitForWritten(self, milliseconds: int) -> bool:
        self.waits.append(milliseconds)
        return self.wait(milliseconds)

    def shut(self, linger: bool) -> None:
        """Nothing is open: `close` and `abort` say what the link asked for."""

    def close(self) -> None:
        self.end = self.end or "closed"

    def abort(self) -> None:
        self.end = self.end or "aborted"


class FakeLink:
    """A link over a FakeConduit, what it handled and how it ended."""

    def __init__(
        self,
        limits: Limits | None = None,
        room: float = float("inf"),
        handlers: dict[int, Handler] | None = None,
        proven: bool = True,
        prover: Prover | None = None,
    ) -> None:
        self.parent = QObject()
        self.conduit = FakeConduit(room)
        self.encoder = Encoder()
        self.link = Link(
            self.conduit, Handshake("mine"), self.encoder, limits or Limits(), self.parent, prover
        )
        self.handled: list[Any] = []
        self.ends: list[Exception] = []
        self.hellos: list[Handshake] = []
        self.link.onClosed = self.ends.append
        self.link.onEstablished = self.hellos.append
        self.link.resolve = lambda channel: (
            (handlers or {}).get(channel, self.handled.append),
            True,
        )
        self.link.start()
        if proven:
            self.arrive(stream())
            assert self.link.established

    def arrive(self, data: bytes) -> None:
        """Bytes of the peer come in."""
        self.conduit.arrive(data)

    def send(self, *packets: list[Any]) -> None:
        """Send as on the hot path, one emission after the other."""
        for packet in packets:
            self.link.sendPacket(packet)

    def sent(self) -> list[Any]:
        """What the peer has got so far, without the handshake."""
        return self.conduit.packets()[1:]
