"""The demo's customers: they press the print button now and then, so that there is news.

Knows the monitor of a window and a clock.
"""

from __future__ import annotations

import itertools
import random

from PySide6.QtCore import QObject, QTimer

from pyside_ro.cli.demo.monitor import Monitor

__all__ = ["Customer"]

_WISHES = {
    "widgets": [
        ("Boarding passes", 2),
        ("Route map", 5),
        ("Annual report", 120),
        ("Timetable, line 7", 4),
        ("Lost property list", 3),
    ],
    "qml": [
        ("Duty roster", 3),
        ("Ticket rolls", 6),
        ("Invoice 2048", 1),
        ("Safety leaflets", 12),
        ("Town map", 4),
    ],
}
_SENSIBLE = 50  # pages: for more than that, nobody goes for paper


class Customer(QObject):
    """Submits a job every few seconds; has paper and ink refilled when there was none."""

    def __init__(self, monitor: Monitor, who: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._monitor = monitor
        self._wishes = itertools.cycle(_WISHES[who])
        self._pages = 0
        self._random = random.Random(who)  # the same in every run
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._act)
        self._timer.start(600 if who == "widgets" else 1100)

    def _act(self) -> None:
        self._timer.start(self._random.randint(1300, 2500))
        monitor = self._monitor
        if monitor.property("link") != "live":
            return
        answer = str(monitor.property("answer"))
        empty = "Refused" in answer and ("paper" in answer or "ink" in answer)
        if empty and 0 < self._pages <= _SENSIBLE:
            monitor.refill()
            self._pages = 0
            return
        title, self._pages = next(self._wishes)
        monitor.submit(title, self._pages)
