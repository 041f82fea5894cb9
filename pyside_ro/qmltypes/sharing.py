"""How a Host shares what a Shared says: its roles, and who may do what with it.

Knows hosts and the JavaScript engine.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QObject
from PySide6.QtQml import QJSEngine, QJSValue, qjsEngine

from ..link.peer import Peer
from ..models import namesOf

__all__ = ["Terms", "rolesFor"]


@dataclasses.dataclass
class Terms:
    """The conditions on which an object is shared."""

    readOnly: bool = False
    #: A JavaScript function of a peer.
    rule: QJSValue | None = None
    #: Of a model; [] for all.
    roles: list[int | str] = dataclasses.field(default_factory=list)

    def options(self, obj: QObject) -> dict[str, Any]:
        """Arguments for enableRemoting. Raises ValueError when the model lacks a role."""
        options: dict[str, Any] = {"readOnly": self.readOnly}
        if self.rule is not None:
            options["access"] = _asker(obj, self.rule)
        if isinstance(obj, QAbstractItemModel):
            options["roles"] = rolesFor(obj, self.roles)
        return options


def rolesFor(model: QAbstractItemModel, roles: Sequence[int | str]) -> list[int]:
    """A model's roles by number. Raises ValueError for a name that it does not have."""
    numbers = {name.decode(): number for number, name in namesOf(model).items()}
    unknown = [role for role in roles if isinstance(role, str) and role not in numbers]
    if unknown:
        names = ", ".join(numbers) or "none"
        raise ValueError(f"the model has no role '{unknown[0]}'; there are: {names}")
    return [numbers[role] if isinstance(role, str) else role for role in roles]


def _asker(obj: QObject, rule: QJSValue) -> Callable[[Peer], Any]:
    def ask(peer: Peer) -> Any:
        engine: QJSEngine | None = qjsEngine(obj)
        if engine is None:
            return False
        told = engine.newObject()
        for field in dataclasses.fields(peer):
            value = getattr(peer, field.name)
            if value is None or isinstance(value, bool | int | str):
                told.setProperty(field.name, engine.toScriptValue(value))
        answer = rule.call([told])
        if answer.isError():
            place = [answer.property(name).toString() for name in ("fileName", "lineNumber")]
            raise RuntimeError(f"{':'.join(place)}: {answer.toString()}")
        return answer.toVariant()

    return ask
