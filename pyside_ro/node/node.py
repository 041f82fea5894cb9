"""The node: connects to hosts and acquires replicas.

Knows connections and replicas; what a host adds is in `host`.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar, overload

from PySide6.QtCore import QObject, QUrl, Signal, SignalInstance
from shiboken6 import isValid

from .. import log
from ..errors import ErrorCode as _ErrorCode
from ..interface import interfaceOfClass
from ..link import Link
from ..protocol.codec import Encoder
from ..protocol.limits import Limits
from ..protocol.packets import ObjectEntry
from ..replica import QRemoteObjectDynamicReplica, QRemoteObjectReplica, ReplicaState
from ..replica.waiting import waitUntil
from ..source import Mailbox
from ..transport import Conduit, schemes, toUrl, transportFor
from .connection import Connection
from .location import QRemoteObjectSourceLocationInfo

__all__ = ["QRemoteObjectNode"]

Replica = TypeVar("Replica", bound=QRemoteObjectReplica)


def _abandon(links: weakref.WeakSet[Link], states: dict[str, ReplicaState], *_: object) -> None:
    """No callback may find a node that is half deleted, and no call may wait for it."""
    for link in list(links):
        link.abandon()
    for state in list(states.values()):
        state.orphan()


class QRemoteObjectNode(QObject):
    """An entry to a network of remote objects that acquires, and shares nothing itself.

    Qt's QRemoteObjectNode. Beyond Qt it takes ``limits`` (`Limits`), gives the words behind an
    error code (`errorString`), and can be told to leave a host (`disconnectFromNode`).
    It lives in the thread that made it. Properties and signals can be given to the constructor
    by name, as to PySide's own: ``QRemoteObjectNode(objectName="gui", error=onError)``.
    """

    ErrorCode = _ErrorCode

    #: Something went wrong; with the ErrorCode. `errorString` has the words.
    error = Signal(_ErrorCode)
    heartbeatIntervalChanged = Signal(int)
    #: A host that this node is connected to by a registry shares, or no longer shares, an
    #: object: a tuple of its name and a QRemoteObjectSourceLocationInfo.
    remoteObjectAdded = Signal(object)
    remoteObjectRemoved = Signal(object)

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        heartbeatInterval: int = 0,
        limits: Limits | None = None,
        **properties: Any,
    ) -> None:
        super().__init__(parent)
        self._limits = limits or Limits()
        self._encoder = Encoder(self._limits)
        self._lastError = _ErrorCode.NoError
        self._errorString = ""
        self._heartbeatInterval = 0
        self._connections: dict[str, Connection] = {}
        self._states: dict[str, ReplicaState] = {}
        #: All links of this node, for its end.
        self._links: weakref.WeakSet[Link] = weakref.WeakSet()
        #: For what other threads hand over.
        self._inbox = Mailbox(self)
        self.destroyed.connect(partial(_abandon, self._links, self._states))
        for name, value in properties.items():
            self._set(name, value)
        if heartbeatInterval:
            self.setHeartbeatInterval(heartbeatInterval)

    def _set(self, name: str, value: Any) -> None:
        """Set a property or connect a signal that the constructor was given by its name."""
        found = getattr(self, name, None)
        if isinstance(found, SignalInstance):
            found.connect(value)
        elif self.metaObject().indexOfProperty(name) >= 0:
            self.setProperty(name, value)
        else:
            raise TypeError(f"{type(self).__name__}() got an unexpected argument {name!r}")

    # Errors

    def lastError(self) -> _ErrorCode:
        """The code of the last error (QRemoteObjectNode::lastError)."""
        return self._lastError

    def errorString(self) -> str:
        """The last error, or why a connection does not come about, in words. Our own."""
        return self._errorString

    def _report(self, code: _ErrorCode, text: str) -> None:
        self._errorString = text
        if code is not _ErrorCode.NoError:
            self._lastError = code
            self.error.emit(code)

    def _connectionProblem(
        self, connection: Connection, text: str, code: _ErrorCode | None
    ) -> None:
        self._errorString = f"{connection.url.toString()}: {text}"
        if code is not None:
            self._lastError = code
            self.error.emit(code)

    # Settings

    def setName(self, name: str) -> None:
        """Name the node, for logs and for its peers (QRemoteObjectNode::setName)."""
        self.setObjectName(name)

    def heartbeatInterval(self) -> int:
        """The pause between two signs of life, in milliseconds; 0: none are asked for."""
        return self._heartbeatInterval

    def setHeartbeatInterval(self, interval: int) -> None:
        """Ask each peer for a sign of life every `interval` ms (0: never).

        A connection without one is closed and made again (QRemoteObjectNode's property).
        """
        if interval == self._heartbeatInterval:
            return
        self._heartbeatInterval = interval
        for connection in self._connections.values():
            if connection.link is not None:
                connection.link.setHeartbeat(interval, connection)
        self.heartbeatIntervalChanged.emit(interval)

    # Connections

    def connectToNode(self, address: QUrl | str) -> bool:
        """Connect to the host at `address` and stay connected: a lost link is made again.

        Returns at once; True when the URL can be used (or is connected already). False, with
        RegistryNotAcquired as in Qt, when it cannot; `errorString` says why.
        """
        url = toUrl(address)
        transport = transportFor(url.scheme())
        if not url.isValid() or transport is None:
            text = f"'{url.toString()}' is no address: one of {schemes()} is expected"
            log.io.warning("connectToNode: %s", text)
            self._report(_ErrorCode.RegistryNotAcquired, text)
            return False
        problem = transport.check(url)
        if problem:
            log.io.warning("connectToNode: '%s': %s", url.toString(), problem)
            self._report(_ErrorCode.RegistryNotAcquired, f"'{url.toString()}': {problem}")
            return False
        found = transport
        self._connect(url, lambda node: found.conduit(url, node))
        return True

    def _connect(self, url: QUrl, make: Callable[[QRemoteObjectNode], Conduit]) -> None:
        key = url.toString()
        if key in self._connections:
            return
        connection = self._connections[key] = Connection(self, url, make)
        connection.open()

    def disconnectFromNode(self, address: QUrl | str) -> bool:
        """Leave a host and stop trying to reach it; its replicas become Suspect. Our own.

        False when the node was not told to connect there.
        """
        connection = self._connections.pop(toUrl(address).toString(), None)
        if connection is None:
            return False
        connection.end("the client disconnected")
        return True

    def waitForNode(self, address: QUrl | str, timeout: int = 30000) -> bool:
        """Block up to `timeout` ms until a host is connected and said what it shares. Our own.

        False when the time passed (`errorString` says what is in the way), or when
        `connectToNode` was not called for it.
        """
        connection = self._connections.get(toUrl(address).toString())
        if connection is None:
            return False
        watchers = connection.watchers
        mine: list[Callable[[], object]] = []

        def subscribe(wake: Callable[[], object]) -> None:
            mine.append(wake)
            watchers.append(wake)

        ready = waitUntil(lambda: connection.ready, subscribe, timeout)
        for wake in mine:
            watchers.remove(wake)
        return ready

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
        if what in (QRemoteObjectReplica, QRemoteObjectDynamicReplica, QObject):
            raise TypeError(f"{what.__name__} describes no API: use acquireDynamic(name)")
        interface = interfaceOfClass(what)
        return self._replica(QRemoteObjectReplica, name or interface.name, interface)

    def acquireDynamic(self, name: str) -> QRemoteObjectDynamicReplica:
        """Give a replica that learns its API from the source (QRemoteObjectNode::acquireDynamic).

        Its state is Uninitialized until some host shares `name`.
        """
        if not isinstance(name, str):
            raise TypeError(f"acquireDynamic() takes the name of an object, not {name!r:.80}")
        return self._replica(QRemoteObjectDynamicReplica, name, None)

    def _replica(self, cls: type[Replica], name: str, interface: Any) -> Replica:
        state = self._states.get(name)
        if state is None:
            state = self._states[name] = ReplicaState(name, interface, self)
            replica = cls(state)
            self._find(state)
            return replica
        if interface is not None and not state.expect(interface):
            # Somebody on this node has a replica of that object with another API.
            state = ReplicaState(name, interface, self)
            replica = cls(state)
            state.refuse(self._states[name])
            return replica
        replica = cls(state)
        state.introduce(replica)
        return replica

    def _find(self, state: ReplicaState) -> None:
        """Subscribe to the first host that has the object, if one has."""
        for connection in self._connections.values():
            entry = connection.objects.get(state.name)
            if entry is not None and connection.link is not None:
                if entry.signature != state.refused:
                    connection.subscribe(state, entry)
                return

    def _objectsChanged(self, entries: Sequence[ObjectEntry] | None = None) -> None:
        """Hosts share other objects now: see whether one is waited for."""
        names = [entry.name for entry in entries] if entries is not None else list(self._states)
        for name in names:
            state = self._states.get(name)
            if state is not None and state.link is None:
                self._find(state)

    def _abandoned(self, state: ReplicaState) -> None:
        """The last replica of a state was deleted."""
        if self._states.get(state.name) is state:
            del self._states[state.name]
        if not isValid(self):
            return
        for connection in list(self._connections.values()):
            connection.unsubscribe(state)


for _member in _ErrorCode:  # QRemoteObjectNode.NoError, as PySide6 has it
    setattr(QRemoteObjectNode, _member.name, _member)
