"""What the QDataStream of each Qt value type must look like, checked before Qt reads it.

Qt's own readers trust a count they are given (QVersionNumber aborts the process on a large one)
and an index (QPainterPath). A layout here is a function (data, position) -> position behind the
value; it raises when the data cannot be that value. Big-endian, version Qt_6_6. Knows no Qt.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from math import isfinite
from typing import Any, TypeAlias

from ..errors import InvalidData

__all__ = ["LAYOUTS", "checkLayout"]

Layout: TypeAlias = Callable[[bytes, int], int]

_U32 = struct.Struct(">I").unpack_from
_I32 = struct.Struct(">i").unpack_from
_U64 = struct.Struct(">Q").unpack_from
_ELEMENT = struct.Struct(">idd")
_FONT = struct.Struct(">diBHH")
_NULL = 0xFFFFFFFF
_PNG = b"\x89PNG\r\n\x1a\n"
_ID_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/:. ")
#: Qt inserts gradient stops, and joins rectangles of a region, one by one: in quadratic time
#: (measured: 65536 overlapping rectangles take 20 s).
_MAX_STOPS = 4096
_MAX_RECTANGLES = 4096


def checkLayout(layout: Layout, data: Any) -> None:
    """Raise InvalidData unless the data is exactly one value of that layout (bytes or a view)."""
    try:
        end = layout(data, 0)
    except (struct.error, IndexError):
        raise InvalidData("the stream ends too early") from None
    if end != len(data):
        raise InvalidData(f"the stream has {len(data)} bytes, its value {end}")


def _need(condition: bool, what: str) -> None:
    if not condition:
        raise InvalidData(f"the stream holds {what}")


def _fixed(size: int) -> Layout:
    return lambda data, at: at + size


def _sequence(size: int, most: int = _NULL) -> Layout:
    """A count, and that many elements of a fixed size."""

    def layout(data: bytes, at: int) -> int:
        (count,) = _U32(data, at)
        _need(count <= most, f"{count} elements")
        return at + 4 + int(count) * size

    return layout


def _bytes(data: bytes, at: int) -> int:
    (size,) = _U32(data, at)
    return at + 4 + (0 if size == _NULL else int(size))


def _string(data: bytes, at: int) -> int:
    (size,) = _U32(data, at)
    _need(size == _NULL or size % 2 == 0, "half a character")
    return at + 4 + (0 if size == _NULL else int(size))


def _text(data: bytes, at: int) -> str:
    return data[at + 4 : _string(data, at)].decode("utf-16-be", "replace")


def _then(*layouts: Layout) -> Layout:
    def layout(data: bytes, at: int) -> int:
        for part in layouts:
            at = part(data, at)
        return at

    return layout


def _color(data: bytes, at: int) -> int:
    _need(data[at] <= 5, f"a colour of unknown spec {data[at]}")
    return at + 11


def _bits(data: bytes, at: int) -> int:
    (count,) = _U64(data, at)
    return at + 8 + (int(count) + 7) // 8


def _image(data: bytes, at: int) -> int:
    (there,) = _I32(data, at)
    at += 4
    if there == 0:
        return at
    _need(there == 1 and data[at : at + 8] == _PNG, "an image that is no PNG")
    _need(data[at + 12 : at + 16] == b"IHDR", "an image without a header")
    at += 8
    while True:
        (size,) = _U32(data, at)
        kind = data[at + 4 : at + 8]
        at += 12 + size
        if kind == b"IEND":
            return at


def _brush(data: bytes, at: int) -> int:
    style = data[at]
    _need(style <= 17 or style == 24, f"a brush of unknown style {style}")
    at = _color(data, at + 1)
    if style == 24:
        at = _image(data, at)
    elif style >= 15:
        at = _gradient(data, at, style - 15)
    return at + 72


def _gradient(data: bytes, at: int, kind: int) -> int:
    values = [_I32(data, at + 4 * index)[0] for index in range(4)]
    limits = (kind, 2, 3, 1)
    ok = values[0] == kind and all(0 <= v <= m for v, m in zip(values, limits, strict=True))
    _need(ok, "a gradient of an unknown kind")
    (count,) = _U32(data, at + 16)
    _need(count <= _MAX_STOPS, f"a gradient of {count} stops")
    at += 20
    for _ in range(count):
        at = _color(data, at + 8)
    return at + (32, 48, 24)[kind]


_pen = _then(_fixed(11), _brush, _fixed(8), _sequence(8), _fixed(9))
_palette = _then(*[_brush] * (3 * 22))


def _font(data: bytes, at: int) -> int:
    at = _string(data, _string(data, at))
    points, pixels, _hint, _strategy, weight = _FONT.unpack_from(data, at)
    _need(isfinite(points) and points < 1e6 and pixels < 1e6, "a font of no size")
    _need(weight <= 1000, f"a font of weight {weight}")
    at += 31
    (families,) = _U32(data, at)
    at += 4
    for _ in range(families):
        at = _string(data, at)
    return _sequence(8)(data, at)


def _timeZone(data: bytes, at: int) -> int:
    # Qt opens a file by this name.
    name = _text(data, at)
    ok = _ID_LETTERS.issuperset(name) and ".." not in name and not name.startswith("/")
    end = _string(data, at)
    if name in ("OffsetFromUtc", "-No Time Zone Specified!", "QTimeZone::LocalTime"):
        if name == "OffsetFromUtc":
            end = _string(data, _string(data, _string(data, end) + 4)) + 4
            return _string(data, end)
        return end
    _need(ok, f"a time zone named {name!r:.60}")
    return end


def _dateTime(data: bytes, at: int) -> int:
    spec = data[at + 12]
    _need(spec <= 3, f"a time of unknown spec {spec}")
    at += 13
    return at + 4 if spec == 2 else _timeZone(data, at) if spec == 3 else at


def _json(data: bytes, at: int) -> int:
    kind = data[at]
    at += 1
    if kind == 1:
        return at + 1
    if kind == 2:
        return at + 8
    if kind == 3:
        return _string(data, at)
    if kind in (4, 5):
        return _bytes(data, at)
    _need(kind in (0, 0x80), f"JSON of unknown kind {kind}")
    return at


def _region(data: bytes, at: int) -> int:
    (size,) = _U32(data, at)
    if size == 0:
        return at + 4
    # Qt runs this as a little program of commands; only "these rectangles" is one we send.
    (command,) = _U32(data, at + 4)
    (count,) = _U32(data, at + 8)
    _need(command == 10 and size == 8 + 16 * count, "a region that is no list of rectangles")
    _need(count <= _MAX_RECTANGLES, f"a region of {count} rectangles")
    return at + 4 + int(size)


def _path(data: bytes, at: int) -> int:
    (count,) = _I32(data, at)
    _need(count >= 0, "a path of no length")
    at += 4
    if count == 0:
        return at
    left = 0  # Points that a curve still needs.
    for index in range(count):
        kind, x, y = _ELEMENT.unpack_from(data, at)
        at += 20
        _need(isfinite(x) and isfinite(y), "a path that goes nowhere")
        _need((kind == 3) == (left > 0) and 0 <= kind <= 3, "a path of a wrong shape")
        _need(index > 0 or kind == 0, "a path that does not begin with a move")
        left = 2 if kind == 2 else left - 1 if left else 0
    start, fill = _I32(data, at)[0], _I32(data, at + 4)[0]
    _need(left == 0 and 0 <= start < count and 0 <= fill <= 1, "a path of a wrong shape")
    return at + 8


#: PySide6's module, and the type's name -> its layout.
LAYOUTS: dict[str, dict[str, Layout]] = {
    "QtCore": {
        "QBitArray": _bits,
        "QCborArray": _bytes,
        "QCborMap": _bytes,
        "QCborValue": _bytes,
        "QDateTime": _dateTime,
        "QJsonArray": _bytes,
        "QJsonDocument": _bytes,
        "QJsonValue": _json,
        "QKeyCombination": _fixed(4),
        "QLocale": _string,
        "QRegularExpression": _then(_string, _fixed(4)),
        "QTimeZone": _timeZone,
        "QUrl": _bytes,
        "QUuid": _fixed(16),
        "QVersionNumber": _sequence(4, 1024),
    },
    "QtGui": {
        "QBitmap": _image,
        "QBrush": _brush,
        "QColor": _color,
        "QColorSpace": _bytes,
        "QFont": _font,
        "QImage": _image,
        "QKeySequence": _sequence(4, 4),
        "QMatrix4x4": _fixed(128),
        "QPageRanges": _string,
        "QPainterPath": _path,
        "QPalette": _palette,
        "QPen": _pen,
        "QPixmap": _image,
        "QPolygon": _sequence(8),
        "QPolygonF": _sequence(16),
        "QRegion": _region,
        "QTransform": _fixed(72),
    },
    "QtWidgets": {
        "QSizePolicy": _fixed(4),
    },
}
