"""The worker: shares a counter of primes with whoever started it, over its standard streams."""

import sys

from PySide6.QtCore import Property, QCoreApplication, QObject, QTimer, Signal, Slot
from stdio import Stdio

from pyside_ro import QRemoteObjectHost


class Primes(QObject):
    """Looks for primes, a few each time."""

    foundChanged = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._found: list[int] = []
        self._next = 2
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._search)
        self._timer.start(100)

    @Property(int, notify=foundChanged)
    def found(self) -> int:
        return len(self._found)

    @Slot(result=int)
    def largest(self) -> int:
        return self._found[-1] if self._found else 0

    def _search(self) -> None:
        for number in range(self._next, self._next + 100):
            if all(number % prime for prime in self._found):
                self._found.append(number)
        self._next += 100
        self.foundChanged.emit(len(self._found))


def main() -> int:
    app = QCoreApplication(sys.argv)
    device = Stdio()
    device.readChannelFinished.connect(app.quit)  # nobody listens any more
    host = QRemoteObjectHost()  # without a URL: it listens nowhere
    host.addHostSideConnection(device)
    primes = Primes()
    host.enableRemoting(primes, "primes")
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
