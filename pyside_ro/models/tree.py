"""The nodes of a replica: found, made, grown and shrunk, with Qt's begin and end calls.

Knows nodes, and tells the fetcher and the headers what moved; nothing of what a source says.
"""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject

from .. import log
from .fetching import Fetcher
from .headers import Headers
from .node import Node
from .wire import BRANCH, Size

__all__ = ["Tree"]


class Tree(QAbstractItemModel):
    """A replica's nodes, and how they come and go. The base of Mirror."""

    _fetcher: Fetcher
    _headers: Headers

    def __init__(self, name: str, parent: QObject | None) -> None:
        super().__init__(parent)
        self._name = name
        self._root = Node(0, None, 0)
        self._nodes: dict[int, Node] = {0: self._root}
        self._lastId = 0
        self.flat = True

    # Nodes and indexes

    def resolve(self, path: list[int]) -> Node | None:
        """The known node at a path."""
        node: Node | None = self._root
        for row in path:
            if node is None:
                return None
            node = node.kids.get(row)
        return node

    def child(self, node: Node, row: int) -> Node:
        """The node of a row's children, made if it is not known."""
        kid = node.kids.get(row)
        if kid is None:
            self._lastId += 1
            kid = node.kids[row] = Node(self._lastId, node, row)
            self._nodes[kid.id] = kid
        return kid

    def _indexOf(self, node: Node) -> QModelIndex:
        """The item whose children a node has."""
        if node.parent is None:
            return QModelIndex()
        return self.createIndex(node.row, 0, node.parent.id)

    def _shownColumns(self, node: Node) -> int:
        """Before its size is known, a parent has as many columns as the one above it."""
        while node.rows < 0 and node.parent is not None:
            node = node.parent
        return node.columns

    def _forget(self, gone: list[Node]) -> list[Node]:
        """Drop nodes with all below them; gives all of these."""
        found = [below for node in gone for below in node.under()]
        for node in found:
            self._nodes.pop(node.id, None)
            node.parent = None
            node.rows = -1
            node.kids = {}
        return found

    # Sizes

    def takeSize(self, node: Node, size: Size) -> None:
        """Bring a node to the size that the source has it at."""
        node.more = size.more
        if node.rows < 0:
            if node is self._root:
                return
            node.columns = self._shownColumns(node)
            node.rows = 0
        if node.columns != size.columns:
            self._takeColumns(node, size.columns)
        if node.rows != size.rows:
            self._takeRows(node, size.rows)

    def _takeColumns(self, node: Node, columns: int) -> None:
        index, old = self._indexOf(node), node.columns
        if columns > old:
            self.beginInsertColumns(index, old, columns - 1)
        else:
            self.beginRemoveColumns(index, columns, old - 1)
        node.columns = columns
        node.cache.clear()
        if columns > old:
            self.endInsertColumns()
        else:
            self.endRemoveColumns()

    def _takeRows(self, node: Node, rows: int) -> None:
        """Rows come or go at the end, and the places of all others are in doubt."""
        old = node.rows
        if old:
            log.models.warning(
                "'%s': the source has %d rows where its signals announced %d: it is followed",
                self._name,
                rows,
                old,
            )
            node.cache.clear()
        if rows > old:
            self._insertRows(node, old, rows - old)
        else:
            self._removeRows(node, rows, old - rows)

    def _insertRows(self, node: Node, first: int, count: int) -> None:
        self.beginInsertRows(self._indexOf(node), first, first + count - 1)
        node.insertRows(first, count)
        self._fetcher.inserted(node, first, count)
        if node is self._root:
            self._headers.rowsChanged(first)
        self.endInsertRows()
        if node.rows == count:
            self._setBranch(node, True)

    def _removeRows(self, node: Node, first: int, count: int) -> None:
        self.beginRemoveRows(self._indexOf(node), first, first + count - 1)
        gone = self._forget(node.removeRows(first, count))
        self._fetcher.removed(node, first, count, gone)
        if node is self._root:
            self._headers.rowsChanged(first)
        self.endRemoveRows()
        if not node.rows:
            self._setBranch(node, node.more)

    def _setBranch(self, node: Node, has: bool) -> None:
        if node.parent is not None:
            self._markBranch(node.parent, node.row, has)

    def _takeBranch(self, node: Node, has: bool) -> None:
        """It is known whether an item has rows: how many, its source is asked for."""
        node.awaited = False
        if has:
            self._fetcher.wantSize(node)
        elif node.rows < 0:
            node.columns = self._shownColumns(node)
            node.rows = 0

    def _markBranch(self, above: Node, row: int, has: bool) -> None:
        """An item has children now, or has none any more: a view draws it otherwise."""
        kid = above.kids.get(row)
        if has and kid is not None and not kid.rows:
            # Somebody looked in the middle of this change, and was told that there are none.
            self._fetcher.wantSize(kid)
        if above.cache.value(row, 0, BRANCH, None) in (has, None):
            return
        above.cache.change(row, 0, BRANCH, has)
        index = self.createIndex(row, 0, above.id)
        self.dataChanged.emit(index, index)
