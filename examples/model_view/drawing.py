"""How cells are drawn: a parcel as a tile, its way as a bar. Knows values, nothing of parcels."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

__all__ = ["Bar", "Tile"]

Index = QModelIndex | QPersistentModelIndex
#: Of what is on its way from the other process.
_COMING = QColor("#e8eaed")
_TROUGH, _DONE, _GOING = QColor("#e2e8f0"), QColor("#22c55e"), QColor("#6366f1")


class Tile(QStyledItemDelegate):
    """A square in the item's colour."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colour = index.data(Qt.ItemDataRole.DecorationRole)
        picked = option.state & QStyle.StateFlag.State_Selected
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor("#0f172a") if picked else Qt.PenStyle.NoPen)
        painter.setBrush(colour if isinstance(colour, QColor) else _COMING)
        painter.drawRoundedRect(QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5), 2.5, 2.5)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(15, 15)


class Bar(QStyledItemDelegate):
    """A number from 0 to 100 as a bar."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        value = index.data()
        super().paint(painter, option, QModelIndex())
        if not isinstance(value, int):
            return
        box = QRectF(option.rect).adjusted(6, 8, -6, -8)
        done = QRectF(box)
        done.setWidth(max(box.height(), box.width() * value / 100))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        round_ = box.height() / 2
        painter.setBrush(_TROUGH)
        painter.drawRoundedRect(box, round_, round_)
        painter.setBrush(_DONE if value >= 97 else _GOING)
        painter.drawRoundedRect(done, round_, round_)
        painter.restore()
