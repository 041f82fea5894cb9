"""An observatory: a list, a table and a tree that change, and the host that shares them."""

import argparse
import random
import signal
import sys

from PySide6.QtCore import QCoreApplication, QStringListModel, Qt, QTimer
from PySide6.QtGui import QStandardItem, QStandardItemModel
from sky import OBSERVED, SKY, STATIONS

from pyside_ro import QRemoteObjectHost

DISPLAY = [Qt.ItemDataRole.DisplayRole]
ROWS = 1000


class Observatory:
    """Models as any program has them; nothing in them is made for sharing."""

    def __init__(self) -> None:
        self.events = QStringListModel(["The dome opens"])
        self.stations = QStandardItemModel(ROWS, 4)
        for row in range(ROWS):
            name, height = STATIONS[row % len(STATIONS)]
            values = (f"{name} {row // len(STATIONS) + 1}", height, 0.0, 0.0)
            for column, value in enumerate(values):
                self._set(row, column, value)
        self.sky = QStandardItemModel()
        for constellation, stars in SKY.items():
            item = QStandardItem(constellation)
            for star in stars:
                item.appendRow(QStandardItem(star))
            self.sky.appendRow(item)
        for row in range(ROWS):
            self._measure(row)

    def _set(self, row: int, column: int, value: object) -> None:
        self.stations.setData(self.stations.index(row, column), value)

    def _measure(self, row: int) -> None:
        self._set(row, 2, round(abs(random.gauss(9.0, 5.0)), 1))
        self._set(row, 3, round(random.uniform(0.5, 2.5), 2))

    def work(self) -> None:
        """Some stations measure, and now and then something is seen."""
        for _ in range(5):
            self._measure(random.randrange(20))
        if random.random() < 0.35:
            self.events.insertRow(0)
            self.events.setData(self.events.index(0), random.choice(OBSERVED))
        if self.events.rowCount() > 30:
            self.events.removeRow(30)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:observatory")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    observatory = Observatory()
    host = QRemoteObjectHost(options.url)
    host.enableRemoting(observatory.events, "events", DISPLAY)
    host.enableRemoting(observatory.stations, "stations", DISPLAY)
    host.enableRemoting(observatory.sky, "sky", DISPLAY)
    timer = QTimer()
    timer.timeout.connect(observatory.work)
    timer.start(200)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
