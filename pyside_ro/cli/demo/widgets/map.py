"""The map of the widgets window: the town, the track and the bus on it.

Knows the town's points and QPainter, nothing of replicas.
"""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from pyside_ro.cli.demo import town
from pyside_ro.cli.demo.widgets.theme import ACCENT, MUTED

__all__ = ["MapView"]

_WIDTH, _HEIGHT = 2900.0, 1560.0  # metres that fit at least into the view
_MIDDLE = town.Point(-140, 40)
_KEPT = 3000  # points of the track
_PIECES = 30  # of the track, each a little more solid than the one before


class MapView(QWidget):
    """The town seen from above, with the track of the last minutes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._track: deque[QPointF] = deque(maxlen=_KEPT)
        self._heading = 0.0
        self._alive = False
        self._backdrop = QPixmap()
        self.setMinimumSize(360, 220)

    def sizeHint(self) -> QSize:
        """Enough for the whole round."""
        return QSize(560, 330)

    def loadTrack(self, points: list[list[float]]) -> None:
        """Begin anew with these points: [east, north] in metres, the oldest first."""
        self._track = deque((QPointF(*point) for point in points), maxlen=_KEPT)
        self.update()

    def addPoint(self, east: float, north: float) -> None:
        """The bus is here now (metres)."""
        self._track.append(QPointF(east, north))
        self.update()

    def setHeading(self, degrees: float) -> None:
        """The bus looks this way: degrees from north, clockwise."""
        self._heading = degrees

    def setAlive(self, alive: bool) -> None:
        """Show the bus in colour, or grey when nothing is heard of it."""
        self._alive = alive
        self.update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the backdrop (kept from one time to the next), the track, the bus, the scale."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        ratio = self.devicePixelRatioF()
        if self._backdrop.size() != self.size() * ratio:
            self._backdrop = self._draw_backdrop(ratio)
        painter.setClipPath(outline)
        painter.drawPixmap(0, 0, self._backdrop)
        points = [self._at(p.x(), p.y()) for p in self._track]
        if points:
            self._draw_track(painter, points)
            self._draw_bus(painter, points[-1])
        self._draw_scale(painter)
        painter.setClipping(False)
        painter.setPen(QPen(QColor("#cfd7de"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(outline)

    def _scale(self) -> float:
        return max(self.width() / _WIDTH, self.height() / _HEIGHT)

    def _at(self, east: float, north: float) -> QPointF:
        scale = self._scale()
        return QPointF(
            self.width() / 2 + (east - _MIDDLE.east) * scale,
            self.height() / 2 - (north - _MIDDLE.north) * scale,
        )

    def _path(self, line: list[town.Point]) -> QPolygonF:
        return QPolygonF([self._at(*point) for point in line])

    def _draw_backdrop(self, ratio: float) -> QPixmap:
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor("#f0eee8"))
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = self._scale()

        def pen(colour: str, metres: float) -> QPen:
            found = QPen(QColor(colour), max(0.8, metres * scale))
            found.setCapStyle(Qt.PenCapStyle.RoundCap)
            found.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            return found

        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#e5e2da"))
        for block in town.BLOCKS:
            painter.drawPolygon(self._path(block))
        painter.setPen(pen("#ffffff", 13))
        for street in town.STREETS:
            painter.drawPolyline(self._path(street))
        painter.setPen(pen("#bddcb4", 4))
        painter.setBrush(QColor("#cde6c4"))
        for park in town.PARKS:
            painter.drawPolygon(self._path(park))
        painter.setPen(pen("#92bfdd", 8))
        painter.setBrush(QColor("#a9d0ea"))
        painter.drawPolygon(self._path(town.COAST))
        for colour, width in (("#92bfdd", town.RIVER_WIDTH + 14), ("#a9d0ea", town.RIVER_WIDTH)):
            painter.setPen(pen(colour, width))
            painter.drawPolyline(self._path(town.RIVER))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#a9d0ea"))
        painter.drawPolygon(self._path(town.COAST))
        for colour, width in (("#d9c48f", 40.0), ("#fbe7b2", 29.0)):
            painter.setPen(pen(colour, width))
            for road in town.MAIN_ROADS:
                painter.drawPolyline(self._path(road))
        self._draw_names(painter)
        painter.end()
        return pixmap

    def _draw_names(self, painter: QPainter) -> None:
        font = QFont(self.font())
        font.setPixelSize(9)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1.2)
        painter.setFont(font)
        for text, place in town.LABELS.items():
            water = "BAY" in text or "RIVER" in text
            park = "PARK" in text
            painter.setPen(QColor("#4f86ab" if water else "#5d8f55" if park else "#8a857a"))
            at = self._at(*place)
            box = QRectF(at.x() - 90, at.y() - 8, 180, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        for place in town.STOPS.values():
            painter.setPen(QPen(QColor("#8a7a4a"), 1.4))
            painter.setBrush(QColor("#ffffff"))
            painter.drawEllipse(self._at(*place), 3.2, 3.2)

    def _draw_track(self, painter: QPainter, points: list[QPointF]) -> None:
        colour = QColor(ACCENT if self._alive else MUTED)
        size = max(1, len(points) // _PIECES)
        pen = QPen(colour, 4)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        for start in range(0, len(points) - 1, size):
            colour.setAlphaF(0.12 + 0.88 * start / len(points))
            pen.setColor(colour)
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF(points[start : start + size + 1]))

    def _draw_bus(self, painter: QPainter, place: QPointF) -> None:
        colour = QColor(ACCENT if self._alive else MUTED)
        halo = QColor(colour)
        halo.setAlpha(46)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(halo)
        painter.drawEllipse(place, 21, 21)
        painter.setPen(QPen(QColor("#ffffff"), 2.5))
        painter.setBrush(colour)
        painter.drawEllipse(place, 11, 11)
        painter.save()
        painter.translate(place)
        painter.rotate(self._heading)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#ffffff"))
        painter.drawPolygon(
            QPolygonF([QPointF(0, -6.5), QPointF(4.6, 4.8), QPointF(0, 2.4), QPointF(-4.6, 4.8)])
        )
        painter.restore()

    def _draw_scale(self, painter: QPainter) -> None:
        length = 500 * self._scale()
        left, bottom = 16.0, self.height() - 16.0
        font = QFont(self.font())
        font.setPixelSize(10)
        painter.setFont(font)
        painter.setPen(QPen(QColor("#5b6772"), 1.6))
        painter.drawPolyline(
            [
                QPointF(left, bottom - 5),
                QPointF(left, bottom),
                QPointF(left + length, bottom),
                QPointF(left + length, bottom - 5),
            ]
        )
        painter.drawText(QPointF(left + 6, bottom - 5), "500 m")
