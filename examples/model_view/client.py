"""Three views of one replica: a tree of depots, and the chosen depot's parcels in two ways."""

import argparse
import signal
import sys

from drawing import Bar, Tile
from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QListView,
    QSplitter,
    QTableView,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from pyside_ro import QAbstractItemModelReplica, QRemoteObjectNode

WAY, NOTE = 4, 5
#: The depot that is chosen at first.
FIRST = 2
LOOK = """
QWidget { background: #f8fafc; color: #0f172a; }
QAbstractItemView { background: white; alternate-background-color: #f5f7fb; border: 1px solid
  #dbe2ea; border-radius: 4px; selection-background-color: #dbe4ff; selection-color: #0f172a; }
QScrollBar { background: #f8fafc; width: 10px; height: 10px; }
QScrollBar::handle { background: #cbd5e1; border-radius: 5px; min-height: 24px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QTreeView::item { height: 21px; }
QHeaderView::section { background: #eef2f7; color: #475569; border: none; padding: 4px 6px; }
"""


class Window(QWidget):
    """The views know nothing of another process: the replica is a model like any other."""

    def __init__(self, parcels: QAbstractItemModelReplica) -> None:
        super().__init__()
        self.setWindowTitle("Parcels")
        self.setStyleSheet(LOOK)
        self.resize(1180, 680)
        self.parcels = parcels
        self.changed = self.inserted = self.moved = 0
        self._tree, self._table, self._mosaic = makeTree(), makeTable(), makeMosaic()
        for view in (self._tree, self._table, self._mosaic):
            view.setModel(parcels)
            view.setSelectionModel(self._tree.selectionModel())
            view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._tree.selectionModel().currentChanged.connect(self._choose)
        parcels.modelReset.connect(self._begin)
        self._status = QLabel()
        right = QSplitter(Qt.Orientation.Vertical)
        right.addWidget(self._table)
        right.addWidget(self._mosaic)
        right.setSizes([390, 210])
        all_ = QSplitter()
        all_.addWidget(self._tree)
        all_.addWidget(right)
        all_.setSizes([440, 700])
        layout = QVBoxLayout(self)
        layout.addWidget(all_, stretch=1)
        layout.addWidget(self._status)

        parcels.dataChanged.connect(self._onChanged)
        parcels.rowsInserted.connect(self._onInserted)
        parcels.rowsMoved.connect(self._onMoved)
        self._clock = QTimer(self, interval=200)
        self._clock.timeout.connect(self._showStatus)
        self._clock.start()

    def _begin(self) -> None:
        """The source is there, for the first time or again: its columns are known."""
        if not self.parcels.columnCount():
            return
        for column, width in enumerate((190, 0, 0, 110)):
            self._tree.setColumnWidth(column, width)
            self._tree.setColumnHidden(column, not width)
        self._tree.hideColumn(NOTE)
        for column, width in enumerate((110, 90, 60, 90, 190)):
            self._table.setColumnWidth(column, width)
        depot = self.parcels.index(FIRST, 0)
        self._tree.setCurrentIndex(depot)
        self._tree.expand(depot)

    def _choose(self, current: QModelIndex) -> None:
        """Show the depot of the current item; its rows come when they are looked at."""
        if current.isValid():
            above = current.parent()
            depot = (above if above.isValid() else current).siblingAtColumn(0)
            if depot != self._table.rootIndex():
                self._table.setRootIndex(depot)
                self._mosaic.setRootIndex(depot)

    def play(self) -> None:
        """What a user might do: write a note, and pick a parcel."""
        depot = self.parcels.index(FIRST, 0)
        self.parcels.setData(self.parcels.index(2, NOTE, depot), "ring twice")
        self._tree.setCurrentIndex(self.parcels.index(3, 0, depot))

    def _onChanged(self) -> None:
        self.changed += 1

    def _onInserted(self) -> None:
        self.inserted += 1

    def _onMoved(self) -> None:
        self.moved += 1

    def _showStatus(self) -> None:
        rows = self.parcels.rowCount(self._table.rootIndex())
        self._status.setText(
            f"<b>{rows:,}</b> parcels here, 100,000 and more in all. Seen: <b>{self.changed:,}</b> "
            f"changes, <b>{self.inserted}</b> inserts, <b>{self.moved}</b> moves"
        )


def makeTree() -> QTreeView:
    tree = QTreeView()
    tree.setItemDelegateForColumn(WAY, Bar(tree))
    tree.setUniformRowHeights(True)
    tree.setAlternatingRowColors(True)
    return tree


def makeTable() -> QTableView:
    table = QTableView()
    table.setItemDelegateForColumn(WAY, Bar(table))
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.horizontalHeader().setStretchLastSection(True)
    table.verticalHeader().setDefaultSectionSize(24)
    table.verticalHeader().hide()
    return table


def makeMosaic() -> QListView:
    mosaic = QListView()
    mosaic.setFlow(QListView.Flow.LeftToRight)
    mosaic.setWrapping(True)
    mosaic.setResizeMode(QListView.ResizeMode.Adjust)
    mosaic.setUniformItemSizes(True)
    mosaic.setGridSize(QSize(15, 15))
    mosaic.setItemDelegate(Tile(mosaic))
    return mosaic


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:model_view")
    parser.add_argument("--auto", action="store_true", help="do what a user might do")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QApplication(sys.argv)
    node = QRemoteObjectNode()
    node.connectToNode(options.url)
    parcels = node.acquireModel("parcels")
    window = Window(parcels)
    if options.auto:
        parcels.initialized.connect(lambda: QTimer.singleShot(1000, window.play))
    window.show()
    app.exec()
    if not parcels.isInitialized():
        print(f"client: no parcels from {options.url}: {node.errorString()}")
        return 1
    print(
        f"client: {parcels.rowCount()} depots; {window.changed} changes, {window.inserted} "
        f"inserts and {window.moved} moves seen"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
