"""The demo's GPS receiver: an ordinary QObject that knows nothing of being shared.

What it measures comes from `drive` and `sky`; here it becomes properties, signals and slots.
"""

from __future__ import annotations

import math
import time as clock

from PySide6.QtCore import Property, QDateTime, QEnum, QObject, QTimer, QTimeZone, Signal, Slot

from pyside_ro.cli.demo.drive import Drive
from pyside_ro.cli.demo.sky import Fix, skyAt
from pyside_ro.cli.demo.town import STOPS, Point, toDegrees

__all__ = ["GpsReceiver"]

_SLOWEST = 5000
_UTC = QTimeZone(QTimeZone.Initialization.UTC)


class GpsReceiver(QObject):
    """A receiver on a bus that makes its rounds: position, motion and quality of the fix."""

    QEnum(Fix)

    positionChanged = Signal()
    speedChanged = Signal(float)
    headingChanged = Signal(float)
    fixQualityChanged = Signal(int)
    satellitesChanged = Signal(int)
    hdopChanged = Signal(float)
    signalStrengthsChanged = Signal(list)
    timeChanged = Signal(QDateTime)
    intervalChanged = Signal(int)
    stopPassed = Signal(str, arguments=["name"])

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drive = Drive()
        self._latitude = self._longitude = self._speed = self._heading = 0.0
        self._altitude = 0.0
        self._fix, self._satellites, self._hdop = Fix.NoFix, 0, 99.0
        self._signals: list[int] = []
        self._signals_due = 0.0
        self._time = QDateTime()
        self._last_stop = ""
        self._timer = QTimer(self, interval=100)
        self._timer.timeout.connect(self.measure)
        self.measure()

    def start(self) -> None:
        """Begin to measure every `interval` ms. The host's business: not offered to clients."""
        self._timer.start()

    def measure(self) -> None:
        """Take one measurement now and tell whoever listens what changed."""
        now = clock.time()
        motion = self._drive.at(now)
        sky = skyAt(now, motion.point)
        self._latitude, self._longitude = toDegrees(_off(motion.point, sky.error, now))
        self._altitude = round(31 + 14 * math.sin(motion.point.north / 420), 1)
        self.positionChanged.emit()
        self._set("speed", round(motion.speed * 3.6, 1))
        self._set("heading", round(motion.heading, 1))
        self._set("satellites", sky.used)
        self._set("hdop", sky.hdop)
        if sky.fix != self._fix:
            self._fix = sky.fix
            self.fixQualityChanged.emit(int(sky.fix))
        if now >= self._signals_due:
            self._signals_due = now + 0.5
            self._signals = sky.signals
            self.signalStrengthsChanged.emit(sky.signals)
        self._time = QDateTime.fromMSecsSinceEpoch(int(now * 1000), _UTC)
        self.timeChanged.emit(self._time)
        self._pass_stops(motion.point)

    def _set(self, name: str, value: float) -> None:
        if getattr(self, f"_{name}") != value:
            setattr(self, f"_{name}", value)
            getattr(self, f"{name}Changed").emit(value)

    def _pass_stops(self, place: Point) -> None:
        for name, stop in STOPS.items():
            if name != self._last_stop and math.dist(place, stop) < 70:
                self._last_stop = name
                self.stopPassed.emit(name)

    @Slot(int, result="QVariantList")
    def history(self, seconds: int) -> list[list[float]]:
        """Where the receiver was in the last `seconds` (at most 600): [latitude, longitude]
        for each second, the oldest first. Raises ValueError when `seconds` is out of range."""
        if not 0 <= seconds <= 600:
            raise ValueError(f"history(seconds) takes 0 to 600, not {seconds}")
        now = clock.time()
        track = []
        for back in range(seconds, -1, -1):
            place = self._drive.at(now - back).point
            error = skyAt(now - back, place).error
            track.append(list(toDegrees(_off(place, error, now - back))))
        return track

    @Property(float, notify=positionChanged)
    def latitude(self) -> float:
        """Degrees north."""
        return self._latitude

    @Property(float, notify=positionChanged)
    def longitude(self) -> float:
        """Degrees east."""
        return self._longitude

    @Property(float, notify=positionChanged)
    def altitude(self) -> float:
        """Metres above sea level."""
        return self._altitude

    @Property(float, notify=speedChanged)
    def speed(self) -> float:
        """Kilometres an hour."""
        return self._speed

    @Property(float, notify=headingChanged)
    def heading(self) -> float:
        """Degrees from north, clockwise."""
        return self._heading

    @Property(int, notify=fixQualityChanged)
    def fixQuality(self) -> int:
        """One of `Fix`."""
        return int(self._fix)

    @Property(int, notify=satellitesChanged)
    def satellites(self) -> int:
        """How many satellites are used."""
        return self._satellites

    @Property(float, notify=hdopChanged)
    def hdop(self) -> float:
        """Horizontal dilution of precision."""
        return self._hdop

    @Property(list, notify=signalStrengthsChanged)
    def signalStrengths(self) -> list[int]:
        """The strength of each satellite in view, in dB-Hz."""
        return self._signals

    @Property(QDateTime, notify=timeChanged)
    def time(self) -> QDateTime:
        """When the last measurement was taken (UTC)."""
        return self._time

    @Property(int, notify=intervalChanged)
    def interval(self) -> int:
        """Milliseconds from one measurement to the next, 10 to 5000; clients may set it."""
        return self._timer.interval()

    @interval.setter  # type: ignore[no-redef]
    def interval(self, value: int) -> None:
        if not 10 <= value <= _SLOWEST:
            raise ValueError(f"interval takes 10 to {_SLOWEST} ms, not {value}")
        if value != self._timer.interval():
            self._timer.setInterval(value)
            self.intervalChanged.emit(value)


def _off(place: Point, error: float, seconds: float) -> Point:
    """`place` as measured: off by about `error` metres, wandering slowly as receivers do."""
    return Point(
        place.east + error * (math.sin(seconds / 2.3) + 0.6 * math.sin(seconds / 0.9)),
        place.north + error * (math.cos(seconds / 2.9) + 0.6 * math.sin(seconds / 1.1)),
    )
