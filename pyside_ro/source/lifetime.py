"""Objects that others own: reached while they live, and kept by nobody here.

Knows PySide's ownership.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject
from shiboken6 import createdByPython, isValid, ownedByPython

__all__ = ["living", "nothing", "referenceTo"]

Q = TypeVar("Q", bound=QObject)


def referenceTo(obj: Q) -> Callable[[], Q | None]:
    """A function that gives the object while it lives; C++ may delete it before (see `living`).

    What Python owns, now or later, must not be kept. What it made, PySide keeps for as long as C++
    owns it (as a parent does), and gives back when that lets it go. The wrapper of what C++ or
    QML made may have no other friend, and is kept.
    """
    return weakref.ref(obj) if ownedByPython(obj) or createdByPython(obj) else lambda: obj


def nothing() -> None:
    """What such a function is when there is no object."""


def living(obj: Q | None) -> Q | None:
    """The object, unless C++ has deleted it."""
    return obj if obj is not None and isValid(obj) else None
