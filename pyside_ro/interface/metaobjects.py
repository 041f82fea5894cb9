"""Metaobjects as PySide gives them: asked, and asked again when one was lost meanwhile.

PySide has one Python object for each metaobject, and ties it to the instances that were asked for
it: when C++ deletes one of those, a parent its child for instance, it is useless for everybody.
Python's collector may bring that about at any moment, also while the metaobject is read. Knows
PySide only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QMetaObject, QObject
from shiboken6 import isValid

from .types import isWrapped

__all__ = ["askClass", "askMembers", "askObject"]

_T = TypeVar("_T")
#: How often a metaobject may be lost in a row. Once is seldom.
_ATTEMPTS = 5
_new: Any = type(QObject).__new__


def askObject(obj: QObject, read: Callable[[QMetaObject], _T]) -> _T:
    """What `read` finds in the metaobject of a living object; it may be called again."""
    # Not obj.metaObject(): the object may have such a slot.
    return _asked(lambda: QObject.metaObject(obj), read)


def askClass(cls: Any, read: Callable[[QMetaObject], _T]) -> _T:
    """What `read` finds in the metaobject of a class, with its ClassInfo; it may be called again.

    The class's own `staticMetaObject` lacks that when it is the one that was decorated; what a
    subclass inherits from has it.
    """
    return _asked(lambda: _declared(cls), read)


def askMembers(cls: Any, read: Callable[[QMetaObject], _T]) -> _T:
    """As askClass, faster, for who looks at members only and at no ClassInfo."""
    if isValid(cls.staticMetaObject):
        try:
            return read(cls.staticMetaObject)
        except RuntimeError:
            pass  # lost, or else it is raised again
    return askClass(cls, read)


def _asked(find: Callable[[], QMetaObject], read: Callable[[QMetaObject], _T]) -> _T:
    for _ in range(_ATTEMPTS - 1):
        try:
            return read(find())
        except RuntimeError:
            pass  # lost, or else it is raised again
    return read(find())


class _Unheard:
    """Keeps a class's own `__init_subclass__` from taking the heir for one of the program's."""

    def __init_subclass__(cls) -> None:
        """Tell no other base."""


def _declared(cls: Any) -> QMetaObject:
    if isWrapped(cls) and isValid(cls.staticMetaObject):
        return cls.staticMetaObject  # type: ignore[no-any-return]
    # Made behind the back of the class's metaclass, which may do anything.
    heir = _new(type(cls), "Heir", (_Unheard, cls), {"__module__": __name__})
    return heir.staticMetaObject.superClass()  # type: ignore[no-any-return]
