"""A GPS receiver on its way through Munich, and the host that shares it."""

import argparse
import math
import random
import signal
import sys
from enum import IntEnum

from PySide6.QtCore import Property, QCoreApplication, QEnum, QObject, QTimer, Signal

from pyside_ro import QRemoteObjectHost

METRES_PER_DEGREE = 111_320.0


def road(at: float) -> tuple[float, float]:
    """Latitude and longitude of a round trip: `at` goes from 0 to 2 pi."""
    return (
        48.1440 + 0.0070 * math.sin(at - 1.2) + 0.0016 * math.sin(3.0 * at),
        11.5740 + 0.0120 * math.cos(at - 1.2) + 0.0028 * math.cos(2.0 * at),
    )


class GpsReceiver(QObject):
    """Position, movement and quality of the fix; one notify signal may serve many properties."""

    @QEnum
    class Fix(IntEnum):
        NoFix, Fix2D, Fix3D = range(3)

    positionChanged = Signal(float, float, arguments=["latitude", "longitude"])
    movementChanged = Signal()
    fixChanged = Signal()
    intervalChanged = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._at = 0.0
        self._latitude, self._longitude = road(self._at)
        self._speed, self._heading = 15.0, 0.0
        self._satellites = 9.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._move)
        self._timer.start(50)

    @Property(float, notify=positionChanged)
    def latitude(self) -> float:
        return self._latitude

    @Property(float, notify=positionChanged)
    def longitude(self) -> float:
        return self._longitude

    @Property(float, notify=movementChanged)
    def speed(self) -> float:
        """Metres a second."""
        return self._speed

    @Property(float, notify=movementChanged)
    def heading(self) -> float:
        """Degrees, clockwise from north."""
        return self._heading

    @Property(int, notify=fixChanged)
    def satellites(self) -> int:
        return round(self._satellites)

    @Property(int, notify=fixChanged)
    def fix(self) -> int:
        return sum(round(self._satellites) >= needed for needed in (4, 6))

    @Property(int, notify=intervalChanged)
    def interval(self) -> int:
        """Milliseconds between two positions. Clients may write it."""
        return self._timer.interval()

    @interval.setter  # type: ignore[no-redef]
    def interval(self, ms: int) -> None:
        if ms != self._timer.interval() and 10 <= ms <= 5_000:
            self._timer.setInterval(ms)
            self.intervalChanged.emit(ms)

    def _move(self) -> None:
        (south, west), (north, east) = road(self._at), road(self._at + 0.001)
        up = (north - south) * METRES_PER_DEGREE
        right = (east - west) * METRES_PER_DEGREE * math.cos(math.radians(south))
        self._heading = math.degrees(math.atan2(right, up)) % 360.0
        self._speed = 18.0 + 8.0 * math.sin(7.0 * self._at)
        metres = self._speed * self._timer.interval() / 1000.0
        self._at += 0.001 * metres / math.hypot(up, right)
        noise = 3.0e-6 if self.fix else 2.0e-5
        self._latitude = south + random.gauss(0.0, noise)
        self._longitude = west + random.gauss(0.0, noise)
        self.positionChanged.emit(self._latitude, self._longitude)
        self.movementChanged.emit()
        before = round(self._satellites)
        self._satellites = min(12.0, max(3.0, self._satellites + random.gauss(0.02, 0.3)))
        if round(self._satellites) != before:
            self.fixChanged.emit()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:gps")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    receiver = GpsReceiver()
    host = QRemoteObjectHost(options.url)
    host.enableRemoting(receiver, "gps")
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
