"""What a replica looks at and does not have: noted, and moved along when rows come and go.

Knows nodes, and what is on its way; asks for nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from .node import Node
from .wire import Block, Size

__all__ = ["Asked", "Owner", "Wanting"]


class Asked:
    """A range that was asked for, where it is by now."""

    __slots__ = ("ahead", "end", "first", "moved", "node", "path", "roles")

    def __init__(
        self, node: Node, path: list[int], first: int, end: int, roles: frozenset[int]
    ) -> None:
        self.node = node
        self.path = path
        self.first = first
        self.end = end
        self.roles = roles
        #: Whether the answer will be for other rows than these.
        self.moved = False
        #: What is asked for when this has come: rows that may be looked at next.
        self.ahead: list[tuple[int, int]] = []


class Owner(Protocol):
    """What a fetcher asks of the replica it works for."""

    flat: bool

    def call(self, slot: str, *args: Any) -> Any:
        """Call a slot of the source; None when there is no source."""

    def schedule(self) -> None:
        """Have `flush` called when the event loop comes round."""

    def resolve(self, path: list[int]) -> Node | None:
        """The known node at a path."""

    def child(self, node: Node, row: int) -> Node:
        """The node of a row's children, made if it is not known."""

    def takeSize(self, node: Node, size: Size) -> None:
        """Bring a node to its size."""

    def takeBlock(self, node: Node, block: Block) -> None:
        """Keep what came, and say so."""

    def capacity(self) -> int:
        """How many rows are kept."""

    def prefetchDone(self) -> None:
        """All that was to be prefetched is there."""


class Wanting:
    """Rows, roles and sizes that are wanted, and where those that were asked for are by now."""

    def __init__(self, owner: Callable[[], Owner | None]) -> None:
        self._owner = owner
        self._wanted: dict[Node, tuple[dict[int, None], set[int]]] = {}
        self._glanced: dict[Node, tuple[dict[int, None], set[int]]] = {}
        self._stale: set[Node] = set()
        self._sizeless: set[Node] = set()
        self._asked: list[Asked] = []

    # Wanting

    def want(self, node: Node, row: int, role: int) -> None:
        """Somebody looked at a cell that is not here."""
        found = self._wanted.get(node)
        if found is None:
            found = self._wanted[node] = ({}, set())
            self._schedule()
        rows, roles = found
        rows.pop(row, None)
        rows[row] = None  # the last asked for is the last
        roles.add(int(role))  # Python passes an enum, Qt a number

    def glance(self, node: Node, row: int, role: int) -> None:
        """Somebody asked for an item's flags, or whether it has children.

        A tree view asks so of all its rows whenever it lays them out. Of more rows than are kept
        nothing is wanted then: those it paints are looked at as well.
        """
        found = self._glanced.get(node)
        if found is None:
            found = self._glanced[node] = ({}, set())
            self._schedule()
        rows, roles = found
        rows[row] = None
        roles.add(role)

    def _takeGlances(self, owner: Owner) -> None:
        if not self._glanced:
            return
        glanced, self._glanced = self._glanced, {}
        for node, (rows, roles) in glanced.items():
            if len(rows) <= owner.capacity():
                known = self._wanted.setdefault(node, ({}, set()))
                # First: the rows looked at last are the first to be asked for.
                self._wanted[node] = (rows | known[0], roles | known[1])

    def wantStale(self, node: Node) -> None:
        """Some of a node's rows are not as the source has them."""
        self._stale.add(node)
        self._schedule()

    def wantSize(self, node: Node) -> None:
        """Somebody asked how many children there are."""
        if node not in self._sizeless:
            self._sizeless.add(node)
            self._schedule()

    def _schedule(self) -> None:
        owner = self._owner()
        if owner is not None:
            owner.schedule()

    def clear(self) -> None:
        """Want nothing any more: the model is another one."""
        self._wanted.clear()
        self._glanced.clear()
        self._stale.clear()
        self._sizeless.clear()
        for asked in self._asked:
            asked.moved = True

    # Structure

    def inserted(self, node: Node, first: int, count: int) -> None:
        """Rows were inserted; what is wanted moves along."""
        self._moved(node, lambda row: row + count if row >= first else row)

    def removed(self, node: Node, first: int, count: int, gone: Iterable[Node]) -> None:
        """Rows were removed."""

        def where(row: int) -> int:
            if row < first:
                return row
            return row - count if row >= first + count else -1

        self._moved(node, where)
        for lost in gone:
            self._wanted.pop(lost, None)
            self._glanced.pop(lost, None)
            self._stale.discard(lost)
            self._sizeless.discard(lost)

    def relocated(self, *nodes: Node) -> None:
        """Rows went elsewhere: what was asked for of these nodes is wanted where it is now."""
        for node in nodes:
            self._wanted.pop(node, None)
            self._glanced.pop(node, None)
            for asked in self._asked:
                if asked.node is node:
                    asked.moved = True
        self._pathsMoved()

    def _moved(self, node: Node, where: Callable[[int], int]) -> None:
        for looked in (self._wanted, self._glanced):
            found = looked.get(node)
            if found is not None:
                rows = [new for row in found[0] if (new := where(row)) >= 0]
                looked[node] = (dict.fromkeys(rows), found[1])
        for asked in self._asked:
            if asked.node is node:
                first, last = where(asked.first), where(asked.end - 1)
                if (first, last) != (asked.first, asked.end - 1):
                    asked.first, asked.end, asked.moved = max(first, 0), last + 1, True
        self._pathsMoved()

    def _pathsMoved(self) -> None:
        if self._sizeless:
            self._schedule()
