"""How numbers are drawn: at the right, or over a bar. Knows nothing of processes."""

from typing import Any

from PySide6.QtCore import QLocale, QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

__all__ = ["Load", "Number"]

Index = QModelIndex | QPersistentModelIndex
_CALM, _WARM, _HOT = QColor("#0ea5e9"), QColor("#f59e0b"), QColor("#ef4444")


class Number(QStyledItemDelegate):
    """A whole number, as it stands."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.displayAlignment = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

    def displayText(self, value: Any, locale: QLocale) -> str:
        return "" if value is None else f"{value}"


class Load(Number):
    """A number with `decimals`, over a bar that is full at `full`."""

    def __init__(self, decimals: int, full: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._decimals, self._full = decimals, full

    def displayText(self, value: Any, locale: QLocale) -> str:
        return f"{value:,.{self._decimals}f}" if isinstance(value, float) else ""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        value = index.data()
        super().paint(painter, option, index)
        if not isinstance(value, float) or value <= 0:
            return
        part = min(1.0, value / self._full)
        box = QRectF(option.rect).adjusted(6, 4, -64, -4)
        box.setWidth(max(2.0, box.width() * part))
        colour = _CALM if part < 0.5 else _WARM if part < 0.85 else _HOT
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(box, 3, 3)
        painter.restore()
