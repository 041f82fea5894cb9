"""A program in several versions: its object has another API in each."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot

from tests.behaviour.support import share
from tests.helpers import PeerSide


class Meter1(QObject):
    """The version that clients were written for."""

    valueChanged = Signal(int)
    nameChanged = Signal(str)
    unitChanged = Signal()

    def __init__(self, value: int = 1, name: str = "meter") -> None:
        super().__init__()
        self._value, self._name = value, name

    def _setValue(self, value: int) -> None:
        self._value = value
        self.valueChanged.emit(value)

    value = Property(int, lambda self: self._value, _setValue, notify=valueChanged)
    name = Property(str, lambda self: self._name, notify=nameChanged)
    unit = Property(str, lambda self: "V", notify=unitChanged)

    @Slot(int, result=int)
    def scaled(self, factor: int) -> int:
        return self._value * factor


class Meter2(QObject):
    """The value became a float, a slot went, a signal came."""

    valueChanged = Signal(float)
    nameChanged = Signal(str)
    unitChanged = Signal()
    overflow = Signal(int)

    def __init__(self, value: int = 1, name: str = "meter") -> None:
        super().__init__()

    value = Property(float, lambda self: 2.5, notify=valueChanged)
    name = Property(str, lambda self: "two", notify=nameChanged)
    unit = Property(str, lambda self: "V", notify=unitChanged)


def meter(side: PeerSide, url: str, version: int = 1, value: int = 1, name: str = "meter") -> None:
    source = (Meter1, Meter2)[version - 1](value, name)
    host = share(side, url, meter=source)
    side.command(lambda v: source._setValue(v), "setValue")  # type: ignore[union-attr]
    side.command(lambda: host.close(), "close")
