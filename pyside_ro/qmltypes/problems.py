"""Saying what is wrong in QML, with the file and, where Qt tells it, the line.

Knows QtQml and the log.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtQml import QJSEngine, qjsEngine, qmlContext
from shiboken6 import isValid

from .. import log
from .elements import SUFFIX

__all__ = ["refuse", "warn"]


def refuse(obj: QObject, text: str) -> None:
    """Refuse what JavaScript just asked of `obj`: it throws there, which names file and line.

    Without any JavaScript running it is a warning.
    """
    engine = qjsEngine(obj)
    # The first line is that of this very expression.
    if engine is not None and "\n" in _stack(engine):
        engine.throwError(f"{_title(obj)}: {text}")
    else:
        warn(obj, text)


def warn(obj: QObject, text: str) -> None:
    """Write a warning that names the QML file in which `obj` is."""
    context = qmlContext(obj) if isValid(obj) else None
    file = context.baseUrl().toString() if context is not None else ""
    log.core.warning("%s%s: %s", f"{file}: " if file else "", _title(obj), text)


def _stack(engine: QJSEngine) -> str:
    value: Any = engine.evaluate("new Error().stack")
    return str(value.toString())


def _title(obj: QObject) -> str:
    name = obj.objectName() if isValid(obj) else ""
    kind = type(obj).__name__.partition(SUFFIX)[0]
    return f"{kind} '{name}'" if name else kind
