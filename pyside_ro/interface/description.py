"""The description of an interface: plain, immutable data with a signature.

Knows no Qt at all: it is what crosses the wire and what classes are built from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..errors import InvalidData
from .valuetypes import KINDS, TypeInfo, differingTypes

__all__ = ["EnumInfo", "Interface", "PropertyInfo", "SignalInfo", "SlotInfo", "TypeInfo"]

_MAX_MEMBERS = 10_000
_MAX_ARGUMENTS = 100
#: The parts of an interface on the wire that has no types.
_FEWEST = 5


@dataclass(frozen=True)
class PropertyInfo:
    """A property. `notify` is an index into the interface's signals, or -1."""

    name: str
    type: str
    writable: bool = False
    constant: bool = False
    notify: int = -1


@dataclass(frozen=True)
class SignalInfo:
    """A signal. `names` has an argument's name where the source tells it, else ''."""

    name: str
    types: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def signature(self) -> str:
        """The normalized signature, as in QMetaMethod::methodSignature()."""
        return f"{self.name}({','.join(self.types)})"


@dataclass(frozen=True)
class SlotInfo:
    """A slot or invokable method. `result` is '' when it returns nothing."""

    name: str
    types: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    result: str = ""

    @property
    def signature(self) -> str:
        """The normalized signature, as in QMetaMethod::methodSignature()."""
        return f"{self.name}({','.join(self.types)})"


@dataclass(frozen=True)
class EnumInfo:
    """An enumeration of the class: its keys with their values, in order."""

    name: str
    keys: tuple[tuple[str, int], ...] = ()
    flag: bool = False


