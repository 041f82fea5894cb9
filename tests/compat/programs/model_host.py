"""A table of goods with colours, edited by whoever looks on: the host."""

import sys

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QColor, QStandardItem, QStandardItemModel
from PySide6.QtRemoteObjects import QRemoteObjectHost
from PySide6.QtWidgets import QApplication

COLOURS = ["#ffd7d7", "#d7ffd7", "#d7d7ff"]
ROLES = [
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.EditRole,
    Qt.ItemDataRole.BackgroundRole,
    Qt.ItemDataRole.CheckStateRole,
    Qt.ItemDataRole.TextAlignmentRole,
]


def row(number):
    items = [QStandardItem(f"good {number:03d}"), QStandardItem(), QStandardItem("in stock")]
    items[0].setCheckable(True)
    items[0].setCheckState(Qt.CheckState.Checked if number % 3 else Qt.CheckState.Unchecked)
    items[1].setData(number * 7 % 100, Qt.ItemDataRole.DisplayRole)
    items[2].setEditable(False)
    for item in items:
        item.setData(QColor(COLOURS[number % 3]), Qt.ItemDataRole.BackgroundRole)
    return items


class Control(QObject):
    done = Signal(str)

    @Slot(str)
    def work(self, what):
        if what == "insert":
            model.insertRow(2, row(900))
            model.insertRow(0, row(901))
        elif what == "remove":
            model.removeRows(4, 3)
        elif what == "change":
            model.item(1, 1).setText("1234")
            model.item(2, 2).setData(QColor("#ffff80"), Qt.ItemDataRole.BackgroundRole)
        elif what == "header":
            model.setHorizontalHeaderLabels(["Good", "Price", "State"])
        elif what == "sort":
            model.sort(0, Qt.SortOrder.DescendingOrder)
        elif what == "select":
            selection.setCurrentIndex(model.index(3, 1), flags)
        self.done.emit(what)


app = QApplication(sys.argv)
model = QStandardItemModel()
model.setHorizontalHeaderLabels(["good", "price", "state"])
for number in range(40):
    model.appendRow(row(number))
flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
selection = QItemSelectionModel(model)
selection.setCurrentIndex(model.index(0, 0, QModelIndex()), flags)
control = Control()
host = QRemoteObjectHost(QUrl(sys.argv[1]))
print("shared:", host.enableRemoting(model, "compatGoods", ROLES, selection), flush=True)
print("shared:", host.enableRemoting(control, "compatControl"), flush=True)
app.exec()
