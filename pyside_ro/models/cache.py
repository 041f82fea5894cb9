"""What a replica keeps of the rows of one parent: runs of rows, as they came from the wire.

A run has each role's values in one flat list, row after row, and moves as a whole when rows are
inserted or removed before it: nothing is kept or done once a row. Knows nothing but Python.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

__all__ = ["RowCache", "Run"]

#: So many runs are joined where they touch.
_MANY = 96


class Run:
    """Rows that lie side by side, with values for the same roles."""

    __slots__ = ("columns", "end", "first", "stale", "stamp", "values")

    def __init__(
        self,
        first: int,
        count: int,
        columns: int,
        values: dict[int, list[Any]],
        stamp: int,
        stale: bool = False,
    ) -> None:
        self.first = first
        #: One past the last row.
        self.end = first + count
        self.columns = columns
        self.values = values
        #: When it was last looked at.
        self.stamp = stamp
        #: Whether the source has other values by now.
        self.stale = stale

    def part(self, first: int, end: int) -> Run:
        """Some of its rows, as a run of its own."""
        a, b = (first - self.first) * self.columns, (end - self.first) * self.columns
        values = {role: column[a:b] for role, column in self.values.items()}
        return Run(first, end - first, self.columns, values, self.stamp, self.stale)


_NOWHERE = Run(-1, 0, 1, {}, 0)


class RowCache:
    """Runs in order of their rows."""

    __slots__ = ("_starts", "last", "rows", "runs")

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self._starts: list[int] = []
        #: How many rows are kept.
        self.rows = 0
        #: The run found last: the next row is most often there as well.
        self.last = _NOWHERE

    def clear(self) -> None:
        """Forget all rows."""
        self.runs.clear()
        self._starts.clear()
        self.rows = 0
        self.last = _NOWHERE

    def find(self, row: int) -> Run | None:
        """The run that has the row."""
        at = bisect_right(self._starts, row) - 1
        if at >= 0 and row < self.runs[at].end:
            self.last = found = self.runs[at]
            return found
        return None

    def value(self, row: int, column: int, role: int, default: Any = None) -> Any:
        """A cell's value."""
        run = self.find(row)
        if run is None or column >= run.columns:
            return default
        values = run.values.get(role)
        return default if values is None else values[(row - run.first) * run.columns + column]

    def change(self, row: int, column: int, role: int, value: Any) -> bool:
        """Change a cell that is kept; False when it is not."""
        run = self.last
        if not run.first <= row < run.end:
            found = self.find(row)
            if found is None:
                return False
            run = found
        values = run.values.get(role)
        if values is None or column >= run.columns:
            return False
        values[(row - run.first) * run.columns + column] = value
        return True

    def between(self, first: int, end: int) -> Iterator[Run]:
        """The runs that have rows from `first` to, not including, `end`."""
        at = max(bisect_right(self._starts, first) - 1, 0)
        while at < len(self.runs) and self.runs[at].first < end:
            if self.runs[at].end > first:
                yield self.runs[at]
            at += 1

    def has(self, row: int, roles: set[int] | frozenset[int]) -> bool:
        """Whether a row is kept with all these roles, as the source has it."""
        run = self.find(row)
        return run is not None and not run.stale and roles <= run.values.keys()

    def put(
        self, first: int, count: int, columns: int, values: dict[int, list[Any]], stamp: int
    ) -> None:
        """Keep rows that came, over whatever was kept of them."""
        if not count:
            return
        end = first + count
        new = Run(first, count, columns, values, stamp)
        at = self._cut(first)
        to = self._cut(end)
        if at == to:
            self.runs.insert(at, new)
            self._starts.insert(at, first)
            self.rows += count
        else:
            pieces: list[Run] = []
            row = first
            for old in self.runs[at:to]:
                if old.first > row:
                    pieces.append(new.part(row, old.first))
                fresh = new.part(old.first, old.end)
                if not old.stale and old.columns == columns:
                    fresh.values = old.values | fresh.values
                pieces.append(fresh)
                row = old.end
            if row < end:
                pieces.append(new.part(row, end))
            self._replace(at, to, pieces)
        if len(self.runs) > _MANY:
            self._join()

    def spoil(self, first: int, end: int) -> list[tuple[int, int]]:
        """Mark rows as stale; give the ranges (first, end) of those that are kept."""
        at, to = self._cut(first), self._cut(end)
        found: list[tuple[int, int]] = []
        for run in self.runs[at:to]:
            run.stale = True
            if found and found[-1][1] == run.first:
                found[-1] = (found[-1][0], run.end)
            else:
                found.append((run.first, run.end))
        return found

    # Structure

    def insert(self, first: int, count: int) -> None:
        """Make room: rows were inserted."""
        self._shift(self._cut(first), count)

    def remove(self, first: int, count: int) -> None:
        """Forget rows that were removed."""
        self.take(first, count)

    def take(self, first: int, count: int) -> list[Run]:
        """Remove rows and give what was kept of them, counted from 0."""
        at, to = self._cut(first), self._cut(first + count)
        taken = self.runs[at:to]
        self._replace(at, to, [])
        self._shift(at, -count)
        for run in taken:
            run.first -= first
            run.end -= first
        return taken

    def give(self, first: int, count: int, runs: list[Run]) -> None:
        """Insert rows that were taken elsewhere."""
        at = self._cut(first)
        self._shift(at, count)
        for run in runs:
            run.first += first
            run.end += first
        self._replace(at, at, runs)

    def evict(self, capacity: int, now: int) -> None:
        """Forget the rows looked at longest ago, but none that was looked at just now."""
        if self.rows <= capacity:
            return
        keep: set[int] = set()
        kept = 0
        for run in sorted(self.runs, key=lambda run: run.stamp, reverse=True):
            kept += run.end - run.first
            if kept > capacity and run.stamp < now:
                break
            keep.add(id(run))
        self.runs = [run for run in self.runs if id(run) in keep]
        self._settle()

    def _settle(self) -> None:
        self._starts = [run.first for run in self.runs]
        self.rows = sum(run.end - run.first for run in self.runs)
        self.last = _NOWHERE

    def _replace(self, at: int, to: int, runs: list[Run]) -> None:
        self.rows += sum(r.end - r.first for r in runs)
        self.rows -= sum(r.end - r.first for r in self.runs[at:to])
        self.runs[at:to] = runs
        self._starts[at:to] = [run.first for run in runs]
        self.last = _NOWHERE

    def _cut(self, row: int) -> int:
        """Have a run begin at `row` if one has it; the number of the first run from there on."""
        at = bisect_right(self._starts, row)
        if not at:
            return 0
        run = self.runs[at - 1]
        if run.first == row:
            return at - 1
        if run.end > row:
            self.runs[at - 1 : at] = [run.part(run.first, row), run.part(row, run.end)]
            self._starts.insert(at, row)
            self.last = _NOWHERE
        return at

    def _shift(self, at: int, count: int) -> None:
        for number in range(at, len(self.runs)):
            run = self.runs[number]
            run.first += count
            run.end += count
            self._starts[number] += count

    def _join(self) -> None:
        joined: list[Run] = []
        for run in self.runs:
            before = joined[-1] if joined else _NOWHERE
            if (
                before.end == run.first
                and before.columns == run.columns
                and before.stale == run.stale
                and before.values.keys() == run.values.keys()
                and run.end - before.first <= _LONG
            ):
                for role, column in run.values.items():
                    before.values[role] += column
                before.end = run.end
                before.stamp = max(before.stamp, run.stamp)
            else:
                joined.append(run)
        self.runs = joined
        self._settle()


#: Runs do not grow past this by being joined: they are forgotten whole.
_LONG = 128
