"""Classes of Python that .rep says less of than they are, and hosts of them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    Property,
    QAbstractItemModel,
    QObject,
    QStringListModel,
    QTimer,
    Signal,
    Slot,
)

from tests.behaviour.support import share
from tests.helpers import PeerSide


class FittingBox(QObject):
    """Values of any kind, and properties that never change."""

    countChanged = Signal(int)
    anyChanged = Signal(object)
    otherChanged = Signal("QVariant")
    echoed = Signal(object, int)
    ended = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._count, self._any, self._timer = 3, ("a", 1), QTimer(self)
        self._rows = QStringListModel(["x", "y"], self)

    def _setCount(self, count: int) -> None:
        self._count = count
        self.countChanged.emit(count)

    def _setAny(self, value: object) -> None:
        self._any = value  # type: ignore[assignment]
        self.anyChanged.emit(value)

    factor = Property(float, lambda self: 1.5, constant=True)
    count = Property(int, lambda self: self._count, _setCount, notify=countChanged)
    fixed = Property(object, lambda self: {1: {2}}, constant=True)
    any = Property(object, lambda self: self._any, _setAny, notify=anyChanged)
    other = Property(object, lambda self: None, notify=otherChanged)
    timer = Property(QObject, lambda self: self._timer, constant=True)
    rows = Property(QAbstractItemModel, lambda self: self._rows, constant=True)

    @Slot(object, result=object)
    def echo(self, value: Any) -> Any:
        self.echoed.emit(value, 1)
        self.ended.emit("done")
        return value

    @Slot(int, result=int)
    def more(self, number: int) -> int:
        return number + 1


class FittingNot(QObject):
    """What a .rep class has otherwise."""

    toldChanged = Signal(float)
    changed = Signal()
    told = Property(float, lambda self: 1.0, constant=True)
    shared = Property(int, lambda self: 1, notify=changed)
    mute = Property(object, lambda self: 1)


def fitting(side: PeerSide, url: str) -> None:
    share(side, url, box=FittingBox(), fittingNot=FittingNot())
