"""Values to msgpack extensions, and back: everything that msgpack does not carry itself.

What each type looks like is in `scalars`, `records`, `arrays` and `qtvalues`; this file finds
the right one, nests, and sends large buffers behind the frame as segments. Knows msgpack and
QByteArray.
"""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Callable
from dataclasses import is_dataclass
from functools import partial
from typing import Any, TypeAlias

import msgpack
from msgpack import ExtType
from PySide6.QtCore import QByteArray

from ..errors import CannotCross, InvalidData, OtherVersion
from . import arrays, qtvalues, records, scalars  # noqa: F401 - they fill the tables
from .extensions import (
    BUFFER_DECODERS,
    DECODERS,
    ENCODERS,
    SEGMENT_SIZE,
    Buffer,
    Code,
    Reader,
    Reference,
    Writer,
    extension,
    fullName,
)
from .frames import BYTE_ARRAY, BYTES, MUTABLE, Segment
from .limits import Limits
from .standins import EnumRecord, Opaque, Record

__all__ = [
    "SEGMENT_SIZE",
    "Blob",
    "Buffer",
    "CannotCross",
    "EnumRecord",
    "InvalidData",
    "Opaque",
    "Record",
    "Refer",
    "ValueDecoder",
    "ValueEncoder",
    "explain",
    "lostObject",
    "settled",
]

#: Names the object that it is given, and tells how that is meant; None when it was deleted.
Refer: TypeAlias = Callable[[Any], "tuple[Reference, str] | None"]


class ValueEncoder:
    """The `default` of a ``msgpack.Packer(strict_types=True)``; for one thread at a time.

    `segments` holds the large buffers of what was packed, in order of appearance, as (kind,
    buffer); see the kinds in `frames`. The caller takes and clears it, also when packing raised.
    Its buffers may be views of arrays that their owner changes later: write them at once, or
    keep `settled(segments)`.
    """

    def __init__(self, limits: Limits = Limits()) -> None:  # noqa: B008 - immutable
        self.segments: list[Segment] = []
        #: Names shared objects; set by who packs, for one packet. None: they cannot be named.
        self.refer: Refer | None = None
        self._limits = limits
        self._depth = 0
        self._packers: list[Callable[[object], bytes]] = []

    def default(self, value: object) -> object:
        """Give a value as an ExtType, or as a plain value that msgpack packs itself.

        Raises CannotCross with the value's type and what to do.
        """
        encode = ENCODERS.get(type(value))
        if encode is None:
            encode = _findEncoder(value)
        return encode(value, self)

    def blob(self, value: bytes | bytearray | memoryview | QByteArray) -> ExtType:
        """Give a buffer as an ExtType: as a segment from SEGMENT_SIZE bytes on.

        A QByteArray arrives as such, the others as bytes. Nothing is copied, except a
        memoryview that is not contiguous.
        """
        if isinstance(value, QByteArray):
            return _packByteArray(value, self)
        if isinstance(value, memoryview):
            value = value.cast("B") if value.c_contiguous else value.tobytes()
        return self.buffer(Code.BYTES, b"", value, BYTES)

    def nest(self, value: object) -> bytes:
        """Pack what is inside a value; raises CannotCross past maxDepth."""
        depth = self._depth
        if depth >= len(self._packers):
            if depth >= self._limits.maxDepth:
                raise CannotCross(
                    f"a value nested more than {depth} deep (or holding itself) cannot cross"
                )
            self._packers.append(self._packer())
        self._depth = depth + 1
        try:
            data = self._packers[depth](value)
        except UnicodeError:
            raise
        except (RecursionError, ValueError, BufferError) as error:
            raise explain(error) from None
        finally:
            self._depth = depth
        if len(data) > _PACKER_KEEPS:
            self._packers[depth] = self._packer()
        return data

    def buffer(self, code: int, head: bytes, body: Buffer, kind: int) -> ExtType:
        """Give a value that is mostly a buffer: inline, or as a segment if it is large."""
        size = len(body)
        if size < SEGMENT_SIZE:
            return extension(code, head + bytes(body) if head else bytes(body))
        if len(self.segments) >= self._limits.maxSegments:
            raise CannotCross(
                f"more than {self._limits.maxSegments} buffers of {SEGMENT_SIZE} bytes and more"
                " in one value cannot cross: join them, or raise Limits.maxSegments"
            )
        self.segments.append((kind, body))
        return extension(1, bytes((code,)) + head)

    def reference(self, value: Any) -> ExtType | None:
        """Give a reference to a shared object; None when it was deleted. Raises CannotCross."""
        if self.refer is None:
            raise CannotCross(_refusal(type(value)))
        found = self.refer(value)
        if found is None:
            return None
        how, name = found
        return extension(Code.OBJECT, bytes((how,)) + name.encode())

    def _packer(self) -> Callable[[object], bytes]:
        packer = msgpack.Packer(default=self.default, strict_types=True, buf_size=256)
        pack: Callable[[object], bytes] = packer.pack
        return pack


