"""The Python enums of classes that are shared or mirrored, and the names that they cross by.

Knows Python's enum. A member of such an enum crosses by its class's name, the enum's and its own,
and is a member again at the other side: of the replica's class, or of the source's.
"""

from __future__ import annotations

import enum
import weakref

from .description import Interface

__all__ = ["classEnum", "enumName", "nameEnum", "noteEnums"]

_names: weakref.WeakKeyDictionary[type, str] = weakref.WeakKeyDictionary()
#: Those of the program's own classes.
_own: weakref.WeakValueDictionary[str, type[enum.Enum]] = weakref.WeakValueDictionary()


def noteEnums(cls: type, interface: Interface) -> None:
    """Name the enums that a class declares by QEnum and QFlag."""
    for info in interface.enums:
        found = next((vars(c)[info.name] for c in cls.__mro__ if info.name in vars(c)), None)
        if (
            isinstance(found, type)
            and issubclass(found, enum.Enum)
            and not found.__module__.startswith("PySide6.")
        ):
            name = f"{interface.name}.{info.name}"
            _names.setdefault(found, name)
            _own.setdefault(name, found)


def nameEnum(cls: type[enum.Enum], name: str) -> None:
    """Have members of a replica's enum cross by this name."""
    _names.setdefault(cls, name)


def enumName(cls: type) -> str:
    """By what name members of an enum cross; '' for those of no such class."""
    return _names.get(cls, "")


def classEnum(name: str) -> type[enum.Enum] | None:
    """The enum of one of the program's own classes, by that name."""
    return _own.get(name)
