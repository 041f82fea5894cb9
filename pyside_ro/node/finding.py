"""Finding sources by the registry: what a node does with what the registry says.

Knows the registry's replica and its node; which connections there are, it asks its node.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl

from .. import log
from ..errors import ErrorCode
from ..transport import problemAt, transportFor
from .external import connectBySchema
from .location import QRemoteObjectSourceLocationInfo
from .registry import REGISTRY, Entry, QRemoteObjectRegistry
from .weakly import weakly

if TYPE_CHECKING:
    from .node import QRemoteObjectNode

__all__ = ["FoundByRegistry"]


class FoundByRegistry:
    """Leads a node to the hosts of what it acquired, and away from those it needs no longer."""

    def __init__(self, node: QRemoteObjectNode, registry: QRemoteObjectRegistry) -> None:
        # A node ends with its last reference, as in Qt: what serves it has none.
        self._node = weakref.ref(node)
        self._registry = weakref.ref(registry)
        #: What the registry lists, and the node has been told of.
        self.locations: dict[str, QRemoteObjectSourceLocationInfo] = {}
        registry.remoteObjectAdded.connect(weakly(self._onAdded))
        registry.remoteObjectRemoved.connect(weakly(self._onRemoved))
        registry.initialized.connect(weakly(self._listed))

    @property
    def node(self) -> QRemoteObjectNode:
        """The node; its registry's replica ends with it, after which nobody asks."""
        node = self._node()
        assert node is not None
        return node

    def reach(self, name: str) -> None:
        """Have the node connect to the host of a source, if the registry knows one."""
        info = self.locations.get(name)
        node = self.node
        key = info.hostUrl.toString() if info is not None else ""
        if info is None or node._isOwn(info.hostUrl) or key in node._connections:
            return
        url = info.hostUrl
        if not connectBySchema(node, url):
            transport = transportFor(url.scheme())
            problem = "its scheme is not known here"
            if transport is not None:
                problem = problemAt(transport, url)
            if transport is None or problem:
                text = f"the registry says that '{name}' is at '{key}': {problem}"
                log.io.warning("%s", text)
                node._report(ErrorCode.HostUrlInvalid, text)
                return
            found = transport
            node._connect(url, lambda node: found.conduit(url, node))
        node._connections[key].requested = False

    def wants(self, url: QUrl) -> bool:
        """Whether anything that the node acquired is at this host, for all the registry knows."""
        locations = self.locations
        return any(
            info is not None and info.hostUrl == url
            for info in map(locations.get, self.node._states)
        )

    def explain(self, url: QUrl) -> None:
        """Have `errorString` say why the registry's replica is not Valid, if it can be known."""
        connection = self.node._connections.get(url.toString())
        if connection is not None and connection.ready and REGISTRY not in connection.objects:
            self.node._report(
                ErrorCode.NoError,
                f"the host at '{url.toString()}' is no registry: a QRemoteObjectRegistryHost is "
                "expected there",
            )

    def _listed(self) -> None:
        """The registry is there, or back: only what changed is told."""
        registry = self._registry()
        assert registry is not None
        locations = registry.sourceLocations()
        for name, info in list(self.locations.items()):
            if locations.get(name) != info:
                self._removed(name, info)
        for name, info in locations.items():
            if name not in self.locations:
                self._added(name, info)

    def _onAdded(self, entry: Entry) -> None:
        self._added(*entry)

    def _onRemoved(self, entry: Entry) -> None:
        self._removed(*entry)

    def _added(self, name: str, info: QRemoteObjectSourceLocationInfo) -> None:
        if self.locations.get(name) == info:
            return
        self.locations[name] = info
        node = self.node
        state = node._states.get(name)
        if state is not None and state.link is None:
            connection = node._connections.get(info.hostUrl.toString())
            if connection is not None:
                connection.hurry()
            node._find(state)
        node._tellFound(True, name, info)

    def _removed(self, name: str, info: QRemoteObjectSourceLocationInfo) -> None:
        known = self.locations.pop(name, None)
        if known is None:
            return
        node = self.node
        connection = node._connections.get(known.hostUrl.toString())
        if (
            connection is not None
            and connection.link is None
            and not connection.requested
            and not self.wants(connection.url)
        ):
            node._forget(connection)
            connection.end("the registry lists nothing there any more")
        node._tellFound(False, name, info)
