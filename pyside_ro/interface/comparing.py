"""What of an interface may be otherwise than its source's, and it fits all the same.

Knows interfaces. A .rep file says no more of a Python class than this: a value of any kind is a
QVariant there, and each property has a signal, which tells also of the first value. A source of Qt
has none for a CONSTANT property either: it has nothing to tell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from .description import Interface, SignalInfo, SlotInfo

__all__ = ["anyAlike", "asAtSource", "ownSignals"]

_Method = TypeVar("_Method", SignalInfo, SlotInfo)
_PYTHON = re.compile(r"\bPyObject\b")


def anyAlike(text: str) -> str:
    """A type or a signature with one name for what holds anything, in Python and in Qt."""
    return _PYTHON.sub("QVariant", text)


def ownSignals(mine: Interface, source: Interface) -> frozenset[int]:
    """The numbers of my signals of properties that are constant at the source, with no signal."""
    silent = {p.name for p in source.properties if p.constant and p.notify < 0}
    theirs = {anyAlike(signal.signature) for signal in source.signals}
    return frozenset(
        prop.notify
        for index, prop in enumerate(mine.properties)
        if prop.notify >= 0
        and not prop.writable
        and prop.name in silent
        and mine.notified[prop.notify] == (index,)
        and anyAlike(mine.signals[prop.notify].signature) not in theirs
    )


def asAtSource(mine: Interface, source: Interface) -> Interface:
    """My interface, in my order, with all that makes no difference as the source has it."""
    own = ownSignals(mine, source)
    kept = [index for index in range(len(mine.signals)) if index not in own]
    numbers = {index: number for number, index in enumerate(kept)}
    types = {prop.name: prop.type for prop in source.properties}
    return replace(
        mine,
        properties=tuple(
            replace(
                prop,
                type=_alike(prop.type, types.get(prop.name, "")),
                constant=prop.constant or prop.notify in own,
                notify=numbers.get(prop.notify, -1),
            )
            for prop in mine.properties
        ),
        signals=_called([mine.signals[index] for index in kept], source.signals),
        slots=tuple(
            replace(slot, result=_alike(slot.result, other.result)) if other else slot
            for slot in _called(mine.slots, source.slots)
            for other in [next((s for s in source.slots if s.signature == slot.signature), None)]
        ),
    )


def _alike(mine: str, theirs: str) -> str:
    return theirs if anyAlike(mine) == anyAlike(theirs) else mine


def _called(mine: Sequence[_Method], theirs: Sequence[_Method]) -> tuple[_Method, ...]:
    """My methods with the source's types, where they are alike and no overloads of each other."""
    counts = [Counter(anyAlike(m.signature) for m in methods) for methods in (mine, theirs)]
    others = {anyAlike(method.signature): method for method in theirs}
    found = []
    for method in mine:
        name = anyAlike(method.signature)
        if all(count[name] == 1 for count in counts):
            found.append(replace(method, types=others[name].types))
        else:
            found.append(method)
    return tuple(found)
