"""Changed cells of a source model, gathered until the event loop comes round.

A cell that changes often in one turn is sent once, with what it then holds; so are its flags.
Knows the reader and what an adapter sends.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QModelIndex

from .reading import ModelReader
from .wire import BRANCH, FLAGS

__all__ = ["Changes"]

#: Ranges of up to this many cells are sent with their values, larger ones are asked for again.
_SMALL = 256
#: Cells that wait, and that go in one packet.
_MOST = 4096

#: Nothing said which roles: all.
_ALL: tuple[int, ...] = ()


class Changes:
    """What changed since the last flush."""

    def __init__(
        self,
        reader: ModelReader,
        roles: Callable[[], list[int]],
        cells: Callable[..., object],
        area: Callable[..., object],
    ) -> None:
        self._reader = reader
        self._roles = roles
        #: Sends ``path, rows, columns, roles, values``.
        self._cells = cells
        #: Sends ``path, top, left, bottom, right, roles``.
        self._area = area
        #: (path, row, column, bottom, right) -> roles
        self._dirty: dict[tuple[tuple[int, ...], int, int, int, int], tuple[int, ...]] = {}

    def __bool__(self) -> bool:
        return bool(self._dirty)

    @property
    def full(self) -> bool:
        """Whether no more should wait."""
        return len(self._dirty) >= _MOST

    def add(
        self,
        path: tuple[int, ...],
        area: tuple[int, int, int, int],
        roles: list[int],
    ) -> None:
        """Take note of a change of ``top, left, bottom, right`` under `path`."""
        key = (path, *area)
        known = self._dirty.get(key)
        if known is None:
            self._dirty[key] = tuple(roles)
        elif known and roles:
            self._dirty[key] = tuple(dict.fromkeys((*known, *roles)))
        else:
            self._dirty[key] = _ALL

    def clear(self) -> None:
        """Forget all of it: the model was reset."""
        self._dirty.clear()

    def flush(self, model: QAbstractItemModel) -> None:
        """Send what changed. The model is as it was when it said so: nothing moved since."""
        dirty, self._dirty = self._dirty, {}
        available = self._roles()
        known = frozenset(available)
        groups: dict[tuple[tuple[int, ...], tuple[int, ...]], dict[tuple[int, int], None]] = {}
        for (path, top, left, bottom, right), named in dirty.items():
            roles = named
            if named:
                roles = tuple(role for role in named if role in known)
                if not roles:
                    continue
            if (bottom - top + 1) * (right - left + 1) > _SMALL:
                self._area(list(path), top, left, bottom, right, list(roles))
                continue
            cells = groups.setdefault((path, roles), {})
            if top == bottom and left == right:
                cells[top, left] = None
            else:
                cells.update(
                    dict.fromkeys(
                        (r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)
                    )
                )
        for (path, roles), cells in groups.items():
            places = list(cells)
            for start in range(0, len(places), _MOST):
                self._send(model, path, places[start : start + _MOST], roles or tuple(available))

    def _send(
        self,
        model: QAbstractItemModel,
        path: tuple[int, ...],
        places: list[tuple[int, int]],
        roles: tuple[int, ...],
    ) -> None:
        reader = self._reader
        parent = reader.index(model, path)
        if parent is None:
            return
        indexes: list[QModelIndex]
        if reader.flat:
            make = model.createIndex
            indexes = [make(row, column) for row, column in places]
        else:
            find = model.index
            indexes = [find(row, column, parent) for row, column in places]
        wanted = [*roles, FLAGS] if reader.flat else [*roles, FLAGS, BRANCH]
        values = reader.values(model, indexes, wanted)
        rows, columns = zip(*places, strict=True)
        self._cells(list(path), list(rows), list(columns), wanted, values)
