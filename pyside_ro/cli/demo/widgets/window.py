"""The widgets window of the demo: wires a `Monitor` to labels, instruments and a form.

Knows the monitor and the widgets. All it does with the replicas is what one does with any QObject:
connect to signals, read properties.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QCloseEvent, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from pyside_ro.cli.demo.monitor import FIX_NAMES, Monitor
from pyside_ro.cli.demo.widgets.gauges import Compass, InkLevels, SignalBars, SpeedGauge
from pyside_ro.cli.demo.widgets.jobs import JobList
from pyside_ro.cli.demo.widgets.map import MapView
from pyside_ro.cli.demo.widgets.theme import FIX_COLOURS, LINK_COLOURS, STYLE

__all__ = ["WidgetsWindow"]


class _Pill(QLabel):
    """A short text on a tinted ground, with a dot before it if wanted."""

    def __init__(self, dot: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dot = dot
        self._colour = QColor("#8a949e")
        self.setStyleSheet("font-size: 12px; font-weight: 600;")
        self.setContentsMargins(26 if dot else 11, 5, 12 if dot else 11, 5)

    def show_(self, text: str, colour: str) -> None:
        self._colour = QColor(colour)
        self.setStyleSheet(f"font-size: 12px; font-weight: 600; color: {colour};")
        self.setText(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(self._colour)
        ground.setAlpha(30)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        box = QRectF(self.rect())
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        if self._dot:
            painter.setBrush(self._colour)
            painter.drawEllipse(QRectF(12, box.height() / 2 - 4, 8, 8))
        painter.end()
        super().paintEvent(event)


class WidgetsWindow(QWidget):
    """A window on the bus's receiver and the printer."""

    def __init__(self, monitor: Monitor) -> None:
        super().__init__()
        self.monitor = monitor
        self._alive = False
        self.setObjectName("window")
        self.setWindowTitle("pyside_ro demo: widgets")
        self.setStyleSheet(STYLE)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._make_parts()
        self._lay_out()
        self.resize(980, 640)
        monitor.linkChanged.connect(self._show_link)
        monitor.gpsChanged.connect(self._show_gps)
        monitor.printerChanged.connect(self._show_printer)
        monitor.answerChanged.connect(self._show_answer)
        monitor.stopChanged.connect(self._show_place)
        monitor.trackLoaded.connect(self.map.loadTrack)
        monitor.trackGrew.connect(self.map.addPoint)
        self._wire(monitor._gps, monitor._printer)
        self._show_link()

    def _wire(self, gps: Any, printer: Any) -> None:
        """Connect to the replicas at once: typed ones have their signals from the start."""
        gps.positionChanged.connect(self._show_place)
        gps.speedChanged.connect(self.speed.setSpeed)
        gps.headingChanged.connect(self.compass.setHeading)
        gps.headingChanged.connect(self.map.setHeading)
        gps.fixQualityChanged.connect(self._show_fix)
        gps.satellitesChanged.connect(self._show_fix)
        gps.hdopChanged.connect(self._show_fix)
        gps.signalStrengthsChanged.connect(self.bars.setSignals)
        gps.timeChanged.connect(lambda time: self.time.setText(time.toString("HH:mm:ss 'UTC'")))
        printer.statusChanged.connect(self._show_status)
        printer.inkChanged.connect(self.ink.setInk)
        printer.paperChanged.connect(lambda paper: self.ink.setPaper(paper, printer.tray))
        printer.jobsChanged.connect(self.jobs.setJobs)

    # Parts and layout

    def _make_parts(self) -> None:
        self.badge = _Pill(dot=True)
        self.place, self.stop, self.time = _label("value"), _label("muted"), _label("muted")
        self.map = MapView()
        self.speed, self.compass, self.bars = SpeedGauge(), Compass(), SignalBars()
        self.fix, self.satellites, self.hdop = _Pill(), _label("value"), _label("muted")
        self.status = _Pill()
        self.ink, self.jobs = InkLevels(), JobList()
        self.answer = _label("muted")
        self.answer.setWordWrap(True)
        self.answer.setMinimumHeight(30)
        self.answer.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.jobTitle = QLineEdit("Timetable", placeholderText="Title")
        self.pages = QSpinBox(minimum=1, maximum=500, value=5, suffix=" p.")
        self.pages.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.pages.setFixedWidth(66)
        self.print = QPushButton("Print")
        self.print.setObjectName("primary")
        self.print.clicked.connect(self._submit)
        self.jobTitle.returnPressed.connect(self._submit)
        self.refill = QPushButton("Refill")
        self.refill.clicked.connect(self.monitor.refill)

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._header())
        body = QHBoxLayout()
        body.setContentsMargins(14, 14, 14, 14)
        body.setSpacing(12)
        whole.addLayout(body, 1)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self.map, 1)
        left.addLayout(self._instruments())
        body.addLayout(left, 1)
        body.addWidget(self._printer_card())

    def _header(self) -> QFrame:
        header = _frame("header")
        row = QHBoxLayout(header)
        row.setContentsMargins(18, 10, 16, 10)
        names = QVBoxLayout()
        names.setSpacing(1)
        title, address = _label("title"), _label("muted")
        title.setText("Bus 7 and the office printer")
        address.setText(f"Qt Widgets client of {self.monitor.property('url')}")
        names.addWidget(title)
        names.addWidget(address)
        row.addLayout(names)
        row.addStretch(1)
        row.addWidget(self.time)
        row.addSpacing(10)
        row.addWidget(self.badge)
        return header

    def _instruments(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        for caption, widget in (("SPEED", self.speed), ("HEADING", self.compass)):
            frame, column = _card(caption)
            column.addWidget(widget)
            row.addWidget(frame, 2)
        frame, column = _card("POSITION")
        column.addWidget(self.place)
        column.addWidget(self.stop)
        column.addStretch(1)
        line = QHBoxLayout()
        line.addWidget(self.fix)
        line.addStretch(1)
        numbers = QVBoxLayout()
        numbers.setSpacing(0)
        for label in (self.satellites, self.hdop):
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            numbers.addWidget(label)
        line.addLayout(numbers)
        column.addLayout(line)
        column.addSpacing(4)
        column.addWidget(self.bars)
        row.addWidget(frame, 3)
        return row

    def _printer_card(self) -> QFrame:
        frame, column = _card("PRINTER", self.status)
        frame.setFixedWidth(318)
        column.addSpacing(4)
        column.addWidget(self.ink)
        column.addSpacing(8)
        column.addWidget(_captioned("JOBS"))
        column.addWidget(self.jobs, 1)
        form = QHBoxLayout()
        form.setSpacing(6)
        form.addWidget(self.jobTitle, 1)
        form.addWidget(self.pages)
        form.addWidget(self.print)
        column.addLayout(form)
        under = QHBoxLayout()
        under.setSpacing(6)
        under.addWidget(self.answer, 1)
        under.addWidget(self.refill, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(under)
        return frame

    # What is shown

    def _show_link(self) -> None:
        link = str(self.monitor.property("link"))
        alive = self._alive = link == "live"
        self.badge.show_(str(self.monitor.property("linkText")), LINK_COLOURS[link])
        for label in (self.place, self.satellites):
            label.setEnabled(alive)
        for part in (self.map, self.speed, self.compass, self.bars, self.ink, self.jobs):
            part.setAlive(alive)
        self.print.setEnabled(alive)
        self.refill.setEnabled(alive)
        self._show_gps()
        self._show_printer()

    def _show_gps(self) -> None:
        gps: Any = self.monitor.property("gps")
        if gps is not None:
            self.speed.setSpeed(gps.speed)
            self.compass.setHeading(gps.heading)
            self.map.setHeading(gps.heading)
            self.bars.setSignals(gps.signalStrengths)
        self._show_fix()
        self._show_place()

    def _show_fix(self, *_: object) -> None:
        gps: Any = self.monitor.property("gps")
        if gps is None:
            self.fix.show_("—", "#8a949e")
            self.satellites.setText("—")
            self.hdop.setText("")
            return
        alive = self._alive
        colour = FIX_COLOURS.get(gps.fixQuality, "#8a949e") if alive else "#8a949e"
        self.fix.show_(FIX_NAMES.get(gps.fixQuality, "?"), colour)
        self.satellites.setText(f"{gps.satellites} satellites")
        self.hdop.setText(f"HDOP {gps.hdop:.2f}")

    def _show_place(self) -> None:
        gps: Any = self.monitor.property("gps")
        if gps is None:
            self.place.setText("—")
            self.stop.setText("No position yet")
            return
        north = f"{abs(gps.latitude):.5f}° {'N' if gps.latitude >= 0 else 'S'}"
        east = f"{abs(gps.longitude):.5f}° {'E' if gps.longitude >= 0 else 'W'}"
        self.place.setText(f"{north}  {east}")
        stop = self.monitor.property("lastStop")
        height = f"{gps.altitude:.0f} m high"
        self.stop.setText(f"{height}, last stop {stop}" if stop else height)

    def _show_printer(self) -> None:
        printer: Any = self.monitor.property("printer")
        if printer is not None:
            self.ink.setInk(printer.ink)
            self.ink.setPaper(printer.paper, printer.tray)
            self.jobs.setJobs(printer.jobs)
        self._show_status()

    def _show_status(self, *_: object) -> None:
        printer: Any = self.monitor.property("printer")
        if printer is None or not self._alive:
            self.status.show_("—" if printer is None else printer.status, "#8a949e")
        else:
            colours = {"ready": "#1f8a4c", "printing": "#1668dc", "warming up": "#b7791f"}
            self.status.show_(printer.status, colours.get(printer.status, "#8a949e"))

    def _show_answer(self) -> None:
        good = bool(self.monitor.property("answerGood"))
        self.answer.setStyleSheet(f"color: {'#1f8a4c' if good else '#c93636'};")
        self.answer.setText(str(self.monitor.property("answer")))

    def _submit(self) -> None:
        self.monitor.submit(self.jobTitle.text(), self.pages.value())

    def closeEvent(self, event: QCloseEvent) -> None:
        """The last window closes the program (Qt's rule); nothing else to do."""
        event.accept()


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    return label


def _frame(name: str) -> QFrame:
    frame = QFrame()
    frame.setObjectName(name)
    return frame


def _captioned(text: str) -> QLabel:
    label = _label("caption")
    label.setText(text)
    return label


def _card(caption: str, beside: QWidget | None = None) -> tuple[QFrame, QVBoxLayout]:
    frame = _frame("card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(14, 10, 14, 12)
    column.setSpacing(4)
    row = QHBoxLayout()
    row.addWidget(_captioned(caption))
    row.addStretch(1)
    if beside is not None:
        row.addWidget(beside)
    column.addLayout(row)
    return frame, column