@dataclass(frozen=True)
class Interface:
    """What an object offers. `name` is its class's name, or its ``RemoteObject Type``."""

    name: str
    properties: tuple[PropertyInfo, ...] = ()
    signals: tuple[SignalInfo, ...] = ()
    slots: tuple[SlotInfo, ...] = ()
    enums: tuple[EnumInfo, ...] = ()
    #: What a replica's properties are before its source is reached, where something says so (a
    #: .rep file does); it does not cross.
    defaults: tuple[Any, ...] = field(default=(), repr=False, compare=False)
    #: The definitions of the records and enums that its members hold, as far as they are known,
    #: by name; the class's own `enums` are not among them.
    types: tuple[TypeInfo, ...] = field(default=(), hash=False)
    #: For each signal the indexes of the properties that it notifies of.
    notified: tuple[tuple[int, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        notified: list[list[int]] = [[] for _ in self.signals]
        for index, prop in enumerate(self.properties):
            if prop.notify >= 0:
                notified[prop.notify].append(index)
        object.__setattr__(self, "notified", tuple(map(tuple, notified)))
        types = tuple(sorted(self.types, key=lambda info: info.name))
        object.__setattr__(self, "types", types)

    @cached_property
    def signature(self) -> str:
        """A hash of the whole description: 32 hexadecimal digits.

        Who knows the signature knows the interface, and numbers its members alike.
        """
        return _hash(self.toWire())

    @cached_property
    def shape(self) -> str:
        """The signature without the types: who has the same numbers its members alike."""
        return _hash(self.toWire()[:_FEWEST]) if self.types else self.signature

    def members(self) -> dict[str, str]:
        """Each member's declaration in words, by a key that is the same in any order.

        What every replica relies on: not the class's name, nor argument names, nor enums.
        """
        found: dict[str, str] = {}
        for p in self.properties:
            access = "constant" if p.constant else "writable" if p.writable else "read-only"
            notify = self.signals[p.notify].signature if p.notify >= 0 else "no signal"
            found[f"property {p.name}"] = f"{p.type}, {access}, {notify}"
        for s in self.signals:
            found[f"signal {s.signature}"] = ""
        for m in self.slots:
            found[f"slot {m.signature}"] = m.result or "void"
        return found

    def differences(self, source: Interface) -> list[str]:
        """In words, a line each: where the `source`'s interface is not what this one expects."""
        return self.memberDifferences(source) + self.typeDifferences(source)

    def typeDifferences(self, source: Interface) -> list[str]:
        """In words: where enums and records are others at the `source`."""
        return differingTypes(
            [TypeInfo(e.name, "flag" if e.flag else "enum", e.keys) for e in self.enums],
            [TypeInfo(e.name, "flag" if e.flag else "enum", e.keys) for e in source.enums],
        ) + differingTypes(self.types, source.types)

    def memberDifferences(self, source: Interface) -> list[str]:
        """In words: where the members are others at the `source`."""
        mine, theirs = self.members(), source.members()
        lines = [
            f"{key} is '{theirs[key]}' at the source, expected '{mine[key]}'"
            for key in mine
            if key in theirs and mine[key] != theirs[key]
        ]
        missing = [key for key in mine if key not in theirs]
        new = [key for key in theirs if key not in mine]
        for key in list(missing):
            # The same name with other arguments: one difference, not two.
            kind, name = key.partition("(")[0], key.partition(" ")[2].partition("(")[0]
            others = [other for other in new if other.partition("(")[0] == kind]
            alike = [other for other in missing if other.partition("(")[0] == kind]
            if len(others) == len(alike) == 1:
                form = others[0].partition(" ")[2].removeprefix(name)
                lines.append(f"{key} has the arguments {form} at the source")
                missing.remove(key)
                new.remove(others[0])
        lines += [f"{key} is missing at the source" for key in missing]
        lines += [f"{key} is new at the source" for key in new]
        return lines

    def toWire(self) -> list[object]:
        """The interface as nested lists of plain values; without types as if there were none."""
        wire: list[object] = [
            self.name,
            [[p.name, p.type, p.writable, p.constant, p.notify] for p in self.properties],
            [[s.name, list(s.types), list(s.names)] for s in self.signals],
            [[m.name, list(m.types), list(m.names), m.result] for m in self.slots],
            [[e.name, [list(k) for k in e.keys], e.flag] for e in self.enums],
        ]
        if self.types:
            wire.append([[t.name, t.kind, [list(part) for part in t.parts]] for t in self.types])
        return wire

    @staticmethod
    def fromWire(data: object) -> Interface:
        """Read what `toWire` made. Raises InvalidData when a peer sent anything else."""
        try:
            name, properties, signals, slots, enums, *types = _sequence(data)
            if len(types) > 1:
                raise InvalidData(f"a malformed interface of {_FEWEST + len(types)} parts")
            signalInfos = tuple(
                SignalInfo(_name(n), _names(types), _names(names, empty=True))
                for n, types, names in _sequence(signals)
            )
            return Interface(
                _text(name),
                tuple(
                    PropertyInfo(_name(n), _name(t), bool(w), bool(c), _notify(s, len(signalInfos)))
                    for n, t, w, c, s in _sequence(properties)
                ),
                signalInfos,
                tuple(
                    SlotInfo(_name(n), _names(types), _names(names, empty=True), _text(result))
                    for n, types, names, result in _sequence(slots)
                ),
                tuple(
                    EnumInfo(
                        _name(n),
                        tuple((_name(k), _integer(v)) for k, v in _sequence(keys)),
                        bool(flag),
                    )
                    for n, keys, flag in _sequence(enums)
                ),
                types=_types(types[0]) if types else (),
            )
        except InvalidData:
            raise
        except (TypeError, ValueError) as error:
            raise InvalidData(f"a malformed interface: {error}") from None


def _hash(wire: list[object]) -> str:
    return hashlib.sha256(repr(wire).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _sequence(data: object) -> Sequence[Sequence[object]]:
    if not isinstance(data, list):
        raise InvalidData(f"a malformed interface: a list is expected, not {data!r:.60}")
    if len(data) > _MAX_MEMBERS:
        raise InvalidData(f"an interface with {len(data)} members (the limit is {_MAX_MEMBERS})")
    return data


def _text(data: object) -> str:
    if not isinstance(data, str) or len(data) > 1000:
        raise InvalidData(f"a malformed interface: a name is expected, not {data!r:.60}")
    return data


def _name(data: object) -> str:
    text = _text(data)
    if not text or len(text) > 500 or not text.isprintable():
        raise InvalidData(f"a malformed interface: {text!r:.60} is no name")
    return text


def _names(data: object, empty: bool = False) -> tuple[str, ...]:
    if not isinstance(data, list) or len(data) > _MAX_ARGUMENTS:
        raise InvalidData(f"a malformed interface: few names are expected, not {data!r:.60}")
    names: Iterable[object] = data
    return tuple(_text(n) if empty else _name(n) for n in names)


def _types(data: object) -> tuple[TypeInfo, ...]:
    found: dict[str, TypeInfo] = {}
    for name, kind, parts in _sequence(data):
        if kind not in KINDS:
            raise InvalidData(f"a malformed interface: a type is no {kind!r:.60}")
        info = TypeInfo(
            _name(name),
            str(kind),
            tuple(
                (_name(n), _text(v) if isinstance(v, str) else _integer(v))
                for n, v in _sequence(parts)
            ),
        )
        if info.name in found or len(dict(info.parts)) < len(info.parts):
            raise InvalidData(
                f"a malformed interface: {info.name!r:.60}, or a part of it, is defined twice"
            )
        found[info.name] = info
    return tuple(found.values())


def _integer(data: object) -> int:
    if type(data) is not int:
        raise InvalidData(f"a malformed interface: a number is expected, not {data!r:.60}")
    return data


def _notify(data: object, signals: int) -> int:
    index = _integer(data)
    if not -1 <= index < signals:
        raise InvalidData(f"a malformed interface: signal {index} of {signals}")
    return index
