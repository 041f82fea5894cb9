"""Values for people and for scripts: anything that can cross, as short text or as JSON.

Knows Python's and Qt's value types; numpy only by what its arrays look like.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime
import decimal
import enum
import math
import re
import uuid
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QByteArray, QDate, QDateTime, Qt, QTime, QUrl, QUuid

from pyside_ro import Record

__all__ = ["readable", "toJson"]

_BYTES_SHOWN = 24
_ITEMS_SHOWN = 8
_TEXT_SHOWN = 300
_ISO = Qt.DateFormat.ISODateWithMs


def readable(value: Any) -> str:
    """`value` on one line, abbreviated where it is long."""
    if isinstance(value, QByteArray):
        value = value.data()
    if _isArray(value):
        flat = value.reshape(-1)
        numbers = " ".join(f"{number}" for number in flat[:6])
        more = " …" if flat.size > 6 else ""
        shape = "x".join(map(str, value.shape))
        return f"array({shape or 'scalar'}, {value.dtype}) [{numbers}{more}]"
    if isinstance(value, (bytes, bytearray, memoryview)):
        data = bytes(value)
        if len(data) <= _BYTES_SHOWN:
            return repr(data)
        return f"{data[:_BYTES_SHOWN]!r}… ({len(data):,} bytes)"
    if isinstance(value, str):
        shown = repr(value)
        return shown if len(shown) <= _TEXT_SHOWN else f"{shown[:_TEXT_SHOWN]}… ({len(value):,})"
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, (QDateTime, QDate, QTime)):
        return f"{type(value).__name__}({value.toString(_ISO)})"
    if isinstance(value, Mapping):
        inner = [f"{readable(k)}: {readable(v)}" for k, v in _some(value.items())]
        return _joined("{", inner, len(value), "}")
    if isinstance(value, (list, tuple, set, frozenset)) and not hasattr(value, "_fields"):
        inner = [readable(item) for item in _some(value)]
        ends = "[]" if isinstance(value, list) else "()" if isinstance(value, tuple) else "{}"
        return _joined(ends[0], inner, len(value), ends[1])
    return _shortRepr(value)


def _some(items: Any) -> list[Any]:
    return [item for _, item in zip(range(_ITEMS_SHOWN), items, strict=False)]


def _joined(opening: str, inner: list[str], count: int, closing: str) -> str:
    more = f", … ({count:,})" if count > len(inner) else ""
    return f"{opening}{', '.join(inner)}{more}{closing}"


def _shortRepr(value: Any) -> str:
    """Its repr without the module's name, on one line: ``QPointF(1.0, 2.0)``."""
    shown = re.sub(r"\bPySide6\.Qt\w+\.", "", repr(value))
    return " ".join(shown.split())[:_TEXT_SHOWN]


def _isArray(value: Any) -> bool:
    return type(value).__module__ == "numpy" and hasattr(value, "dtype") and hasattr(value, "shape")


def toJson(value: Any) -> Any:
    """`value` as what JSON knows; the types that it does not know become text or objects.

    Times are ISO 8601, bytes base64 in an object ``{"base64": …}``, arrays objects with dtype,
    shape and data, NaN and the infinities null (JSON has no word for them); keys become text.
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Record):
        return toJson(value._asdict())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: toJson(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {k if isinstance(k, str) else readable(k): toJson(v) for k, v in value.items()}
    if hasattr(value, "_fields") and hasattr(value, "_asdict"):
        return toJson(value._asdict())
    if isinstance(value, (list, tuple)):
        return [toJson(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return [toJson(item) for item in sorted(value, key=repr)]
    if _isArray(value):
        return _arrayToJson(value)
    if isinstance(value, QByteArray):
        value = value.data()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"base64": base64.b64encode(bytes(value)).decode()}
    return _scalarToJson(value)


def _arrayToJson(value: Any) -> Any:
    if value.shape == ():
        return toJson(value.item())
    data = toJson(value.tolist())
    return {"dtype": str(value.dtype), "shape": list(value.shape), "data": data}


def _scalarToJson(value: Any) -> Any:
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, (uuid.UUID, decimal.Decimal)):
        return str(value)
    if isinstance(value, (QDateTime, QDate, QTime)):
        return value.toString(_ISO)
    if isinstance(value, (QUrl, QUuid)):
        return value.toString()
    kind = type(value).__name__
    if kind == "QColor":
        return value.name(type(value).NameFormat.HexArgb)
    parts = _PARTS.get(kind)
    if parts is not None:
        return [toJson(getattr(value, part)()) for part in parts]
    return {"type": kind, "repr": _shortRepr(value)}


_PARTS = {
    **dict.fromkeys(("QPoint", "QPointF", "QVector2D"), ("x", "y")),
    **dict.fromkeys(("QSize", "QSizeF"), ("width", "height")),
    **dict.fromkeys(("QRect", "QRectF"), ("x", "y", "width", "height")),
    **dict.fromkeys(("QLine", "QLineF"), ("x1", "y1", "x2", "y2")),
    "QVector3D": ("x", "y", "z"),
    "QVector4D": ("x", "y", "z", "w"),
    "QQuaternion": ("scalar", "x", "y", "z"),
}
