"""The other processes of the tests of models in properties. Know pyside_ro's public names only."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    ClassInfo,
    Property,
    QAbstractItemModel,
    QObject,
    QSortFilterProxyModel,
    QStringListModel,
    Qt,
    QThread,
    Signal,
    Slot,
)

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, RepFile
from tests.helpers import PeerSide
from tests.models.sources import Table

USER = int(Qt.ItemDataRole.UserRole)

REP = """
class Library
{
    PROP(QString name = "public")
    MODEL books(display, edit)
    MODEL authors()
    CLASS annex(QObject)
}
"""


class Shelf(QObject):
    """Holds models, by themselves and in a list; gives them in ways that are refused, too."""

    tableChanged = Signal(QAbstractItemModel)
    itemsChanged = Signal()
    valueChanged = Signal(int)

    def __init__(self, table: QAbstractItemModel | None = None) -> None:
        super().__init__()
        self._table = table
        self._items: Any = []
        self._value = 0

    def setTable(self, table: QAbstractItemModel | None) -> None:
        self._table = table
        self.tableChanged.emit(table)

    table = Property(QAbstractItemModel, lambda self: self._table, setTable, notify=tableChanged)

    def setItems(self, items: Any) -> None:
        self._items = items
        self.itemsChanged.emit()

    items = Property("QVariant", lambda self: self._items, setItems, notify=itemsChanged)

    def _setValue(self, value: int) -> None:
        self._value = value
        self.valueChanged.emit(value)

    value = Property(int, lambda self: self._value, _setValue, notify=valueChanged)

    @Slot(result=QAbstractItemModel)
    def give(self) -> Any:
        return self._table

    @Slot(result="QVariant")
    def giveAny(self) -> Any:
        return [QStringListModel(["x"], self)]

    @Slot("QVariant", result=str)
    def take(self, model: Any) -> str:
        """Say what it was given."""
        mine = "the same" if model is self._table else "another"
        return f"{mine} {type(model).__name__}"


@ClassInfo(TABLE_ROLES="display|toolTip|colour")
class Listed(Shelf):
    """Shares some roles of its table, one of which the model does not have."""


class Roles(Table):
    """A table with names for its roles."""

    def roleNames(self) -> Any:
        return {0: b"display", 2: b"edit", 3: b"toolTip", USER: b"secret"}

    def data(self, index: Any, role: int = 0) -> Any:
        return {3: "tip", USER: "secret"}.get(role) or super().data(index, role)


def shelves(side: PeerSide, url: str, registry: str = "", start: int = 0, items: Any = ()) -> None:
    """A host of "shelf" and "listed", whose models are changed by command, `items` at first."""
    table = Table(3, 2)
    if start:
        table.rows[0][0] = f"start {start}"
    models: dict[Any, Any] = {
        None: None,
        "table": table,
        "strings": QStringListModel(["a", "b"]),
        "roles": Roles(2, 2),
    }
    shelf, listed = Shelf(table), Listed()
    models["shelf"] = shelf
    inner = Shelf()
    host = QRemoteObjectHost(url, registry or None)
    assert host.enableRemoting(shelf, "shelf")
    assert host.enableRemoting(listed, "listed")
    assert host.enableRemoting(shelf, "look", readOnly=True)

    def find(value: Any) -> Any:
        return [find(v) for v in value] if isinstance(value, list) else models[value]

    @side.command
    def put(where: str, what: str, value: Any) -> None:
        holder = {"shelf": shelf, "listed": listed, "inner": inner}[where]
        getattr(holder, f"set{what.capitalize()}")(find(value))

    if items:
        put("shelf", "items", items)

    @side.command
    def hold() -> None:
        """Another object within the shelf holds the table."""
        inner._table = table
        models["inner"] = inner
        shelf.setItems([inner])

    @side.command
    def sort() -> None:
        proxy = QSortFilterProxyModel()
        proxy.setSourceModel(table)
        proxy.sort(0, Qt.SortOrder.DescendingOrder)
        models["sorted"] = proxy
        shelf.setItems({"sorted": proxy})

    @side.command
    def delete(name: str) -> None:
        models.pop(name).deleteLater()

    @side.command
    def share(name: str, as_: str, plain: bool = False) -> bool:
        return host.enableRemoting(models[name], as_, None if plain else [])

    @side.command
    def shared() -> list[int]:
        """How many children are shared, and how many adapters the table has."""
        return [len(host._family._children), len(table.children())]

    side.command(table.put, "set")
    side.command(table.insert)
    side.command(lambda: table.rows, "rows")
    side.command(lambda: [*models["strings"].stringList()], "strings")
    side.keep(host, models, shelf, listed, inner)
    side.ready(url=host.hostUrl().toString())


def library(side: PeerSide, url: str) -> None:
    """A host of a source from a .rep file."""
    books, authors = Table(3, 1), QStringListModel(["Ada", "Emmy"])
    source = RepFile(REP).source["Library"]()
    source.books = books
    source.authors = authors
    host = QRemoteObjectHost(url)
    assert host.enableRemoting(source), host.errorString()
    side.command(books.put, "set")
    side.command(lambda: setattr(source, "books", None), "clear")
    side.keep(host, books, authors, source)
    side.ready(url=host.hostUrl().toString())


def elsewhere(side: PeerSide, url: str) -> None:
    """A shelf whose table lives in another thread."""
    table = Table(3, 2)
    shelf = Shelf(table)
    thread = QThread()
    table.moveToThread(thread)
    thread.start()
    host = QRemoteObjectHost(url)
    assert host.enableRemoting(shelf, "shelf")

    @side.command
    def end() -> None:
        thread.quit()
        thread.wait()

    side.keep(host, shelf, table, thread)
    side.ready(url=host.hostUrl().toString())


def second(side: PeerSide, url: str) -> None:
    """A client that looks on."""
    node = QRemoteObjectNode()
    node.connectToNode(url)
    replica = node.acquireDynamic("shelf")
    side.command(lambda: replica.table.rowCount() if replica.isReplicaValid() else -1, "rowCount")
    side.keep(node, replica)
    side.ready()
