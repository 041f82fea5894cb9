"""What crosses between a model and its replicas, in plain values.

A *path* is where an item is: the rows that lead to it from the root, ``[]`` for the root itself.
Only items in column 0 have children here, as in Qt's own views. A *block* is a rectangle of rows
with all their columns. Its values lie role by role, each a flat list, row after row; a list of one
element stands for as many equal ones as there are cells. Knows nothing but Python.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..errors import InvalidData

__all__ = [
    "BRANCH",
    "FLAGS",
    "MAX_CELLS",
    "MAX_COLUMNS",
    "MAX_DEPTH",
    "MAX_RANGES",
    "Block",
    "Size",
    "checkPath",
    "checkRoles",
    "checkRow",
    "spread",
]

#: Roles of our own, that no model has: the item's flags, and whether it has children.
FLAGS = -1
BRANCH = -2

#: Values that one answer holds: a host reads no more at a stretch.
MAX_CELLS = 65_536
#: Columns of one row, as far as they are shared.
MAX_COLUMNS = 4096
#: Ranges, or paths, of one request.
MAX_RANGES = 4096
MAX_DEPTH = 1000
_MAX_ROLES = 1024
_MAX_ROW = 2**31 - 1


def checkRow(value: object) -> int:
    """Give a row, column or section from a peer; raises InvalidData."""
    if type(value) is not int or not 0 <= value <= _MAX_ROW:
        raise InvalidData(f"a model's row or column is a number from 0 on, not {value!r:.60}")
    return value


def checkPath(value: object) -> list[int]:
    """Give a path from a peer; raises InvalidData."""
    if not isinstance(value, list) or len(value) > MAX_DEPTH:
        raise InvalidData(f"a path in a model is a list of rows, not {value!r:.60}")
    for row in value:
        checkRow(row)
    return value


def checkRoles(value: object) -> list[int]:
    """Give roles from a peer; raises InvalidData."""
    if not isinstance(value, list) or len(value) > _MAX_ROLES:
        raise InvalidData(f"a model's roles are a list of numbers, not {value!r:.60}")
    for role in value:
        if type(role) is not int:
            raise InvalidData(f"a model's role is a number, not {role!r:.60}")
    return value


def spread(values: Any, roles: list[int], count: int) -> dict[int, list[Any]]:
    """Give each role's list with `count` elements; raises InvalidData."""
    if not isinstance(values, list) or len(values) != len(roles):
        raise InvalidData("a model's values do not fit their roles")
    found: dict[int, list[Any]] = {}
    for role, column in zip(roles, values, strict=True):
        if not isinstance(column, list) or len(column) not in (1, count):
            raise InvalidData(f"a model's values for role {role} are not one for each cell")
        found[role] = column if len(column) == count else column * count
    return found


class Size(NamedTuple):
    """How large a parent is, and whether it can fetch more rows."""

    rows: int
    columns: int
    more: bool

    @staticmethod
    def fromWire(data: object) -> Size:
        """Read a size; raises InvalidData."""
        match data:
            case [rows, columns, bool(more), *_]:
                return Size(checkRow(rows), checkRow(columns), more)
        raise InvalidData(f"a malformed size of a model: {data!r:.60}")


class Block(NamedTuple):
    """The answer to a request for rows."""

    path: list[int]
    size: Size
    first: int
    rows: int
    values: dict[int, list[Any]]

    @staticmethod
    def fromWire(data: object) -> Block:
        """Read a block; raises InvalidData."""
        match data:
            case [path, size, first, count, roles, values, *_]:
                wanted = checkRoles(roles)
                known = Size.fromWire(size)
                number = checkRow(count)
                cells = number * known.columns
                most = MAX_CELLS if number > 1 else MAX_COLUMNS * _MAX_ROLES
                start = checkRow(first)
                if start + number > known.rows or cells * len(wanted) > most:
                    raise InvalidData("a block of a model's rows goes past its end")
                return Block(checkPath(path), known, start, number, spread(values, wanted, cells))
        raise InvalidData(f"a malformed block of a model's rows: {data!r:.60}")
