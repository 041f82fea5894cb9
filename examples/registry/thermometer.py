"""A thermometer in some room: a host at an address that only the registry needs to know."""

import argparse
import random
import signal
import sys

from PySide6.QtCore import Property, QCoreApplication, QObject, QTimer, Signal

from pyside_ro import QRemoteObjectHost


class Thermometer(QObject):
    """An ordinary QObject. Nothing in it knows that it is shared."""

    temperatureChanged = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self._temperature = random.uniform(12, 24)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._measure)
        self._timer.start(200)

    @Property(float, notify=temperatureChanged)
    def temperature(self) -> float:
        return self._temperature

    def _measure(self) -> None:
        self._temperature += random.uniform(-0.2, 0.2)
        self.temperatureChanged.emit(self._temperature)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:registry", help="where the registry is")
    parser.add_argument("--own-url", default="tcp://127.0.0.1:0", help="where this host listens")
    parser.add_argument("--room", default="kitchen")
    parser.add_argument("--comes-and-goes", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    thermometer = Thermometer()
    host = QRemoteObjectHost(options.own_url, options.url)
    host.enableRemoting(thermometer, options.room)

    shared = True

    def toggle() -> None:
        nonlocal shared
        shared = not shared
        if shared:
            host.enableRemoting(thermometer, options.room)
        else:
            host.disableRemoting(thermometer)

    timer = QTimer()
    timer.timeout.connect(toggle)
    if options.comes_and_goes:
        timer.start(800)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
