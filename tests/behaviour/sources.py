"""QObjects to share, as a program would have them: they know nothing of pyside_ro."""

from __future__ import annotations

import enum
from typing import Any

from PySide6.QtCore import ClassInfo, Property, QEnum, QFlag, QObject, Signal, Slot


class Counter(QObject):
    """A value that can be set, a signal that is no property's, slots with and without result."""

    valueChanged = Signal(int)
    ticked = Signal(int, str)

    def __init__(self, value: int = 0) -> None:
        super().__init__()
        self._value = value
        self.reads = 0

    def _getValue(self) -> int:
        self.reads += 1
        return self._value

    @Slot(int)
    def setValue(self, value: int) -> None:
        if value != self._value:
            self._value = value
            self.valueChanged.emit(value)

    value = Property(int, _getValue, setValue, notify=valueChanged)

    @Slot(int, int, result=int)
    def add(self, a: int, b: int) -> int:
        return a + b

    @Slot(int, str)
    def tick(self, number: int, text: str = "tick") -> None:
        self.ticked.emit(number, text)

    @Slot(int, int)
    def storm(self, first: int, count: int) -> None:
        for number in range(first, first + count):
            self.setValue(number)
            self.ticked.emit(number, "storm")


class Gauge(QObject):
    """Three properties share one notify signal without arguments; one has two arguments."""

    moved = Signal()
    limitChanged = Signal(float, str)

    def __init__(self) -> None:
        super().__init__()
        self._x, self._y, self._name = 0, 0.0, ""
        self._limit = 10.0

    x = Property(int, lambda self: self._x, notify=moved)
    y = Property(float, lambda self: self._y, notify=moved)
    name = Property(str, lambda self: self._name, notify=moved)

    @Slot(int, float, str)
    def move(self, x: int, y: float, name: str) -> None:
        self._x, self._y, self._name = x, y, name
        self.moved.emit()

    def _setLimit(self, limit: float) -> None:
        self._limit = limit
        self.limitChanged.emit(limit, "asked")

    limit = Property(float, lambda self: self._limit, _setLimit, notify=limitChanged)


class Level(enum.IntEnum):
    """What a program has in an int property; nobody registered it."""

    High = 3


class Kinds(QObject):
    """Constant, silent and read-only properties; enums; what is nobody's business."""

    class Mode(enum.Enum):
        Off = 0
        Slow = 5
        Fast = 7

    class Option(enum.Flag):
        Plain = 0
        Bold = 1
        Wide = 2

    QEnum(Mode)
    QFlag(Option)

    modeChanged = Signal(int)
    statusChanged = Signal()
    _secretChanged = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._mode = 0
        self._silent = 1
        self._status = "idle"

    def _setMode(self, mode: int) -> None:
        self._mode = mode
        self.modeChanged.emit(mode)

    def _setSilent(self, value: int) -> None:
        self._silent = value

    serial = Property(str, lambda self: "SN-7", constant=True)
    silent = Property(int, lambda self: self._silent, _setSilent)
    status = Property(str, lambda self: self._status, notify=statusChanged)
    mode = Property(int, lambda self: self._mode, _setMode, notify=modeChanged)
    level = Property(int, lambda self: Level.High, constant=True)
    _secret = Property(int, lambda self: 1)

    @Slot(str)
    def setStatus(self, status: str) -> None:
        self._status = status
        self.statusChanged.emit()

    @Slot(result=int)
    def readSilent(self) -> int:
        return self._silent

    @Slot()
    def _private(self) -> None:
        raise AssertionError("a peer called a private slot")

    def undecorated(self, *args: Any) -> None:
        """No slot: not for peers."""


class Forms(QObject):
    """Overloaded slots and signals, default arguments."""

    sent: Any = Signal((int,), (str,), (int, str))  # type: ignore[arg-type]

    @Slot(int, result=str)
    @Slot(str, result=str)
    @Slot(int, str, result=str)
    def put(self, value: Any, text: str = "") -> str:
        return f"{type(value).__name__} {value} {text}".strip()

    @Slot(float, result=float)
    @Slot(float, float, result=float)
    def scale(self, value: float, factor: float = 2.0) -> float:
        return value * factor

    @Slot()
    def sendAll(self) -> None:
        self.sent[int].emit(1)
        self.sent[str].emit("two")
        self.sent[int, str].emit(3, "three")


class Base(QObject):
    """What a subclass inherits belongs to its API."""

    baseChanged = Signal(int)
    base = Property(int, lambda self: 11, notify=baseChanged)

    @Slot(result=str)
    def who(self) -> str:
        return "base"


class Derived(Base):
    """Overrides a slot of its base."""

    own = Property(int, lambda self: 12)

    @Slot(result=str)
    def who(self) -> str:
        return "derived"


@ClassInfo({"RemoteObject Type": "Lamp"})  # type: ignore[call-arg]
class Lamp(QObject):  # type: ignore[operator]
    """Names the type that is shared."""

    lit = Property(bool, lambda self: True, constant=True)


class SmartLamp(Lamp):
    """Adds what the type Lamp does not have: it is not shared."""

    secret = Property(int, lambda self: 1, constant=True)


class Colliding(QObject):
    """Members called like a replica's own."""

    stateChanged = Signal(int)
    initialized = Signal(str)
    notified = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._state = 3

    def _setState(self, state: int) -> None:
        self._state = state
        self.stateChanged.emit(state)

    state = Property(int, lambda self: self._state, _setState, notify=stateChanged)

    @Slot(result=str)
    def node(self) -> str:
        return "the source's node"

    @Slot(int, result=bool)
    def waitForSource(self, timeout: int) -> bool:
        return timeout == 7

    @Slot()
    def emitAll(self) -> None:
        self.initialized.emit("from the source")
        self.notified.emit(9)
