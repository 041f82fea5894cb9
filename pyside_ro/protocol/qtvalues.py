"""Qt's value types, as their QDataStream; and PySide6's own enums.

Only the types named here are ever built. A received stream is checked against its layout before
Qt reads it. QtGui and QtWidgets are imported when a value of theirs is met. Knows QDataStream.
"""

from __future__ import annotations

import enum
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any

from msgpack import ExtType
from PySide6.QtCore import QByteArray, QDataStream, QIODevice

from ..errors import CannotCross, InvalidData
from . import records
from .extensions import BUFFER_DECODERS, SEGMENT_SIZE, Code, Reader, Writer, extension, fullName
from .frames import BYTES
from .qtlayouts import LAYOUTS, Layout, checkLayout
from .qtrebuilt import REBUILT
from .standins import EnumRecord, Opaque

__all__ = ["encoderOf", "enumEncoder"]

#: The first version that has all roles of a QPalette; later ones would change the layouts.
_VERSION = QDataStream.Version.Qt_6_6
_WRITE = QIODevice.OpenModeFlag.WriteOnly
_OK = QDataStream.Status.Ok
_ENUM_MODULES = frozenset(
    f"PySide6.{name}" for name in ("QtCore", "QtGui", "QtWidgets", "QtNetwork", "QtQml")
)
_MAX_MEMBERS = 4096
_NO_PROFILE = (bytes(4), b"\xff" * 4)

_Parts = Callable[[Any], "tuple[Any, ...]"]


def _xy(v: Any) -> tuple[Any, ...]:
    return v.x(), v.y()


def _edges(v: Any) -> tuple[Any, ...]:
    return v.left(), v.top(), v.right(), v.bottom()


def _box(v: Any) -> tuple[Any, ...]:
    return v.x(), v.y(), v.width(), v.height()


def _ends(v: Any) -> tuple[Any, ...]:
    return v.x1(), v.y1(), v.x2(), v.y2()


def _rectangle(cls: Any) -> Callable[..., Any]:
    def make(left: int, top: int, right: int, bottom: int) -> Any:
        value = cls()
        value.setCoords(left, top, right, bottom)
        return value

    return make


def _time(cls: Any) -> Callable[..., Any]:
    return lambda ms: cls.fromMSecsSinceStartOfDay(ms) if ms >= 0 else cls()


def _size(v: Any) -> tuple[Any, ...]:
    return v.width(), v.height()


#: The small ones, written and read without a QDataStream (a tenth of the time), to the same
#: bytes: module, name -> layout, the value's parts, and what makes a value of them.
_SMALL: dict[tuple[str, str], tuple[str, _Parts, Callable[[Any], Callable[..., Any]]]] = {
    ("QtCore", "QPoint"): (">ii", _xy, lambda cls: cls),
    ("QtCore", "QPointF"): (">dd", _xy, lambda cls: cls),
    ("QtCore", "QSize"): (">ii", _size, lambda cls: cls),
    ("QtCore", "QSizeF"): (">dd", _size, lambda cls: cls),
    ("QtCore", "QRect"): (">iiii", _edges, _rectangle),
    ("QtCore", "QRectF"): (">dddd", _box, lambda cls: cls),
    ("QtCore", "QLine"): (">iiii", _ends, lambda cls: cls),
    ("QtCore", "QLineF"): (">dddd", _ends, lambda cls: cls),
    ("QtCore", "QMargins"): (">iiii", _edges, lambda cls: cls),
    ("QtCore", "QMarginsF"): (">dddd", _edges, lambda cls: cls),
    ("QtCore", "QDate"): (">q", lambda v: (v.toJulianDay(),), lambda cls: cls.fromJulianDay),
    ("QtCore", "QTime"): (
        ">i",
        lambda v: (v.msecsSinceStartOfDay() if v.isValid() else -1,),
        _time,
    ),
    ("QtGui", "QVector2D"): (">dd", _xy, lambda cls: cls),
    ("QtGui", "QVector3D"): (">ddd", lambda v: (v.x(), v.y(), v.z()), lambda cls: cls),
    ("QtGui", "QVector4D"): (
        ">dddd",
        lambda v: (v.x(), v.y(), v.z(), v.w()),
        lambda cls: cls,
    ),
    ("QtGui", "QQuaternion"): (
        ">dddd",
        lambda v: (v.scalar(), v.x(), v.y(), v.z()),
        lambda cls: cls,
    ),
}

_modules: dict[str, str] = {
    **{name: module for module, name in _SMALL},
    **{name: module for module, layouts in LAYOUTS.items() for name in layouts},
    **{name: rebuilt.module for name, rebuilt in REBUILT.items()},
}
_readers: dict[bytes, Callable[[Any, Reader], object]] = {}


def encoderOf(cls: type) -> Callable[[Any, Writer], object] | None:
    """Give the encoder of a Qt value type, or of what derives from one; None for any other."""
    for base in cls.__mro__:
        name = base.__name__
        module = _modules.get(name)
        if module is not None and base.__module__ == f"PySide6.{module}":
            return _encoder(module, name)
    return None


