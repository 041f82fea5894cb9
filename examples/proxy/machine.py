"""The machine: a registry and a motor on local sockets, which nobody outside can reach."""

import argparse
import signal
import sys

from PySide6.QtCore import Property, QCoreApplication, QObject, QTimer, Signal, Slot

from pyside_ro import QRemoteObjectRegistryHost


class Motor(QObject):
    """An ordinary QObject that follows its target speed."""

    speedChanged = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._speed = self._target = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._follow)
        self._timer.start(50)

    @Property(int, notify=speedChanged)
    def speed(self) -> int:
        return self._speed

    @Slot(int, result=int)
    def run(self, target: int) -> int:
        if not 0 <= target <= 3000:
            raise ValueError(f"{target} rpm: 0 to 3000 is allowed")
        before, self._target = self._target, target
        return before

    def _follow(self) -> None:
        step = max(-50, min(50, self._target - self._speed))
        if step:
            self._speed += step
            self.speedChanged.emit(self._speed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="not needed here: the gateway's")
    parser.add_argument("--inside", default="local:proxy-inside")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    motor, service = Motor(), Motor()
    host = QRemoteObjectRegistryHost(options.inside)
    host.enableRemoting(motor, "public/motor")
    host.enableRemoting(service, "service/motor")
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
