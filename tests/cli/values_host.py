"""The host of a test: objects with a value of every kind, and with slots that misbehave."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import decimal
import enum
import uuid
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import (
    Property,
    QByteArray,
    QDateTime,
    QObject,
    QPointF,
    QRect,
    QTimer,
    QTimeZone,
    QUrl,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QImage

from pyside_ro import QRemoteObjectHost, registerType
from tests.helpers import PeerSide


class Mode(enum.Enum):
    FAST = "fast"


class Spot(NamedTuple):
    x: int
    y: int


@dataclasses.dataclass
class Measurement:
    name: str
    values: list[float]


VALUES: dict[str, Any] = {
    "none": None,
    "big": 2**64 - 1,
    "nan": float("nan"),
    "infinity": float("-inf"),
    "text": 'naïve [bold]“quotes”[/bold]\n"and" 名',
    "long text": "x" * 1000,
    "bytes": bytes(range(256)) * 4,
    "short bytes": b"\x00ab",
    "byte array": QByteArray(b"raw"),
    "nested": [1, [2, {"three": (4, {5})}]],
    "odd keys": {1: "one", (2, 3): "pair"},
    "long list": list(range(1000)),
    "datetime": datetime.datetime(2024, 2, 29, 12, 30, tzinfo=datetime.timezone.utc),
    "date": datetime.date(2024, 2, 29),
    "timedelta": datetime.timedelta(seconds=90),
    "uuid": uuid.UUID(int=7),
    "decimal": decimal.Decimal("1.10"),
    "array": np.arange(4096, dtype=np.float64).reshape(64, 64),
    "small array": np.array([1, 2, 3], dtype=np.int16),
    "nan array": np.array([np.nan, 1.0]),
    "scalar": np.float32(0.5),
    "colour": QColor("#336699"),
    "point": QPointF(1.5, -2.0),
    "rect": QRect(1, 2, 3, 4),
    "qdatetime": QDateTime.fromMSecsSinceEpoch(0, QTimeZone(QTimeZone.Initialization.UTC)),
    "url": QUrl("http://example.org/a b"),
    "image": QImage(2, 2, QImage.Format.Format_RGB32),
    "enum": Mode.FAST,
    "named tuple": Spot(1, 2),
    "dataclass": Measurement("one", [1.0, float("nan")]),
}


class Cabinet(QObject):
    """Values of every kind, and a property for each way of being set."""

    levelChanged = Signal(int)
    boxChanged = Signal()
    rung = Signal(str, int)

    def __init__(self) -> None:
        super().__init__()
        self._level = 5
        self._late = 1
        self._box: Any = {"a": 1}
        self.setObjectName("cabinet")

    @Slot(str, result="QVariant")
    def value(self, name: str) -> Any:
        return VALUES[name]

    @Slot(result="QVariant")
    def all(self) -> Any:
        return VALUES

    @Slot("QVariant", result=str)
    def kind(self, value: Any) -> str:
        return f"{type(value).__name__} {value!r}"

    @Slot(QColor, result=str)
    def paint(self, colour: QColor) -> str:
        return colour.name()

    @Slot(QPointF, result=float)
    def along(self, point: QPointF) -> float:
        return point.x()

    @Slot("QVariantList", bool, float, result=str)
    def mixed(self, items: list[Any], flag: bool, factor: float) -> str:
        return f"{items} {flag} {factor}"

    @Slot()
    @Slot(int)
    def ring(self, times: int = 1) -> None:
        for _ in range(times):
            self.rung.emit("ding", times)

    @Slot()
    async def sleep(self) -> None:
        await asyncio.get_running_loop().create_future()

    @Slot()
    def leave(self) -> None:
        QTimer.singleShot(0, lambda: self.deleteLater())

    def _set_level(self, value: int) -> None:
        value = min(value, 10)
        if value != self._level:
            self._level = value
            self.levelChanged.emit(value)

    level = Property(int, lambda self: self._level, _set_level, notify=levelChanged)

    def _set_deaf(self, value: int) -> None:
        pass

    deaf = Property(int, lambda self: 1, _set_deaf)

    def _set_late(self, value: int) -> None:
        self._late = value

    late = Property(int, lambda self: self._late, _set_late)

    def _set_box(self, value: Any) -> None:
        self._box = value
        self.boxChanged.emit()

    box = Property("QVariantMap", lambda self: self._box, _set_box, notify=boxChanged)


def cabinet_host(side: PeerSide, url: str) -> None:
    for cls in (Mode, Spot, Measurement):
        registerType(cls)
    cabinet = Cabinet()
    host = QRemoteObjectHost(url)
    assert host.enableRemoting(cabinet, "cabinet")
    side.keep(cabinet, host)
    side.ready(url=host.hostUrl().toString())
