"""A window on the receiver: where it is, how fast, how good the fix; and how often it tells."""

import argparse
import signal
import sys

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFormLayout, QHBoxLayout, QLabel, QSpinBox, QWidget
from track import Track

from pyside_ro import QRemoteObjectNode, QRemoteObjectReplica

State = QRemoteObjectReplica.State
FIXES = ("no fix", "2D fix", "3D fix")


class Window(QWidget):
    """Everything it shows arrives by the replica's signals; it never asks."""

    def __init__(self, gps: QRemoteObjectReplica) -> None:
        super().__init__()
        self.setWindowTitle("GPS")
        self.gps, self.updates = gps, 0
        self._track = Track()
        self._position, self._speed, self._heading, self._fix, self._link = (
            QLabel("-") for _ in range(5)
        )
        self._position.setTextFormat(Qt.TextFormat.RichText)
        self._position.setMinimumWidth(150)
        self._interval = QSpinBox(minimum=10, maximum=5_000, singleStep=10, suffix=" ms")
        self._interval.setEnabled(False)
        form = QFormLayout()
        form.setVerticalSpacing(14)
        for name, widget in (
            ("Position", self._position),
            ("Speed", self._speed),
            ("Heading", self._heading),
            ("Fix", self._fix),
            ("Interval", self._interval),
            ("Link", self._link),
        ):
            form.addRow(name, widget)
        layout = QHBoxLayout(self)
        layout.addWidget(self._track, stretch=1)
        layout.addLayout(form)

        gps.stateChanged.connect(self._showLink)
        once = Qt.ConnectionType.SingleShotConnection
        gps.initialized.connect(self._connect, once)
        self._showLink(gps.state())

    def _connect(self) -> None:
        """The replica has its API now."""
        gps = self.gps
        gps.positionChanged.connect(self._showPosition)
        gps.movementChanged.connect(self._showMovement)
        gps.fixChanged.connect(self._showFix)
        gps.intervalChanged.connect(self._interval.setValue)
        self._interval.setValue(gps.interval)
        self._interval.valueChanged.connect(self._writeInterval)
        self._showMovement()
        self._showFix()

    def _writeInterval(self, ms: int) -> None:
        self.gps.interval = ms  # asks the receiver, whose signal will say what became of it

    def _showPosition(self, latitude: float, longitude: float) -> None:
        self.updates += 1
        self._position.setText(f"<b>{latitude:.5f}° N<br>{longitude:.5f}° E</b>")
        self._track.append(latitude, longitude, self.gps.heading)

    def _showMovement(self) -> None:
        self._speed.setText(f"{self.gps.speed * 3.6:.0f} km/h")
        self._heading.setText(f"{self.gps.heading:.0f}°")

    def _showFix(self) -> None:
        self._fix.setText(f"{FIXES[self.gps.fix]}, {self.gps.satellites} satellites")

    def _showLink(self, state: QRemoteObjectReplica.State) -> None:
        live = state == State.Valid
        lost = "connection lost" if state == State.Suspect else "waiting for the receiver"
        colour = "#1a7f37" if live else "#bc4c00"
        self._link.setText(f"<b style='color:{colour}'>{'live' if live else lost}</b>")
        self._interval.setEnabled(live)
        self._track.setLive(live)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:gps")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QApplication(sys.argv)
    node = QRemoteObjectNode()
    node.connectToNode(options.url)
    window = Window(node.acquireDynamic("gps"))
    window.show()
    app.exec()
    if not window.updates:
        print(f"client: no position from {options.url}: {node.errorString()}")
        return 1
    gps = window.gps
    print(
        f"client: {window.updates} position updates, "
        f"last fix {gps.latitude:.3f}N {gps.longitude:.3f}E"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
