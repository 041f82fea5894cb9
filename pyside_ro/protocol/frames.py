"""Frames: the sans-I/O state machine between a byte stream and packets' bytes.

A connection opens with `PREAMBLE`; then frames follow, each::

    u32 length of the body, u32 number of segments
    u64 each segment: kind in the top byte, length in the bytes below it
    the body: packets, one behind the other
    the segments: large values, raw

All little-endian. Sizes are known, and checked, before anything is kept; a segment's memory is
taken when its first byte arrives. Knows bytes, and QByteArray as one form of them.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, TypeAlias

from PySide6.QtCore import QByteArray

from ..errors import LimitExceeded, ProtocolError, VersionMismatch
from .limits import Limits

__all__ = [
    "BYTES",
    "BYTE_ARRAY",
    "HEADER",
    "MUTABLE",
    "PREAMBLE",
    "Frame",
    "FrameReader",
    "Segment",
    "frameHead",
    "patchHeader",
]

#: Ends as a request of HTTP and of mail does: such servers then say at once what they are.
PREAMBLE = b"PSRO\r\n\r\n"
HEADER = 8
_HEADER = struct.Struct("<II")
#: The kinds of segments: what the receiver makes of one; a bytearray, bytes or a QByteArray.
MUTABLE, BYTES, BYTE_ARRAY = 0, 1, 2
_KIND_SHIFT = 56
_LENGTH_MASK = (1 << _KIND_SHIFT) - 1
#: What is received in pieces of at least this many bytes is kept as it came.
_PIECE = 4096
#: How much room a segment gets at first, at most, in bytes.
_ROOM = 1024 * 1024
#: A handshake is small; who sends more before it is proven speaks another protocol.
_FIRST_FRAME = 64 * 1024

#: A kind, and a bytes, bytearray, memoryview or QByteArray (which PySide types as no buffer).
Segment: TypeAlias = "tuple[int, Any]"
Frame: TypeAlias = "tuple[bytes | memoryview, list[Any]]"


def patchHeader(frame: bytearray) -> None:
    """Write the header into a frame without segments that began with HEADER empty bytes."""
    _HEADER.pack_into(frame, 0, len(frame) - HEADER, 0)


def frameHead(bodyLength: int, segments: Sequence[Segment]) -> bytes:
    """The header and segment table of a frame with segments (kind, buffer)."""
    table = [kind << _KIND_SHIFT | len(buffer) for kind, buffer in segments]
    return struct.pack(f"<II{len(table)}Q", bodyLength, len(table), *table)


class FrameReader:
    """Takes the stream in any pieces, gives whole frames.

    `feed` raises ProtocolError when the stream is not ours, or a frame is over its limits.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._buffer = bytearray()
        # How long the buffer must be before it is worth another look.
        self._need = 0
        self._begun = False
        self._first = True
        #: Whether the peer is a stranger still: each `feed` gives one small frame at the most,
        #: and keeps the rest for the next one, which may be of no bytes.
        self.guarded = False
        # A frame with segments, once its body is complete:
        self._body: bytes = b""
        self._table: list[tuple[int, int]] = []
        self._segments: list[Any] = []
        self._owner: Any = None
        self._place: memoryview | None = None
        self._pieces: list[Any] = []
        self._filled = 0

    def release(self) -> None:
        """Be guarded no longer: the peer is proven."""
        self.guarded = self._first = False

    @property
    def incomplete(self) -> bool:
        """Whether the stream stands in the middle of a frame (a truncated one at its end)."""
        return bool(self._buffer or self._table)

    def feed(self, data: memoryview) -> list[Frame]:
        """Take the next bytes; give the frames that they complete, in order.

        The bodies may point into `data`.
        """
        frames: list[Frame] = []
        if self._table:
            data = self._feedSegments(data, frames)
        if self._buffer:
            self._buffer += data
            if len(self._buffer) < self._need:
                return frames
            # The frames given out point into this buffer: it is replaced, never resized.
            self._buffer = bytearray(self._parse(memoryview(self._buffer), frames))
        elif data:
            self._buffer += self._parse(data, frames)
        return frames

    def _parse(self, data: memoryview, frames: list[Frame]) -> memoryview:
        self._need = 0
        if not self._begun:
            if not self._checkPreamble(data):
                return data
            data = data[len(PREAMBLE) :]
        size = len(data)
        offset = 0
        while size - offset >= HEADER:
            length, count = _HEADER.unpack_from(data, offset)
            if not count:
                if self._first or length > self._limits.maxFrame:
                    self._checkFrame(length)
                end = offset + HEADER + length
                if end > size:
                    self._need = end - offset
                    break
                frames.append((data[offset + HEADER : end], []))
                offset = end
                if length:  # an empty one proves nothing
                    if self.guarded:
                        break
                    self._first = False
                continue
            table = self._readTable(data, offset, length, count)
            start = offset + HEADER + 8 * count
            if table is None or start + length > size:
                self._need = start - offset + (0 if table is None else length)
                break
            self._body = bytes(data[start : start + length])
            self._table = table
            data = self._feedSegments(data[start + length :], frames)
            size = len(data)
            offset = 0
        return data[offset:]

    def _checkPreamble(self, data: memoryview) -> bool:
        head = bytes(data[: len(PREAMBLE)])
        if not PREAMBLE.startswith(head):
            raise VersionMismatch(_stranger(bytes(data[:64])))
        self._begun = len(head) == len(PREAMBLE)
        return self._begun

    def _checkFrame(self, length: int) -> None:
        limit = _FIRST_FRAME if self._first else self._limits.maxFrame
        if length > limit:
            raise LimitExceeded(
                f"a frame of {length:,} bytes was announced, the limit is {limit:,} bytes"
                + (" before the handshake" if self._first else " (Limits.maxFrame)")
            )

    def _readTable(
        self, data: memoryview, offset: int, length: int, count: int
    ) -> list[tuple[int, int]] | None:
        if self.guarded:
            raise ProtocolError("a large value was announced before the handshake")
        if count > self._limits.maxSegments:
            raise LimitExceeded(
                f"a frame with {count:,} segments was announced, "
                f"the limit is {self._limits.maxSegments:,} (Limits.maxSegments)"
            )
        self._checkFrame(length)
        start = offset + HEADER
        if len(data) - start < 8 * count:
            return None
        entries = struct.unpack_from(f"<{count}Q", data, start)
        table = [(entry >> _KIND_SHIFT, entry & _LENGTH_MASK) for entry in entries]
        self._checkFrame(length + sum(size for _, size in table))
        if any(kind > BYTE_ARRAY for kind, _ in table):
            raise ProtocolError("a segment of an unknown kind was announced")
        return table

    def _feedSegments(self, data: memoryview, frames: list[Frame]) -> memoryview:
        while self._table:
            kind, size = self._table[0]
            part = data[: size - self._filled]
            data = data[len(part) :]
            if kind == BYTES:
                # Kept as they came and joined once: one copy, into immutable bytes. Small pieces
                # are gathered, as each would keep far more alive than it holds.
                if len(part) >= _PIECE:
                    self._pieces.append(part)
                else:
                    if not self._pieces or type(self._pieces[-1]) is not bytearray:
                        self._pieces.append(bytearray())
                    self._pieces[-1] += part
            elif part:
                self._makeRoom(kind, size, self._filled + len(part))
                assert self._place is not None
                self._place[self._filled : self._filled + len(part)] = part
            self._filled += len(part)
            if self._filled < size:
                return data
            if kind == BYTES:
                self._segments.append(b"".join(self._pieces))
            else:
                self._segments.append(self._owner if self._place is not None else b"")
            self._owner = self._place = None
            self._pieces, self._filled = [], 0
            del self._table[0]
        frames.append((self._body, self._segments))
        self._body, self._segments = b"", []
        self._first = False
        return data

    def _makeRoom(self, kind: int, size: int, needed: int) -> None:
        """Room for a segment grows with what came of it: who only announces costs nothing."""
        room = len(self._place) if self._place is not None else 0
        if needed <= room:
            return
        if self._place is not None:
            self._place.release()
        else:
            self._owner = bytearray() if kind == MUTABLE else QByteArray()
        wanted = min(size, max(_ROOM, 2 * needed))
        if kind == MUTABLE:
            self._owner += bytes(wanted - room)
        else:
            self._owner.resize(wanted)
        self._place = memoryview(self._owner)


def _stranger(head: bytes) -> str:
    if b"\x00Q\x00t\x00R\x00O" in head:
        return "the peer speaks Qt's own QtRO protocol (PySide6.QtRemoteObjects or C++), not ours"
    web = (b"HTTP/", b"GET ", b"POST ", b"HEAD ", b"PUT ", b"<!DOCTYPE HTML", b"<html")
    if head.startswith(web):
        return f"the peer speaks HTTP (it sent {head[:24]!r}), not pyside_ro"
    if head[:2] == b"\x16\x03":
        return "the peer speaks TLS and this side does not (tls:// or wss:// on both sides?)"
    if head[:2] == b"\x15\x03":
        return "the peer expects TLS and this side speaks none (use tls:// or wss://)"
    return f"the peer does not speak pyside_ro (it sent {head[:24]!r})"
