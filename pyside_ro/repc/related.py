"""The classes that a class's .rep text needs beside it: those of the objects that it holds.

And those whose enums it names. Knows interfaces, the annotations of a property's getter, and what
classes made from .rep say of themselves.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from PySide6.QtCore import QObject

from ..interface import interfaceOfClass
from ..interface.definitions import annotationsOf, classesIn
from ..interface.types import hasGetter, isWrapped
from .syntax import Child, Class, File, Pod, TypeName

__all__ = ["declaredFile", "heldClassOf", "inOrder"]


def inOrder(cls: Any) -> tuple[list[Any], list[str]]:
    """A class behind all that it needs, each once; and the names of those that were not found.

    Who holds itself, or what holds it, is no trouble.
    """
    found: dict[str, Any] = {interfaceOfClass(cls).name: cls}
    missing: dict[str, None] = {}
    order: list[Any] = []
    # No recursion: a file may have a chain of thousands.
    open_: list[tuple[Any, Iterator[tuple[str, Any]]]] = [(cls, _needed(cls))]
    while open_:
        owner, needed = open_[-1]
        for name, other in needed:
            if other is None:
                missing[name] = None
            elif name not in found:
                found[name] = other
                open_.append((other, _needed(other)))
                break
        else:
            order.append(owner)
            open_.pop()
    return order, [*missing]


def heldClassOf(cls: Any, name: str) -> Any:
    """The class of the objects that a property holds, as its getter's annotation has it.

    None when it tells of no class of the program's own.
    """
    prop = next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), None)
    if not hasGetter(prop):
        return None
    getter: Any = prop
    for held in classesIn(annotationsOf(getter.fget).get("return")) if getter.fget else ():
        if issubclass(held, QObject) and not isWrapped(held):
            return _source(held)
    return None


def declaredFile(cls: Any) -> File | None:
    """What a class was made of, alone in its file; None for one that was not made from .rep."""
    data = getattr(cls, "_ro_rep", None)
    if data is None:
        return None
    file: File = cls._ro_file
    own = next(other for other in file.classes if other.name == data.name)
    return File((own,), file.pods, file.enums, file.flags, file.uses)


def _needed(cls: Any) -> Iterator[tuple[str, Any]]:
    """The interfaces' names and the classes that this one's text needs."""
    file = declaredFile(cls)
    if file is None:
        for prop in interfaceOfClass(cls).properties:
            held = heldClassOf(cls, prop.name) if prop.type.endswith("*") else None
            if held is not None:
                yield interfaceOfClass(held).name, held
        return
    for item in cls._ro_rep.properties:
        if isinstance(item, Child) and item.type.name != "QObject":
            yield item.type.name, _named(item.type.name, cls)
    holders: tuple[Class | Pod, ...] = (*file.classes, *file.pods)
    for holder in holders:
        for type_ in _within(holder.types):
            owner = type_.name.partition("::")[0]
            if owner != type_.name and owner in cls._ro_others:
                yield owner, cls._ro_others[owner]


def _within(types: Iterable[TypeName]) -> Iterator[TypeName]:
    for type_ in types:
        yield type_
        yield from _within(type_.arguments)


def _named(name: str, cls: Any) -> Any:
    """The class that `cls` calls so: of its file or module, or imported there; else None."""
    found = cls._ro_others.get(name)
    if found is not None:
        return found
    module = sys.modules.get(cls.__module__)
    space = vars(module) if module is not None else {}
    for each in (space.get(name), *space.values()):
        if isinstance(each, type) and issubclass(each, QObject) and not isWrapped(each):
            each = _source(each)
            if interfaceOfClass(each).name == name:
                return each
    return None


def _source(cls: Any) -> Any:
    """The source's class: of a replica class made from .rep, the one that describes it."""
    return getattr(cls, "_ro_describedBy", cls)
