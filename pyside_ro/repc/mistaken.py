"""What stands in the body of a declared class and would silently be no declaration, in words.

Knows PySide's Property, Signal and Slot, and the functions of `declarations`.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from PySide6 import QtCore

from . import declarations
from .declarations import Declaration, slotsOf

__all__ = ["mistake", "refuseAny"]

#: What is written of each instead of its bare name.
_CALLED: dict[Any, str] = {
    declarations.Property: 'rep.Property("int")',
    declarations.Model: "rep.Model()",
    declarations.Child: 'rep.Child("Type")',
    declarations.Signal: 'rep.Signal(size="int")',
    declarations.Field: 'rep.Field("int")',
}
_OURS = {
    "Property": 'rep.Property("int", rep.READONLY)',
    "Signal": 'rep.Signal(size="int")',
    "Slot": '@rep.Slot("int")',
}


def mistake(attribute: str, value: Any) -> str:
    """What is wrong with a member of a declared class, and what to do; '' if nothing is."""
    if told := _bare(attribute, value):
        return told
    theirs = _pysides(value)
    if not theirs or attribute.startswith("_"):
        return ""
    return (
        f"{attribute}: PySide's own {theirs} is not shared by a declared class: write "
        f"{_OURS[theirs]}, or call it _{attribute} if it is for this process alone"
    )


def refuseAny(
    name: str, namespace: Mapping[str, Any], told: str, bases: tuple[type, ...] = ()
) -> None:
    """Raise TypeError for a declaration in the body of a class that has its interface already.

    But for slots of its `bases`, which it may override so.
    """
    for attribute, value in namespace.items():
        new = [slot for slot in slotsOf(value) if not any(hasattr(b, slot.name) for b in bases)]
        if isinstance(value, Declaration) or new or _bare(attribute, value):
            raise TypeError(f"{name}.{attribute}: {told}")


def _bare(attribute: str, value: Any) -> str:
    """What is wrong with a declaration that was not called."""
    if not inspect.isfunction(value):
        return ""
    function: Any = value
    if function in _CALLED:
        told = f"{function.__name__} is written with parentheses"
        return f"{attribute}: {told}, as in {attribute} = {_CALLED[function]}"
    if function is declarations.Slot or hasattr(function, "_ro_isDecorator"):
        return f"{attribute}: a slot is a method, with @rep.Slot() above its def"
    return ""


def _pysides(value: Any) -> str:
    """What of PySide's a member is."""
    for name in _OURS:
        cls = getattr(QtCore, name)
        if value is cls or isinstance(value, cls):
            return name
    # What PySide's Slot leaves on a function; so does ours, in the class that is made.
    return "Slot" if hasattr(value, "_slots") and not slotsOf(value) else ""
