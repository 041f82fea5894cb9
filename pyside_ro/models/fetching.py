"""Asking a source model for what is wanted: gathered, merged, in batches, a few at a time.

An answer speaks of the source as it is when the answer comes: all signals before it were applied.
So it is put where its path and rows lead at that moment, never where they led when it was asked
for. Knows nodes and what a request is; nothing of links, nothing of Qt's indexes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .. import log
from ..errors import ConnectionLost, RemoteError
from .node import Node
from .wanting import Asked, Owner, Wanting
from .wire import BRANCH, FLAGS, MAX_RANGES, Block, Size

__all__ = ["FLOOR", "Fetcher"]

#: Rows that are kept however small the cache is made: those of the largest screen.
FLOOR = 128
#: Requests that run at the same time.
_RUNNING = 4
#: Values that are asked for at once.
_VALUES = 16_384
#: Wanted rows so close to each other are asked for as one range.
_GAP = 8
_LEAST_AHEAD = 32
_MOST_AHEAD = 128
#: Who goes further than so many pages at once jumps.
_NEAR = 5
#: Ranges of one request that are extended by look-ahead.
_EXTENDED = 4


class Fetcher(Wanting):
    """Asks for what a replica wants, and takes the answers in."""

    def __init__(self, owner: Callable[[], Owner | None]) -> None:
        super().__init__(owner)
        #: Grows with every request; what is looked at is stamped with it.
        self.now = 1
        self._running: set[Any] = set()
        self._sizesAsked: set[tuple[int, ...]] = set()
        self._retry: list[Asked] = []
        self._ahead: list[Asked] = []
        self._last: dict[int, int] = {}
        self._prefetch: list[Node] | None = None
        self._prefetchRoles: list[int] = []
        self._budget = 0
        #: How many requests were made, for who wants to know.
        self.requests = 0
        self._warned = False

    def clear(self) -> None:
        """Want nothing any more: the model is another one."""
        super().clear()
        self._retry.clear()
        self._ahead.clear()
        self._last.clear()
        self._prefetch = None

    # Prefetching

    def prefetch(self, root: Node, roles: list[int], budget: int) -> None:
        """Ask for all there is, up to `budget` rows, and say `prefetchDone`."""
        self._prefetch = [root]
        self._prefetchRoles = roles
        self._budget = budget
        self.flush()

    def _prefetchOn(self, owner: Owner) -> None:
        queue = self._prefetch
        if queue is None:
            return
        roles = self._roles(owner, self._prefetchRoles)
        while queue and self._budget > 0 and len(self._running) < _RUNNING:
            node = queue[0]
            first = node.prefetched
            if (node.parent is None and node.id) or first >= node.rows:
                queue.pop(0)
                continue
            most = max(1, _VALUES // (max(1, node.columns) * len(roles)))
            end = min(node.rows, first + most, first + self._budget)
            node.prefetched = end
            self._budget -= end - first
            self._send(owner, [Asked(node, node.path, first, end, frozenset(roles))], roles)
        if (queue and self._budget > 0) or self._running or self._prefetch is not queue:
            return
        if not self._sizeless or self._budget <= 0:
            self._prefetch = None
            owner.prefetchDone()

    def _prefetchBelow(self, owner: Owner, node: Node, block: Block) -> None:
        """Go on with the children of what came."""
        branches = block.values.get(BRANCH)
        if branches is None or not any(branches):
            return
        for number in range(block.rows):
            if branches[number * block.size.columns]:
                child = owner.child(node, block.first + number)
                if child.rows < 0:
                    self.wantSize(child)

    def _roles(self, owner: Owner, roles: Iterable[int]) -> list[int]:
        found = {role for role in roles if role >= 0}
        return [*sorted(found), FLAGS] if owner.flat else [*sorted(found), FLAGS, BRANCH]

    # Asking

    def flush(self) -> None:
        """Ask for what is wanted, as far as not enough is on its way already."""
        owner = self._owner()
        if owner is None:
            return
        self._takeGlances(owner)
        self._askSizes(owner)
        while self._retry and len(self._running) < _RUNNING:
            asked = self._retry.pop()
            self._send(owner, [asked], sorted(asked.roles, reverse=True))
        while (self._wanted or self._stale) and len(self._running) < _RUNNING:
            ranges = self._nextRanges(owner)
            if ranges and not self._send(owner, ranges, None):
                return
        if self._ahead and len(self._running) < _RUNNING:
            ranges, self._ahead = self._ahead, []
            self._send(owner, ranges, None)
        self._prefetchOn(owner)

    def _askSizes(self, owner: Owner) -> None:
        if not self._sizeless:
            return
        paths: list[list[int]] = []
        for node in list(self._sizeless):
            path = node.path
            if len(paths) < MAX_RANGES and tuple(path) not in self._sizesAsked:
                paths.append(path)
        if not paths:
            return
        call = owner.call("sizes", paths)
        if call is None:
            return
        self.requests += 1
        self._sizesAsked.update(map(tuple, paths))
        call.add_done_callback(lambda call: self._sizesCame(call, paths))

    def _nextRanges(self, owner: Owner) -> list[Asked]:
        """Ranges for one request; what goes into it is wanted no longer."""
        self.now += 1
        ranges: list[Asked] = []
        room = _VALUES
        for node in list(self._stale):
            for run in node.cache.runs:
                if room <= 0:
                    return ranges
                if run.stale and not self._covered(node.path, run.first, run.end, run.values):
                    roles = frozenset(self._roles(owner, run.values))
                    room = self._add(ranges, node, run.first, run.end, roles, room)
            self._stale.discard(node)
        while self._wanted and room > 0 and len(ranges) < MAX_RANGES:
            node, (rows, wantedRoles) = self._wanted.popitem()
            roles = frozenset(self._roles(owner, wantedRoles))
            for first, end in self._areas(owner, node, list(rows), roles):
                if room <= 0 or len(ranges) >= MAX_RANGES:
                    left = [row for row in rows if first <= row < end]
                    kept = self._wanted.setdefault(node, ({}, set(wantedRoles)))
                    kept[0].update(dict.fromkeys(left))
                    continue
                room = self._add(ranges, node, first, end, roles, room)
                if len(ranges) <= _EXTENDED:
                    ranges[-1].ahead = self._around(owner, node, first, end, roles, len(rows))
        return ranges

    def _add(
        self,
        ranges: list[Asked],
        node: Node,
        first: int,
        end: int,
        roles: frozenset[int],
        room: int,
    ) -> int:
        """Add a range, as pieces that an answer can hold."""
        width = max(1, node.columns * len(roles))
        most = max(1, _VALUES // width)
        path = node.path
        for start in range(first, end, most):
            piece = min(start + most, end)
            ranges.append(Asked(node, path, start, piece, roles))
            room -= (piece - start) * width
        return room

    def _covered(self, path: list[int], first: int, end: int, roles: Iterable[int]) -> bool:
        """Whether these rows are on their way already.

        They are for the path and rows that were named then, whatever has moved since.
        """
        wanted = set(roles)
        return any(
            asked.first <= first and end <= asked.end and wanted <= asked.roles
            for asked in self._asked
            if not asked.moved and asked.path == path
        )

    def _areas(
        self, owner: Owner, node: Node, rows: list[int], roles: frozenset[int]
    ) -> list[tuple[int, int]]:
        """The ranges to ask for, with look-ahead, the one wanted last first."""
        capacity = owner.capacity()
        if len(rows) > capacity:
            if not self._warned:
                self._warned = True
                log.models.warning(
                    "%d rows are looked at at once and %d are kept: setRootCacheSize() is too "
                    "small for what uses the model",
                    len(rows),
                    capacity,
                )
            rows = rows[-capacity:]
        newest = rows[-1] if rows else 0
        cache = node.cache
        path = node.path
        rows = sorted(
            row
            for row in rows
            if 0 <= row < node.rows
            and not cache.has(row, roles)
            and not self._covered(path, row, row + 1, roles)
        )
        areas: list[tuple[int, int]] = []
        for row in rows:
            if areas and row - areas[-1][1] <= _GAP:
                areas[-1] = (areas[-1][0], row + 1)
            else:
                areas.append((row, row + 1))
        areas.sort(key=lambda area: abs(area[0] - newest))
        return areas

    def _around(
        self,
        owner: Owner,
        node: Node,
        first: int,
        end: int,
        roles: frozenset[int],
        wanted: int,
    ) -> list[tuple[int, int]]:
        """The rows around a range that may be looked at next, more of them where it went."""
        cache = node.cache
        touched = sum(r.end - r.first for r in cache.runs if r.stamp >= self.now - 1)
        spare = max(0, (owner.capacity() - touched - wanted) // 2)
        ahead = min(spare, max(_LEAST_AHEAD, min(2 * (end - first), _MOST_AHEAD)))
        last = self._last.get(node.id, 0)
        self._last[node.id] = first
        if abs(first - last) > _NEAR * max(end - first, _LEAST_AHEAD):
            return []  # a jump: nobody knows where it goes from here
        down = first >= last
        before, after = (ahead // 4, ahead) if down else (ahead, ahead // 4)
        low, high = max(0, first - before), min(node.rows, end + after)
        while low < first and cache.has(low, roles):
            run = cache.find(low)
            assert run is not None
            low = min(run.end, first)
        while high > end and cache.has(high - 1, roles):
            run = cache.find(high - 1)
            assert run is not None
            high = max(run.first, end)
        return [(a, b) for a, b in ((end, high), (low, first)) if a < b]

    def _send(self, owner: Owner, ranges: list[Asked], roles: list[int] | None) -> bool:
        wire = [
            [a.path, a.first, a.end - 1, roles or sorted(a.roles, reverse=True)] for a in ranges
        ]
        call = owner.call("rows", wire)
        if call is None:
            return False
        self.requests += 1
        self._running.add(call)
        self._asked += ranges
        call.add_done_callback(lambda call: self._rowsCame(call, ranges))
        return True

    # Answers

    def _sizesCame(self, call: Any, paths: list[list[int]]) -> None:
        self._sizesAsked.difference_update(map(tuple, paths))
        owner = self._owner()
        if owner is None or not self._succeeded(call):
            return
        answers = call.returnValue()
        if not isinstance(answers, list) or len(answers) != len(paths):
            answers = [None] * len(paths)
        for path, answer in zip(paths, answers, strict=True):
            node = owner.resolve(path)
            if node is None:
                continue
            self._sizeless.discard(node)
            if answer is not None:
                unknown = node.rows < 0
                owner.takeSize(node, Size.fromWire(answer))
                if self._prefetch is not None and unknown:
                    self._prefetch.append(node)
        if self._sizeless or self._prefetch is not None:
            self._schedule()

    def _succeeded(self, call: Any) -> bool:
        error = call.exception()
        if error is None:
            return True
        if not isinstance(error, ConnectionLost):
            log.models.warning("the source model did not answer: %s", error)
        return False

    def _rowsCame(self, call: Any, ranges: list[Asked]) -> None:
        self._running.discard(call)
        self._asked = [asked for asked in self._asked if asked not in ranges]
        owner = self._owner()
        if owner is None:
            return
        if isinstance(call.exception(), RemoteError):
            self._divide(ranges, call.exception())
        elif self._succeeded(call):
            answers = call.returnValue()
            if not isinstance(answers, list) or len(answers) != len(ranges):
                answers = [None] * len(ranges)
            for asked, answer in zip(ranges, answers, strict=True):
                self._rangeCame(owner, asked, answer)
        else:
            return
        if self._wanted or self._stale or self._retry or self._prefetch is not None:
            self._schedule()
        elif self._ahead:
            self.flush()

    def _rangeCame(self, owner: Owner, asked: Asked, answer: Any) -> None:
        block = None if answer is None else Block.fromWire(answer)
        node = None
        if block is not None:
            node = owner.resolve(block.path)
            if node is not None and node.rows >= 0:
                owner.takeBlock(node, block)
                if self._prefetch is not None:
                    self._prefetchBelow(owner, node, block)
        if not asked.moved and node is asked.node:
            for first, end in asked.ahead:
                self._ahead.append(Asked(node, asked.path, first, end, asked.roles))
        else:
            # Other rows came than those that somebody looked at.
            old = asked.node
            for row in range(asked.first, min(asked.end, old.rows)):
                if not old.cache.has(row, asked.roles):
                    for role in asked.roles:
                        self.want(old, row, role)

    def _divide(self, ranges: list[Asked], error: Any) -> None:
        """An answer cannot be had as a whole: ask for less at a time."""
        for asked in ranges:
            node, first, end = asked.node, asked.first, asked.end
            if end - first > 1:
                middle = (first + end) // 2
                for a, b in ((first, middle), (middle, end)):
                    self._retry.append(Asked(node, node.path, a, b, asked.roles))
            elif node.rows > first:
                log.models.warning("row %d of %s stays empty: %s", first, node.path, error)
                columns = node.columns
                values: dict[int, list[Any]] = {
                    role: [None if role >= 0 else 0] * columns for role in asked.roles
                }
                node.cache.put(first, 1, columns, values, self.now)
