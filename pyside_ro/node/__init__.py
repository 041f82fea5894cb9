"""Nodes and hosts: who is connected, who shares what, who wants what.

The one room that knows all the others.
"""

from .host import QRemoteObjectHost, QRemoteObjectHostBase
from .location import QRemoteObjectSourceLocationInfo, QtRemoteObjects
from .node import QRemoteObjectNode
from .registry import QRemoteObjectRegistry
from .registryhost import QRemoteObjectRegistryHost

__all__ = [
    "QRemoteObjectHost",
    "QRemoteObjectHostBase",
    "QRemoteObjectNode",
    "QRemoteObjectRegistry",
    "QRemoteObjectRegistryHost",
    "QRemoteObjectSourceLocationInfo",
    "QtRemoteObjects",
]
