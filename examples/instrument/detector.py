"""The hardware: a line detector of 4,096 pixels that is read in a thread of its own.

Simulated, but used like the driver of a real one: `read()` blocks until the next spectrum is
there. Knows numpy and QThread, nothing of remote objects.
"""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal

__all__ = ["Detector"]

PIXELS = 4_096
SPECTRA_PER_SECOND = 200
FULL_SCALE = 65_535.0

# The lines of mercury and argon over the glow of a white LED: nanometres and counts.
_LINES = (
    (404.66, 21_000.0),
    (407.78, 2_600.0),
    (435.84, 38_000.0),
    (546.07, 52_000.0),
    (576.96, 11_500.0),
    (579.07, 12_500.0),
    (696.54, 16_000.0),
    (706.72, 5_500.0),
    (738.40, 8_500.0),
    (750.39, 14_500.0),
    (763.51, 30_000.0),
    (772.40, 9_500.0),
    (794.82, 6_500.0),
    (811.53, 24_000.0),
    (826.45, 7_000.0),
    (842.46, 11_000.0),
)


class Detector(QThread):
    """Emits every spectrum that the hardware delivers, from its own thread."""

    delivered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.wavelengths: np.ndarray = np.linspace(380.0, 870.0, PIXELS, dtype=np.float32)
        self._random = np.random.default_rng()
        self._lamp: np.ndarray = np.full(PIXELS, 700.0, np.float32)
        for centre, height in _LINES:
            distance = (self.wavelengths - np.float32(centre)) / np.float32(0.75)
            self._lamp += np.float32(height) * np.exp(-0.5 * distance**2)
        for centre, width, height in ((455.0, 11.0, 7_000.0), (590.0, 62.0, 9_500.0)):
            distance = (self.wavelengths - np.float32(centre)) / np.float32(width)
            self._lamp += np.float32(height) * np.exp(-0.5 * distance**2)
        self._noise = np.float32(160.0) + np.float32(7.0) * np.sqrt(self._lamp)
        self._next = 0.0

    def run(self) -> None:
        self._next = time.perf_counter()
        while not self.isInterruptionRequested():
            self.delivered.emit(self.read())

    def read(self) -> np.ndarray:
        """Wait for the next spectrum; `PIXELS` counts."""
        self._next += 1.0 / SPECTRA_PER_SECOND
        counts: np.ndarray = self._random.standard_normal(PIXELS, np.float32)
        counts *= self._noise
        counts += self._lamp * np.float32(1.0 + 0.02 * self._random.standard_normal())
        np.clip(counts, 0.0, FULL_SCALE, out=counts)
        time.sleep(max(0.0, self._next - time.perf_counter()))
        return counts

    def stop(self) -> None:
        """End the thread, and wait for it."""
        self.requestInterruption()
        self.wait()
