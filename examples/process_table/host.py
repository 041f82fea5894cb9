"""Shares a table of this machine's processes."""

import argparse
import signal
import sys
from typing import Any

import psutil
from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
)

from pyside_ro import QRemoteObjectHost

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
DISPLAY = Qt.ItemDataRole.DisplayRole
ASKED = ["name", "username", "status", "cpu_percent", "memory_info", "num_threads"]
HEADERS = ("PID", "name", "user", "state", "CPU %", "memory MB", "threads")

Row = list[Any]


def processes() -> dict[int, Row]:
    """What runs now, by process id. CPU is since the last time this was asked."""
    found: dict[int, Row] = {}
    for process in psutil.process_iter(ASKED):
        info = process.info
        memory = info["memory_info"].rss / 1e6 if info["memory_info"] else 0.0
        found[process.pid] = [
            process.pid,
            info["name"] or "",
            info["username"] or "",
            info["status"] or "",
            info["cpu_percent"] or 0.0,
            round(memory, 1),
            info["num_threads"] or 0,
        ]
    return found


class Processes(QAbstractTableModel):
    """One row for each process, in the order in which they were first seen."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = list(processes().values())

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(HEADERS)

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        # Numbers as numbers: the client sorts by them and shows them as it likes.
        return self._rows[index.row()][index.column()] if role == DISPLAY else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        horizontal = orientation == Qt.Orientation.Horizontal
        return HEADERS[section] if role == DISPLAY and horizontal else None

    def refresh(self) -> None:
        """Announce what is different from the last time."""
        now = processes()
        for row in reversed(range(len(self._rows))):
            if self._rows[row][0] not in now:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._rows[row]
                self.endRemoveRows()
        for row, old in enumerate(self._rows):
            new = now.pop(old[0])
            for column, value in enumerate(new):
                if old[column] != value:
                    old[column] = value
                    cell = self.index(row, column)
                    self.dataChanged.emit(cell, cell, [DISPLAY])
        if now:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(now) - 1)
            self._rows += now.values()
            self.endInsertRows()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:process_table")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    model = Processes()
    host = QRemoteObjectHost(options.url)
    host.enableRemoting(model, "processes", [DISPLAY])
    timer = QTimer(interval=1000)
    timer.timeout.connect(model.refresh)
    timer.start()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
