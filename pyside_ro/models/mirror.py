"""What the source's signals do to a replica.

Every change is applied in the order in which the source made it. Where the source contradicts
itself, its rowCount() decides, and what was kept of those rows is dropped. Knows the replica model
it belongs to, its nodes, and the fetcher.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from shiboken6 import isValid

from .. import log
from ..errors import InvalidData
from .node import Node
from .tree import Tree
from .wire import BRANCH, Block, Size, checkPath, checkRoles, checkRow, spread

__all__ = ["Description", "Mirror"]

_HORIZONTAL, _VERTICAL = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
_ORIENTATIONS = {1: _HORIZONTAL, 2: _VERTICAL}


class Description:
    """What a source model says of itself at the beginning and when it was reset."""

    def __init__(self, data: object) -> None:
        match data:
            case [size, bool(flat), bool(plain), path, column]:
                self.size = Size.fromWire(size)
                self.flat = flat
                self.plainHeaders = plain
                self.current = checkPath(path), checkRow(column)
            case _:
                raise InvalidData(f"a malformed description of a model: {data!r:.60}")


class Mirror(Tree):
    """Applies what the source says to a replica's nodes. The base of QAbstractItemModelReplica."""

    _prefetching: bool
    _rolesHint: list[int]
    _roles: list[int]

    # What the replica does

    def capacity(self) -> int:
        """How many rows of a parent are kept."""
        raise NotImplementedError

    def rootCacheSize(self) -> int:
        """How many rows are kept at the most, by the program's wish."""
        raise NotImplementedError

    def _setCurrent(self, path: list[int], column: int) -> None:
        raise NotImplementedError

    def _describe(self) -> None:
        raise NotImplementedError

    # What the source says

    def _onRowsInserted(self, path: Any, first: Any, last: Any, total: Any) -> None:
        checkPath(path), checkRow(first), checkRow(last), checkRow(total)
        node = self.resolve(path)
        if node is None or node.rows < 0:
            self._markUnknown(path, total > 0)
        elif first > node.rows or last < first:
            self._resync(f"it inserted rows {first} to {last} of {node.rows}")
        else:
            self._insertRows(node, first, last - first + 1)
            if node.rows != total:
                self._takeRows(node, total)

    def _onRowsRemoved(self, path: Any, first: Any, last: Any, total: Any) -> None:
        checkPath(path), checkRow(first), checkRow(last), checkRow(total)
        node = self.resolve(path)
        if node is None or node.rows < 0:
            self._markUnknown(path, total > 0)
        elif last >= node.rows or last < first:
            self._resync(f"it removed rows {first} to {last} of {node.rows}")
        else:
            self._removeRows(node, first, last - first + 1)
            if node.rows != total:
                self._takeRows(node, total)

    def _markUnknown(self, path: list[int], has: bool) -> None:
        above = self.resolve(path[:-1]) if path else None
        if above is not None and above.rows > path[-1]:
            self._markBranch(above, path[-1], has)

    def _onRowsMoved(self, path: Any, first: Any, last: Any, target: Any, place: Any) -> None:
        checkPath(path), checkRow(first), checkRow(last), checkPath(target), checkRow(place)
        if self._root.rows < 0:
            return
        count = last - first + 1
        source, to = self.resolve(path), self.resolve(target)
        source = source if source is not None and source.rows >= 0 else None
        to = to if to is not None and to.rows >= 0 else None
        if (
            count < 1
            or (source is not None and last >= source.rows)
            or (to is not None and place > to.rows)
        ):
            self._resync(f"it moved rows {first} to {last} of {path} to {place} of {target}")
        elif source is not None and to is not None:
            self._moveRows(source, first, count, to, place)
        elif source is not None:
            above, row = self.resolve(target[:-1]) if target else None, target[-1]
            if above is source and row > last:
                row -= count
            self._removeRows(source, first, count)
            if above is not None and above.rows > row:
                self._markBranch(above, row, True)
        elif to is not None:
            above, row = self.resolve(path[:-1]) if path else None, path[-1]
            if above is to and row >= place:
                row += count
            self._insertRows(to, place, count)
            self._doubt(above, row)
        else:
            self._markUnknown(target, True)
            self._doubt(self.resolve(path[:-1]), path[-1])

    def _doubt(self, above: Node | None, row: int) -> None:
        """Whether an item still has children only the source knows."""
        if above is not None and above.cache.spoil(row, row + 1):
            self._fetcher.wantStale(above)

    def _moveRows(self, source: Node, first: int, count: int, to: Node, place: int) -> None:
        below = {id(node) for kid in source.kids.values() for node in kid.under()}
        moving = first <= to.row < first + count and to.parent is source
        if (id(to) in below and moving) or not self.beginMoveRows(
            self._indexOf(source), first, first + count - 1, self._indexOf(to), place
        ):
            self._resync(f"it moved {count} rows from {first} to {place}, which is no move")
            return
        filled = not to.rows
        source.moveRows(first, count, to, place)
        self._fetcher.relocated(source, to)
        if source is self._root or to is self._root:
            self._headers.rowsChanged(0)
        self.endMoveRows()
        if filled:
            self._setBranch(to, True)
        if not source.rows:
            self._setBranch(source, False)

    def _onColumnsInserted(self, path: Any, first: Any, last: Any) -> None:
        checkPath(path), checkRow(first), checkRow(last)
        node = self.resolve(path)
        if node is None or node.rows < 0:
            return
        if not first <= node.columns or last < first:
            self._resync(f"it inserted columns {first} to {last} of {node.columns}")
            return
        self.beginInsertColumns(self._indexOf(node), first, last)
        node.columns += last - first + 1
        self._columnsChanged(node)
        self.endInsertColumns()
        self._measureBelow(node)

    def _onColumnsRemoved(self, path: Any, first: Any, last: Any) -> None:
        checkPath(path), checkRow(first), checkRow(last)
        node = self.resolve(path)
        if node is None or node.rows < 0:
            return
        if not first <= last < node.columns:
            self._resync(f"it removed columns {first} to {last} of {node.columns}")
            return
        self.beginRemoveColumns(self._indexOf(node), first, last)
        node.columns -= last - first + 1
        self._columnsChanged(node)
        self.endRemoveColumns()
        self._measureBelow(node)

    def _onColumnsMoved(self, path: Any, first: Any, last: Any, target: Any, place: Any) -> None:
        checkPath(path), checkRow(first), checkRow(last), checkPath(target), checkRow(place)
        node = self.resolve(path)
        if node is None or node.rows < 0:
            return
        index = self._indexOf(node)
        if not first <= last < node.columns or not self.beginMoveColumns(
            index, first, last, index, place
        ):
            self._resync(f"it moved columns {first} to {last} to {place}, which is no move")
            return
        self._columnsChanged(node)
        self.endMoveColumns()

    def _columnsChanged(self, node: Node) -> None:
        # Most trees have the same columns everywhere and announce those of the root only.
        for below in node.under():
            below.cache.clear()
        if node is self._root:
            self._headers.columnsChanged()

    def _measureBelow(self, node: Node) -> None:
        for below in node.under()[1:]:
            self._fetcher.wantSize(below)

    def _onCellsChanged(
        self,
        path: Any,
        rows: Any,
        columns: Any,
        roles: Any,
        values: Any,
    ) -> None:
        checkPath(path), checkRoles(roles)
        if not isinstance(rows, list) or not isinstance(columns, list):
            raise InvalidData("a model's changed cells are lists of rows and columns")
        if len(rows) != len(columns):
            raise InvalidData("a model's changed cells have as many rows as columns")
        node = self.resolve(path)
        if node is None or not node.cache.rows:
            return
        columnsOf = spread(values, roles, len(rows))
        changed: dict[int, list[int]] = {}
        for at, (row, column) in enumerate(zip(rows, columns, strict=True)):
            if type(row) is not int or type(column) is not int or column < 0:
                raise InvalidData("a model's changed cell has no row and column")
            if row in changed:
                changed[row].append(at)
            else:
                changed[row] = [at]
        told = [role for role in roles if role >= 0]
        make, number, emit = self.createIndex, node.id, self.dataChanged.emit
        # Value by value with its signal, as at the source: a sorting proxy puts a row where it
        # belongs among others that it takes for sorted.
        for start, last, left, right in self._spans(node, columns, changed):
            for row in range(start, last + 1):
                # A slot may have changed the replica's cache, but never its structure.
                run = node.cache.find(row)
                if run is None:
                    continue
                first = (row - run.first) * run.columns
                for role, new in columnsOf.items():
                    old = run.values.get(role)
                    if old is None:
                        continue
                    for at in changed[row]:
                        if columns[at] < run.columns:
                            old[first + columns[at]] = new[at]
            emit(make(start, left, number), make(last, right, number), told)

    def _spans(
        self,
        node: Node,
        columns: list[int],
        changed: dict[int, list[int]],
    ) -> list[tuple[int, int, int, int]]:
        """Rows that are kept with their first and last columns, joined where they touch."""
        spans: list[tuple[int, int, int, int]] = []
        start = last = -2
        edges = (0, 0)
        for row in sorted(changed):
            run = node.cache.find(row)
            if run is None:
                continue
            there = [columns[at] for at in changed[row] if columns[at] < run.columns]
            if not there:
                continue
            if row == last + 1 and edges == (min(there), max(there)):
                last = row
                continue
            if last >= 0:
                spans.append((start, last, *edges))
            start = last = row
            edges = (min(there), max(there))
        if last >= 0:
            spans.append((start, last, *edges))
        return spans

    def _onAreaChanged(
        self,
        path: Any,
        top: Any,
        left: Any,
        bottom: Any,
        right: Any,
        roles: Any,
    ) -> None:
        checkPath(path), checkRow(top), checkRow(left), checkRow(bottom), checkRow(right)
        checkRoles(roles)
        node = self.resolve(path)
        if node is not None and node.cache.spoil(top, bottom + 1):
            # It is told when the new values are there; until then the old ones can be read.
            self._fetcher.wantStale(node)

    def takeBlock(self, node: Node, block: Block) -> None:
        """Keep rows that came, and say so."""
        self.takeSize(node, block.size)
        if not block.rows or self._nodes.get(node.id) is not node:
            return
        first, count, columns = block.first, block.rows, node.columns
        if not columns or first + count > node.rows:
            return
        now = self._fetcher.now
        node.cache.put(first, count, columns, block.values, now)
        node.cache.evict(self.capacity(), now - 1)
        branches = block.values.get(BRANCH)
        if branches is not None and node.kids:
            for row in range(first, first + count):
                kid = node.kids.get(row)
                if kid is not None and (kid.awaited or not kid.rows):
                    self._takeBranch(kid, branches[(row - first) * columns])
        top = self.createIndex(first, 0, node.id)
        bottom = self.createIndex(first + count - 1, columns - 1, node.id)
        self.dataChanged.emit(top, bottom, [role for role in block.values if role >= 0])

    def _onHeaderDataChanged(self, number: Any, first: Any, last: Any) -> None:
        orientation = _ORIENTATIONS.get(number)
        if orientation is None:
            raise InvalidData(f"a header's orientation is 1 or 2, not {number!r:.40}")
        count = self._root.columns if orientation is _HORIZONTAL else self._root.rows
        if checkRow(first) <= checkRow(last) < count:
            self._headers.changed(orientation, first, last)
            self.headerDataChanged.emit(orientation, first, last)

    def _onLayoutChanged(self, data: Any) -> None:
        if self._root.rows < 0:
            return
        described = Description(data)
        # Without parents and hint: PySide's signal takes none.
        self.layoutAboutToBeChanged.emit()
        root = self._root
        # Which item went where only the source knows: at the root they keep their places, as in
        # Qt, and what is below is asked for again. What is kept of the root stays readable until
        # it has come anew: QML's TableView looks only at what dataChanged tells.
        old = [index for index in self.persistentIndexList() if index.internalId()]
        stale = bool(root.cache.spoil(0, root.rows))
        gone = self._forget(list(root.kids.values()))
        root.kids = {}
        self._fetcher.removed(root, root.rows, 0, gone)
        self._fetcher.relocated(root)
        if stale:
            self._fetcher.wantStale(root)
        for index in old:
            self.changePersistentIndex(index, QModelIndex())
        self._headers.rowsChanged(0)
        self.layoutChanged.emit()
        self.takeSize(root, described.size)

    def _onModelReset(self, data: Any) -> None:
        if self._root.rows >= 0:
            self._become(Description(data))

    def _become(self, described: Description) -> None:
        """Begin anew, with what the source says of itself."""
        self.beginResetModel()
        if not isValid(self):
            return
        self._forget(list(self._root.kids.values()))
        self._fetcher.clear()
        self._headers.reset(described.plainHeaders)
        self._root = root = Node(0, None, 0)
        self._nodes = {0: root}
        self.flat = described.flat
        root.rows, root.columns, root.more = described.size
        self.endResetModel()
        if not isValid(self):
            return  # a slot has deleted it
        if self._prefetching:
            self._fetcher.prefetch(root, self._rolesHint or self._roles, self.rootCacheSize())
        self._setCurrent(*described.current)

    def _resync(self, problem: str) -> None:
        """The source contradicts what it said before: begin anew."""
        log.models.warning(
            "'%s': the source's signals do not fit its rows (%s): it is read anew",
            self._name,
            problem,
        )
        self._describe()
