"""What an interface says of the records and enums that its members hold: their definitions.

Knows no Qt: plain, immutable data, as the rest of a description.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["KINDS", "TypeInfo", "differingTypes"]

#: A record is a POD in a .rep file, a dataclass or a named tuple in Python.
_RECORDS = ("POD", "record")
KINDS = (*_RECORDS, "enum", "flag")


@dataclass(frozen=True)
class TypeInfo:
    """The definition of a record or an enum that crosses under its name.

    `kind` is 'POD' (of a .rep file), 'record' (a dataclass or named tuple), 'enum' or 'flag'.
    `parts` are a record's fields with the names of their types, or an enum's keys with their
    values: a number, or the text of any other value. '' where it is not known.
    """

    name: str
    kind: str
    parts: tuple[tuple[str, int | str], ...] = ()

    def differences(self, source: TypeInfo) -> list[str]:
        """In words, a line each: where the source's definition is not what this one expects."""
        isRecord = self.kind in _RECORDS
        if self.kind != source.kind and not (isRecord and source.kind in _RECORDS):
            return [f"type {self.name} is {source.kind!r} at the source, expected {self.kind!r}"]
        title = f"{self.kind} {self.name}:"
        what = "field" if isRecord else "key"
        mine, theirs = dict(self.parts), dict(source.parts)
        # .rep and Python have other names for the same type: there only the fields are compared.
        alike = self.kind == source.kind
        lines = [
            f"{title} {what} {key} is {theirs[key]!r} at the source, expected {value!r}"
            for key, value in mine.items()
            if alike and key in theirs and "" not in (value, theirs[key]) and theirs[key] != value
        ]
        lines += [
            f"{title} {what} {key} is missing at the source" for key in mine if key not in theirs
        ]
        lines += [f"{title} {what} {key} is new at the source" for key in theirs if key not in mine]
        if isRecord and not lines and [*mine] != [*theirs]:
            lines.append(
                f"{title} its fields are in another order at the source: {', '.join(theirs)}"
            )
        return lines


def differingTypes(mine: Iterable[TypeInfo], source: Iterable[TypeInfo]) -> list[str]:
    """In words: where types that both sides define are not the same.

    What only one side defines is no difference: the other one may have it without saying so, as
    a class has whose methods are not annotated.
    """
    theirs = {info.name: info for info in source}
    return [
        line
        for info in mine
        if info.name in theirs and info != theirs[info.name]
        for line in info.differences(theirs[info.name])
    ]
