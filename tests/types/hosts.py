"""The other process of these tests: a source with enums, and one that gives back what it gets."""

from __future__ import annotations

import dataclasses
import enum
from typing import Any, NamedTuple

from PySide6.QtCore import Property, QEnum, QFlag, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QLabel

from pyside_ro import QRemoteObjectHost, registerType
from tests.helpers import PeerSide


class Oven(QObject):
    """Enums of Python: of integers, of anything, flags."""

    @QEnum
    class Heat(enum.IntEnum):
        Off = 0
        Low = 1
        High = 7

    @QEnum
    class Door(enum.Enum):
        Open = 1
        Shut = 2

    @QFlag
    class Lamp(enum.IntFlag):
        Dark = 0
        Top = 1
        Grill = 2

    heatChanged = Signal(int)
    doorChanged = Signal("QVariant")
    lampChanged = Signal(int)
    turned = Signal("QVariant", list)

    def __init__(self) -> None:
        super().__init__()
        self._heat = self.Heat.Low
        self._door = self.Door.Shut
        self._lamp = self.Lamp.Top | self.Lamp.Grill
        self.got: list[Any] = []

    def _setHeat(self, heat: int) -> None:
        self.got.append(heat)
        self._heat = self.Heat(heat)
        self.heatChanged.emit(self._heat)

    def _setDoor(self, door: Any) -> None:
        self.got.append(door)
        self._door = door
        self.doorChanged.emit(door)

    def _setLamp(self, lamp: int) -> None:
        self.got.append(lamp)
        self._lamp = self.Lamp(lamp)
        self.lampChanged.emit(self._lamp)

    heat = Property(int, lambda self: self._heat, _setHeat, notify=heatChanged)
    door = Property("QVariant", lambda self: self._door, _setDoor, notify=doorChanged)
    lamp = Property(int, lambda self: self._lamp, _setLamp, notify=lampChanged)
    all = Property(list, lambda self: [*self.Heat, *self.Door], constant=True)

    @Slot("QVariant", result="QVariant")
    def turn(self, what: Any) -> Any:
        self.got.append(what)
        self.turned.emit(what, [what])
        return what


@registerType(name="types.Position")
@dataclasses.dataclass(frozen=True)
class Position:
    """A record within records."""

    x: int
    y: float
    label: str | None = None


class Leg(NamedTuple):
    """A record that is a tuple."""

    start: Position
    end: Position


registerType(Leg, "types.Leg")


@registerType(name="types.Voyage")
@dataclasses.dataclass
class Voyage:
    """A record with everything, itself included."""

    name: str
    legs: list[Leg]
    marks: dict[str, Position]
    cost: int | float | None = None
    next: Voyage | None = None


class Echo(QObject):
    """Values there and back, in a property as well."""

    valueChanged = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._value: Any = None

    def _set(self, value: Any) -> None:
        self._value = value
        self.valueChanged.emit(value)

    value = Property(object, lambda self: self._value, _set, notify=valueChanged)

    @Slot(object, result=object)
    def echo(self, value: Any) -> Any:
        return value

    @Slot(object, result=str)
    def show(self, value: Any) -> str:
        return repr(value)


@registerType(name="types.Grown")
@dataclasses.dataclass
class Grown:
    """The other side knows it with one field only."""

    x: int = 1
    more: int = 2


class Hue(enum.Enum):
    """The other side knows it without this member."""

    Infrared = 9


registerType(Hue, "types.Hue")


class Lab(Echo):
    """Sends what the other side does not take."""

    told = Signal(object)
    _values = {"record": Grown(), "enum": Hue.Infrared, "list": [1, {"a": Grown()}], "good": 3}

    @Slot(str, result=object)
    def give(self, which: str) -> Any:
        return self._values[which]

    @Slot(str)
    def set(self, which: str) -> None:
        self._set(self._values[which])
        self.told.emit(self._values[which])


def laboratory(side: PeerSide, url: str) -> None:
    """A host of "lab", of other versions, and of "echo"."""
    host = QRemoteObjectHost(url)
    lab, echo = Lab(), Echo()
    for name, obj in (("lab", lab), ("echo", echo)):
        assert host.enableRemoting(obj, name), host.errorString()
    side.keep(host, lab, echo)
    side.ready(url=host.hostUrl().toString())


def serve(side: PeerSide, url: str) -> None:
    """A host of "oven", "echo", and of C++ objects."""
    host = QRemoteObjectHost(url)
    oven, echo, timer, label = Oven(), Echo(), QTimer(), QLabel("text")
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    for name, obj in (("oven", oven), ("echo", echo), ("timer", timer), ("label", label)):
        assert host.enableRemoting(obj, name), host.errorString()
    side.command(lambda: list(map(repr, oven.got)), "got")
    side.command(lambda: repr(label.alignment()), "alignment")
    side.keep(host, oven, echo, timer, label)
    side.ready(url=host.hostUrl().toString())
