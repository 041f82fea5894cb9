"""Live QObjects shared between processes and devices: Qt Remote Objects for Python.

The names are those of PySide6.QtRemoteObjects; what goes beyond Qt is an addition to them.
"""

from __future__ import annotations

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
        interface = what._ro.interface
        if interface is None:
            raise LookupError(
                f"the interface of '{what._ro.name}' is not known yet: {what._ro.reason}"
            )
        return interface
    return interfaceOfObject(what)
