"""A window on another process's table of processes, sorted and filtered here."""

import argparse
import signal
import sys

from drawing import Load, Number
from PySide6.QtCore import QSortFilterProxyModel, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from pyside_ro import QAbstractItemModelReplica, QRemoteObjectNode, QtRemoteObjects

PID, NAME, USER, STATE, CPU, MEMORY, THREADS = range(7)
#: A sorting proxy looks at all rows, so all of them are kept.
MOST = 100_000
LOOK = """
QWidget { background: #0f172a; color: #e2e8f0; }
QLineEdit { background: #1e293b; border: 1px solid #334155; border-radius: 4px; padding: 5px; }
QTableView { background: #0f172a; alternate-background-color: #131c31; border: 1px solid #1e293b;
  selection-background-color: #1d3b6b; selection-color: white; }
QHeaderView::section { background: #1e293b; color: #94a3b8; border: none; padding: 6px; }
QScrollBar { background: #0f172a; width: 10px; height: 10px; }
QScrollBar::handle { background: #334155; border-radius: 5px; min-height: 24px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
"""


class Window(QWidget):
    """The proxy and the view are as for any model."""

    def __init__(self, processes: QAbstractItemModelReplica) -> None:
        super().__init__()
        self.setWindowTitle("Processes")
        self.setStyleSheet(LOOK)
        self.resize(860, 560)
        self.processes, self.changes = processes, 0
        self.proxy = QSortFilterProxyModel()
        self.proxy.setSourceModel(processes)
        self.proxy.setFilterKeyColumn(NAME)
        self.proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.proxy.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        filter_ = QLineEdit(placeholderText="filter by name")
        filter_.textChanged.connect(self.proxy.setFilterFixedString)
        self._status = QLabel()
        self._table = self._makeTable()
        top = QHBoxLayout()
        top.addWidget(filter_, stretch=1)
        top.addWidget(self._status)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self._table)
        processes.modelReset.connect(self._begin)
        processes.dataChanged.connect(self._onChanged)
        self._clock = QTimer(self, interval=500)
        self._clock.timeout.connect(self._showStatus)
        self._clock.start()

    def _makeTable(self) -> QTableView:
        table = QTableView()
        table.setModel(self.proxy)
        table.setSortingEnabled(True)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(24)
        table.horizontalHeader().setStretchLastSection(True)
        for column, delegate in (
            (PID, Number(table)),
            (CPU, Load(1, 100.0, table)),
            (MEMORY, Load(0, 1000.0, table)),
            (THREADS, Number(table)),
        ):
            table.setItemDelegateForColumn(column, delegate)
        return table

    def _begin(self) -> None:
        """The source is there, for the first time or again: its columns are known."""
        if self.processes.columnCount():
            for column, width in enumerate((70, 180, 90, 80, 140, 140)):
                self._table.setColumnWidth(column, width)
            self._table.sortByColumn(CPU, Qt.SortOrder.DescendingOrder)

    def _onChanged(self) -> None:
        self.changes += 1

    def _showStatus(self) -> None:
        state = "" if self.processes.isInitialized() else ", waiting for the host"
        shown, all_ = self.proxy.rowCount(), self.processes.rowCount()
        self._status.setText(f"<b>{shown}</b> of {all_} processes{state}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:process_table")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QApplication(sys.argv)
    node = QRemoteObjectNode()
    node.connectToNode(options.url)
    everything = QtRemoteObjects.InitialAction.PrefetchData
    processes = node.acquireModel("processes", everything, [Qt.ItemDataRole.DisplayRole])
    processes.setRootCacheSize(MOST)
    window = Window(processes)
    window.show()
    app.exec()
    if not processes.isInitialized():
        print(f"client: no processes from {options.url}: {node.errorString()}")
        return 1
    print(
        f"client: {processes.rowCount()} processes, {window.changes} changes seen, "
        f"at the top {window.proxy.index(0, NAME).data()}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
