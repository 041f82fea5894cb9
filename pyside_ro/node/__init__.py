"""Nodes and hosts: who is connected, who shares what, who wants what.

The one room that knows all the others.
"""

from .host import QRemoteObjectHost, QRemoteObjectHostBase
from .location import QRemoteObjectSourceLocationInfo, QtRemoteObjects
from .node import QRemoteObjectNode

__all__ = [
    "QRemoteObjectHost",
    "QRemoteObjectHostBase",
    "QRemoteObjectNode",
    "QRemoteObjectSourceLocationInfo",
    "QtRemoteObjects",
]
