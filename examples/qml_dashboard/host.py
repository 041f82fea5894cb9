"""A car on its way, and the host that shares it and the list of its trips."""

import argparse
import math
import signal
import sys
from enum import IntEnum

from PySide6.QtCore import (
    ClassInfo,
    Property,
    QAbstractListModel,
    QByteArray,
    QCoreApplication,
    QEnum,
    QModelIndex,
    QObject,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from trips import TRIPS, Trip

from pyside_ro import QRemoteObjectHost

STEP = 0.04  # s
IDLE, LIMIT = 800.0, 6800.0  # 1/min
#: Revolutions a minute for each km/h, by gear.
RATIOS = (0.0, 118.0, 66.0, 45.0, 34.0, 27.0, 22.0)
#: What the driver wants: from which second on, km/h.
ROUTE = ((0, 62), (4, 104), (14, 131), (24, 96), (34, 50), (42, 0), (47, 58), (56, 88))
ROUND = 64.0  # s


class Trips(QAbstractListModel):
    """The trips, the newest first: an ordinary model, of which the client has a replica."""

    NAMES = ("place", "km", "minutes", "litres")

    def __init__(self) -> None:
        super().__init__()
        self._trips = list(TRIPS)

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._trips)

    def roleNames(self) -> dict[int, QByteArray]:
        first = Qt.ItemDataRole.UserRole
        return {first + n: QByteArray(name.encode()) for n, name in enumerate(self.NAMES)}

    def data(self, index: QModelIndex, role: int = 0) -> object:
        number = role - Qt.ItemDataRole.UserRole
        return self._trips[index.row()][number] if 0 <= number < len(self.NAMES) else None

    def drive(self, km: float, seconds: float, litres: float) -> None:
        """Add to the trip that goes on."""
        trip = self._trips[0]
        self._trips[0] = Trip(
            trip.place, trip.km + km, trip.minutes + seconds / 60.0, trip.litres + litres
        )
        self.dataChanged.emit(self.index(0), self.index(0))

    def begin(self) -> None:
        """Begin a new trip."""
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._trips.insert(0, Trip("New trip", 0.0, 0.0, 0.0))
        self.endInsertRows()


@ClassInfo({"RemoteObject Type": "Car"})
class Car(QObject):
    """What the instruments show, as often as the car's bus tells it."""

    @QEnum
    class Mode(IntEnum):
        Eco, Comfort, Sport = range(3)

    moved = Signal()
    fuelChanged = Signal()
    lightsChanged = Signal()
    modeChanged = Signal()
    warningsChanged = Signal()

    def __init__(self, trips: Trips) -> None:
        super().__init__()
        self._trips = trips
        self._time, self._speed, self._gear, self._revs = 6.0, 84.0, 4, 3000.0
        self._fuel, self._temperature, self._kilometres = 31.0, 88.0, 48_213.4
        self._lights = {"left": False, "right": False, "beam": True, "belt": False}
        self._mode = self.Mode.Comfort
        self._warnings = [
            {"text": "Rear left tyre 1.9 bar", "grave": True},
            {"text": "Black ice possible", "grave": False},
        ]
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._drive)
        self._timer.start(round(STEP * 1000))

    def _drive(self) -> None:
        self._time += STEP
        wanted = [speed for since, speed in ROUTE if since <= self._time % ROUND][-1]
        strength = (0.5, 0.75, 1.2)[self._mode]
        change = max(-9.0, min(6.5, (wanted - self._speed) * 0.4)) * strength
        self._speed = max(0.0, self._speed + (change + 0.8 * math.sin(self._time * 2.3)) * STEP)
        self._shift()
        revs = max(IDLE, self._speed * RATIOS[self._gear])
        self._revs += (min(LIMIT, revs) - self._revs) * 0.25
        km = self._speed * STEP / 3600.0
        litres = (0.5 + max(0.0, change) * 3.0 + self._speed * 0.05) * STEP / 3600.0
        self._kilometres += km
        self._trips.drive(km, STEP, litres)
        self.moved.emit()
        before = round(self._fuel, 1)
        self._fuel = max(0.0, self._fuel - litres)
        if round(self._fuel, 1) != before:
            self.fuelChanged.emit()
        self._blink()

    def _shift(self) -> None:
        revs = self._speed * RATIOS[self._gear]
        up, down = ((2600, 1200), (3600, 1500), (5600, 2600))[self._mode]
        if revs > up and self._gear < len(RATIOS) - 1:
            self._gear += 1
        elif revs < down and self._gear > 1:
            self._gear -= 1

    def _blink(self) -> None:
        at = self._time % ROUND
        lit = self._time % 0.8 < 0.45
        lights = self._lights | {"left": 32 < at < 38 and lit, "right": 6 < at < 13 and lit}
        if lights != self._lights:
            self._lights = lights
            self.lightsChanged.emit()

    speed = Property(float, lambda self: self._speed, notify=moved)
    revs = Property(float, lambda self: self._revs, notify=moved)
    gear = Property(int, lambda self: self._gear, notify=moved)
    kilometres = Property(float, lambda self: self._kilometres, notify=moved)
    fuel = Property(float, lambda self: self._fuel, notify=fuelChanged)
    tank = Property(float, lambda self: 55.0, constant=True)
    temperature = Property(float, lambda self: self._temperature, notify=fuelChanged)
    lights = Property("QVariantMap", lambda self: self._lights, notify=lightsChanged)
    warnings = Property("QVariantList", lambda self: self._warnings, notify=warningsChanged)

    @Property(int, notify=modeChanged)
    def mode(self) -> int:
        """How the car drives. Clients may write it."""
        return self._mode

    @mode.setter  # type: ignore[no-redef]
    def mode(self, mode: int) -> None:
        self._mode = self.Mode(mode)
        self.modeChanged.emit()

    @Slot(str)
    def acknowledge(self, text: str) -> None:
        """Take a warning away."""
        self._warnings = [warning for warning in self._warnings if warning["text"] != text]
        self.warningsChanged.emit()

    @Slot()
    def beginTrip(self) -> None:
        self._trips.begin()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:car")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    trips = Trips()
    car = Car(trips)
    host = QRemoteObjectHost(options.url)
    host.enableRemoting(car, "car")
    host.enableRemoting(trips, "trips", list(trips.roleNames()))
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
