"""Making the module known to QML, and typed replicas with it.

Knows the types of this room.
"""

from __future__ import annotations

import os
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtQml import QQmlEngine

from . import (  # noqa: F401 - they declare the types
    host,
    interface,
    linkstate,
    models,
    promises,
    replica,
)
from .elements import registerElements
from .paths import importPath
from .typed import registerTyped

__all__ = ["registerQmlTypes", "registerReplicaType"]

_VARIABLE = "QML_IMPORT_PATH"


def registerQmlTypes(engine: QQmlEngine | None = None) -> None:
    """See pyside_ro.registerQmlTypes."""
    registerElements()
    path = importPath()
    if engine is not None:
        if path not in engine.importPathList():
            engine.addImportPath(path)
        return
    paths = [part for part in os.environ.get(_VARIABLE, "").split(os.pathsep) if part]
    if path not in paths:
        os.environ[_VARIABLE] = os.pathsep.join([path, *paths])


def registerReplicaType(
    what: type[QObject], uri: str, major: int, minor: int, qmlName: str, name: str
) -> None:
    """See pyside_ro.registerReplicaType."""
    if not isinstance(what, type) or not issubclass(what, QObject):
        raise TypeError(f"registerReplicaType() takes a QObject subclass, not {what!r:.80}")
    known: Any = registerTyped(what, uri, major, minor, qmlName, name)
    if known < 0:
        raise ValueError(
            f"QML refused the type '{qmlName or what.__name__}' of module '{uri}' "
            f"{major}.{minor}: a type's name begins with a capital letter"
        )
