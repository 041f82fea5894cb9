"""The definitions of the records and enums that the members of a .rep class name.

Knows what each type of the file is.
"""

from __future__ import annotations

from collections.abc import Callable

from ..interface import TypeInfo
from ..interface.definitions import definitionsOf
from .kinds import Kind
from .syntax import Class, Signal, Slot, TypeName

__all__ = ["typesUsed"]


def typesUsed(cls: Class, kindOf: Callable[[TypeName], Kind]) -> tuple[TypeInfo, ...]:
    """What an interface says of them; the enums of the class itself it has already."""
    used = [prop.type for prop in cls.props]
    functions: tuple[Signal | Slot, ...] = (*cls.signals, *cls.slots)
    for function in functions:
        used += [argument.type for argument in function.arguments]
    used += [slot.result for slot in cls.slots if slot.result is not None]
    own = {f"{cls.name}.{each.name}" for each in cls.enums}
    own |= {f"{cls.name}.{each.name}" for each in cls.flags}
    return definitionsOf((cls for type_ in used for cls in kindOf(type_).classes), own)
