"""A model's roles by number and by name, as programs give them. Knows Qt's model only."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any, TypeAlias

from PySide6.QtCore import QAbstractItemModel, QByteArray

__all__ = ["Role", "givenRoles", "namesOf", "numbersOf", "unknownRoles"]

#: A role as a program gives it: a number, a Qt.ItemDataRole, or a name as in roleNames().
Role: TypeAlias = int | str | bytes

_BYTES: Any = (bytes, bytearray, QByteArray)


def namesOf(model: QAbstractItemModel) -> dict[int, bytes]:
    """A model's names of roles; Python's own models give bytes, or texts, as often as not."""
    names: dict[int, Any] = model.roleNames()
    return {
        int(role): name.encode() if isinstance(name, str) else bytes(name)
        for role, name in names.items()
    }


def givenRoles(roles: Iterable[Any], argument: str) -> list[int | str]:
    """The roles that a program gave as an argument, by numbers and names. Raises TypeError."""
    try:
        given = None if isinstance(roles, (str, *_BYTES)) else list(roles)
    except TypeError:
        given = None
    if given is None:
        raise TypeError(f"{argument} is a list of roles, by numbers or names, not {roles!r:.80}")
    found: list[int | str] = []
    for role in given:
        if isinstance(role, str):
            found.append(role)
        elif isinstance(role, _BYTES):
            found.append(bytes(role).decode(errors="replace"))
        else:
            try:
                found.append(int(operator.index(role)))
            except TypeError:
                raise TypeError(
                    f"{argument}: a role's number or name is expected, not {role!r:.80}"
                ) from None
    return found


def numbersOf(model: QAbstractItemModel, roles: Iterable[int | str]) -> tuple[list[int], list[str]]:
    """Roles of a model by number, each once, and the names among them that it does not have."""
    known = {name.decode(errors="replace"): role for role, name in namesOf(model).items()}
    listed = dict.fromkeys(known.get(r, r) if isinstance(r, str) else r for r in roles)
    return (
        [role for role in listed if not isinstance(role, str)],
        [role for role in listed if isinstance(role, str)],
    )


def unknownRoles(model: QAbstractItemModel, unknown: Iterable[str]) -> str:
    """Words for names that a model does not have: to go on after what names the model."""
    names = ", ".join(name.decode(errors="replace") for name in namesOf(model).values())
    missing = ", ".join(f"'{name}'" for name in unknown)
    return f"has no role {missing}; there are: {names or 'none'}"
