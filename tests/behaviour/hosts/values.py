"""A host that gives, takes and compares a value of each kind."""

from __future__ import annotations

import threading
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot

from tests.behaviour.kinds_of_values import DECLARED, VALUES, same
from tests.behaviour.support import share
from tests.helpers import PeerSide


class Box(QObject):
    """Members declared as object: whatever Python has."""

    valueChanged = Signal()
    sent = Signal(object, int)

    def __init__(self) -> None:
        super().__init__()
        self._value: Any = None

    def _setValue(self, value: Any) -> None:
        self._value = value
        self.valueChanged.emit()

    value = Property(object, lambda self: self._value, _setValue, notify=valueChanged)

    @Slot(str)
    def load(self, kind: str) -> None:
        self._setValue(VALUES[kind]())

    @Slot(str, result=bool)
    def holds(self, kind: str) -> bool:
        return same(self._value, VALUES[kind]())

    @Slot(str)
    def send(self, kind: str) -> None:
        self.sent.emit(VALUES[kind](), 7)

    @Slot(str, result=object)
    def give(self, kind: str) -> object:
        return VALUES[kind]()

    @Slot(object, str, result=bool)
    def take(self, value: object, kind: str) -> bool:
        return same(value, VALUES[kind]())

    @Slot()
    def hopeless(self) -> None:
        """Emit and change what cannot cross; PySide prints what an emission raises."""
        self.sent.emit([1, threading.Lock()], 7)
        self.sent.emit(QObject(), 7)
        self._setValue({"a": (1, 2**70)})
        self._value = None


class Meter(QObject):
    """Properties of one notify signal, of which some cannot be read or sent at times."""

    changed = Signal(int)
    alone = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._volts = 1.0

    @Slot(float, bool)
    def setVolts(self, volts: float, inThread: bool) -> None:
        """Change all, here or in another thread."""

        def change() -> None:
            self._volts = volts
            self.changed.emit(int(volts))
            self.alone.emit()

        if not inThread:
            change()
            return
        thread = threading.Thread(target=change)
        thread.start()
        thread.join()

    volts = Property(float, lambda self: self._volts, notify=changed)
    ohms = Property(float, lambda self: 1 / (self._volts - 5), notify=changed)
    last = Property(
        object, lambda self: threading.Lock() if self._volts == 7 else self._volts, notify=changed
    )
    lonely = Property(float, lambda self: 1 / (self._volts - 5), notify=alone)


def _declared(kind: str, declared: Any) -> type[QObject]:
    changed = Signal(declared)
    sent = Signal(declared)

    def getValue(self: Any) -> Any:
        return self._value

    def setValue(self: Any, value: Any) -> None:
        self._value = value
        self.changed.emit(value)

    def give(self: Any) -> Any:
        return DECLARED[kind][1]()

    def take(self: Any, value: Any) -> bool:
        return same(value, DECLARED[kind][1]())

    def send(self: Any) -> None:
        self.sent.emit(DECLARED[kind][1]())

    def holds(self: Any) -> bool:
        return same(self._value, DECLARED[kind][1]())

    namespace = {
        "_value": DECLARED[kind][1](),
        "changed": changed,
        "sent": sent,
        "value": Property(declared, getValue, setValue, notify=changed),
        "give": Slot(result=declared)(give),
        "take": Slot(declared, result=bool)(take),
        "send": Slot()(send),
        "holds": Slot(result=bool)(holds),
    }
    make: Any = type(QObject)
    made: type[QObject] = make(f"Declared{kind}", (QObject,), namespace)
    return made


def values(side: PeerSide, url: str) -> None:
    boxes = {kind: _declared(kind, declared)() for kind, (declared, _) in DECLARED.items()}
    share(side, url, box=Box(), meter=Meter(), **boxes)
