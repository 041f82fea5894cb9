"""The table of the values that msgpack does not know: one code each, one function each way.

The rooms of values (`scalars`, `records`, `arrays`, `qtvalues`) fill the tables; `values` reads
them. Knows msgpack's ExtType only.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, IntEnum
from typing import Any, Protocol, TypeAlias

from msgpack import ExtType

__all__ = [
    "BUFFER_DECODERS",
    "DECODERS",
    "ENCODERS",
    "SEGMENT_SIZE",
    "Buffer",
    "Code",
    "Reader",
    "Reference",
    "Writer",
    "extension",
    "fullName",
]

#: Buffers of this many bytes and more travel as segments behind the frame.
SEGMENT_SIZE = 32 * 1024

Buffer: TypeAlias = "bytes | bytearray | memoryview"


class Code(IntEnum):
    """The msgpack extension codes. Part of the wire: never renumber."""

    SEGMENT = 1
    TUPLE = 2
    SET = 3
    FROZENSET = 4
    COMPLEX = 5
    DATETIME = 6
    DATE = 7
    TIME = 8
    TIMEDELTA = 9
    UUID = 10
    DECIMAL = 11
    ENUM = 12
    RECORD = 13
    BYTES = 14
    QBYTEARRAY = 15
    NDARRAY = 16
    SCALAR = 17
    QT = 18
    OBJECT = 19


class Reference(IntEnum):
    """How an object is referred to; part of the wire. Named: it is shared by that name.

    Held: a property holds it, and who receives this was, or is about to be, told of it. Model:
    held, and a QAbstractItemModel. Passed: it was told of it if a property holds the object that
    it follows.
    """

    PASSED = 0
    HELD = 1
    NAMED = 2
    MODEL = 3


class Writer(Protocol):
    """What an encoding function may ask of the ValueEncoder."""

    segments: list[tuple[int, Buffer]]

    def nest(self, value: object) -> bytes:
        """Pack what is inside a value."""

    def blob(self, value: Any) -> ExtType:
        """Give a buffer: inline, or as a segment if it is large."""

    def buffer(self, code: int, head: bytes, body: Buffer, kind: int) -> ExtType:
        """Give a value that is mostly a buffer: inline, or as a segment if it is large."""

    def reference(self, value: Any) -> ExtType | None:
        """Give a reference to a shared object; None when it was deleted."""


class Reader(Protocol):
    """What a decoding function may ask of the ValueDecoder."""

    #: The enums of replicas' classes, by the names that they cross by.
    enums: dict[str, type[Enum]]

    def unnest(self, data: bytes) -> Any:
        """Unpack what is inside a value."""

    def reference(self, how: Reference, name: str) -> Any:
        """Give what a reference to a shared object stands for at this end."""


#: type -> function(value, writer) that gives an ExtType, or a plain value that msgpack knows.
ENCODERS: dict[type, Callable[[Any, Writer], object]] = {}
#: code -> function(data, reader)
DECODERS: dict[int, Callable[[bytes, Reader], object]] = {}
#: code -> function(data, segment, reader); the segment is None when its bytes end the data.
BUFFER_DECODERS: dict[int, Callable[[bytes, bytes | bytearray | None, Reader], object]] = {}

_new = tuple.__new__


def extension(code: int, data: bytes) -> ExtType:
    """Make an ExtType, at a third of the cost of its constructor (which checks its arguments)."""
    return _new(ExtType, (code, data))


def fullName(cls: type) -> str:
    """Give a type's name as messages show it: with its module, unless that is builtins."""
    module = cls.__module__
    return cls.__qualname__ if module == "builtins" else f"{module}.{cls.__qualname__}"
