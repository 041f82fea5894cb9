"""Why a replica is not connected, in words.

Knows nodes and replicas.
"""

from __future__ import annotations

from typing import Any

from ..node import QRemoteObjectNode
from ..node.explaining import didYouMean, knownNames
from ..replica import QRemoteObjectReplica

__all__ = ["reasonOf"]

_MOST = 8  # names that are shown


def reasonOf(node: QRemoteObjectNode | None, name: str, replica: Any) -> str:
    """What is in the way of a replica, or ''. `replica` is None when none could be acquired."""
    if node is None:
        return "it has no node: set its property node to a Node"
    if not name:
        return "it has no name: set its property name"
    if replica is None:
        return ""
    state = QRemoteObjectReplica.state(replica)
    states = QRemoteObjectReplica.State
    if state is states.Valid:
        return ""
    if state in (states.Suspect, states.SignatureMismatch):
        return str(replica._ro.reason)
    if getattr(node, "waiting", False):
        return "its node is not set up yet"
    if not node._connections and node._refusedAddress:
        return f"its node is connected to no host: {node._refusedAddress}"
    if not node._connections and node.registryUrl().isEmpty():
        return "its node was told no address: set its connectTo or its registryUrl"
    names = knownNames(node)
    if names and name not in names:
        hint = didYouMean(name, names) or "."
        shown = ", ".join(names[:_MOST]) + (", …" if len(names) > _MOST else "")
        return f"nobody shares '{name}'{hint} There are: {shown}"
    if names:
        return str(replica._ro.reason)
    return node.errorString() or str(replica._ro.reason)