class Blob:
    """A large buffer that the packer is to hand to `ValueEncoder.blob` when it comes to it.

    By itself msgpack would pack it whole; made beforehand, its segment would overtake others'.
    """

    __slots__ = ("value",)

    def __init__(self, value: bytes | bytearray | memoryview | QByteArray) -> None:
        self.value = value


#: A Packer never gives its buffer back; one that grew past this is replaced.
_PACKER_KEEPS = 1024 * 1024


class ValueDecoder:
    """The `ext_hook` of a msgpack.Unpacker; for one thread at a time.

    `segments` are the frame's, which the values consume in order of appearance. It raises
    InvalidData for whatever cannot be read, and nothing else.
    """

    def __init__(self, limits: Limits = Limits()) -> None:  # noqa: B008 - immutable
        self.segments: deque[Any] = deque()
        #: Gives what a reference stands for. None: nothing is known here.
        self.resolve: Callable[[Reference, str], object] | None = None
        #: Told of an OtherVersion, which then is None; else that is raised as well.
        self.report: Callable[[OtherVersion], object] | None = None
        #: Whether extensions are left as they are.
        self.inert = False
        #: The enums of replicas' classes, by the names that they cross by.
        self.enums: dict[str, type[enum.Enum]] = {}
        self._maxDepth = limits.maxDepth
        self._depth = 0
        unpack = partial(msgpack.unpackb, ext_hook=self.ext_hook, strict_map_key=False)
        # By itself, msgpack holds each size to that of its input: enough up to this length.
        self._short = min(limits.maxString, limits.maxItems)
        self._unpackShort: Callable[[bytes], Any] = unpack
        self._unpackLong: Callable[[bytes], Any] = partial(unpack, **limits.unpacking)

    def ext_hook(self, code: int, data: bytes) -> object:
        """Give the value of an extension; raises InvalidData."""
        if self.inert:
            return ExtType(code, data)
        try:
            decode = DECODERS.get(code)
            if decode is not None:
                return decode(data, self)
            if code == 1:
                code = data[0]
                body: bytes | bytearray | None = self.segments.popleft()
                data = data[1:]
            else:
                body = None
            decodeBuffer = BUFFER_DECODERS.get(code)
            if decodeBuffer is not None:
                return decodeBuffer(data, body, self)
        except InvalidData as error:
            if self.report is None or not isinstance(error, OtherVersion):
                raise
            self.report(error)
            return None
        except Exception as error:
            raise InvalidData(f"{_kindName(code)} cannot be read: {_words(error)}") from None
        return Opaque(
            f"value of kind {code}",
            "sent by a newer version of pyside-ro",
            code,
            data,
            None if body is None else (MUTABLE if type(body) is bytearray else BYTES, body),
        )

    def unnest(self, data: bytes) -> Any:
        """Unpack what is inside a value; raises InvalidData past maxDepth."""
        depth = self._depth
        if depth >= self._maxDepth:
            raise InvalidData(f"values are nested more than {depth} deep")
        self._depth = depth + 1
        try:
            return self._unpackShort(data) if len(data) < self._short else self._unpackLong(data)
        finally:
            self._depth = depth

    def reference(self, how: Reference, name: str) -> object:
        """Give what a reference to a shared object stands for at this end."""
        if self.resolve is not None:
            return self.resolve(how, name)
        return lostObject(name)


def lostObject(name: str) -> Opaque:
    """What a reference arrives as when no such object is known here."""
    data = b"\x00" + name.encode()
    return Opaque("QObject", f"'{name:.200}' is not shared here (any longer)", Code.OBJECT, data)


def settled(segments: list[Segment]) -> list[Segment]:
    """Give segments that no one else can change: all but bytes, and views of bytes, copied."""
    return [
        (kind, body)
        if type(body) in (bytes, QByteArray)
        or (type(body) is memoryview and type(body.obj) is bytes)
        else (kind, bytes(body))
        for kind, body in segments
    ]


_PLAIN: tuple[tuple[type, Callable[[Any, Writer], object]], ...] = (
    (bool, lambda value, _: value),
    (int, lambda value, _: int.__int__(value)),
    (float, lambda value, _: float.__float__(value)),
    (str, lambda value, _: str.__str__(value)),
    (bytes, lambda value, _: bytes(memoryview(value))),
    (bytearray, lambda value, _: bytes(memoryview(value))),
    (list, lambda value, _: [*value]),
    (dict, lambda value, _: dict(value)),
)


