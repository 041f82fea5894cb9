"""The ratios as a picture: bars on a logarithmic axis, painted with QPainter on a QImage.

Knows the rows of `report` and QtGui; needs no screen and no window.
"""

import math
import os

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QImageWriter, QPainter, QPen

from .report import Row, environmentLine, number

_INK, _FAINT, _PAPER = QColor("#20242a"), QColor("#c9ced6"), QColor("#ffffff")
_BETTER, _WORSE = QColor("#41a85f"), QColor("#d0533f")
_LINE, _LEFT, _RIGHT, _TOP, _BOTTOM, _WIDTH = 24, 340, 150, 64, 60, 1100
_SCALE = 2


def plot(made: list[Row], path: str) -> None:
    """Paints how many times as good as the peer each row is. OSError if it cannot be saved."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QGuiApplication.instance() or QGuiApplication([])
    bars = [(row, row.times) for row in made if row.times]
    height = _TOP + _LINE * max(len(bars), 1) + _BOTTOM
    image = QImage(_WIDTH * _SCALE, height * _SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SCALE)
    image.fill(_PAPER)
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint(painter, bars, height)
    finally:
        painter.end()
    del app
    if not QImageWriter(path, QByteArray(b"PNG")).write(image):
        raise OSError(f"the plot cannot be written to {path!r}")


def _paint(painter: QPainter, bars: list[tuple[Row, float]], height: int) -> None:
    least = min([0.5, *(times for _, times in bars)]) * 0.9
    most = max([2.0, *(times for _, times in bars)]) * 1.1
    span = math.log(most / least)

    def x(times: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * math.log(times / least) / span

    def words(box: QRectF, flags: Qt.AlignmentFlag, text: str) -> None:
        painter.drawText(box, flags | Qt.AlignmentFlag.AlignVCenter, text)

    left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
    middle = Qt.AlignmentFlag.AlignHCenter
    bottom = height - _BOTTOM + 6
    font = QFont("sans-serif")
    font.setPixelSize(17)
    painter.setFont(font)
    painter.setPen(_INK)
    title = "pyside_ro beside PySide6.QtRemoteObjects (1 = as fast, right is better)"
    words(QRectF(16, 10, _WIDTH - 32, 26), left, title)
    font.setPixelSize(12)
    painter.setFont(font)
    for tick in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500):
        if least <= tick <= most:
            painter.setPen(QPen(_INK if tick == 1 else _FAINT, 1))
            painter.drawLine(int(x(tick)), _TOP - 8, int(x(tick)), bottom)
            painter.setPen(_INK)
            words(QRectF(x(tick) - 30, bottom, 60, 20), middle, f"{tick:g}")
    for i, (row, times) in enumerate(bars):
        top = _TOP + _LINE * i
        painter.setPen(_INK)
        label = f"{row.metric.title}, {row.result.transport}"
        words(QRectF(8, top, _LEFT - 18, _LINE), right, label)
        ends = sorted((x(1), x(times)))
        bar = QRectF(ends[0], top + 4, max(ends[1] - ends[0], 1), _LINE - 8)
        painter.fillRect(bar, _BETTER if times >= 1 else _WORSE)
        # Beside the bar's right end, so that the words never lie on a bar.
        words(QRectF(ends[1] + 6, top, _RIGHT, _LINE), left, f"{number(times)} x")
    if not bars:
        words(QRectF(_LEFT, _TOP, 400, _LINE), left, "nothing to compare")
    painter.setPen(_INK)
    words(QRectF(16, height - 28, _WIDTH - 32, 20), left, environmentLine())
