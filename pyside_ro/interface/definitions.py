"""The definitions of the records and enums that a class's members hold, as far as Python tells.

Knows Python's typing: a metaobject calls every Python type PyObject, so what a property or slot
of that type holds is known from its function's annotations, and the types from what the program
registered (`nameType`).
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
import sys
import types
import typing
from collections.abc import Container, Iterable
from typing import Any

from .types import hasGetter, isWrapped
from .valuetypes import TypeInfo

__all__ = ["annotationsOf", "classesIn", "definitionsOf", "heldBy", "nameType"]

_names: dict[type, str] = {}
_PLAIN = ("builtins", "datetime", "decimal", "uuid", "PySide6")
#: What peers take (see `description`); what has more is left out.
_MAX_PARTS = 10_000
_MAX_TEXT = 500


def nameType(cls: type, name: str) -> None:
    """Have values of a dataclass, named tuple or enum cross by this name."""
    _names[cls] = name


def definitionsOf(hints: Iterable[Any], without: Container[str] = ()) -> tuple[TypeInfo, ...]:
    """The named types in these annotations, and those within them in turn.

    `without` are names of types that are told otherwise.
    """
    found: dict[str, TypeInfo] = {}
    seen: set[type] = set()
    work = [cls for hint in hints for cls in classesIn(hint)]
    for cls in work:
        name = _names.get(cls, "")
        if not name or name in without or cls in seen:
            continue
        seen.add(cls)
        parts, inner = _enumParts(cls) if issubclass(cls, enum.Enum) else _fields(cls)
        work += inner
        if len(parts) <= _MAX_PARTS and all(_sendable(key) for key in (name, *dict(parts))):
            found[name] = TypeInfo(name, _kind(cls), parts)
    return tuple(found.values())


def heldBy(cls: type, properties: Iterable[str], slots: Iterable[str]) -> list[Any]:
    """The annotations of a class's properties and slots of these names."""
    if not _names:
        return []
    own = {
        name: member
        for base in reversed(cls.__mro__)
        if not isWrapped(base)
        for name, member in vars(base).items()
    }
    found: list[Any] = []
    for name in properties:
        prop: Any = own.get(name)
        if hasGetter(prop) and inspect.isfunction(prop.fget):
            found.append(annotationsOf(prop.fget).get("return"))
    for name in slots:
        function = own.get(name)
        if inspect.isfunction(function):
            found += annotationsOf(function).values()
    return found


def _kind(cls: type) -> str:
    if issubclass(cls, enum.Enum):
        return "flag" if issubclass(cls, enum.Flag) else "enum"
    # Statically: a metaclass may have an answer to every name.
    return "POD" if inspect.getattr_static(cls, "_ro_kinds", None) is not None else "record"


def _sendable(name: str) -> bool:
    return 0 < len(name) <= _MAX_TEXT and name.isprintable()


_Parts: typing.TypeAlias = "tuple[tuple[str, int | str], ...]"


def _enumParts(cls: type[enum.Enum]) -> tuple[_Parts, list[type]]:
    return tuple((key, _value(member.value)) for key, member in cls.__members__.items()), []


def _value(value: Any) -> int | str:
    """An enum member's value; only of a plain one is it known what it is at the other side."""
    if isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63:
        return int(value)
    text = repr(value) if type(value) in (bool, int, float, str) else ""
    return text if len(text) <= _MAX_TEXT else ""


def _fields(cls: Any) -> tuple[_Parts, list[type]]:
    """A record's fields with the texts of their types, and the classes in these."""
    kinds = inspect.getattr_static(cls, "_ro_kinds", None)
    if kinds is not None:  # made from a .rep file
        texts = [kind.name if len(kind.name) <= _MAX_TEXT else "" for kind in kinds]
        inner = [each for kind in kinds for each in kind.classes]
        return tuple(zip(cls._fields, texts, strict=True)), inner
    isDataclass = dataclasses.is_dataclass(cls)
    names = [f.name for f in dataclasses.fields(cls)] if isDataclass else [*cls._fields]
    hints = annotationsOf(cls)
    return (
        tuple((name, _text(hints[name]) if name in hints else "") for name in names),
        [inner for name in names if name in hints for inner in classesIn(hints[name])],
    )


def annotationsOf(owner: Any) -> dict[str, Any]:
    """The annotations of a class or function, without those that name what is not there."""
    try:
        return typing.get_type_hints(owner, include_extras=True)
    except Exception:
        pass
    found: dict[str, Any] = {}
    for part in reversed(owner.__mro__) if isinstance(owner, type) else (owner,):
        space = vars(sys.modules.get(part.__module__, typing))
        try:
            own = inspect.get_annotations(part)
        except Exception:  # from Python 3.14 on it is now that they are evaluated
            continue
        for key, hint in own.items():
            lone: Any = types.SimpleNamespace(__annotations__={key: hint})
            try:
                found |= typing.get_type_hints(lone, space, include_extras=True)
            except Exception:
                found.pop(key, None)
    return found


def classesIn(hint: Any) -> list[type]:
    """The classes in an annotation."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return classesIn(inner[0])
    if origin is typing.Literal:
        return [type(value) for value in inner]
    if isinstance(hint, type) and not inner:
        return [hint]
    # A generic record stands before its parameters: ``Box[Point]``.
    generic = [origin] if isinstance(origin, type) else []
    return generic + [cls for argument in inner for cls in classesIn(argument)]


def _text(hint: Any) -> str:
    """An annotation, the same in every process and Python; '' where that is not certain."""
    text = _words(hint)
    return text if len(text) <= _MAX_TEXT else ""


def _words(hint: Any) -> str:
    if hint is None or hint is type(None):
        return "None"
    if hint is Any or hint is object:
        return "Any"
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _words(inner[0])
    if origin is typing.Literal:
        plain = all(type(each) in (bool, int, str, bytes, type(None)) for each in inner)
        return f"Literal[{', '.join(sorted(map(repr, inner)))}]" if plain else ""
    if origin in (typing.Union, types.UnionType, list, set, frozenset, tuple, dict):
        words = ["..." if each is Ellipsis else _words(each) for each in inner]
        if "" in words:
            return ""
        if origin in (typing.Union, types.UnionType):
            return " | ".join(sorted(words))
        return f"{origin.__name__}[{', '.join(words)}]" if words else str(origin.__name__)
    if not isinstance(hint, type) or inner:
        return ""
    if hint in _names:
        return _names[hint]
    return hint.__qualname__ if hint.__module__.partition(".")[0] in _PLAIN else ""
