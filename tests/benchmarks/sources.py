"""The objects that the benchmarks share: plain QObjects, the same for us and for the peer.

Knows PySide6.QtCore and nothing of either library. numpy is imported only to send arrays.
"""

import time
from typing import Any

from PySide6.QtCore import Property, QByteArray, QObject, Signal, Slot

TEXT = "forty-two"
FLOATS = tuple([step + i * 0.5 for i in range(1000)] for step in (0.0, 0.25))
KEYS = tuple(f"key{i:02}" for i in range(20))
READINGS = tuple({key: i + step for i, key in enumerate(KEYS)} for step in (0, 1))


class Bench(QObject):
    """One member for every kind of message, and a slot that sends it `count` times."""

    ticked = Signal(int, str)
    echoed = Signal(int)
    valueChanged = Signal(int)
    floatsChanged = Signal()
    readingChanged = Signal()
    listed = Signal(list)
    mapped = Signal(dict)
    delivered = Signal(QByteArray)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._value = 0
        self._floats = FLOATS[0]
        self._reading = READINGS[0]

    def _getValue(self) -> int:
        return self._value

    def _getFloats(self) -> list[float]:
        return self._floats

    def _getReading(self) -> dict[str, int]:
        return self._reading

    value = Property(int, _getValue, notify=valueChanged)
    floats = Property(list, _getFloats, notify=floatsChanged)
    reading = Property(dict, _getReading, notify=readingChanged)

    @Slot(int)
    def sendTicks(self, count: int) -> None:
        for i in range(count):
            self.ticked.emit(i, TEXT)

    @Slot(int)
    def sendValues(self, count: int) -> None:
        for i in range(count):
            self._value = i
            self.valueChanged.emit(i)

    @Slot(int)
    def sendFloats(self, count: int) -> None:
        for i in range(count):
            self._floats = FLOATS[i & 1]
            self.floatsChanged.emit()

    @Slot(int)
    def sendReadings(self, count: int) -> None:
        for i in range(count):
            self._reading = READINGS[i & 1]
            self.readingChanged.emit()

    @Slot(int)
    def sendLists(self, count: int) -> None:
        for i in range(count):
            self.listed.emit(FLOATS[i & 1])

    @Slot(int)
    def sendMaps(self, count: int) -> None:
        for i in range(count):
            self.mapped.emit(READINGS[i & 1])

    @Slot(int, int)
    def sendBytes(self, count: int, size: int) -> None:
        data = QByteArray(b"x" * size)
        for _ in range(count):
            self.delivered.emit(data)

    @Slot(int)
    def echo(self, number: int) -> None:
        self.echoed.emit(number)

    @Slot(int, int, result=int)
    def add(self, a: int, b: int) -> int:
        return a + b


class Arrays(QObject):
    """Sends numpy arrays of float64, as any Python object: the peer cannot."""

    measured = Signal(object)

    @Slot(int, int, int)
    def sendArrays(self, count: int, rows: int, columns: int) -> None:
        import numpy

        shape = (rows, columns) if rows > 1 else (columns,)
        array: Any = numpy.arange(rows * columns, dtype=numpy.float64).reshape(shape)
        for _ in range(count):
            self.measured.emit(array)


class Gauge(QObject):
    """A small object of the usual size, to share a thousand of."""

    levelChanged = Signal(float)
    unitChanged = Signal(str)
    countChanged = Signal(int)
    alarmed = Signal(str, float)

    def _getLevel(self) -> float:
        return 0.5

    def _getUnit(self) -> str:
        return "mbar"

    def _getCount(self) -> int:
        return 7

    level = Property(float, _getLevel, notify=levelChanged)
    unit = Property(str, _getUnit, notify=unitChanged)
    count = Property(int, _getCount, notify=countChanged)

    @Slot()
    def reset(self) -> None:
        self.countChanged.emit(0)

    @Slot(float, float, result=bool)
    def setLimits(self, low: float, high: float) -> bool:
        return low < high


def resident() -> float | None:
    """This process's resident memory in KiB; None where the system does not tell."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(float(line.split()[1]) for line in status if line.startswith("VmRSS"))
    except (OSError, StopIteration):
        return None


class Control(QObject):
    """Answers the questions that only the server's own process can."""

    used = Signal(float)
    grown = Signal(float)
    cost = Signal(float, float)

    def __init__(self, quiet: QObject, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._quiet = quiet
        self._before = resident()

    @Slot()
    def askGrown(self) -> None:
        """Emits by how many MiB this process has grown since this was made; -1 if unknown."""
        now = resident()
        known = now is not None and self._before is not None
        self.grown.emit((now - self._before) / 1024 if known else -1.0)

    @Slot()
    def askUsed(self) -> None:
        """Emits the processor seconds that this process has used."""
        self.used.emit(time.process_time())

    @Slot(int)
    def askCost(self, count: int) -> None:
        """Emits the ns of an emission: shared and unwatched, and of an object never shared."""
        bare, best = Bench(), [float("inf"), float("inf")]
        for _ in range(25):
            # Alternate, and keep the quickest of each: what the machine does besides only adds.
            for index, source in enumerate((self._quiet, bare)):
                assert isinstance(source, Bench)
                start = time.perf_counter_ns()
                source.sendTicks(count)
                best[index] = min(best[index], (time.perf_counter_ns() - start) / count)
        self.cost.emit(*best)
