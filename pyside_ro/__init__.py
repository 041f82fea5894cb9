"""Live QObjects shared between processes and devices: Qt Remote Objects for Python.

The names are those of PySide6.QtRemoteObjects; what goes beyond Qt is an addition to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from .errors import (
    CallTimeout,
    CannotCross,
    ConnectionLost,
    RemoteError,
    RemoteObjectsError,
    RepError,
)
from .interface import Interface, interfaceOfClass, interfaceOfObject
from .link import Peer
from .log import logToPython
from .models import QAbstractItemModelReplica
from .node import (
    Discovery,
    FoundHost,
    QRemoteObjectAbstractPersistedStore,
    QRemoteObjectHost,
    QRemoteObjectHostBase,
    QRemoteObjectNode,
    QRemoteObjectRegistry,
    QRemoteObjectRegistryHost,
    QRemoteObjectSettingsStore,
    QRemoteObjectSourceLocationInfo,
    QtRemoteObjects,
)
from .protocol.limits import Limits
from .protocol.records import registerType
from .protocol.standins import Record
from .repc import RepFile
from .replica import (
    QRemoteObjectDynamicReplica,
    QRemoteObjectPendingCall,
    QRemoteObjectPendingCallWatcher,
    QRemoteObjectReplica,
)
from .source import Caller
from .transport import sslConfiguration

if TYPE_CHECKING:
    from PySide6.QtQml import QQmlEngine

__all__ = [
    "CallTimeout",
    "Caller",
    "CannotCross",
    "ConnectionLost",
    "Discovery",
    "FoundHost",
    "Interface",
    "Limits",
    "QRemoteObjectAbstractPersistedStore",
    "QAbstractItemModelReplica",
    "Peer",
    "QRemoteObjectDynamicReplica",
    "QRemoteObjectHost",
    "QRemoteObjectHostBase",
    "QRemoteObjectNode",
    "QRemoteObjectPendingCall",
    "QRemoteObjectPendingCallWatcher",
    "QRemoteObjectRegistry",
    "QRemoteObjectRegistryHost",
    "QRemoteObjectReplica",
    "QRemoteObjectSettingsStore",
    "QRemoteObjectSourceLocationInfo",
    "QtRemoteObjects",
    "Record",
    "RemoteError",
    "RemoteObjectsError",
    "RepError",
    "RepFile",
    "interfaceOf",
    "logToPython",
    "registerQmlTypes",
    "registerReplicaType",
    "registerType",
    "sslConfiguration",
]

__version__ = "0.1.0"


def interfaceOf(what: QObject | type[QObject]) -> Interface:
    """The interface of an object, a class, or a replica's source. Our own.

    Raises LookupError for a replica whose source was not reached yet.
    """
    if isinstance(what, type):
        return interfaceOfClass(what)
    if isinstance(what, QRemoteObjectReplica):
        interface = what._ro.described
        if interface is None:
            raise LookupError(
                f"the interface of '{what._ro.name}' is not known yet: {what._ro.reason}"
            )
        return interface
    return interfaceOfObject(what)


def registerQmlTypes(engine: QQmlEngine | None = None) -> None:
    """Make the QML module PySideRO known: ``import PySideRO`` works from then on. Our own.

    Call it before QML that imports the module is loaded. The import path is added to `engine`;
    without one to the environment (``QML_IMPORT_PATH``), for every engine that is made later.
    May be called again. Imports QtQml, which nothing else here does.
    """
    from .qmltypes import register

    register.registerQmlTypes(engine)


def registerReplicaType(
    what: type[QObject],
    uri: str,
    major: int = 1,
    minor: int = 0,
    qmlName: str = "",
    *,
    name: str = "",
) -> None:
    """Register the typed replica of a class as a QML type, as qmlRegisterType does. Our own.

    `what` is what `QRemoteObjectNode.acquire` takes: a QObject subclass, or a replica class of a
    .rep file. The type is ``qmlName`` (the interface's name followed by ``Replica`` by default)
    of the module ``uri``; in QML it has the class's properties, with their defaults until it is
    connected, its signals, slots and enums, and ``node``, ``name`` and ``state`` of its own.
    `name` is the source's name; without it that of the interface.

    Raises TypeError when `what` is no such class, ValueError when QML refuses the names.
    """
    from .qmltypes import register

    register.registerReplicaType(what, uri, major, minor, qmlName, name)
