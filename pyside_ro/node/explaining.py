"""Why an object that was acquired is not there, in words.

Knows nodes and connections.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import ErrorCode
from ..replica import QRemoteObjectReplica, ReplicaState
from .registry import REGISTRY

if TYPE_CHECKING:
    from .node import QRemoteObjectNode

__all__ = ["didYouMean", "explainMissing", "knownNames"]

_SHOWN = 5


def knownNames(node: QRemoteObjectNode) -> list[str]:
    """The names that a node's hosts and its registry list, but the registry's own."""
    registered = node._found.locations if node._found is not None else {}
    return sorted({*node.connectedSources(), *registered} - {REGISTRY})


def didYouMean(name: str, names: Sequence[str]) -> str:
    """A hint at what may be meant, as in "; did you mean 'printer'?", or ''."""
    near = difflib.get_close_matches(name, names, 1)
    return f"; did you mean '{near[0]}'?" if near else ""


def explainMissing(node: QRemoteObjectNode, state: ReplicaState) -> None:
    """Have `errorString` say why a replica is not Valid."""
    if (
        state.link is not None
        or state.refused
        or state.state is QRemoteObjectReplica.State.SignatureMismatch
    ):
        return  # what is wrong then has been reported
    connections = list(node._connections.values())
    away = [each for each in connections if not each.ready]
    reasons = "; ".join(f"{each.url.toString()}: {each.reason}" for each in away[:_SHOWN])
    name = state.name
    registered = node._found.locations if node._found is not None else {}
    if not connections:
        refused = node._refusedAddress or "call connectToNode() first"
        text = f"this node is connected to no host: {refused}"
    elif name in registered:
        text = f"the registry says that it is at {registered[name].hostUrl.toString()}; {reasons}"
    elif len(away) == len(connections):
        text = f"no host is connected: {reasons}"
    else:
        shared = knownNames(node)
        near = didYouMean(name, shared)
        text = "no connected host shares it"
        if node._found is not None:
            text += ", and the registry does not list it"
        if near:
            text += near
        elif shared:
            text += "; there are " + ", ".join(f"'{each}'" for each in shared[:_SHOWN])
            text += f" and {len(shared) - _SHOWN} more" if len(shared) > _SHOWN else ""
        text += f"; {reasons}" if reasons else ""
    node._report(ErrorCode.NoError, f"'{name}': {text}")
