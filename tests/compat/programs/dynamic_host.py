"""A counter that the client knows nothing of: the host."""

import sys

from PySide6.QtCore import Property, QCoreApplication, QObject, QPoint, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtRemoteObjects import QRemoteObjectHost


class Counter(QObject):
    valueChanged = Signal(int)
    nameChanged = Signal(str)
    colorChanged = Signal(QColor)
    finished = Signal(int, str)
    moved = Signal(QPoint, float)
    listed = Signal(list)
    mapped = Signal(dict)

    def __init__(self):
        super().__init__()
        self._value, self._name, self._color = 0, "counter", QColor("red")
        self._end = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.count)

    def getValue(self):
        return self._value

    def setValue(self, value):
        if value != self._value:
            self._value = value
            self.valueChanged.emit(value)

    def getName(self):
        return self._name

    def setName(self, name):
        if name and name != self._name:
            self._name = name
            self.nameChanged.emit(name)

    def getColor(self):
        return self._color

    value = Property(int, getValue, setValue, notify=valueChanged)
    name = Property(str, getName, setName, notify=nameChanged)
    color = Property(QColor, getColor, notify=colorChanged)

    @Slot()
    def count(self):
        self.value = self._value + 1
        if self._value >= self._end:
            self._timer.stop()
            self.finished.emit(self._value, self._name)

    @Slot(int)
    def countTo(self, end):
        self._end = end
        self._timer.start(5)

    @Slot(QPoint, float)
    def move(self, point, speed):
        self.moved.emit(point + QPoint(1, 1), speed * 2)

    @Slot(str)
    def describe(self, key):
        self.listed.emit([key, self._value, 1.5, True])
        self.mapped.emit({key: self._value, "nested": {"list": [1, 2]}})

    @Slot(QColor)
    def paint(self, color):
        self._color = color
        self.colorChanged.emit(color)


app = QCoreApplication(sys.argv)
host = QRemoteObjectHost(QUrl(sys.argv[1]))
counter = Counter()
print("shared:", host.enableRemoting(counter, "compatCounter"), flush=True)
app.exec()
