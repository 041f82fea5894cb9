"""The host: shares a thermometer over a WebSocket."""

import argparse
import math
import signal
import sys

from PySide6.QtCore import Property, QCoreApplication, QObject, QTimer, Signal, Slot

from pyside_ro import QRemoteObjectHost


class Thermometer(QObject):
    """An ordinary QObject; how it travels is in the URL alone."""

    temperatureChanged = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self._tick = 0
        self._offset = 20.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._measure)
        self._timer.start(250)

    @Property(float, notify=temperatureChanged)
    def temperature(self) -> float:
        return self._offset + 2 * math.sin(self._tick / 5)

    @Slot(float, result=float)
    def heat(self, degrees: float) -> float:
        self._offset += degrees
        self.temperatureChanged.emit(self.temperature)
        return self._offset

    def _measure(self) -> None:
        self._tick += 1
        self.temperatureChanged.emit(self.temperature)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="ws://127.0.0.1:8765/objects")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    thermometer = Thermometer()
    host = QRemoteObjectHost(options.url)
    if not host.enableRemoting(thermometer, "thermometer"):
        return 1  # the reason was logged
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
