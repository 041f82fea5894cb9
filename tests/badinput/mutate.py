"""Valid streams made wrong, the same way for the same seed.

Knows bytes and plain values.
"""

from __future__ import annotations

from random import Random
from typing import Any

#: What is likely to be taken for something else.
NASTY: list[Any] = [
    None,
    True,
    -1,
    0,
    1,
    7,
    31,
    32,
    33,
    40,
    2**31,
    2**63 - 1,
    -(2**63),
    2**64 - 1,
    0.5,
    float("nan"),
    float("inf"),
    "",
    "x",
    "ticker",
    "fuzzed",
    "add",
    "int",
    "void",
    "QObject*",
    "QVariant",
    "QVariantMap",
    "QList<QList<int>>",
    "QFlags<Nothing>",
    "Some::Thing",
    "PyObject",
    "a b",
    "é",
    "__class__",
    "__init__",
    "_ro",
    "_embody",
    "deleteLater",
    "destroyed",
    "initialized",
    "metaObject",
    "node",
    "objectName",
    "parent",
    "property",
    "setProperty",
    "state",
    "stateChanged",
    "class",
    "None",
    "x" * 5000,
    "\0",
    b"",
    b"\xff" * 40,
    [],
    [[]],
    {},
    {1: {}},
    [1, "two", 3.0],
]


def mutatedBytes(random: Random, data: bytes) -> bytes:
    """The bytes with one to five changes: flipped, cut out, repeated, put in, cut off."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 5)):
        place = random.randrange(len(changed)) if changed else 0
        length = random.choice([1, 1, 2, 4, 8, 40])
        match random.randrange(7):
            case 0:
                changed[place : place + 1] = bytes([random.randrange(256)])
            case 1:
                changed[place : place + length] = random.randbytes(length)
            case 2:
                del changed[place : place + length]
            case 3:
                changed[place:place] = random.randbytes(length)
            case 4:
                changed[place:place] = changed[place : place + length]
            case 5:
                changed[place : place + length] = b"\xff" * length
            case _:
                del changed[max(place, len(changed) - 200) :]
    return bytes(changed)


def mutatedValue(random: Random, value: Any, chance: float = 0.08) -> Any:
    """The value with some of what is in it replaced, left out or repeated."""
    if random.random() < chance:
        return random.choice(NASTY)
    if isinstance(value, list):
        changed = [mutatedValue(random, inner, chance) for inner in value]
        if changed and random.random() < chance:
            del changed[random.randrange(len(changed))]
        if changed and random.random() < chance:
            changed.insert(random.randrange(len(changed)), random.choice([*changed, *NASTY]))
        return changed
    if isinstance(value, dict):
        return {key: mutatedValue(random, inner, chance) for key, inner in value.items()}
    return value
