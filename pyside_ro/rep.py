"""Interfaces declared in Python, as class statements: what a .rep file says, without the file.

``from pyside_ro import rep``; the modules that ``pyside-ro repc`` writes are made of it.
"""

from __future__ import annotations

from .repc.classes import notOverridden
from .repc.declarations import Child, Field, Model, Property, Signal, Slot
from .repc.declaring import Enum, Pod, Replica, Source, useEnum
from .repc.syntax import Modifier

__all__ = [
    "CONSTANT",
    "READONLY",
    "READPUSH",
    "READWRITE",
    "SOURCEONLYSETTER",
    "Child",
    "Enum",
    "Field",
    "Model",
    "Pod",
    "Property",
    "Replica",
    "Signal",
    "Slot",
    "Source",
    "notOverridden",
    "useEnum",
]

#: Who may set a property, and how: the modifiers of .rep.
CONSTANT = Modifier.CONSTANT
READONLY = Modifier.READONLY
READPUSH = Modifier.READPUSH
READWRITE = Modifier.READWRITE
SOURCEONLYSETTER = Modifier.SOURCEONLYSETTER
