"""Interfaces as replicas expect them, beside those that sources have.

Knows interfaces and values; no links and no replicas.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..interface import Interface
from ..interface.types import defaultValue, fresh

__all__ = ["initialValues", "knownInterface", "learned", "memberOrder", "same", "withTypesOf"]

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


def memberOrder(
    mine: Interface, source: Interface
) -> tuple[list[int], list[int], list[int]] | None:
    """For each of my signals, slots and properties its index at the source; None when equal."""
    if mine.shape == source.shape:
        return None
    signals = {s.signature: i for i, s in enumerate(source.signals)}
    slots = {s.signature: i for i, s in enumerate(source.slots)}
    properties = {p.name: i for i, p in enumerate(source.properties)}
    return (
        [signals[s.signature] for s in mine.signals],
        [slots[s.signature] for s in mine.slots],
        [properties[p.name] for p in mine.properties],
    )


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
