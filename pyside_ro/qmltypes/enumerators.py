"""Enums in the metaobject of a class that no class statement makes: where QML finds them.

Knows PySide's QEnum and QFlag. Those only note an enum, under the line that calls them, and the
next class takes all that are noted under the line on which it is made and later ones.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import FunctionType
from typing import Any

from PySide6.QtCore import QEnum, QFlag

__all__ = ["classWithEnums"]

#: On which line such a class is made: behind those of every file, whose enums it leaves alone.
_LINE = 10_000_000


def classWithEnums(
    metaclass: Any,
    name: str,
    bases: tuple[type, ...],
    namespace: dict[str, Any],
    enums: Mapping[str, type[enum.Enum]],
) -> Any:
    """A QObject subclass with the enums in its metaobject; as Python attributes it has none."""
    # Copies, as PySide notes in an enum's class which metaobject it is part of.
    for line, kind in enumerate(_copies(enums), _LINE):  # a line has room for one
        _onLine(line, QFlag if issubclass(kind, enum.Flag) else QEnum, kind)
    made = _onLine(_LINE, metaclass, name, bases, namespace)
    for title in {*enums} & {*vars(made)}:  # PySide makes them attributes
        if title in namespace:
            setattr(made, title, namespace[title])
        else:
            delattr(made, title)
    return made


def _copies(enums: Mapping[str, type[enum.Enum]]) -> list[type[enum.Enum]]:
    copies = []
    for title, kind in enums.items():
        base: Any = enum.IntFlag if issubclass(kind, enum.Flag) else enum.IntEnum
        copies.append(base(title, [(key, int(m)) for key, m in kind.__members__.items()]))  # type: ignore[call-overload]
    return copies


def _onLine(line: int, function: Any, *args: Any) -> Any:
    """Call a function as if the call were written on that line."""
    return FunctionType(_call.__code__.replace(co_firstlineno=line), {})(function, *args)


def _call(function: Any, *args: Any) -> Any:
    return function(*args)
