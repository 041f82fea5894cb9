"""Small instruments of the widgets window: speed, heading, satellites, ink, paper.

Each is told a value by a slot and paints it. Knows QPainter, nothing of replicas.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from pyside_ro.cli.demo.widgets.theme import ACCENT, INK_COLOURS, MUTED, TEXT

__all__ = ["Compass", "InkLevels", "SignalBars", "SpeedGauge"]

_POINTS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
_GROOVE = QColor("#e4e9ee")
_FADED = QColor("#aab4be")


class _Instrument(QWidget):
    """A widget that paints, and is grey while nothing is heard of the source."""

    def __init__(self, size: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self._alive = False
        self.setMinimumSize(size)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """The size that was asked for."""
        return self._size

    def setAlive(self, alive: bool) -> None:
        """Paint in colour, or grey."""
        self._alive = alive
        self.update()

    def _write(
        self, painter: QPainter, box: QRectF, text: str, pixels: int, colour: QColor, bold: bool
    ) -> None:
        font = QFont(self.font())
        font.setPixelSize(pixels)
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(colour)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _painter(self) -> QPainter:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        return painter


class SpeedGauge(_Instrument):
    """A dial from 0 to 80 km/h."""

    _TOP = 80.0
    _SWEEP = 250.0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QSize(126, 116), parent)
        self._speed = 0.0

    def setSpeed(self, speed: float) -> None:
        """Kilometres an hour."""
        self._speed = speed
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Groove, arc and figures."""
        painter = self._painter()
        side = min(self.width(), self.height() * 1.1) - 12
        dial = QRectF((self.width() - side) / 2, (self.height() - side) / 2 + 7, side, side)
        start = 90 + self._SWEEP / 2
        for colour, share in (
            (_GROOVE, 1.0),
            (ACCENT if self._alive else _FADED, min(1.0, self._speed / self._TOP)),
        ):
            pen = QPen(colour, 9)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            if share > 0.004:
                inner = dial.adjusted(6, 6, -6, -6)
                painter.drawArc(inner, int(start * 16), int(-self._SWEEP * share * 16))
        painter.setPen(QPen(_FADED, 1))
        middle, radius = dial.center(), dial.width() / 2 - 15
        for step in range(9):
            angle = math.radians(start - self._SWEEP * step / 8)
            along = QPointF(math.cos(angle), -math.sin(angle))
            painter.drawLine(middle + along * radius, middle + along * (radius - 4))
        colour = TEXT if self._alive else MUTED
        box = QRectF(dial.left(), middle.y() - 22, dial.width(), 32)
        self._write(painter, box, f"{self._speed:.0f}", 27, colour, bold=True)
        box = QRectF(dial.left(), middle.y() + 9, dial.width(), 16)
        self._write(painter, box, "km/h", 11, MUTED, bold=False)


