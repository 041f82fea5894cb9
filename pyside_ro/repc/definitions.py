"""The definitions of the records and enums that the members of a .rep class name.

Knows what each type of the file is.
"""

from __future__ import annotations

from collections.abc import Callable

from ..interface import TypeInfo
from ..interface.definitions import definitionsOf
from .kinds import Kind
from .syntax import Class, TypeName

__all__ = ["typesUsed"]


def typesUsed(cls: Class, kindOf: Callable[[TypeName], Kind]) -> tuple[TypeInfo, ...]:
    """What an interface says of them; the enums of the class itself it has already."""
    own = {f"{cls.name}.{each.name}" for each in cls.enumerations}
    return definitionsOf((found for type_ in cls.types for found in kindOf(type_).classes), own)
