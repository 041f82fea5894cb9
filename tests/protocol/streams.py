"""Packets to a byte stream and back without a socket: what both ends of a link do with bytes.

Knows frames and the codec only.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Any

import msgpack

from pyside_ro.protocol.codec import Decoder, Encoder
from pyside_ro.protocol.frames import HEADER, PREAMBLE, FrameReader, frameHead, patchHeader
from pyside_ro.protocol.limits import Limits
from pyside_ro.protocol.packets import Handshake

#: What a well-behaved peer sends first.
HELLO = Handshake("a test").packet()


def header(length: int, segments: int = 0) -> bytes:
    """A frame's header, whatever it announces."""
    return struct.pack("<II", length, segments)


def rawFrame(body: bytes) -> bytes:
    """A frame around bytes that may be no packets at all."""
    return header(len(body)) + body


def plainFrame(*packets: object) -> bytes:
    """A frame of packets that msgpack can carry by itself, however wrong they are."""
    return rawFrame(b"".join(msgpack.packb(packet) for packet in packets))


def frame(packets: Iterable[list[Any]], encoder: Encoder | None = None) -> bytes:
    """A frame of packets as a link would write it, with the segments behind it."""
    encoder = encoder or Encoder()
    body = bytearray(HEADER)
    segments: list[Any] = []
    for packet in packets:
        data, more = encoder.pack(packet)
        body += data
        segments += more or []
    if not segments:
        patchHeader(body)
        return bytes(body)
    head = frameHead(len(body) - HEADER, segments)
    return head + bytes(body[HEADER:]) + b"".join(bytes(buffer) for _, buffer in segments)


def stream(*frames: Sequence[list[Any]]) -> bytes:
    """A connection's bytes from its beginning, one frame for each list of packets."""
    return PREAMBLE + b"".join(map(frame, ([HELLO], *frames)))


class Receiver:
    """The receiving half of a link: pieces of a stream in, packets out."""

    def __init__(self, limits: Limits | None = None) -> None:
        limits = limits or Limits()
        self.reader = FrameReader(limits)
        self.decoder = Decoder(limits)
        self.packets: list[Any] = []

    def feed(self, *pieces: bytes) -> list[Any]:
        """Take pieces as they would be read; give all packets so far."""
        for piece in pieces:
            for each in self.reader.feed(memoryview(piece)):
                self.decoder.feed(each)
            for packet in self.decoder.packets:
                self.packets.append(packet)
            self.decoder.checkComplete()
        return self.packets


def cut(data: bytes, places: Iterable[int]) -> list[bytes]:
    """The data in pieces that end at these places."""
    ends = sorted({min(place, len(data)) for place in places} | {len(data)})
    starts = [0, *ends[:-1]]
    return [data[start:end] for start, end in zip(starts, ends, strict=True)]
