"""How a Host shares what a Shared says: its roles, and who may do what with it.

Knows hosts and the JavaScript engine.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QObject
from PySide6.QtQml import QJSEngine, QJSValue, qjsEngine

from ..link.peer import Peer

__all__ = ["Terms"]


@dataclasses.dataclass
class Terms:
    """The conditions on which an object is shared."""

    readOnly: bool = False
    #: A JavaScript function of a peer.
    rule: QJSValue | None = None
    #: Of a model; [] for all.
    roles: list[int | str] = dataclasses.field(default_factory=list)

    def options(self, obj: QObject) -> dict[str, Any]:
        """Arguments for enableRemoting."""
        options: dict[str, Any] = {"readOnly": self.readOnly}
        if self.rule is not None:
            options["access"] = _asker(obj, self.rule)
        if isinstance(obj, QAbstractItemModel):
            options["roles"] = self.roles
        return options


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
