"""Replicas: one mirrored QObject each; their classes, their state, and pending calls.

Knows interfaces, packets and links; never sees a socket or a node.
"""

from .calls import Calls
from .pending import QRemoteObjectPendingCall, QRemoteObjectPendingCallWatcher
from .replica import QRemoteObjectDynamicReplica, QRemoteObjectReplica
from .state import ReplicaState

__all__ = [
    "Calls",
    "QRemoteObjectDynamicReplica",
    "QRemoteObjectPendingCall",
    "QRemoteObjectPendingCallWatcher",
    "QRemoteObjectReplica",
    "ReplicaState",
]
