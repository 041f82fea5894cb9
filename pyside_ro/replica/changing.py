"""Giving a living QObject another class, and keeping Python's books right while at it.

Knows CPython's reference counts and what PySide does with them; nothing of replicas.
"""

from __future__ import annotations

import ctypes
import functools
import sys

from PySide6.QtCore import QObject

__all__ = ["changeClass"]


@functools.cache
def _extraReferences() -> int:
    """How many references a QObject holds on its class beyond the one that Python counts.

    PySide takes one more when it makes an instance and gives two back when it is freed, both
    on the class that the instance has by then; assigning ``__class__`` moves only Python's own.
    """

    class Probe(QObject):
        pass

    before = sys.getrefcount(Probe)
    probe = Probe()
    extra = sys.getrefcount(Probe) - before - 1
    del probe
    return max(extra, 0)


def changeClass(obj: QObject, cls: type[QObject]) -> None:
    """Make `obj` an instance of `cls`, a subclass of its class.

    Without the references moved here each such object, when freed, would take one from its
    new class that it never gave: after a few the class is freed under its living instances.
    """
    old = type(obj)
    obj.__class__ = cls
    for _ in range(_extraReferences()):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(cls))
        ctypes.pythonapi.Py_DecRef(ctypes.py_object(old))
