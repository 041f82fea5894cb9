"""A spectrometer, and the host that shares it: 200 spectra a second, and slots that take time."""

import argparse
import asyncio
import signal
import sys

import numpy as np
from detector import Detector
from PySide6.QtCore import Property, QCoreApplication, QObject, Signal, Slot

from pyside_ro import QRemoteObjectHost


class Spectrometer(QObject):
    """What clients see of the instrument. The hardware works in a thread of its own."""

    spectrum = Signal(object, arguments=["counts"])

    def __init__(self, detector: Detector) -> None:
        super().__init__()
        self._detector = detector
        self._acquisitions: set[asyncio.Queue[np.ndarray]] = set()
        detector.delivered.connect(self._deliver)  # from its thread to this one

    @Property(str, constant=True)
    def model(self) -> str:
        return "RO-4096 · Hg-Ar lamp and LED"

    @Property(object, constant=True)
    def wavelengths(self) -> np.ndarray:
        """Nanometres, one for each point of a spectrum."""
        return self._detector.wavelengths

    @Slot(int, result=object)
    async def acquire(self, count: int) -> np.ndarray:
        """The average of the next `count` spectra. Everything else goes on meanwhile."""
        if not 1 <= count <= 10_000:
            raise ValueError(f"{count} spectra: must be 1 to 10,000")
        arriving: asyncio.Queue[np.ndarray] = asyncio.Queue()
        self._acquisitions.add(arriving)
        try:
            total: np.ndarray = np.zeros_like(self._detector.wavelengths)
            for _ in range(count):
                total += await arriving.get()
        finally:
            self._acquisitions.discard(arriving)
        total /= np.float32(count)
        return total

    def _deliver(self, counts: np.ndarray) -> None:
        self.spectrum.emit(counts)
        for arriving in self._acquisitions:
            arriving.put_nowait(counts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:instrument")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    detector = Detector()
    spectrometer = Spectrometer(detector)
    host = QRemoteObjectHost(options.url)
    host.enableRemoting(spectrometer, "spectrometer")
    app.aboutToQuit.connect(detector.stop)
    detector.start()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
