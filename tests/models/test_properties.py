"""Models that properties of a shared object hold."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QAbstractItemModel, QObject, QStringListModel, Signal, Slot

from pyside_ro import (
    CannotCross,
    QAbstractItemModelReplica,
    QRemoteObjectNode,
    RemoteError,
)
from tests.behaviour.support import failure, live, share
from tests.helpers import PeerSide, wait_until


class Shelf(QObject):
    """Holds a model, another one when it is told to, or none; and gives one away."""

    booksChanged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._books: QStringListModel | None = QStringListModel(["one", "two"])

    def _get(self) -> Any:
        return self._books

    books = Property(QAbstractItemModel, _get, notify=booksChanged)

    @Slot(int)
    def refill(self, count: int) -> None:
        self._books = QStringListModel([f"book {i}" for i in range(count)]) if count else None
        self.booksChanged.emit()

    @Slot(str)
    def add(self, title: str) -> None:
        assert self._books is not None
        self._books.insertRow(0)
        self._books.setData(self._books.index(0), title)

    @Slot(result=QObject)
    def lend(self) -> Any:
        self._lent = QStringListModel(["lent"])
        return self._lent


def shelf_host(side: PeerSide, url: str) -> None:
    share(side, url, shelf=Shelf())


def test_a_property_holds_a_model(peer: Any, node: QRemoteObjectNode, local_url: str) -> None:
    host = peer(shelf_host, url=local_url, env={"QT_LOGGING_RULES": "pyside_ro*.critical=false"})
    shelf = live(node, host, "shelf")
    books = shelf.books
    assert isinstance(books, QAbstractItemModelReplica)
    assert shelf.books is books
    wait_until(books.isInitialized)
    wait_until(lambda: books.data(books.index(1, 0)) == "two")
    shelf.add("three")
    wait_until(lambda: books.data(books.index(0, 0)) == "three")
    shelf.refill(4)
    wait_until(lambda: shelf.books is not books and shelf.books.rowCount() == 4)
    shelf.refill(0)
    wait_until(lambda: shelf.books is None)


def test_a_slot_gives_no_model_away(peer: Any, node: QRemoteObjectNode, local_url: str) -> None:
    host = peer(shelf_host, url=local_url, env={"QT_LOGGING_RULES": "pyside_ro*.critical=false"})
    shelf = live(node, host, "shelf")
    error = failure(shelf.lend())
    assert isinstance(error, RemoteError)
    assert error.typeName == CannotCross.__name__
    assert "shelf.lend" in str(error)
    assert "QStringListModel" in error.message
