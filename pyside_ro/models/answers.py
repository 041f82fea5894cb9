"""What replicas ask of a source model: every request is checked, every answer is bounded.

Knows the model's reader and what crosses; nothing of signals, or of who asks.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt

from .reading import ModelReader
from .wire import MAX_CELLS, MAX_RANGES, checkPath, checkRoles, checkRow

__all__ = ["findItem", "readHeaders", "readRows", "readSizes"]

_ORIENTATIONS = {int(o.value): o for o in Qt.Orientation}


def _asked(values: Any, slot: str, what: str) -> list[Any]:
    if not isinstance(values, list) or len(values) > MAX_RANGES:
        raise ValueError(f"{slot}() takes a list of up to {MAX_RANGES} {what}")
    return values


def readSizes(reader: ModelReader, model: QAbstractItemModel, paths: Any) -> list[Any]:
    """The Size of each path (see ModelAdapter.sizes). Raises ValueError, InvalidData."""
    return [_size(reader, model, checkPath(path)) for path in _asked(paths, "sizes", "paths")]


def _size(reader: ModelReader, model: QAbstractItemModel, path: list[int]) -> list[Any] | None:
    parent = reader.index(model, path)
    if parent is None:
        return None
    size = reader.size(model, parent)
    if path and size[2] and not size[0]:
        model.fetchMore(parent)
        size = reader.size(model, parent)
    return size


def readRows(reader: ModelReader, model: QAbstractItemModel, ranges: Any) -> list[Any]:
    """A Block for each range (see ModelAdapter.rows). Raises ValueError, InvalidData."""
    found: list[Any] = []
    cells = 0
    for each in _asked(ranges, "rows", "ranges"):
        match each:
            case [path, first, last, roles]:
                checkPath(path), checkRow(first), checkRow(last), checkRoles(roles)
            case _:
                raise ValueError("a range of rows is [path, first, last, roles]")
        if cells > MAX_CELLS:
            found.append(None)
            continue
        block = reader.block(model, path, first, last, roles)
        if block is not None:
            cells += block[1][1] * block[3] * len(roles)
        found.append(block)
    return found


def readHeaders(reader: ModelReader, model: QAbstractItemModel, ranges: Any) -> list[Any]:
    """The sections' values (see ModelAdapter.headers). Raises ValueError, InvalidData."""
    root = QModelIndex()
    found: list[Any] = []
    left = MAX_CELLS
    for each in _asked(ranges, "headers", "ranges"):
        match each:
            case [int(number), first, last, int(role)] if number in _ORIENTATIONS:
                checkRow(first), checkRow(last)
            case _:
                raise ValueError("a range of headers is [orientation, first, last, role]")
        orientation = _ORIENTATIONS[number]
        rows, columns, _ = reader.size(model, root)
        count = columns if orientation is Qt.Orientation.Horizontal else rows
        last = min(last, count - 1, first + left - 1)
        read = reader.header
        values = [read(model, s, orientation, role) for s in range(first, last + 1)]
        left -= len(values)
        found.append(reader.sendable(values, role))
    return found


def findItem(
    reader: ModelReader, model: QAbstractItemModel, path: Any, column: int
) -> QModelIndex | None:
    """The item at a path and a column, if there is one. Raises InvalidData."""
    if not checkPath(path):
        return None
    *above, row = path
    parent = reader.index(model, above)
    if parent is None:
        return None
    rows, columns, _ = reader.size(model, parent)
    if row >= rows or not 0 <= column < columns:
        return None
    return model.index(row, column, parent)
