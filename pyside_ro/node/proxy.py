"""Proxies: one network's sources shared again in another, by a node that stands in both.

Knows hosts, registries and replicas. What is shared is a replica: its values, signals and calls
pass through it, with their results and errors.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any, TypeAlias

from PySide6.QtCore import QTimer, QUrl
from shiboken6 import isValid

from .. import log
from ..errors import ErrorCode
from ..replica import QRemoteObjectDynamicReplica, QRemoteObjectReplica
from ..transport import addressProblem, isGiven
from .host import QRemoteObjectHostBase
from .listening import notListening
from .location import QRemoteObjectSourceLocationInfo
from .node import QRemoteObjectNode
from .registry import Entry
from .registryhost import QRemoteObjectRegistryHost
from .urlhost import QRemoteObjectHost
from .weakly import weakly

__all__ = ["Direction", "NameFilter", "startProxy", "startReverse"]

#: Whether a source, by its name and the name of its type, is to be shared in the other network.
NameFilter: TypeAlias = Callable[[str, str], bool]

_State = QRemoteObjectReplica.State


class Direction:
    """What one network has, shared in the other as long as it can be reached."""

    def __init__(
        self,
        node: QRemoteObjectNode,
        host: QRemoteObjectHostBase,
        nameFilter: NameFilter | None,
    ) -> None:
        # One of them keeps this, and is the other's parent: none is kept by it.
        self._node = weakref.ref(node)
        self._host = weakref.ref(host)
        self._filter = nameFilter
        self._replicas: dict[str, QRemoteObjectDynamicReplica] = {}
        self._shared: set[str] = set()
        registry = node.registry()
        assert registry is not None
        registry.remoteObjectAdded.connect(weakly(self._onAdded))
        registry.remoteObjectRemoved.connect(weakly(self._onRemoved))
        registry.initialized.connect(weakly(self._listed))
        self._listed()

    @property
    def node(self) -> QRemoteObjectNode:
        """Where sources are acquired. It ends together with the host, after which nobody asks."""
        node = self._node()
        assert node is not None
        return node

    @property
    def host(self) -> QRemoteObjectHostBase:
        """Where they are shared."""
        host = self._host()
        assert host is not None
        return host

    def _locations(self) -> dict[str, QRemoteObjectSourceLocationInfo]:
        registry = self.node.registry()
        assert registry is not None
        return registry.sourceLocations()

    def _listed(self) -> None:
        for name, info in self._locations().items():
            self._added(name, info)
        for name in list(self._replicas):
            self._settle(name)

    def _onAdded(self, entry: Entry) -> None:
        self._added(*entry)

    def _onRemoved(self, entry: Entry) -> None:
        self._settle(entry[0])

    def _added(self, name: str, info: QRemoteObjectSourceLocationInfo) -> None:
        # What this same node shares there comes from the other network: no going in circles.
        if name in self._replicas or self.node._isOwn(info.hostUrl):
            return
        if not self._passes(name, info.typeName):
            return
        self._replicas[name] = replica = self.node.acquireDynamic(name)
        replica._letNodeGo()
        replica._ro_own[1].connect(weakly(self._settle, name))
        self._settle(name)

    def _passes(self, name: str, typeName: str) -> bool:
        try:
            return self._filter is None or bool(self._filter(name, typeName))
        except Exception as error:
            log.core.exception(f"proxy: the filter raised for '{name}', it is left out", error)
            return False

    def _settle(self, name: str, *_: object) -> None:
        """Share what is Valid, and nothing else; forget what nobody has any more."""
        replica = self._replicas.get(name)
        host = self._host()
        if replica is None or host is None or not (isValid(replica) and isValid(host)):
            return
        state = replica._ro.state
        if state is _State.Valid:
            if name not in self._shared and host.enableRemoting(replica, name):
                self._shared.add(name)
            return
        if name in self._shared:
            self._shared.remove(name)
            host.disableRemoting(replica)
        # While its registry is away, a source that comes back is to be found again.
        if state is _State.SignatureMismatch or name not in self._locations():
            del self._replicas[name]
            replica.deleteLater()
            if state is _State.SignatureMismatch:  # its API changed: learn it anew
                QTimer.singleShot(0, self.node, weakly(self._listed))


def startProxy(
    host: QRemoteObjectHostBase, registryUrl: QUrl, hostUrl: QUrl, nameFilter: NameFilter | None
) -> bool:
    """See QRemoteObjectHostBase.proxy."""

    def refuse(text: str, code: ErrorCode = ErrorCode.NoError) -> bool:
        return host._refuse(code, f"proxy: {text}")

    for url, optional in ((registryUrl, False), (hostUrl, True)):
        if optional and not isGiven(url):
            continue
        if problem := addressProblem(url):
            return refuse(problem)
    if host._proxied is not None:
        return refuse("this host is a proxy already; use another host for another network")
    if host._listener is None:
        return refuse(notListening(host), ErrorCode.OperationNotValidOnClientNode)
    node: QRemoteObjectNode
    same: Any = {
        "limits": host._limits,
        "sslConfiguration": host._sslConfiguration,
        "sharedKey": host._sharedKey,
    }
    if hostUrl.isEmpty():
        node = QRemoteObjectNode(host, **same)
    else:
        node = inner = QRemoteObjectHost(host, **same)
        if not inner.setHostUrl(hostUrl):
            node.deleteLater()
            return refuse(inner.errorString(), inner.lastError())
    node.setName(f"{host.objectName()}_ProxyNode")
    node.setHeartbeatInterval(host.heartbeatInterval())
    if not node.setRegistryUrl(registryUrl):
        node.deleteLater()
        return refuse(node.errorString(), node.lastError())
    host._proxied = Direction(node, host, nameFilter)
    return True


def startReverse(host: QRemoteObjectHostBase, nameFilter: NameFilter | None) -> bool:
    """See QRemoteObjectHostBase.reverseProxy."""

    def refuse(text: str) -> bool:
        return host._refuse(ErrorCode.NoError, f"reverseProxy: {text}")

    if host._proxied is None:
        return refuse("call proxy() first")
    inner = host._proxied.node
    if not isinstance(inner, QRemoteObjectHost):
        return refuse("give proxy() a hostUrl, where the other network can reach this host")
    if not isinstance(host, QRemoteObjectRegistryHost):
        return refuse("this needs a QRemoteObjectRegistryHost, which knows what its network has")
    if host._reversed is not None:
        return refuse("it was called already")
    host._reversed = Direction(host, inner, nameFilter)
    return True
