"""The objects that a packet mentions: found while it is packed, named, and told apart.

Knows sources and what may hold an object: lists, tuples, sets, dicts. An object that a property
holds is shared by that; one that is an argument or a result must be shared already.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QObject
from shiboken6 import getCppPointer, isValid

from ..errors import CannotCross
from ..link import Link
from ..protocol.extensions import Reference

if TYPE_CHECKING:
    from .source import Source

__all__ = ["Mentions", "address", "below", "objectsIn", "passing"]

#: How deep within lists and dicts objects are looked for.
_DEPTH = 20
#: A longer place than this many characters is told apart by a digest.
_LONGEST = 200
#: What nothing is in, and there may be many of in a list.
_PLAIN = frozenset({int, float, str, bool, bytes, type(None)})


def address(obj: QObject) -> int:
    """What tells living objects apart: of one that C++ owns, Python's wrappers come and go."""
    return int(getCppPointer(obj)[0])


class Mentions:
    """The objects in one packet of a source; called with each while the packet is packed."""

    __slots__ = ("_places", "_properties", "_source", "_values", "held")

    def __init__(self, source: Source, properties: Sequence[int], values: Sequence[Any]) -> None:
        self._source = source
        #: The source's properties whose `values` the packet begins with.
        self._properties = properties
        self._values = values
        self._places: dict[int, list[tuple[int, str]]] | None = None
        #: By property, the sources of the objects that it holds.
        self.held: dict[int, list[Source]] = {}

    def __call__(self, obj: Any) -> tuple[Reference, str] | None:
        """Name an object; it becomes shared when a property of the packet holds it.

        None for what no property shares: a class with `_ro_apart`, as QML's Node and Host.
        """
        if not isValid(obj) or getattr(type(obj), "_ro_apart", False):
            return None
        family = self._source.family
        if self._places is None:
            self._places = self._find()
        places = self._places.get(address(obj))
        if places is None:
            # Which subscribers know it is not known here: who does not is given nothing.
            return family.named(obj)
        for index, path in places:
            child = family.adopt(obj, path, self._source, index)
            if child is None:
                family.await_(obj, self._source, index)
            else:
                self.held.setdefault(index, []).append(child)
        if child is not None:
            child.heldAt(places[0][1], self._source)
        return (child.manner, child.name) if child is not None else None

    @property
    def sources(self) -> list[Source]:
        """All that were met in properties, each once, in order."""
        return list(dict.fromkeys(child for found in self.held.values() for child in found))

    def _find(self) -> dict[int, list[tuple[int, str]]]:
        places: dict[int, list[tuple[int, str]]] = {}
        names = self._source.interface.properties
        for index, value in zip(self._properties, self._values, strict=False):
            path = f"{self._source.path}.{names[index].name}"
            for obj, where in objectsIn(value, path):
                if isValid(obj):
                    places.setdefault(address(obj), []).append((index, where))
        return places


def below(place: str) -> str:
    """What the places of all begin with that an object in this place holds.

    Host and client make the same of the same tree, however deep.
    """
    if len(place) <= _LONGEST:
        return place
    digest = hashlib.sha256(place.encode()).hexdigest()[:32]
    return f"{place[:100]}({digest}){place[-60:]}"


def objectsIn(value: Any, path: str, depth: int = _DEPTH) -> Iterator[tuple[QObject, str]]:
    """All objects in a value of a property, each with its place."""
    if isinstance(value, QObject):
        yield value, path
    elif not depth:
        return
    elif isinstance(value, dict):
        for key, item in value.items():
            if type(item) not in _PLAIN:
                yield from objectsIn(item, f"{path}[{key!r:.40}]", depth - 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for position, item in enumerate(value):
            if type(item) not in _PLAIN:
                yield from objectsIn(item, f"{path}[{position}]", depth - 1)
    elif type(value).__name__ == "QJSValue":
        yield from objectsIn(value.toVariant(), path, depth - 1)


def passing(source: Source, link: Link) -> Any:
    """A function that names objects on their way to one subscriber, in the result of a slot."""

    def refer(obj: Any) -> tuple[Reference, str] | None:
        if not isValid(obj):
            return None
        family = source.family
        if isinstance(obj, QAbstractItemModel):
            raise CannotCross(
                f"a {type(obj).__name__} is a model, which no slot gives: have a property of a "
                "shared object hold it, or share it by enableRemoting(model, name, roles)"
            )
        found = family.sourceOf(obj)
        if found is not None and found.child and link not in found.links:
            raise CannotCross(
                f"'{found.name}' is held by no property of what the caller is subscribed to"
            )
        return family.named(obj)

    return refer
