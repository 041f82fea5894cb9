"""A live view of the spectrometer, and a button that has it average fifty spectra."""

import argparse
import signal
import sys
import time

import numpy as np
from plot import SpectrumPlot
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pyside_ro import QRemoteObjectNode, QRemoteObjectPendingCallWatcher, QRemoteObjectReplica

State = QRemoteObjectReplica.State
STYLE = """
QWidget { background: #0d1117; color: #e6edf3; font-size: 10.5pt }
QLabel#model { font-size: 14pt; font-weight: 600 }
QLabel#rate { color: #8b949e }
QPushButton { background: #1f6f7a; border: 0; border-radius: 5px; padding: 8px 20px }
QPushButton:hover { background: #278a97 } QPushButton:pressed { background: #175660 }
QPushButton:disabled { background: #21262d; color: #6e7681 }
"""


class Window(QWidget):
    """The plot, what arrives a second, and the button."""

    def __init__(self, spectrometer: QRemoteObjectReplica) -> None:
        super().__init__()
        self.setWindowTitle("Spectrometer")
        self.setStyleSheet(STYLE)
        self.resize(1040, 600)
        self.spectra, self.firstAt, self.lastAt = 0, 0.0, 0.0
        self._spectrometer = spectrometer
        self._counted = (time.perf_counter(), 0, 0)
        self._points = 0
        self.plot = SpectrumPlot()
        self._model, self._rate = QLabel("-"), QLabel()
        self._model.setObjectName("model")
        self._rate.setObjectName("rate")
        self._link, self.answer = QLabel(), QLabel()
        self._link.setTextFormat(Qt.TextFormat.RichText)
        self.button = QPushButton("Acquire 50")
        self._build()

        self.button.clicked.connect(self._acquire)
        spectrometer.stateChanged.connect(self._showLink)
        once = Qt.ConnectionType.SingleShotConnection
        spectrometer.initialized.connect(self._connect, once)
        self._showLink(spectrometer.state())
        second = QTimer(self)
        second.timeout.connect(self._showRate)
        second.start(1_000)

    def _build(self) -> None:
        head, foot = QHBoxLayout(), QHBoxLayout()
        for widget in (self._model, self._link):
            head.addWidget(widget)
        head.addStretch()
        head.addWidget(self._rate)
        foot.addWidget(self.button)
        foot.addWidget(self.answer)
        foot.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.addLayout(head)
        layout.addWidget(self.plot, stretch=1)
        layout.addLayout(foot)

    def _connect(self) -> None:
        """The replica has its API now."""
        self._model.setText(self._spectrometer.model)
        self.plot.setAxis(self._spectrometer.wavelengths)
        self._spectrometer.spectrum.connect(self._show)

    def _show(self, counts: np.ndarray) -> None:
        self.spectra += 1
        self._points = len(counts)
        self.lastAt = time.perf_counter()
        self.firstAt = self.firstAt or self.lastAt
        self.plot.setSpectrum(counts)

    def _acquire(self) -> None:
        self.button.setEnabled(False)
        started = time.perf_counter()
        call = self._spectrometer.acquire(50)
        watcher = QRemoteObjectPendingCallWatcher(call, self)
        watcher.finished.connect(lambda: self._showAverage(watcher, started))

    def _showAverage(self, call: QRemoteObjectPendingCallWatcher, started: float) -> None:
        problem = call.exception()
        if problem:
            self.answer.setText(f"not acquired: {problem}")
        else:
            ms = (time.perf_counter() - started) * 1_000
            self.answer.setText(f"average of 50 in {ms:.0f} ms")
            self.plot.setAverage(call.returnValue(), "average of 50")
        self.button.setEnabled(self._spectrometer.state() == State.Valid)
        call.deleteLater()

    def _showRate(self) -> None:
        before, spectra, frames = self._counted
        self._counted = (time.perf_counter(), self.spectra, self.plot.frames)
        seconds = self._counted[0] - before
        rate = (self.spectra - spectra) / seconds
        self._rate.setText(
            f"{rate:.0f} spectra/s  ·  {rate * self._points * 4 / 1e6:.1f} MB/s  ·  "
            f"{(self.plot.frames - frames) / seconds:.0f} frames/s"
        )

    def _showLink(self, state: QRemoteObjectReplica.State) -> None:
        live = state == State.Valid
        lost = "connection lost" if state == State.Suspect else "waiting for the instrument"
        colour = "#3fb950" if live else "#f0883e"
        self._link.setText(f"<span style='color:{colour}'>●  {'live' if live else lost}</span>")
        self.button.setEnabled(live)
        self.plot.setLive(live)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:instrument")
    parser.add_argument("--auto", action="store_true", help="press the button by itself")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QApplication(sys.argv)
    node = QRemoteObjectNode()
    node.connectToNode(options.url)
    window = Window(node.acquireDynamic("spectrometer"))
    window.show()
    if options.auto:
        timer = QTimer(window)
        timer.timeout.connect(window.button.click)
        timer.start(850)
    app.exec()
    if window.spectra < 2:
        print(f"client: no spectra from {options.url}: {node.errorString()}")
        return 1
    rate = (window.spectra - 1) / (window.lastAt - window.firstAt)
    print(
        f"client: {window.spectra} spectra, {rate:.1f} a second, {len(window.plot.peaks)} peaks, "
        f"{window.answer.text() or 'nothing acquired'}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