class Compass(_Instrument):
    """A rose with the heading in its middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QSize(116, 116), parent)
        self._heading = 0.0

    def setHeading(self, degrees: float) -> None:
        """Degrees from north, clockwise."""
        self._heading = degrees
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Rose, pointer and figures."""
        painter = self._painter()
        side = min(self.width(), self.height()) - 8
        middle, radius = QPointF(self.width() / 2, self.height() / 2), side / 2
        painter.setPen(QPen(_GROOVE, 2))
        painter.drawEllipse(middle, radius - 9, radius - 9)
        for step in range(24):
            angle = math.radians(step * 15)
            along = QPointF(math.sin(angle), -math.cos(angle))
            painter.setPen(QPen(_FADED, 1.4 if step % 6 == 0 else 0.8))
            if step % 6:
                painter.drawLine(middle + along * (radius - 9), middle + along * (radius - 13))
            else:
                centre = middle + along * (radius - 9)
                box = QRectF(centre.x() - 8, centre.y() - 8, 16, 16)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor("#ffffff"))
                painter.drawRect(box)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                self._write(painter, box, _POINTS[step // 3], 10, MUTED, bold=True)
        painter.save()
        painter.translate(middle)
        painter.rotate(self._heading)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ACCENT if self._alive else _FADED)
        tip = -(radius - 14)
        painter.drawPolygon(
            QPolygonF([QPointF(0, tip), QPointF(6, tip + 12), QPointF(-6, tip + 12)])
        )
        painter.restore()
        colour = TEXT if self._alive else MUTED
        name = _POINTS[round(self._heading / 45) % 8]
        box = QRectF(middle.x() - 40, middle.y() - 14, 80, 22)
        self._write(painter, box, f"{self._heading:.0f}°", 18, colour, bold=True)
        box = QRectF(middle.x() - 40, middle.y() + 7, 80, 14)
        self._write(painter, box, name, 11, MUTED, bold=False)


class SignalBars(_Instrument):
    """The strength of each satellite in view; those too weak to be used are pale."""

    _USABLE, _STRONGEST = 27, 52

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QSize(150, 44), parent)
        self._signals: list[int] = []

    def setSignals(self, signals: list[int]) -> None:
        """Each in dB-Hz."""
        self._signals = list(signals)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A bar for each, from the strong to the weak, over a base line."""
        painter = self._painter()
        base = self.height() - 3.0
        painter.setPen(QPen(_GROOVE, 1))
        painter.drawLine(QPointF(0, base + 1.5), QPointF(self.width(), base + 1.5))
        painter.setPen(Qt.PenStyle.NoPen)
        step = self.width() / max(len(self._signals), 1)
        for i, strength in enumerate(self._signals):
            used = strength >= self._USABLE
            good = QColor("#2fa35f") if strength >= 38 else QColor("#8bbf4a")
            painter.setBrush((good if used else QColor("#d3dae0")) if self._alive else _FADED)
            height = max(2.0, base * min(strength, self._STRONGEST) / self._STRONGEST)
            bar = QRectF(i * step, base - height, step - min(3.0, step / 3), height)
            painter.drawRoundedRect(bar, 1.5, 1.5)


class InkLevels(_Instrument):
    """Four tanks and the paper tray, side by side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QSize(240, 104), parent)
        self._ink: dict[str, float] = {}
        self._paper, self._tray = 0, 1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def setInk(self, ink: dict[str, float]) -> None:
        """Per cent by colour."""
        self._ink = dict(ink)
        self.update()

    def setPaper(self, sheets: int, tray: int) -> None:
        """Sheets that are there and that the tray holds."""
        self._paper, self._tray = sheets, max(tray, 1)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The tanks, each with what is left in per cent below it."""
        painter = self._painter()
        columns = [
            (name.capitalize(), self._ink.get(name, 0.0) / 100, colour, f"{amount:.0f} %")
            for name, colour in INK_COLOURS.items()
            for amount in [self._ink.get(name, 0.0)]
        ]
        columns.append(("Paper", self._paper / self._tray, QColor("#9a8f7c"), f"{self._paper}"))
        step = self.width() / len(columns)
        top, height = 2.0, self.height() - 36.0
        for i, (name, share, colour, text) in enumerate(columns):
            width = min(34.0, step - 12)
            left = i * step + (step - width) / 2
            box = QRectF(left, top, width, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_GROOVE)
            painter.drawRoundedRect(box, 5, 5)
            filled = box.height() * min(max(share, 0.0), 1.0)
            painter.setClipRect(QRectF(left, box.bottom() - filled, width, filled))
            painter.setBrush(colour if self._alive else _FADED)
            painter.drawRoundedRect(box, 5, 5)
            painter.setClipping(False)
            under = QRectF(i * step, box.bottom() + 3, step, 15)
            colour = QColor("#c93636") if share < 0.12 else TEXT
            shown = text if self._ink else "—"
            self._write(painter, under, shown, 11, colour if self._alive else MUTED, bold=True)
            self._write(painter, under.translated(0, 15), name, 10, MUTED, bold=False)
