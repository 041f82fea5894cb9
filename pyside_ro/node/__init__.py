"""Nodes and hosts: who is connected, who shares what, who wants what.

The one room that knows all the others.
"""

from .announced import FoundHost
from .discovery import Discovery
from .host import QRemoteObjectHostBase
from .location import QRemoteObjectSourceLocationInfo, QtRemoteObjects
from .node import QRemoteObjectNode
from .registry import QRemoteObjectRegistry
from .registryhost import QRemoteObjectRegistryHost
from .stores import QRemoteObjectAbstractPersistedStore, QRemoteObjectSettingsStore
from .urlhost import QRemoteObjectHost

__all__ = [
    "Discovery",
    "FoundHost",
    "QRemoteObjectAbstractPersistedStore",
    "QRemoteObjectHost",
    "QRemoteObjectHostBase",
    "QRemoteObjectNode",
    "QRemoteObjectRegistry",
    "QRemoteObjectRegistryHost",
    "QRemoteObjectSettingsStore",
    "QRemoteObjectSourceLocationInfo",
    "QtRemoteObjects",
]
