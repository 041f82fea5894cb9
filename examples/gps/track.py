"""A widget that draws where something has been. Knows coordinates, nothing of remote objects."""

from __future__ import annotations

import math
from collections import deque

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

__all__ = ["Track"]

_PAPER, _GRID, _INK = QColor("#f4f1ea"), QColor("#ddd8cc"), QColor("#8a8577")
_LINE, _HERE = QColor("#1f6feb"), QColor("#d1242f")
_STEPS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)


class Track(QWidget):
    """The last 2,000 positions on a grid of degrees, the newest marked with its heading."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: deque[tuple[float, float]] = deque(maxlen=2_000)
        self._heading = 0.0
        self._live = False
        self.setMinimumSize(420, 360)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def append(self, latitude: float, longitude: float, heading: float) -> None:
        """Add a position in degrees."""
        self._points.append((latitude, longitude))
        self._heading = heading
        self.update()

    def setLive(self, live: bool) -> None:
        """Whether the newest position is still true; if not it is drawn grey."""
        self._live = live
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), _PAPER)
        if not self._points:
            painter.setPen(_INK)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "waiting for a position")
            return
        self._frame()
        self._drawGrid(painter)
        painter.setPen(QPen(_LINE, 2.5, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(QPolygonF([self._place(*point) for point in self._points]))
        self._drawHere(painter)

    def _frame(self) -> None:
        """Choose what part of the world the widget shows: all points, and a margin."""
        latitudes = [point[0] for point in self._points]
        longitudes = [point[1] for point in self._points]
        self._middle = (
            (min(latitudes) + max(latitudes)) / 2,
            (min(longitudes) + max(longitudes)) / 2,
        )
        self._narrow = math.cos(math.radians(self._middle[0]))
        tall = max(max(latitudes) - min(latitudes), 0.0016) * 1.25
        wide = max((max(longitudes) - min(longitudes)) * self._narrow, 0.0016) * 1.25
        self._scale = min(self.height() / tall, self.width() / wide)

    def _place(self, latitude: float, longitude: float) -> QPointF:
        return QPointF(
            self.width() / 2 + (longitude - self._middle[1]) * self._narrow * self._scale,
            self.height() / 2 - (latitude - self._middle[0]) * self._scale,
        )

    def _drawGrid(self, painter: QPainter) -> None:
        font = painter.font()
        font.setPointSizeF(8.0)
        painter.setFont(font)
        tall, wide = self.height() / self._scale, self.width() / self._scale / self._narrow
        step = next((s for s in _STEPS if s > tall / 5), _STEPS[-1])
        rows, columns = round(tall / step) + 2, round(wide / step) + 2
        south = math.floor((self._middle[0] - tall / 2) / step) * step
        west = math.floor((self._middle[1] - wide / 2) / step) * step
        for row in range(rows):
            y = self._place(south + row * step, self._middle[1]).y()
            painter.setPen(_GRID)
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
            painter.setPen(_INK)
            painter.drawText(QPointF(5, y - 3), f"{south + row * step:.4f}° N")
        for column in range(columns):
            x = self._place(self._middle[0], west + column * step).x()
            painter.setPen(_GRID)
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
            # Every second one where there is no room for all.
            number = round(west / step) + column
            if x > 80 and (step * self._narrow * self._scale > 95 or number % 2 == 0):
                painter.setPen(_INK)
                label = QRectF(x + 4, self.height() - 18, 90, 16)
                painter.drawText(label, f"{west + column * step:.4f}° E")

    def _drawHere(self, painter: QPainter) -> None:
        painter.translate(self._place(*self._points[-1]))
        painter.setPen(Qt.PenStyle.NoPen)
        colour = QColor(_HERE if self._live else _INK)
        halo = QColor(colour)
        halo.setAlpha(45)
        painter.setBrush(halo)
        painter.drawEllipse(QPointF(0, 0), 17, 17)
        painter.rotate(self._heading)
        painter.setBrush(colour)
        painter.setPen(QPen(Qt.GlobalColor.white, 1.5))
        painter.drawPolygon(
            QPolygonF([QPointF(0, -11), QPointF(7.5, 8), QPointF(0, 4), QPointF(-7.5, 8)])
        )
