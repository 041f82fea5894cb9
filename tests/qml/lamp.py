"""A source with a property of each kind that the form has a control for, and its host."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Any

from PySide6.QtCore import Property, QDateTime, QEnum, QFlag, QObject, Signal, Slot
from PySide6.QtGui import QColor

from tests.behaviour.support import share
from tests.helpers import PeerSide


def kept(name: str, kind: Any, signal: Any) -> Any:
    """A property that is kept in `values`; what was written is checked by `check`."""

    def write(lamp: Lamp, value: Any) -> None:
        lamp.check(name, value)
        lamp.values[name] = value
        getattr(lamp, f"{name}Changed").emit()

    return Property(kind, lambda lamp: lamp.values[name], write, notify=signal)


class Lamp(QObject):
    @QEnum
    class Mode(IntEnum):
        Off, Dim, Bright = range(3)

    @QFlag
    class Bulbs(IntFlag):
        Left, Middle, Right = 1, 2, 4

    onChanged = Signal()
    levelChanged = Signal()
    gainChanged = Signal()
    titleChanged = Signal()
    modeChanged = Signal()
    bulbsChanged = Signal()
    colourChanged = Signal()
    dueChanged = Signal()
    tagsChanged = Signal()
    ticked = Signal(int, str, arguments=["count", "who"])

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {
            "on": False,
            "level": 40,
            "gain": 0.5,
            "title": "desk",
            "mode": 1,
            "bulbs": 5,
            "colour": QColor("#ff8800"),
            "due": QDateTime.fromString("2025-03-04T05:06:00", "yyyy-MM-ddTHH:mm:ss"),
            "tags": ["a", 1],
        }

    def check(self, name: str, value: Any) -> None:
        if name == "level" and value > 60:
            raise ValueError("too bright")

    on = kept("on", bool, onChanged)
    level = kept("level", int, levelChanged)
    gain = kept("gain", float, gainChanged)
    title = kept("title", str, titleChanged)
    mode = kept("mode", int, modeChanged)
    bulbs = kept("bulbs", int, bulbsChanged)
    colour = kept("colour", QColor, colourChanged)
    due = kept("due", QDateTime, dueChanged)
    tags = kept("tags", list, tagsChanged)
    serial = Property(str, lambda self: "LX-2041", constant=True)

    @Slot(int, int, result=int)
    def add(self, one: int, other: int) -> int:
        return one + other

    @Slot(str, result=str)
    def refuse(self, what: str) -> str:
        raise ValueError(f"no {what}")

    @Slot(str, int)
    def tick(self, who: str, count: int) -> None:
        self.ticked.emit(count, who)


def lamp_host(side: PeerSide, url: str) -> None:
    lamp = Lamp()
    share(side, url, lamp=lamp)
    side.command(lambda: {k: v for k, v in lamp.values.items() if k not in ("colour", "due")}, "v")
    side.command(lambda: lamp.values["colour"].name(), "colour")
    side.command(lambda: lamp.values["due"].toString("yyyy-MM-dd HH:mm"), "due")
    side.command(lambda name, value: setattr(lamp, name, value), "set")
    side.command(lamp.ticked.emit, "ticked")
