"""What the hosts of these tests share."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot

from tests.behaviour.support import share
from tests.helpers import PeerSide


class Printer(QObject):
    inkChanged = Signal(int)
    stateChanged = Signal(str)
    jammed = Signal(str, int, arguments=["tray", "page"])

    def __init__(self) -> None:
        super().__init__()
        self._ink, self._state = 5, "idle"

    def _setInk(self, ink: int) -> None:
        self._ink = ink
        self.inkChanged.emit(ink)

    def _setState(self, state: str) -> None:
        self._state = state
        self.stateChanged.emit(state)

    ink = Property(int, lambda self: self._ink, _setInk, notify=inkChanged)
    # A name that a replica itself has a meaning for.
    state = Property(str, lambda self: self._state, notify=stateChanged)
    maker = Property(str, lambda self: "us", constant=True)

    @Slot(int, int, result=int)
    def add(self, one: int, other: int) -> int:
        return one + other

    @Slot("QVariant", result="QVariant")
    def echo(self, value: Any) -> Any:
        return value

    @Slot(str, result=str)
    def refuse(self, what: str) -> str:
        raise ValueError(f"no {what}")

    @Slot(result="QVariant")
    def never(self) -> Any:
        return Future()

    @Slot(str, int)
    def jam(self, tray: str, page: int) -> None:
        self.jammed.emit(tray, page)


class Teller(QObject):
    """Its notify signals are called like a replica's own, types included."""

    initialized = Signal()
    notified = Signal()
    objectNameChanged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.numbers = [1, 2, 3]

    one = Property(int, lambda self: self.numbers[0], notify=initialized)
    two = Property(int, lambda self: self.numbers[1], notify=notified)
    three = Property(int, lambda self: self.numbers[2], notify=objectNameChanged)

    def step(self) -> None:
        self.numbers = [number + 10 for number in self.numbers]
        self.initialized.emit()
        self.notified.emit()
        self.objectNameChanged.emit()


def teller_host(side: PeerSide, url: str) -> None:
    teller = Teller()
    share(side, url, teller=teller)
    side.command(teller.step, "step")


def printer_host(side: PeerSide, url: str) -> None:
    printer, spare = Printer(), Printer()
    spare._ink = 50
    share(side, url, printer=printer, spare=spare)
    side.command(printer._setInk, "setInk")
    side.command(printer._setState, "setState")
    side.command(printer.jam)
    side.command(lambda: printer._ink, "ink")
