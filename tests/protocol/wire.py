"""Sends a value through the real msgpack, as the codec does: `Wire` for the tests of values."""

from __future__ import annotations

from typing import Any

import msgpack

from pyside_ro.protocol.limits import Limits
from pyside_ro.protocol.values import ValueDecoder, ValueEncoder


class Wire:
    """An encoder and a decoder with the frame's segments between them."""

    def __init__(self, sender: Limits | None = None, receiver: Limits | None = None) -> None:
        self.encoder = ValueEncoder(sender or Limits())
        self.decoder = ValueDecoder(receiver or Limits())

    def pack(self, value: object) -> tuple[bytes, list[bytes | bytearray]]:
        """Give the body and the segments, as the receiver's frame reader would."""
        self.encoder.segments = []
        packer = msgpack.Packer(default=self.encoder.default, strict_types=True)
        body = packer.pack(value)
        return body, [
            bytearray(buffer) if kind == 0 else bytes(buffer)
            for kind, buffer in self.encoder.segments
        ]

    def unpack(self, body: bytes, segments: list[bytes | bytearray]) -> Any:
        """Give the value; every segment must have been consumed."""
        self.decoder.segments.clear()
        self.decoder.segments.extend(segments)
        unpacker = msgpack.Unpacker(
            ext_hook=self.decoder.ext_hook, use_list=True, strict_map_key=False, raw=False
        )
        unpacker.feed(body)
        value = unpacker.unpack()
        assert not self.decoder.segments, "a segment was left over"
        return value

    def __call__(self, value: object) -> Any:
        return self.unpack(*self.pack(value))
