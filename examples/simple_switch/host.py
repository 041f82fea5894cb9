"""The switch: a QObject that flips by itself, and the host that shares it."""

import argparse
import signal
import sys

from PySide6.QtCore import Property, QCoreApplication, QObject, QTimer, Signal, Slot

from pyside_ro import QRemoteObjectHost


class Switch(QObject):
    """An ordinary QObject. Nothing in it knows that it is shared."""

    currStateChanged = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._currState = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._flip)
        self._timer.start(400)

    @Property(bool, notify=currStateChanged)
    def currState(self) -> bool:
        return self._currState

    @Slot(bool)
    def serverSlot(self, state: bool) -> None:
        print(f"host: a client says that the switch is {'on' if state else 'off'}")

    def _flip(self) -> None:
        self._currState = not self._currState
        self.currStateChanged.emit(self._currState)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:simple_switch")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    switch = Switch()
    host = QRemoteObjectHost(options.url)
    host.enableRemoting(switch, "switch")
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
