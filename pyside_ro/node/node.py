"""The node: connects to hosts and acquires replicas.

Knows connections and replicas; what a host adds is in `host`.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar, cast, overload

from PySide6.QtCore import QIODevice, QObject, QUrl, Signal
from PySide6.QtNetwork import QSslConfiguration
from shiboken6 import isValid

from ..errors import ErrorCode as _ErrorCode
from ..interface import interfaceOfClass
from ..link import Link
from ..models import QAbstractItemModelReplica, Role
from ..protocol.codec import Encoder
from ..protocol.limits import Limits
from ..protocol.packets import ObjectEntry
from ..replica import QRemoteObjectDynamicReplica, QRemoteObjectReplica, ReplicaState
from ..replica.waiting import waitUntil
from ..source import Mailbox
from ..transport import (
    Conduit,
    addressProblem,
    isGiven,
    problemAt,
    toUrl,
    transportFor,
    urlProblem,
    urlText,
)
from .connection import Connection
from .discovery import Choice, Discovery
from .explaining import explainMissing
from .external import SchemaHandler, addDevice, connectBySchema
from .finding import FoundByRegistry
from .held import Children
from .location import QRemoteObjectSourceLocationInfo, QtRemoteObjects
from .mdns import missing
from .modelling import acquireModel
from .registry import REGISTRY, QRemoteObjectRegistry
from .rivals import Rivals
from .settings import NodeSettings
from .stores import QRemoteObjectAbstractPersistedStore

__all__ = ["QRemoteObjectNode"]

Replica = TypeVar("Replica", bound=QRemoteObjectReplica)


def _abandon(
    links: weakref.WeakSet[Link],
    states: dict[str, ReplicaState],
    children: weakref.WeakValueDictionary[str, ReplicaState],
    *_: object,
) -> None:
    """No callback may find a node that is half deleted, and no call may wait for it."""
    for link in list(links):
        link.abandon()
    for state in [*states.values(), *children.values()]:
        state.orphan()


class QRemoteObjectNode(NodeSettings):
    """An entry to a network of remote objects that acquires, and shares nothing itself.

    Qt's QRemoteObjectNode. Beyond Qt it takes ``limits`` (`Limits`) and ``sharedKey`` (see
    `setSharedKey`), gives the words behind an error code (`errorString`), and can be told to
    leave a host (`disconnectFromNode`).
    It lives in the thread that made it. Properties and signals can be given to the constructor
    by name, as to PySide's own: ``QRemoteObjectNode(objectName="gui", error=onError)``.
    """

    #: The registry that this node knows lists, or no longer lists, an object: a tuple of its
    #: name and a QRemoteObjectSourceLocationInfo. A host tells of its own objects instead.
    remoteObjectAdded = Signal(object)
    remoteObjectRemoved = Signal(object)

    def __init__(
        self,
        registryAddress: QUrl | str | QObject | None = None,
        /,
        parent: QObject | None = None,
        *,
        registryUrl: QUrl | str | None = None,
        persistedStore: QRemoteObjectAbstractPersistedStore | None = None,
        heartbeatInterval: int = 0,
        limits: Limits | None = None,
        sslConfiguration: QSslConfiguration | None = None,
        sharedKey: bytes | str | None = None,
        **properties: Any,
    ) -> None:
        if isinstance(registryAddress, QObject):
            registryAddress, parent = None, registryAddress
        super().__init__(parent, limits, persistedStore, sslConfiguration, sharedKey)
        self._encoder = Encoder(self._limits)
        self._states: dict[str, ReplicaState] = {}
        self._rivals = Rivals(self)
        self._children = Children()
        self._schemaHandlers: dict[str, SchemaHandler] = {}
        self._registry: QRemoteObjectRegistry | None = None
        self._registryUrl = QUrl()
        self._found: FoundByRegistry | None = None
        #: Why the address that it was given last cannot be connected to, in words.
        self._refusedAddress = ""
        #: All links of this node, for its end.
        self._links: weakref.WeakSet[Link] = weakref.WeakSet()
        #: For what other threads hand over.
        self._inbox = Mailbox(self)
        self.destroyed.connect(partial(_abandon, self._links, self._states, self._children.states))
        self._persistence.start(self)
        for name, value in properties.items():
            self._set(name, value)
        if heartbeatInterval:
            self.setHeartbeatInterval(heartbeatInterval)
        registry = registryUrl if registryUrl is not None else registryAddress
        if registry is not None and isGiven(registry):
            self.setRegistryUrl(registry)

    # Connections

    def connectToNode(self, address: QUrl | str) -> bool:
        """Connect to the host at `address` and stay connected: a lost link is made again.

        Returns at once; True when the URL can be used (or is connected already). False, with
        RegistryNotAcquired as in Qt, when it cannot; `errorString` says why.
        """
        url = toUrl(address)
        if connectBySchema(self, url):
            self._connections[url.toString()].requested = True
            return True
        problem = addressProblem(url)
        transport = transportFor(url.scheme())
        if not problem and transport is not None and (why := problemAt(transport, url)):
            problem = f"'{url.toString()}': {why}"
        self._refusedAddress = problem
        if problem or transport is None:
            return self._refuse(_ErrorCode.RegistryNotAcquired, f"connectToNode: {problem}")
        found = transport
        self._connect(url, lambda node: found.conduit(url, node))
        return True

    def _connect(self, url: QUrl, make: Callable[[QRemoteObjectNode], Conduit]) -> None:
        key = url.toString()
        if key in self._connections:
            self._connections[key].requested = True
            return
        connection = self._connections[key] = Connection(self, url, make)
        connection.open()

    def _forget(self, connection: Connection) -> None:
        """A connection that the registry led to has ended, and nobody needs it again."""
        key = connection.url.toString()
        if self._connections.get(key) is connection:
            del self._connections[key]

    def addClientSideConnection(self, ioDevice: QIODevice | None, /) -> None:
        """Connect to the host at the other end of a device (QRemoteObjectNode's method).

        Any open, sequential QIODevice will do: a socket that is connected, a QProcess whose
        program speaks over its standard input and output, one of your own. It lives in this
        node's thread, and is used by nobody else from now on. When the connection ends, the
        device is closed but not deleted, as in Qt; a QProcess's input is closed. Nobody
        reconnects: give a new device. A device that cannot be used is ignored with a warning.
        """
        addDevice(self, ioDevice)

    def registerExternalSchema(self, schema: str, handler: SchemaHandler, /) -> None:
        """Have `handler` connect to hosts with a URL of this scheme (QRemoteObjectNode's method).

        `handler(url)` is called when this node, told by the registry or by `connectToNode`,
        wants a host there. It makes a device and, once that is connected, gives it to
        `addClientSideConnection`. Beyond Qt it is called again when the connection is lost, or
        when no device came within 5 s; and if it returns the device, no guess is needed which
        URL a device belongs to.
        """
        if not callable(handler):
            raise TypeError(f"registerExternalSchema() takes a function, not {handler!r:.80}")
        self._schemaHandlers[schema] = handler
        self._objectsChanged()

    def disconnectFromNode(self, address: QUrl | str) -> bool:
        """Leave a host and stop trying to reach it; its replicas become Suspect. Our own.

        False when the node was not told to connect there; in words when it is no URL.
        """
        url = toUrl(address)
        if problem := urlProblem(url):
            return self._refuse(_ErrorCode.NoError, f"disconnectFromNode: {problem}")
        connection = self._connections.pop(url.toString(), None)
        if connection is None:
            return False
        connection.end("the client disconnected")
        return True

    def waitForNode(self, address: QUrl | str, timeout: int = 30000) -> bool:
        """Block up to `timeout` ms until a host is connected and said what it shares. Our own.

        False when the time passed (`errorString` says what is in the way), when `connectToNode`
        was not called for it, or as soon as the node is deleted or told to leave that host; in
        words when it is no URL.
        """
        url = toUrl(address)
        if problem := urlProblem(url):
            return self._refuse(_ErrorCode.NoError, f"waitForNode: {problem}")
        connection = self._connections.get(url.toString())
        if connection is None:
            return False
        watchers = connection.watchers
        mine: list[Callable[[], object]] = []

        def subscribe(wake: Callable[[], object]) -> None:
            mine.append(wake)
            watchers.append(wake)

        waitUntil(lambda: connection.ready or connection.ended, subscribe, timeout, self)
        for wake in mine:
            watchers.remove(wake)
        return connection.ready and isValid(self)

    def discover(
        self, connect: Choice = False, *, interfaces: Sequence[str] | None = None
    ) -> Discovery:
        """Find the hosts on the network that `advertise` themselves. Our own.

        With `connect` the node connects to each, or to those of which ``connect(found)`` is true
        (`FoundHost`), and leaves those that have gone; `acquire` then finds their objects.
        `interfaces` are the addresses of this machine to look at; None: all.

        Raises ImportError without the extra `zeroconf`.
        """
        problem = missing()
        if problem:
            raise ImportError(problem)
        return Discovery(self, connect, interfaces)

    def connectedSources(self) -> dict[str, QRemoteObjectSourceLocationInfo]:
        """What the connected hosts share: type and host by name. Our own."""
        return {
            entry.name: QRemoteObjectSourceLocationInfo(entry.typeName, connection.url)
            for connection in reversed(self._connections.values())
            for entry in connection.objects.values()
        }

    def instances(self, typeName: str) -> list[str]:
        """The names of all known objects of a type (QRemoteObjectNode::instances)."""
        return sorted(
            name for name, info in self.connectedSources().items() if info.typeName == typeName
        )

    # The registry

    def registryUrl(self) -> QUrl:
        """Where the registry is that this node uses; empty without one."""
        return self._registryUrl

    def registry(self) -> QRemoteObjectRegistry | None:
        """The registry's replica; None without `setRegistryUrl` (QRemoteObjectNode::registry)."""
        return self._registry

    def setRegistryUrl(self, registryUrl: QUrl | str) -> bool:
        """Use the registry at `registryUrl` (QRemoteObjectNode::setRegistryUrl).

        From then on `acquire` finds, connects to and initializes from whichever host the
        registry names, and comes back with it. The registry need not be there yet.

        False, with RegistryAlreadyHosted, when the node has a registry already: a node uses
        one. As in Qt it is True, with RegistryNotAcquired, for a URL that cannot be used.
        """
        url = toUrl(registryUrl)
        if self._registry is not None:
            text = (
                f"'{urlText(url)}': this node uses the registry at "
                f"'{urlText(self._registryUrl)}' already; use another node for another registry"
            )
            return self._refuse(_ErrorCode.RegistryAlreadyHosted, f"setRegistryUrl: {text}")
        self._useRegistry(url)
        self.connectToNode(url)
        return True

    def _useRegistry(self, url: QUrl) -> None:
        self._registryUrl = QUrl(url)
        self._registry = registry = self.acquire(QRemoteObjectRegistry)
        registry._letNodeGo()
        registry.setParent(self)
        self._found = FoundByRegistry(self, registry)

    def waitForRegistry(self, timeout: int = 30000) -> bool:
        """Block up to `timeout` ms until the registry's replica is Valid.

        False when the time passed, there is no registry, or the node is deleted; `errorString`
        says why (QRemoteObjectNode::waitForRegistry).
        """
        if self._registry is None:
            text = "waitForRegistry: no registry is set, call setRegistryUrl() first"
            return self._refuse(_ErrorCode.NoError, text)
        if self._registry.waitForSource(timeout):
            return True
        if isValid(self) and self._found is not None:
            self._found.explain(self._registryUrl)
        return False

    def _tellFound(self, added: bool, name: str, info: QRemoteObjectSourceLocationInfo) -> None:
        (self.remoteObjectAdded if added else self.remoteObjectRemoved).emit((name, info))

    def _isOwn(self, url: QUrl) -> bool:
        return False

    def _wanted(self, connection: Connection) -> bool:
        """Whether the registry leads to this connection for something that was acquired."""
        return self._found is not None and self._found.wants(connection.url)

    # Replicas

    @overload
    def acquire(self, what: str, /) -> QRemoteObjectDynamicReplica: ...
    @overload
    def acquire(self, what: type[Replica], /, name: str | None = None) -> Replica: ...
    @overload
    def acquire(self, what: type[QObject], /, name: str | None = None) -> Any: ...
    def acquire(self, what: type | str, /, name: str | None = None) -> Any:
        """Give a replica of the object that a host shares as `name`.

        `what` is a QObject subclass, whose API the replica has from the beginning, with
        default values (QRemoteObjectNode::acquire; the name is then by default the class's
        ``RemoteObject Type``, or its name); or just the object's name, which is
        `acquireDynamic`. The replica belongs to the caller; when the last one of an object is
        deleted, the host is told.
        """
        if isinstance(what, str):
            return self.acquireDynamic(what)
        if not isinstance(what, type) or not issubclass(what, QObject):
            raise TypeError(f"acquire() takes a QObject subclass or a name, not {what!r:.80}")
        describedBy = getattr(what, "_ro_describedBy", None)
        if describedBy is not None:
            interface = interfaceOfClass(describedBy)
            written = cast("type[QRemoteObjectReplica]", what)
            replica: Any = self._replica(written, name or interface.name, interface)
            self._persistence.keep(replica, describedBy, self)
            return replica
        if what in (QRemoteObjectReplica, QRemoteObjectDynamicReplica, QObject):
            raise TypeError(f"{what.__name__} describes no API: use acquireDynamic(name)")
        interface = interfaceOfClass(what)
        replica = self._replica(QRemoteObjectReplica, name or interface.name, interface)
        self._persistence.keep(replica, what, self)
        return replica

    def acquireDynamic(self, name: str) -> QRemoteObjectDynamicReplica:
        """Give a replica that learns its API from the source (QRemoteObjectNode::acquireDynamic).

        Its state is Uninitialized until some host shares `name`.
        """
        if not isinstance(name, str):
            raise TypeError(f"acquireDynamic() takes the name of an object, not {name!r:.80}")
        return self._replica(QRemoteObjectDynamicReplica, name, None)

    def acquireModel(
        self,
        name: str,
        /,
        action: QtRemoteObjects.InitialAction = QtRemoteObjects.InitialAction.FetchRootSize,
        rolesHint: Sequence[Role] = (),
    ) -> QAbstractItemModelReplica:
        """Give a model that mirrors the one a host shares (QRemoteObjectNode::acquireModel).

        With FetchRootSize it is initialized when the root's size is known, and data comes when
        it is looked at; with PrefetchData when the data of `rolesHint` (empty: of all roles) is
        there, of up to `rootCacheSize` rows. Beyond Qt, a role may be given by its name; of one
        that the model does not have the log tells.
        """
        return acquireModel(self, name, action, rolesHint)

    def _replica(self, cls: type[Replica], name: str, interface: Any) -> Replica:
        state = self._rivals.fitting(name, interface)
        if state is None:
            state = ReplicaState(name, interface, self)
            self._rivals.add(state)
            replica = cls(state)
            if self._states[name] is state:
                self._find(state)
            else:
                self._rivals.judge(state)
            return replica
        replica = cls(state)
        state.claim()
        state.introduce(replica)
        return replica

    def _find(self, state: ReplicaState) -> None:
        """Subscribe to the first host that has the object, or go where the registry says."""
        for connection in list(self._connections.values()):
            entry = connection.objects.get(state.name)
            if entry is None or connection.link is None:
                continue
            if state.name == REGISTRY and not self._isRegistry(connection):
                continue
            if entry.signature != state.refused:
                connection.subscribe(state, entry)
            return
        if self._found is not None:
            self._found.reach(state.name)

    def _explain(self, state: ReplicaState) -> None:
        explainMissing(self, state)

    def _isRegistry(self, connection: Connection) -> bool:
        """Whether a connection may be the one to this node's own registry: hosts may be others'."""
        return self._registry is None or connection.url == self._registryUrl

    def _objectsChanged(self, entries: Sequence[ObjectEntry] | None = None) -> None:
        """Hosts share other objects now: see whether one is waited for."""
        names = [entry.name for entry in entries] if entries is not None else list(self._states)
        for name in names:
            state = self._states.get(name)
            if state is not None and state.link is None:
                self._find(state)

    def _abandoned(self, state: ReplicaState) -> None:
        """The last replica of a state was deleted, but for what stands for it in values."""
        if state.child:
            return  # its host knows when nothing leads there any more
        if state.stand is not None and not self._children.abandoned(self, state):
            return
        self._persistence.forget(state)
        following = self._rivals.forget(state)
        if not isValid(self):
            return
        for connection in list(self._connections.values()):
            connection.unsubscribe(state)
        if following is not None:
            self._find(following)


for _member in _ErrorCode:  # QRemoteObjectNode.NoError, as PySide6 has it
    setattr(QRemoteObjectNode, _member.name, _member)
