"""A plot of spectra, painted with QPainter, fast enough for live data.

Knows numpy and widgets, nothing of remote objects. Whatever the rate of the spectra, it paints
at most 60 times a second, and only when there is something new.
"""

from __future__ import annotations

import itertools
import math
import time

import numpy as np
from peaks import findPeaks
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFont,
    QLinearGradient,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

__all__ = ["SpectrumPlot"]

PAPER, AREA = QColor("#0d1117"), QColor("#10161e")
GRID, AXIS, INK, BRIGHT = QColor("#1d2530"), QColor("#3d4754"), QColor("#8b949e"), QColor("#e6edf3")
LIVE, AVERAGE, LOST = QColor("#2dc7d6"), QColor("#ffb454"), QColor("#57606a")
LEFT, TOP, RIGHT, BOTTOM = 64, 34, 18, 46
FRAME_MS = 16
PEAKS_EVERY = 0.5


class SpectrumPlot(QWidget):
    """The live spectrum, an averaged one over it, and the wavelengths of the peaks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(560, 320)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.frames = 0
        self.peaks: list[tuple[float, float]] = []
        self._x: np.ndarray = np.linspace(0.0, 1.0, 2, dtype=np.float32)
        self._live: np.ndarray | None = None
        self._mean: np.ndarray | None = None
        self._average: np.ndarray | None = None
        self._averageName = ""
        self._averageLines: list[QLineF] | None = None
        self._isLive = False
        self._top = 1_000.0
        self._peaksAt = 0.0
        self._background: QPixmap | None = None
        self._dirty = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._refresh)
        self._timer.start(FRAME_MS)

    # What it shows

    def setAxis(self, wavelengths: np.ndarray) -> None:
        """The wavelengths of the points, in nm, ascending."""
        self._x = wavelengths
        self._live = self._mean = self._average = self._background = None
        self.peaks = []
        self._dirty = True

    def setSpectrum(self, counts: np.ndarray) -> None:
        """A new spectrum, as many points as the axis."""
        if counts.shape != self._x.shape:
            return
        self._live = counts
        # Peaks are sought in a running mean: in a single spectrum they would dance.
        self._mean = counts if self._mean is None else self._mean + (counts - self._mean) * 0.05
        self._dirty = True

    def setAverage(self, counts: np.ndarray, name: str) -> None:
        """Lay an averaged spectrum over the live one; `name` is for the legend."""
        self._average, self._averageName, self._averageLines = counts, name, None
        self._dirty = True

    def setLive(self, live: bool) -> None:
        """Whether the spectrum is live; if not it is drawn grey."""
        self._isLive = live
        self._dirty = True

    # Painting

    def _refresh(self) -> None:
        if self._dirty:
            self._dirty = False
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._background = self._averageLines = None
        super().resizeEvent(event)

    def _area(self) -> QRectF:
        return QRectF(LEFT, TOP, self.width() - LEFT - RIGHT, self.height() - TOP - BOTTOM)

    def paintEvent(self, event: QPaintEvent) -> None:
        self.frames += 1
        self._scale()
        if self._background is None:
            self._background = self._paintBackground()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._background)
        area = self._area()
        if self._live is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setClipRect(area)
            self._paintLive(painter, self._live)
            if self._average is not None:
                self._paintAverage(painter, self._average)
            painter.setClipping(False)
            self._paintPeaks(painter, area)
        self._paintLegend(painter, area)

    def _scale(self) -> None:
        """Follow the height of the spectrum, in steps, so that the axis stands still."""
        if self._mean is None:
            return
        high = float(self._mean.max()) * 1.18
        if high > self._top or high < 0.55 * self._top:
            step = 10.0 ** math.floor(math.log10(max(high, 1.0))) / 2
            self._top = math.ceil(high / step) * step
            self._background = self._averageLines = None

    def _curve(self, counts: np.ndarray) -> list[QPointF]:
        """Where the spectrum goes in the widget: two points for each column of pixels.

        What fits into one column is drawn as its lowest and its highest value.
        """
        area = self._area()
        columns = max(1, int(area.width()))
        starts = np.unique(np.linspace(0, len(counts), columns, endpoint=False).astype(int))
        xs: np.ndarray = np.repeat(area.left() + starts * (area.width() / (len(counts) - 1)), 2)
        ys = np.empty(2 * len(starts))
        ys[0::2] = np.minimum.reduceat(counts, starts)
        ys[1::2] = np.maximum.reduceat(counts, starts)
        ys = area.bottom() - ys * (area.height() / self._top)
        return [QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]

    def _paintLive(self, painter: QPainter, counts: np.ndarray) -> None:
        area = self._area()
        colour = LIVE if self._isLive else LOST
        points = self._curve(counts)
        gradient = QLinearGradient(area.topLeft(), area.bottomLeft())
        for at, alpha in ((0.0, 150), (0.8, 90), (1.0, 15)):
            shade = QColor(colour)
            shade.setAlpha(alpha)
            gradient.setColorAt(at, shade)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawPolygon(QPolygonF([*points, area.bottomRight(), area.bottomLeft()]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 1.0))
        painter.drawPolyline(points)

    def _paintAverage(self, painter: QPainter, counts: np.ndarray) -> None:
        if self._averageLines is None:
            points = self._curve(counts)
            self._averageLines = [QLineF(*ends) for ends in itertools.pairwise(points)]
        painter.setPen(QPen(AVERAGE, 1.6))
        # Not drawPolyline: with a wide pen one long path takes Qt forty times as long.
        painter.drawLines(self._averageLines)

    def _paintPeaks(self, painter: QPainter, area: QRectF) -> None:
        if self._mean is not None and time.monotonic() - self._peaksAt > PEAKS_EVERY:
            self._peaksAt = time.monotonic()
            self.peaks = findPeaks(self._x, self._mean)
        painter.setFont(self._font(8.5, bold=True))
        span = area.width() / float(self._x[-1] - self._x[0])
        taken: list[QRectF] = []
        for wavelength, height in self.peaks[:24]:
            x = area.left() + (wavelength - float(self._x[0])) * span
            y = area.bottom() - height * area.height() / self._top
            label = QRectF(x - 22, y - 31, 44, 15)
            if any(label.intersects(other) for other in taken):
                continue
            taken.append(label)
            painter.setPen(QPen(INK, 1.0))
            painter.drawLine(QPointF(x, y - 15), QPointF(x, y - 5))
            painter.setPen(BRIGHT)
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, f"{wavelength:.1f}")

    def _paintLegend(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(self._font(9.0))
        entries = [(LIVE if self._isLive else LOST, "live" if self._isLive else "last spectrum")]
        if self._average is not None:
            entries.append((AVERAGE, self._averageName))
        x = area.left() + 2
        for colour, name in entries:
            painter.setPen(QPen(colour, 3.0))
            painter.drawLine(QPointF(x, TOP / 2), QPointF(x + 18, TOP / 2))
            painter.setPen(BRIGHT)
            width = painter.fontMetrics().horizontalAdvance(name)
            painter.drawText(QPointF(x + 25, TOP / 2 + 4), name)
            x += width + 48

    def _paintBackground(self) -> QPixmap:
        """Grid and axes: they change seldom."""
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(PAPER)
        area = self._area()
        painter = QPainter(pixmap)
        painter.fillRect(area, AREA)
        painter.setFont(self._font(9.0))
        first, last = float(self._x[0]), float(self._x[-1])
        for value in _ticks(first, last, area.width() / 90):
            x = round(area.left() + (value - first) * area.width() / (last - first)) + 0.5
            painter.setPen(GRID)
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(INK)
            label = QRectF(x - 40, area.bottom() + 6, 80, 16)
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, f"{value:g}")
        for value in _ticks(0.0, self._top, area.height() / 55):
            y = round(area.bottom() - value * area.height() / self._top) + 0.5
            painter.setPen(GRID)
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(INK)
            label = QRectF(0, y - 8, area.left() - 9, 16)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(label, right, f"{value:,.0f}")
        painter.setPen(AXIS)
        painter.drawRect(area)
        painter.setPen(INK)
        names = QRectF(area.left(), area.bottom() + 25, area.width(), 16)
        painter.drawText(names, Qt.AlignmentFlag.AlignCenter, "wavelength / nm")
        painter.drawText(QRectF(0, TOP - 24, area.left() - 9, 16), right, "counts")
        painter.end()
        return pixmap

    def _font(self, points: float, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(points)
        font.setBold(bold)
        return font


def _ticks(first: float, last: float, count: float) -> list[float]:
    """Round numbers between two values, at most about `count`."""
    rough = (last - first) / max(1.0, count)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1.0, 2.0, 2.5, 5.0, 10.0) if s * power >= rough)
    start = math.ceil(first / step) * step
    return [start + n * step for n in range(int((last - start) / step) + 1)]
