"""The enums of replicas' classes, and values that arrived before there were any.

Knows interfaces and how enums cross. Made once for each interface: all replicas of a source have
the same.
"""

from __future__ import annotations

import enum
import functools
from typing import Any

from .. import log
from ..interface import EnumInfo, Interface
from ..interface.enums import classEnum, enumName, nameEnum
from ..protocol.records import memberOf
from ..protocol.standins import EnumRecord

__all__ = ["enumsOf", "symbolic"]


def _sameMember(mine: Any, other: Any) -> bool:
    """Whether a member equals another: as a number, or as that of the source's own class."""
    if isinstance(other, enum.Enum) and not isinstance(other, int):
        theirs = type(other)
        name = enumName(theirs) or theirs.__qualname__.rpartition("<locals>.")[2]
        return name == enumName(type(mine)) and other.value == mine.value
    return bool(int(mine) == other)


class _Members(enum.IntEnum):
    """Numbers, as QML needs them, that equal members of the source's own class."""

    __eq__ = _sameMember
    __hash__ = int.__hash__


class _Flags(enum.IntFlag):
    __eq__ = _sameMember
    __hash__ = int.__hash__


@functools.lru_cache(maxsize=10_000)
def enumsOf(interface: Interface) -> dict[str, type[enum.Enum]]:
    """The enums that a class with this interface has, by their names."""
    made = {info.name: _enumeration(interface, info) for info in interface.enums}
    return {name: kind for name, kind in made.items() if kind is not None}


def _enumeration(interface: Interface, info: EnumInfo) -> type[enum.Enum] | None:
    """The source's enum: the program's own if it has that one, of integers."""
    crossing = f"{interface.name}.{info.name}"
    mine = classEnum(crossing)
    if mine is not None and issubclass(mine, int):
        keys = {name: member.value for name, member in mine.__members__.items()}
        if keys == dict(info.keys):
            return mine
    kind: Any = _Flags if info.flag else _Members
    usable = [(k, v) for k, v in info.keys if k.isidentifier() and not k.startswith("_")]
    try:
        made: type[enum.Enum] = kind(info.name, usable)
    except (TypeError, ValueError) as error:
        log.core.debug("enum %s is left out: %s", crossing, error)
        return None
    nameEnum(made, crossing)
    return made


def symbolic(value: Any, interface: Interface, depth: int = 20) -> Any:
    """A value with the members of the interface's enums, if it came before they were known."""
    if type(value) is EnumRecord:
        start, _, name = value.typeName.rpartition(".")
        found = enumsOf(interface).get(name) if start == interface.name else None
        return value if found is None else memberOf(found, value.typeName, *value._values)
    if isinstance(value, enum.Enum):
        start, _, name = enumName(type(value)).rpartition(".")
        found = enumsOf(interface).get(name) if start and start == interface.name else None
        return value if found is None else memberOf(found, name, value.name, value.value)
    if depth and type(value) in (list, tuple):
        return type(value)(symbolic(item, interface, depth - 1) for item in value)
    if depth and type(value) is dict:
        return {key: symbolic(item, interface, depth - 1) for key, item in value.items()}
    return value
