"""The job list of the widgets window. Knows QPainter and the shape of a job."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pyside_ro.cli.demo.widgets.theme import ACCENT, MUTED, TEXT

__all__ = ["JobList"]

_ROW = 34
_COLOURS = {"waiting": "#b7791f", "printing": "#1668dc", "done": "#1f8a4c", "cancelled": "#8a949e"}


class JobList(QWidget):
    """The printer's jobs, the newest first, each with its progress."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[dict[str, Any]] = []
        self._alive = False
        self.setMinimumHeight(4 * _ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Room for as many jobs as the printer tells of."""
        return QSize(280, 6 * _ROW)

    def setJobs(self, jobs: list[dict[str, Any]]) -> None:
        """Show these jobs (see `printer.Job`)."""
        self._jobs = list(jobs)
        self.update()

    def setAlive(self, alive: bool) -> None:
        """Paint in colour, or grey."""
        self._alive = alive
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A row a job: number, title, progress, state."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        if not self._jobs:
            font.setPixelSize(12)
            painter.setFont(font)
            painter.setPen(MUTED)
            text = "No jobs yet" if self._alive else "—"
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
        for row, job in enumerate(self._jobs):
            if (row + 1) * _ROW > self.height():
                break
            self._draw_row(painter, font, QRectF(0, row * _ROW, self.width(), _ROW), job)

    def _draw_row(self, painter: QPainter, font: QFont, box: QRectF, job: dict[str, Any]) -> None:
        over = job["state"] in ("done", "cancelled")
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        middle = Qt.AlignmentFlag.AlignVCenter
        upper = box.adjusted(0, 2, 0, -12)
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(MUTED)
        painter.drawText(upper, left | middle, f"{job['id']}")
        state = QColor(_COLOURS.get(job["state"], "#8a949e")) if self._alive else MUTED
        painter.setPen(state)
        text = job["state"]
        if job["state"] == "printing":
            text = f"{job['printed']} of {job['pages']}"
        elif job["state"] == "waiting":
            text = f"waiting, {job['pages']} p."
        painter.drawText(upper, right | middle, text)
        room = box.width() - 36 - QFontMetrics(font).horizontalAdvance(text) - 10
        font.setPixelSize(12)
        painter.setFont(font)
        painter.setPen(MUTED if over or not self._alive else TEXT)
        title = QFontMetrics(font).elidedText(job["title"], Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(upper.adjusted(28, 0, 0, 0), left | middle, title)
        line = QRectF(box.left() + 28, box.bottom() - 9, box.width() - 28, 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#e4e9ee"))
        painter.drawRoundedRect(line, 1.5, 1.5)
        share = job["printed"] / max(job["pages"], 1)
        if share > 0:
            painter.setBrush((QColor("#9fcfb3") if over else ACCENT) if self._alive else MUTED)
            line.setWidth(line.width() * share)
            painter.drawRoundedRect(line, 1.5, 1.5)
