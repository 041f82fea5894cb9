"""The parents that a replica knows: their sizes, their kept rows, and where they are.

One node for each item whose number of rows was asked for, and for those above it; none for others.
Knows nothing but Python.
"""

from __future__ import annotations

from .cache import RowCache

__all__ = ["Node"]


class Node:
    """The children of one item."""

    __slots__ = (
        "awaited",
        "cache",
        "columns",
        "id",
        "kids",
        "more",
        "parent",
        "prefetched",
        "row",
        "rows",
    )

    def __init__(self, number: int, parent: Node | None, row: int) -> None:
        #: What indexes of its children carry.
        self.id = number
        #: The node whose row this is the children of; None for the root, and when removed.
        self.parent = parent
        self.row = row
        #: How many children there are; -1 while that is not known.
        self.rows = -1
        #: Whether somebody asked for them before it was known that there are any.
        self.awaited = False
        self.columns = 0
        #: Whether the source can fetch more of them.
        self.more = False
        self.cache = RowCache()
        #: Known nodes of the children, by their row.
        self.kids: dict[int, Node] = {}
        #: The first row that has not been prefetched.
        self.prefetched = 0

    @property
    def path(self) -> list[int]:
        """Where it is."""
        path: list[int] = []
        node = self
        while node.parent is not None:
            path.append(node.row)
            node = node.parent
        path.reverse()
        return path

    def insertRows(self, first: int, count: int) -> None:
        """Its structure after rows were inserted."""
        self.rows += count
        self.cache.insert(first, count)
        self._moveKids(first, count)

    def removeRows(self, first: int, count: int) -> list[Node]:
        """Its structure after rows were removed; gives the nodes that are gone."""
        self.rows -= count
        self.cache.remove(first, count)
        gone = [kid for row, kid in self.kids.items() if first <= row < first + count]
        for kid in gone:
            del self.kids[kid.row]
        self._moveKids(first + count, -count)
        return gone

    def moveRows(self, first: int, count: int, target: Node, place: int) -> None:
        """Its structure and the target's after rows went there, to before the row `place`."""
        runs = self.cache.take(first, count)
        moved = [self.kids.pop(row) for row in list(self.kids) if first <= row < first + count]
        self.rows -= count
        self._moveKids(first + count, -count)
        if target is self and place > first:
            place -= count
        target.rows += count
        fits = target.columns == self.columns
        target.cache.give(place, count, runs if fits else [])
        target._moveKids(place, count)
        for kid in moved:
            kid.row += place - first
            kid.parent = target
            target.kids[kid.row] = kid

    def _moveKids(self, first: int, count: int) -> None:
        if not self.kids:
            return
        for kid in self.kids.values():
            if kid.row >= first:
                kid.row += count
        self.kids = {kid.row: kid for kid in self.kids.values()}

    def under(self) -> list[Node]:
        """This node and all known ones below it."""
        found = [self]
        for node in found:
            found += node.kids.values()
        return found
