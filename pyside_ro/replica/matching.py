"""Interfaces as replicas expect them, beside those that sources have.

Knows interfaces and values; no links and no replicas.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from ..interface import Interface
from ..interface.comparing import asAtSource, ownSignals
from ..interface.types import defaultValue, fresh

__all__ = [
    "Order",
    "initialValues",
    "knownInterface",
    "learned",
    "memberOrder",
    "same",
    "unlike",
    "withTypesOf",
]

#: Interfaces by signature: each crosses once. They cannot be forged: a signature is computed
#: here, from what was received.
_known: dict[str, Interface] = {}
_MAX_KNOWN = 10_000


def knownInterface(signature: str) -> Interface | None:
    """The interface with a signature, if one came before."""
    return _known.get(signature)


def learned(interface: Interface) -> Interface:
    """Remember an interface that came; gives the one to use, the same for the same signature."""
    if len(_known) < _MAX_KNOWN:
        return _known.setdefault(interface.signature, interface)
    return interface


def initialValues(interface: Interface) -> list[Any]:
    """What the properties are before the source is reached."""
    if interface.defaults:
        return [fresh(value) for value in interface.defaults]
    return [defaultValue(p.type) for p in interface.properties]


def withTypesOf(mine: Interface, source: Interface | None) -> Interface:
    """My interface with the source's enums and records."""
    if source is None or (mine.types == source.types and mine.enums == source.enums):
        return mine
    return replace(mine, enums=source.enums, types=source.types)


class Order(NamedTuple):
    """For each of my signals, slots and properties its number at the source.

    It is -1 for a signal that the source has none for.
    """

    signals: list[int]
    slots: list[int]
    properties: list[int]
    #: Behind how many of the source's channels those of each group begin.
    starts: tuple[int, int, int]


def memberOrder(mine: Interface, source: Interface) -> Order | None:
    """How the source of an interface that fits numbers the members; None when as I do."""
    if mine.shape == source.shape:
        return None
    here, own = asAtSource(mine, source), ownSignals(mine, source)
    signals = {s.signature: i for i, s in enumerate(source.signals)}
    slots = {s.signature: i for i, s in enumerate(source.slots)}
    properties = {p.name: i for i, p in enumerate(source.properties)}
    shared = iter(here.signals)
    return Order(
        [-1 if i in own else signals[next(shared).signature] for i in range(len(mine.signals))],
        [slots[s.signature] for s in here.slots],
        [properties[p.name] for p in here.properties],
        (0, len(source.signals), len(source.signals) + len(source.slots)),
    )


def unlike(mine: Interface, source: Interface) -> list[str]:
    """In words: where the source's members are not what I expect, but for what fits as well."""
    if mine is source or mine.shape == source.shape:
        return []
    return asAtSource(mine, source).memberDifferences(source)


def same(old: Any, new: Any) -> bool:
    """Whether a property kept its value: of the same type, and equal."""
    if old is new:
        return True
    if type(old) is not type(new):
        return False
    try:
        equal = old == new
        if hasattr(equal, "all"):  # an array
            return old.shape == new.shape and bool(equal.all())
        return bool(equal) or (old != old and new != new)  # NaN stays NaN
    except Exception:
        return False
