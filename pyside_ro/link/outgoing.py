"""What a link still has to write: bounded, and shrunk when it grows.

Knows frames and a conduit's bytes; knows nothing of handshakes or handlers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import msgpack
from PySide6.QtCore import QByteArray

from ..protocol.frames import HEADER, Segment, frameHead, patchHeader
from ..protocol.values import settled
from ..transport import Conduit

__all__ = ["HIGH_WATER", "Mark", "Outgoing"]

#: A device is written to only while it keeps less than this, in bytes. What it keeps, Qt copies
#: and moves about: to leave it everything is six times slower on a local socket. Sockets need no
#: more than this to be busy all the time (measured: 64 KiB is slower, 1 MiB is not faster).
HIGH_WATER = 256 * 1024
#: What a large segment is written in, in bytes: about what a local socket takes at once, and
#: little enough that the copy is still in the processor's cache when it is written.
_BLOCK = 192 * 1024

#: After how many bytes a socket that was full is tried again, when no event loop does it.
_FLUSH = 64 * 1024

#: A packet with segments: where it ends in its frame's body, and how many they are.
Mark = tuple[int, int]


class _Waiting:
    """A frame not yet written: its body behind HEADER spare bytes, and its segments."""

    __slots__ = ("body", "marks", "segments", "size")

    def __init__(self, body: bytearray, segments: list[Segment], marks: list[Mark]) -> None:
        self.body = body
        self.segments = segments
        self.marks = marks
        self.size = len(body) + sum(8 + len(buffer) for _, buffer in segments)


class Outgoing:
    """The frames of one link on their way to its conduit."""

    def __init__(
        self,
        conduit: Conduit,
        flush: Callable[[], object] | None = None,
        lost: Callable[[], object] = lambda: None,
    ) -> None:
        self._conduit = conduit
        self._flush = flush or conduit.flush
        #: Called when the device takes nothing any more.
        self._lost = lost
        self._frames: deque[_Waiting] = deque()
        self._waiting = 0
        #: The frame that is being written, piece by piece, and what is left of it.
        self._pieces: Iterator[Any] | None = None
        self._current: _Waiting | None = None
        self._left = 0
        self._shrinkAt = 0
        self._unflushed = 0
        self._pumping = False

    @property
    def size(self) -> int:
        """The bytes that wait here; what the device keeps does not count."""
        return self._waiting + self._left

    def __bool__(self) -> bool:
        return self._pieces is not None or bool(self._frames)

    def add(self, body: bytearray, segments: list[Segment], marks: list[Mark]) -> None:
        """Append a frame and write what the device takes now."""
        frame = _Waiting(body, segments, marks)
        self._frames.append(frame)
        self._waiting += frame.size
        self._unflushed += frame.size
        if self._unflushed >= _FLUSH:
            # In a tight loop there is no event loop that would do it.
            self._unflushed = 0
            if self._conduit.bytesToWrite():
                self._flush()
        self.pump()

    def pump(self) -> None:
        """Write while the device keeps less than HIGH_WATER."""
        if self._pumping:
            return
        self._pumping = True
        conduit = self._conduit
        try:
            while conduit.bytesToWrite() < HIGH_WATER:
                if self._pieces is None:
                    if not self._frames:
                        break
                    frame = self._frames.popleft()
                    self._waiting -= frame.size
                    self._left = frame.size
                    self._current = frame
                    self._pieces = _pieces(frame)
                piece = next(self._pieces, None)
                if piece is None:
                    self._pieces = self._current = None
                    self._left = 0
                    continue
                self._left -= len(piece)
                if conduit.write(piece) < 0:
                    self._lost()
        finally:
            self._pumping = False
        self._settle()

    def _settle(self) -> None:
        """Copy what waits and is not ours: its owner may change an array after emitting it."""
        if self._current is not None:
            self._current.segments[:] = settled(self._current.segments)
        # Earlier frames were settled when they were added.
        if self._frames and self._frames[-1].segments:
            self._frames[-1].segments = settled(self._frames[-1].segments)

    def shrink(self, limit: int, shrinkable: Callable[[int], bool]) -> None:
        """Of waiting property changes keep only the latest of each, when that is worth it."""
        if self._waiting < self._shrinkAt:
            return
        before = self._waiting
        latest: set[int] = set()
        kept = (_shrunk(frame, latest, shrinkable) for frame in reversed(self._frames))
        self._frames = deque(reversed([frame for frame in kept if frame is not None]))
        self._waiting = sum(frame.size for frame in self._frames)
        # To read it all again and again for nothing would cost more than it saves.
        worth = before - self._waiting > before // 4
        self._shrinkAt = self._waiting + (limit // 4 if worth else 4 * limit)

    def drop(self) -> None:
        """Forget everything."""
        self._frames.clear()
        self._pieces = self._current = None
        self._waiting = self._left = 0


def _pieces(frame: _Waiting) -> Iterator[Any]:
    if not frame.segments:
        patchHeader(frame.body)
        yield frame.body
        return
    # The head goes with the first block: by itself it would cost the peer a wake-up.
    head = frameHead(len(frame.body) - HEADER, frame.segments) + bytes(frame.body[HEADER:])
    for index in range(len(frame.segments)):
        start, size = 0, len(frame.segments[index][1])
        while start < size:
            # Looked up each time: between two pieces the buffer may be replaced by a copy.
            buffer = frame.segments[index][1]
            if head:
                yield _joined(head, buffer)
                head = b""
            elif size <= _BLOCK and isinstance(buffer, bytes | QByteArray):
                yield buffer
            elif isinstance(buffer, QByteArray):
                yield buffer.mid(start, _BLOCK)
            else:
                yield bytes(memoryview(buffer)[start : start + _BLOCK])
            start += _BLOCK
    if head:
        yield head  # all segments are empty


def _joined(head: bytes, buffer: Any) -> bytes | QByteArray:
    """The head and the first block in one piece, copied once."""
    if isinstance(buffer, QByteArray):
        # Of a QByteArray a view would be a copy of it all.
        whole = buffer.size() <= _BLOCK
        return QByteArray(head).append(buffer if whole else buffer.first(_BLOCK))
    return head + bytes(memoryview(buffer)[:_BLOCK])


def _shrunk(
    frame: _Waiting, latest: set[int], shrinkable: Callable[[int], bool]
) -> _Waiting | None:
    """The frame without the property changes that a later one, in `latest`, outdates."""
    body = memoryview(frame.body)[HEADER:]
    unpacker = msgpack.Unpacker(
        ext_hook=lambda code, data: None,
        strict_map_key=False,
        max_buffer_size=len(body) + 1,
        unicode_errors="surrogatepass",
        object_pairs_hook=lambda pairs: None,
    )
    unpacker.feed(body)
    ends: list[int] = []
    keep: list[bool] = []
    channels: list[int] = []
    for packet in unpacker:
        channels.append(packet[0])
        ends.append(unpacker.tell())
        keep.append(True)
    for index in range(len(channels) - 1, -1, -1):
        channel = channels[index]
        if shrinkable(channel):
            keep[index] = channel not in latest
            latest.add(channel)
    if all(keep):
        return frame
    segmentCounts = dict(frame.marks)
    smaller = bytearray(HEADER)
    segments: list[Segment] = []
    marks: list[Mark] = []
    start = used = 0
    for end, wanted in zip(ends, keep, strict=True):
        count = segmentCounts.get(end + HEADER, 0)
        if wanted:
            smaller += body[start:end]
            if count:
                segments += frame.segments[used : used + count]
                marks.append((len(smaller), count))
        used += count
        start = end
    return _Waiting(smaller, segments, marks) if len(smaller) > HEADER else None
