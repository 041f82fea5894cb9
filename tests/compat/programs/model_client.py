"""A table of goods with colours, edited by whoever looks on: the client, with a view."""

import os
import sys

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, QTimer, QUrl
from PySide6.QtGui import QColor
from PySide6.QtRemoteObjects import (
    QAbstractItemModelReplica,
    QRemoteObjectNode,
    QtRemoteObjects,
)
from PySide6.QtWidgets import QApplication, QTableView

Role = Qt.ItemDataRole
HORIZONTAL = Qt.Orientation.Horizontal
#: What the host is asked to do, and how it is seen that it was done.
SEEN = {
    "insert": lambda model: model.rowCount() == 42,
    "remove": lambda model: model.rowCount() == 39,
    "change": lambda model: model.index(2, 2).data(Role.BackgroundRole) == QColor("#ffff80"),
    "header": lambda model: model.headerData(2, HORIZONTAL, Role.DisplayRole) == "State",
    "select": lambda model: model.selectionModel().currentIndex().row() == 3,
}


class Client:
    def __init__(self, url, picture):
        self.picture = picture
        self.node = QRemoteObjectNode()
        self.node.connectToNode(QUrl(url))
        self.control = self.node.acquireDynamic("compatControl")
        self.control.initialized.connect(self.onControl)
        roles = [Role.DisplayRole, Role.BackgroundRole, Role.CheckStateRole]
        action = QtRemoteObjects.InitialAction.PrefetchData
        self.model = self.node.acquireModel("compatGoods", action, roles)
        print("a model's replica:", isinstance(self.model, QAbstractItemModelReplica))
        print("before:", self.model.isInitialized(), self.model.rowCount())
        print("cache:", self.model.rootCacheSize())
        self.model.setRootCacheSize(500)
        self.model.initialized.connect(self.onInitialized)
        self.proxy = QSortFilterProxyModel()
        self.proxy.setSourceModel(self.model)
        self.proxy.setFilterRegularExpression("good 0[12]")
        self.view = QTableView()
        self.view.resize(420, 360)
        self.view.setModel(self.model)
        # In QtRemoteObjects the rows' numbers stay behind when rows are removed.
        self.view.verticalHeader().hide()
        self.view.setSelectionModel(self.model.selectionModel())
        self.view.show()
        self.steps = list(SEEN)
        self.ready = 0

    def onControl(self):
        self.control.done.connect(self.onDone)
        self.begin()

    def onInitialized(self):
        model = self.model
        print("initialized:", model.isInitialized(), model.rowCount(), model.columnCount())
        print("roles:", model.availableRoles(), model.rootCacheSize())
        index = model.index(5, 0)
        print("has data:", model.hasData(index, Role.DisplayRole), index.data())
        print("check:", index.data(Role.CheckStateRole))
        print("background:", index.data(Role.BackgroundRole).name())
        print("nothing:", model.data(QModelIndex(), 0), model.hasChildren(index))
        model.rowsInserted.connect(lambda _, a, b: print("inserted:", a, b))
        model.rowsRemoved.connect(lambda _, a, b: print("removed:", a, b))
        self.begin()

    def begin(self):
        self.ready += 1
        if self.ready == 2:
            self.next()

    def when(self, condition, function):
        """Call the function when the condition is met; the view asks for what it paints."""
        if condition():
            function()
        else:
            QTimer.singleShot(10, lambda: self.when(condition, function))

    def next(self):
        if self.steps:
            self.control.work(self.steps[0])
        else:
            self.edit()

    def onDone(self, what):
        self.when(lambda: SEEN[what](self.model) and self.isFull(), lambda: self.show(what))

    def rows(self):
        return [[self.model.index(row, column).data() for column in range(3)] for row in range(6)]

    def isFull(self):
        return all(value is not None for row in self.rows() for value in row) and isinstance(
            self.model.index(2, 2).data(Role.BackgroundRole), QColor
        )

    def show(self, what):
        self.steps.remove(what)
        model = self.model
        print(what, model.rowCount(), self.rows())
        headers = [model.headerData(column, HORIZONTAL, Role.DisplayRole) for column in range(3)]
        print(what, headers)
        print(what, [model.flags(model.index(2, column)) for column in range(3)])
        print(what, model.index(2, 2).data(Role.BackgroundRole).name())
        if what == "select":
            current = model.selectionModel().currentIndex()
            print("current:", current.row(), current.column())
        self.next()

    def edit(self):
        index = self.model.index(1, 1)
        print("asked:", self.model.setData(index, "edited", Role.EditRole), index.data())
        self.when(lambda: index.data() == "edited", self.filter)

    def filter(self):
        print("edited:", self.rows()[1])
        self.proxy.sort(0, Qt.SortOrder.DescendingOrder)
        names = [self.proxy.index(row, 0).data() for row in range(self.proxy.rowCount())]
        print("proxy:", len(names), names)
        QTimer.singleShot(100, self.finish)

    def finish(self):
        self.view.grab().save(self.picture)
        app.quit()


app = QApplication(sys.argv)
client = Client(*sys.argv[1:])
app.exec()
print("end", flush=True)
# QtRemoteObjects may crash when Python takes its replicas apart.
os._exit(0)