def _findEncoder(value: object) -> Callable[[Any, Writer], object]:
    """Find the encoder of a type that is met for the first time, and remember it."""
    cls = type(value)
    if issubclass(cls, enum.Enum):
        # An IntEnum is what an int property holds: without a name it is still its number.
        found = qtvalues.enumEncoder(cls) or records.enumEncoder(cls) or _baseEncoder(cls)
        if found is None:
            raise CannotCross(_registerIt(cls, "an enum"))
    elif is_dataclass(cls):
        raise CannotCross(_registerIt(cls, "a dataclass"))
    elif issubclass(cls, tuple) and hasattr(cls, "_fields"):
        raise CannotCross(_registerIt(cls, "a named tuple"))
    elif any(fullName(base) == "PySide6.QtCore.QObject" for base in cls.__mro__):
        found = _packObject
    else:
        found = arrays.encoderOf(cls) or qtvalues.encoderOf(cls) or _baseEncoder(cls)
        if fullName(cls) == "PySide6.QtQml.QJSValue":
            found = _packJavaScript
    if found is None:
        raise CannotCross(_refusal(cls))
    ENCODERS[cls] = found
    return found


def _packObject(value: object, writer: Writer) -> object:
    return writer.reference(value)


def _packJavaScript(value: Any, _: Writer) -> object:
    """Give what a QML `var` holds as plain values."""
    plain = value.toVariant()
    if type(plain) is type(value):
        raise CannotCross("a JavaScript function cannot cross: call it, and send its result")
    return plain


def _baseEncoder(cls: type) -> Callable[[Any, Writer], object] | None:
    for base, encode in _PLAIN:
        if issubclass(cls, base):
            return encode
    return next((ENCODERS[base] for base in cls.__mro__[1:] if base in ENCODERS), None)


def _registerIt(cls: type, kind: str) -> str:
    return (
        f"a value of type {fullName(cls)!r} cannot cross: {kind} crosses once both sides have"
        f" registered it with pyside_ro.registerType({cls.__name__})"
    )


def _refusal(cls: type) -> str:
    bases = {fullName(base) for base in cls.__mro__}
    if "PySide6.QtCore.QObject" in bases:
        hint = (
            "a QObject is not sent but shared: by enableRemoting(), or by being held by a"
            " property of an object that is shared"
        )
    elif any(name.startswith("PySide6.") for name in bases):
        hint = "Qt has no stream that can be trusted for it; send what it is made of"
    else:
        hint = (
            "send it as plain values, or as a dataclass, NamedTuple or Enum that both sides"
            " registered with pyside_ro.registerType()"
        )
    return f"a value of type {fullName(cls)!r} cannot cross: {hint}"


def explain(error: Exception) -> CannotCross:
    """Give what packing raised as CannotCross in words."""
    if isinstance(error, CannotCross):
        return error
    if isinstance(error, OverflowError):
        return CannotCross("an integer of more than 64 bits cannot cross")
    if isinstance(error, UnicodeEncodeError):
        return CannotCross(f"a str with a lone surrogate cannot cross: {error.object[:40]!r}")
    if isinstance(error, RecursionError) or "recursion" in str(error):
        return CannotCross("a value nested too deeply (or holding itself) cannot cross")
    if isinstance(error, BufferError):
        return CannotCross("a memoryview that is not contiguous cannot cross: send its tobytes()")
    return CannotCross(f"a value cannot cross: {error or type(error).__name__}")


def _kindName(code: int) -> str:
    try:
        return f"a value of kind {Code(code).name}"
    except ValueError:
        return f"a value of kind {code}"


def _words(error: Exception) -> str:
    if isinstance(error, IndexError) and "deque" in str(error):
        return "the frame has no segment left for it"
    return f"{error or type(error).__name__}"[:300]


def _packByteArray(value: QByteArray, writer: Writer) -> ExtType:
    if value.size() < SEGMENT_SIZE:
        return extension(Code.QBYTEARRAY, bytes(value.data()))
    # A copy that shares its data: what its owner changes later is another one. Not a view of
    # it, for which PySide would copy it all.
    shared: Any = QByteArray(value)
    return writer.buffer(Code.QBYTEARRAY, b"", shared, BYTE_ARRAY)


def _readObject(data: bytes, reader: Reader) -> object:
    return reader.reference(Reference(data[0]), data[1:].decode())


def _readBytes(data: bytes, body: bytes | bytearray | None, _: object) -> bytes:
    return data if body is None else bytes(body)


def _readByteArray(data: bytes, body: Any, _: object) -> QByteArray:
    if type(body) is QByteArray:
        return body
    return QByteArray(data if body is None else bytes(body))


DECODERS[int(Code.OBJECT)] = _readObject
ENCODERS[Blob] = lambda value, writer: writer.blob(value.value)
ENCODERS[QByteArray] = _packByteArray
BUFFER_DECODERS[int(Code.BYTES)] = _readBytes
BUFFER_DECODERS[int(Code.QBYTEARRAY)] = _readByteArray