def _encoder(module: str, name: str) -> Callable[[Any, Writer], object]:
    prefix = bytes((len(name),)) + name.encode()
    small = _SMALL.get((module, name))
    if small is not None:
        pack, parts = struct.Struct(small[0]).pack, small[1]
        return lambda value, _: extension(18, prefix + pack(*parts(value)))
    rebuilt = REBUILT.get(name)
    if rebuilt is not None:
        take = rebuilt.take
        return lambda value, writer: extension(18, prefix + writer.nest(take(value)))

    layout = LAYOUTS[module][name]

    def encode(value: Any, writer: Writer) -> ExtType:
        data: Any = QByteArray()
        stream = QDataStream(data, _WRITE)
        stream.setVersion(_VERSION)
        stream << value
        if stream.status() != _OK:
            raise CannotCross(f"a {name} cannot cross: Qt could not write it to its stream")
        written = memoryview(data) if data.size() >= SEGMENT_SIZE else data.data()
        try:
            checkLayout(layout, written)
        except InvalidData as error:
            raise CannotCross(f"this {name} cannot cross: {error}") from None
        if data.size() >= SEGMENT_SIZE:
            return writer.buffer(18, prefix, written, BYTES)
        return extension(18, prefix + written)

    return encode


def _readQt(data: bytes, body: bytes | bytearray | None, reader: Reader) -> object:
    start = data[0] + 1
    name = data[1:start]
    read = _readers.get(name)
    if read is None:
        try:
            read = _readers[name] = _findReader(name.decode())
        except (KeyError, UnicodeDecodeError):
            return _opaque(name, "not a Qt value type known here", data, body)
        except (ImportError, AttributeError) as error:
            return _opaque(name, f"this PySide6 does not have it: {error}", data, body)
    try:
        return read(data[start:] if body is None else bytes(body), reader)
    except _NeedsScreen:
        return _opaque(name, "it needs a QGuiApplication, which this program has not", data, body)


class _NeedsScreen(Exception):
    """Building such a value without a QGuiApplication would abort the process."""


def _opaque(name: bytes, reason: str, data: bytes, body: bytes | bytearray | None) -> Opaque:
    kept = None if body is None else (BYTES, body)
    return Opaque(name.decode("utf-8", "replace")[:80], reason, int(Code.QT), data, kept)


def _hasScreen() -> bool:
    gui = sys.modules.get("PySide6.QtGui")
    return gui is not None and isinstance(gui.QGuiApplication.instance(), gui.QGuiApplication)


def _findReader(name: str) -> Callable[[Any, Reader], object]:
    module = _modules[name]
    cls = getattr(import_module(f"PySide6.{module}"), name)
    small = _SMALL.get((module, name))
    if small is not None:
        unpack, make = struct.Struct(small[0]).unpack, small[2](cls)
        return lambda data, _: make(*unpack(data))
    rebuilt = REBUILT.get(name)
    if rebuilt is not None:
        make = rebuilt.make

        def rebuild(data: bytes, reader: Reader) -> object:
            if rebuilt.needsScreen and not _hasScreen():
                raise _NeedsScreen
            return make(*reader.unnest(data))

        return rebuild
    layout = LAYOUTS[module][name]
    if name in ("QPixmap", "QBitmap"):
        imageClass = import_module("PySide6.QtGui").QImage

        def readPixmap(data: bytes, _: Reader) -> object:
            # The same stream; and an image is as good where no pixmap can be.
            return _read(cls if _hasScreen() else imageClass, layout, data)

        return readPixmap
    if name == "QColorSpace":
        # Of an invalid one Qt would warn.
        return lambda data, _: cls() if data in _NO_PROFILE else _read(cls, layout, data)
    return lambda data, _: _read(cls, layout, data)


def _read(cls: Any, layout: Layout, data: bytes) -> object:
    checkLayout(layout, data)
    value = cls()
    stream = QDataStream(QByteArray(data))
    stream.setVersion(_VERSION)
    stream >> value
    if stream.status() != _OK:
        raise InvalidData(f"Qt could not read a {cls.__name__} from its stream")
    return value


def enumEncoder(cls: type[enum.Enum]) -> Callable[[Any, Writer], object] | None:
    """Give the encoder of one of PySide6's own enums; None for any other enum."""
    name = fullName(cls)
    if _findEnum(name) is not cls:
        return None
    cache: dict[Any, ExtType] = {}

    def encode(value: Any, _: Writer) -> ExtType:
        found = cache.get(value._value_)
        if found is None:
            found = records.packMember(name, value)
            if len(cache) < _MAX_MEMBERS:
                cache[value._value_] = found
        return found

    return encode


def _findEnum(name: str) -> type[enum.Enum] | None:
    """Walk from a module that is imported already, through classes only, to an enum."""
    path = name.split(".")
    module = ".".join(path[:2])
    found: Any = sys.modules.get(module) if module in _ENUM_MODULES else None
    if found is None or not 3 <= len(path) <= 6:
        return None
    for step in path[2:]:
        found = getattr(found, step, None) if not step.startswith("_") else None
        if not isinstance(found, type):
            return None
    return found if issubclass(found, enum.Enum) else None


def _enumReader(name: str) -> Callable[[str | None, Any], object] | None:
    cls = _findEnum(name)
    if cls is None:
        return None

    def read(member: str | None, value: Any) -> object:
        found: object = cls._value2member_map_.get(value)
        if found is None and issubclass(cls, enum.Flag) and type(value) is int:
            with suppress(ValueError):
                found = cls(value)
        # Another version of Qt has a member that is not here.
        return EnumRecord(name, member, value) if found is None else found

    return read


records.qtEnumReader = _enumReader
BUFFER_DECODERS[int(Code.QT)] = _readQt
