"""Values as one block of bytes, to be kept and read again later, by this program or another.

The block holds what a packet would, its large values behind it, and a checksum: it may come back
damaged. Knows the codec.
"""

from __future__ import annotations

import zlib
from typing import Any

import msgpack
from PySide6.QtCore import QByteArray

from ..errors import InvalidData
from .codec import Decoder, Encoder
from .frames import BYTE_ARRAY, BYTES, MUTABLE
from .limits import Limits

__all__ = ["packStored", "unpackStored"]

_VERSION = 1


def packStored(values: list[Any]) -> bytes:
    """Give the bytes. Raises CannotCross when a value cannot be written."""
    body, segments = Encoder().pack(values)
    kept = [[kind, bytes(buffer)] for kind, buffer in segments or ()]
    content: bytes = msgpack.packb([body, kept])
    stored: bytes = msgpack.packb([_VERSION, zlib.crc32(content), content])
    return stored


def unpackStored(data: bytes) -> list[Any]:
    """Read what `packStored` made. Raises InvalidData, in words, for anything else."""
    limits = Limits()
    decoder = Decoder(limits)
    try:
        match msgpack.unpackb(data):
            case [int(version), int(checksum), bytes(content)]:
                pass
            case _:
                raise InvalidData("it is not what this library writes")
        if version != _VERSION:
            raise InvalidData(f"it is of version {version}, this library reads {_VERSION}")
        if zlib.crc32(content) != checksum:
            raise InvalidData("its checksum is wrong, it is damaged")
        body, kept = msgpack.unpackb(content)
        makes = {MUTABLE: bytearray, BYTES: bytes, BYTE_ARRAY: QByteArray}
        decoder.feed((body, [makes[kind](buffer) for kind, buffer in kept]))
        values = next(decoder.packets, None)
        decoder.checkComplete()
    except InvalidData:
        raise
    except Exception as error:
        raise InvalidData(f"it cannot be read: {Decoder.explain(error)}") from None
    if not isinstance(values, list):
        raise InvalidData("it is not what this library writes")
    return values
