"""A replica's headers: kept, and asked for in batches, like rows.

A header that is out of date stays readable until the source has answered. Knows Qt's orientation
and the owner's calls.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt

from .. import log
from ..errors import ConnectionLost, InvalidData
from .cache import RowCache
from .fetching import FLOOR

__all__ = ["Headers"]

_HORIZONTAL, _VERTICAL = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
_AHEAD = 64
_MOST = 4096


class Headers:
    """The sections that are known, of both orientations."""

    def __init__(self, owner: Callable[[], Any]) -> None:
        self._owner = owner
        #: Whether they are Qt's own numbers, which nobody needs to ask for.
        self.plain = False
        self._caches: dict[tuple[Qt.Orientation, int], RowCache] = {}
        self._wanted: dict[tuple[Qt.Orientation, int], set[int]] = {}
        #: What is on its way, so that it is not asked for twice.
        self._asked: set[tuple[Qt.Orientation, int, int]] = set()
        self._now = 1

    def value(self, section: int, orientation: Qt.Orientation, role: int) -> Any:
        """A section's value as far as it is known; what is not is asked for."""
        key = (orientation, role)
        cache = self._caches.get(key)
        if cache is not None:
            run = cache.find(section)
            if run is not None:
                run.stamp = self._now
                if run.stale:
                    self._want(key, section)
                return run.values[role][section - run.first]
        self._want(key, section)
        return None

    def _want(self, key: tuple[Qt.Orientation, int], section: int) -> None:
        if (*key, section) in self._asked:
            return
        sections = self._wanted.get(key)
        if sections is None:
            sections = self._wanted[key] = set()
            owner = self._owner()
            if owner is not None:
                owner.schedule()
        sections.add(section)

    # Changes

    def reset(self, plain: bool) -> None:
        """Forget all: the model is another one."""
        self.plain = plain
        self._caches.clear()
        self._wanted.clear()
        self._asked.clear()

    def rowsChanged(self, first: int) -> None:
        """From this row on, the vertical sections are others."""
        for (orientation, _), cache in self._caches.items():
            if orientation is _VERTICAL and cache.runs and cache.runs[-1].end > first:
                cache.spoil(first, cache.runs[-1].end)
        self._asked.clear()

    def columnsChanged(self) -> None:
        """The horizontal sections are others."""
        for key in [key for key in self._caches if key[0] is _HORIZONTAL]:
            del self._caches[key]
        self._asked.clear()

    def changed(self, orientation: Qt.Orientation, first: int, last: int) -> None:
        """The source says that sections have other values."""
        for (each, _), cache in self._caches.items():
            if each is orientation:
                cache.spoil(first, last + 1)
        self._asked.clear()

    # Asking

    def flush(self) -> None:
        """Ask for all that is wanted, at once, with some around it."""
        if not self._wanted:
            return
        owner = self._owner()
        wanted, self._wanted = self._wanted, {}
        if owner is None:
            return
        self._now += 1
        ranges: list[list[int]] = []
        for (orientation, role), sections in wanted.items():
            count = owner.sections(orientation)
            cache = self._caches.get((orientation, role))
            areas: list[list[int]] = []
            for section in sorted(s for s in sections if s < count):
                if areas and section <= areas[-1][1] + _AHEAD:
                    areas[-1][1] = section
                else:
                    areas.append([section, section])
            for first, last in areas:
                end = min(count - 1, last + _AHEAD, first + _MOST)
                while end > last and cache is not None and cache.has(end, {role}):
                    end -= 1
                ranges.append([int(orientation.value), first, end, role])
                self._asked.update((orientation, role, s) for s in range(first, end + 1))
        if not ranges:
            return
        call = owner.call("headers", ranges)
        if call is not None:
            call.add_done_callback(lambda call: self._came(call, ranges))

    def _came(self, call: Any, ranges: list[list[int]]) -> None:
        owner = self._owner()
        if owner is None:
            return
        error = call.exception()
        if error is not None:
            if not isinstance(error, ConnectionLost):
                log.models.warning("the source model did not answer: %s", error)
            return
        answers = call.returnValue()
        if not isinstance(answers, list) or len(answers) != len(ranges):
            raise InvalidData("a model's headers are a list for each range")
        told: set[tuple[Qt.Orientation, int, int]] = set()
        for (number, first, last, role), values in zip(ranges, answers, strict=True):
            if not isinstance(values, list) or len(values) > last - first + 1:
                raise InvalidData("a model's headers are no more than were asked for")
            orientation = _HORIZONTAL if number == int(_HORIZONTAL.value) else _VERTICAL
            self._asked.difference_update((orientation, role, s) for s in range(first, last + 1))
            count = min(len(values), owner.sections(orientation) - first)
            if count < 1:
                continue
            cache = self._caches.setdefault((orientation, role), RowCache())
            cache.put(first, count, 1, {role: values[:count]}, self._now)
            cache.evict(max(owner.capacity(), FLOOR), self._now - 1)
            told.add((orientation, first, first + count - 1))
        for orientation, first, last in sorted(told, key=lambda t: (t[0].value, t[1], t[2])):
            if last < owner.sections(orientation):
                owner.headerDataChanged.emit(orientation, first, last)
