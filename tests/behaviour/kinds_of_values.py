"""One value of each kind that DESIGN lets cross, by name; both processes make the same ones."""

from __future__ import annotations

import enum
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import (
    QByteArray,
    QDate,
    QDateTime,
    QLineF,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    QSizeF,
    Qt,
    QTime,
    QUrl,
    QUuid,
)
from PySide6.QtGui import QColor, QFont, QImage, QMatrix4x4, QTransform, QVector3D

from pyside_ro import registerType


@registerType
class Colour(enum.Enum):
    RED = "r"
    GREEN = 2


@registerType
class Rights(enum.Flag):
    READ = 1
    WRITE = 2


@registerType
@dataclass
class Spot:
    x: float
    label: str = ""
    inner: list[Any] = field(default_factory=list)


@registerType
class Pair(NamedTuple):
    left: int
    right: Any


def _image() -> QImage:
    image = QImage(4, 3, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    image.setPixelColor(1, 2, QColor("red"))
    return image


def _array(*shape: int) -> Any:
    return np.arange(math.prod(shape), dtype=np.float32).reshape(shape)


#: Any value of any kind: through members declared as object.
VALUES: dict[str, Callable[[], Any]] = {
    "None": lambda: None,
    "True": lambda: True,
    "False": lambda: False,
    "int": lambda: -7,
    "int min": lambda: -(2**63),
    "int max": lambda: 2**64 - 1,
    "float": lambda: 0.1,
    "float inf": lambda: -math.inf,
    "float -0": lambda: -0.0,
    "str": lambda: "caf\u00e9 \N{SNOWMAN} \N{OCTOPUS}\0end",
    "str empty": lambda: "",
    "str long": lambda: "long " * 20_000,
    "bytes": lambda: b"\0\xff",
    "bytes large": lambda: bytes(range(256)) * 400,
    "list": lambda: [1, "two", [3.0, None]],
    "tuple": lambda: (1, ("two", [3])),
    "dict": lambda: {"a": 1, "b": {"c": [2]}},
    "dict of any key": lambda: {1: "int", (1, 2): "tuple", b"x": "bytes", None: 0, 2.5: []},
    "set": lambda: {1, "two", (3,)},
    "frozenset": lambda: frozenset({1, 2}),
    "complex": lambda: 1 - 2j,
    "datetime": lambda: datetime(2024, 2, 29, 23, 59, 58, 999999),
    "datetime utc": lambda: datetime(2024, 7, 1, tzinfo=timezone.utc),
    "datetime zone": lambda: datetime(2024, 7, 1, 12, tzinfo=ZoneInfo("Europe/Paris")),
    "date": lambda: date(1, 1, 1),
    "time": lambda: time(23, 59, 1, 5),
    "timedelta": lambda: timedelta(days=-3, microseconds=7),
    "UUID": lambda: UUID(int=2**127 + 5),
    "Decimal": lambda: Decimal("-1.2300E+5"),
    "Enum": lambda: Colour.GREEN,
    "Flag": lambda: Rights.READ | Rights.WRITE,
    "dataclass": lambda: Spot(1.5, "here", [Spot(2.5), Pair(1, {"a": Colour.RED})]),
    "NamedTuple": lambda: Pair(3, (4, 5)),
    "numpy array": lambda: _array(3, 4),
    "numpy large": lambda: _array(100, 200),
    "numpy ints": lambda: np.array([1, 2, 3], dtype=np.int64),
    "numpy bools": lambda: np.array([True, False]),
    "numpy scalar": lambda: np.float32(1.5),
    "numpy int": lambda: np.int16(-3),
    "numpy nested": lambda: {"spectrum": _array(5), "gain": np.float64(2.0)},
    "Qt enum": lambda: Qt.Orientation.Vertical,
    "QByteArray": lambda: QByteArray(b"\0abc"),
    "QByteArray large": lambda: QByteArray(b"abcd" * 20_000),
    "QColor": lambda: QColor(1, 2, 3, 4),
    "QDate": lambda: QDate(2024, 2, 29),
    "QDateTime": lambda: QDateTime(QDate(2024, 2, 29), QTime(1, 2, 3, 4)),
    "QFont": lambda: QFont("Helvetica", 13),
    "QImage": _image,
    "QLineF": lambda: QLineF(1, 2, 3, 4),
    "QMatrix4x4": lambda: QMatrix4x4(*map(float, range(16))),
    "QPoint": lambda: QPoint(-1, 2),
    "QPointF": lambda: QPointF(0.5, -2),
    "QRect": lambda: QRect(1, 2, 3, 4),
    "QRectF": lambda: QRectF(1, 2, 3, 4),
    "QSize": lambda: QSize(1, 2),
    "QSizeF": lambda: QSizeF(1, 2.5),
    "QTime": lambda: QTime(1, 2, 3, 4),
    "QTransform": lambda: QTransform(1, 2, 3, 4, 5, 6),
    "QUrl": lambda: QUrl("https://user@example.org:81/a%20b?c#d"),
    "QUuid": lambda: QUuid("{12345678-1234-5678-9abc-def012345678}"),
    "QVector3D": lambda: QVector3D(1, 2, 3),
    "Qt nested": lambda: [QColor("red"), {"at": QPointF(1, 2)}, (QSize(3, 4),)],
}

#: The types that a member may be declared with, and a value of each.
DECLARED: dict[str, tuple[Any, Callable[[], Any]]] = {
    "bool": (bool, lambda: True),
    "int": (int, lambda: -(2**31)),
    "longlong": ("qlonglong", lambda: 2**53 + 1),
    "float": (float, lambda: 0.1),
    "str": (str, lambda: "caf\u00e9"),
    "list": (list, lambda: [1, "two", 2.5, [True]]),
    "dict": (dict, lambda: {"a": 1, "b": [1, 2]}),
    "QVariant": ("QVariant", lambda: {"a": [1, "b"]}),
    "QByteArray": (QByteArray, lambda: QByteArray(b"\0x")),
    "QColor": (QColor, lambda: QColor(1, 2, 3, 4)),
    "QDate": (QDate, lambda: QDate(2024, 2, 29)),
    "QDateTime": (QDateTime, lambda: QDateTime(QDate(2024, 2, 29), QTime(1, 2, 3))),
    "QFont": (QFont, lambda: QFont("Helvetica", 13)),
    "QImage": (QImage, _image),
    "QPointF": (QPointF, lambda: QPointF(0.5, -2)),
    "QRect": (QRect, lambda: QRect(1, 2, 3, 4)),
    "QSizeF": (QSizeF, lambda: QSizeF(1, 2.5)),
    "QUrl": (QUrl, lambda: QUrl("https://example.org/a")),
    "QUuid": (QUuid, lambda: QUuid("{12345678-1234-5678-9abc-def012345678}")),
    "QVector3D": (QVector3D, lambda: QVector3D(1, 2, 3)),
}


def same(a: Any, b: Any) -> bool:
    """Whether two values are equal and of the same types, all the way down."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and bool((a == b).all())
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, float):
        return math.copysign(1, a) == math.copysign(1, b) and a == b
    if isinstance(a, datetime):
        return bool(a == b and a.tzinfo == b.tzinfo)
    if isinstance(a, Decimal):
        return bool(a.as_tuple() == b.as_tuple())
    return bool(a == b)
