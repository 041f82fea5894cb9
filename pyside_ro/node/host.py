"""What all hosts are: nodes that share objects and can be connected to.

Knows listeners, clients and sources. Qt's two kinds are in `urlhost` and `registryhost`.
"""

from __future__ import annotations

import enum
import weakref
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QIODevice, QItemSelectionModel, QObject, QTimer, QUrl
from shiboken6 import isValid

from .. import log
from ..errors import AccessRefused, ErrorCode, VersionMismatch
from ..models import Role
from ..protocol.packets import FIRST_CHANNEL
from ..replica import QRemoteObjectReplica
from ..source import Family, Source, StandIn
from ..source.caller import callerGone
from ..transport import (
    Conduit,
    ConnectFailed,
    Listener,
    memory,
    toUrl,
    urlText,
)
from .connection import Connection, codeOf
from .listening import listen, notListening, serveDevice
from .location import QRemoteObjectSourceLocationInfo
from .modelling import shareModel
from .node import QRemoteObjectNode
from .registry import REGISTRY
from .resharing import Reshared, stopResharing
from .served import Client, receive
from .sharing import familyOf, newSource, typeNameOf
from .trust import AcceptHook, AccessRule, Sharing

if TYPE_CHECKING:
    from .advertising import Advertisement
    from .proxy import Direction, NameFilter

__all__ = ["QRemoteObjectHostBase"]

#: How a host is reached by itself.
_SELF = QUrl("memory:self")


def _letGo(sources: dict[str, Source], family: Family, clients: list[Client], *_: object) -> None:
    """The host is being deleted: its sources' objects may live on, and are connected no more."""
    for source in [*sources.values(), *family.children]:
        source.abandon()
    for client in list(clients):
        callerGone(client.link)


class QRemoteObjectHostBase(QRemoteObjectNode):
    """What all hosts have in common (QRemoteObjectHostBase)."""

    class AllowedSchemas(enum.Enum):
        """Whether a URL of an unknown scheme is an error."""

        BuiltInSchemasOnly = 0
        AllowExternalRegistration = 1

    BuiltInSchemasOnly = AllowedSchemas.BuiltInSchemasOnly
    AllowExternalRegistration = AllowedSchemas.AllowExternalRegistration

    #: The method that has it listen, for messages.
    _urlSetter = "setHostUrl"

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        accept: AcceptHook | None = None,
        **properties: Any,
    ) -> None:
        self._listener: Listener | None = None
        #: Why the URL that it was given last is not listened at, in words.
        self._refusedUrl = ""
        self._sources: dict[str, Source] = {}
        #: Who sees each source, by its name.
        self._sharing: dict[str, Sharing] = {}
        #: The replicas among what is shared.
        self._reshared: dict[str, Reshared] = {}
        self._acceptHook: AcceptHook | None = None
        self._clients: list[Client] = []
        self._unproven: list[Client] = []
        #: Whether more are waiting to be proven than may, since none did.
        self._flooded = False
        self._nextChannel = FIRST_CHANNEL
        self._advertisement: Advertisement | None = None
        self._family = familyOf(self)
        self._proxied: Direction | None = None
        self._reversed: Direction | None = None
        self.setAcceptHook(accept)
        super().__init__(parent, **properties)
        self.destroyed.connect(partial(_letGo, self._sources, self._family, self._clients))

    # Listening

    def hostUrl(self) -> QUrl:
        """Where the host listens, with the port that was chosen; empty when it does not."""
        return self._listener.url() if self._listener is not None else QUrl()

    def setHostUrl(
        self,
        hostAddress: QUrl | str,
        allowedSchemas: AllowedSchemas = AllowedSchemas.BuiltInSchemasOnly,
    ) -> bool:
        """Listen at `hostAddress` (QRemoteObjectHostBase::setHostUrl).

        ``tcp://127.0.0.1:0`` lets the system choose the port; `hostUrl` tells. With
        AllowExternalRegistration the URL is of a scheme that this library does not know: the
        host listens to nothing, the registry tells clients the URL, and the program gives the
        host its connections by `addHostSideConnection`. False, with `lastError` and
        `errorString`: ServerAlreadyCreated, HostUrlInvalid, ListenFailed.
        """
        return listen(self, toUrl(hostAddress), allowedSchemas is self.AllowExternalRegistration)

    def addHostSideConnection(self, ioDevice: QIODevice | None, /) -> None:
        """Serve the client at the other end of a device (QRemoteObjectHostBase's method).

        See `addClientSideConnection` for what device. A host without a URL may share objects
        from then on; to be found by a registry it needs `setHostUrl` with
        AllowExternalRegistration before.
        """
        serveDevice(self, ioDevice)

    def setAcceptHook(self, accept: AcceptHook | None) -> None:
        """Have `accept(peer)` decide who may connect from now on (``accept=``). Our own.

        It is called with a `Peer` after the handshake and the shared key's proof, before anything
        is said of what is shared, and returns at once. When it is not true, or raises, which is
        logged, the client is refused in words and tries again after some seconds. None: everybody
        may. The host's own replicas are not asked about.
        """
        if accept is not None and not callable(accept):
            raise TypeError(f"accept is a function of a Peer, not {accept!r:.80}")
        self._acceptHook = accept

    def _accept(self, conduit: Conduit) -> None:
        receive(self, conduit)

    def _notCome(self, peer: str, reason: Exception) -> None:
        """A connection failed below the handshake of nodes: that of TLS, for instance."""
        log.io.warning("%s: %s", peer, reason)
        self._report(codeOf(reason), f"{peer}: {reason}")

    def _proven(self, client: Client) -> None:
        self._unproven.remove(client)
        self._clients.append(client)
        client.link.setHeartbeat(self._heartbeatInterval, self)

    def _gone(self, client: Client, reason: Exception) -> None:
        for clients in (self._clients, self._unproven):
            if client in clients:
                clients.remove(client)
        self._flooded = self._flooded and bool(self._unproven)
        if isinstance(reason, VersionMismatch):
            self._report(ErrorCode.ProtocolMismatch, f"{client.link.peer}: {reason}")
        elif isinstance(reason, AccessRefused) and not client.link.established:
            self._report(ErrorCode.SocketAccessError, f"{client.link.peer}: {reason}")

    def setHeartbeatInterval(self, interval: int) -> None:
        """See QRemoteObjectNode.setHeartbeatInterval; clients are asked as well."""
        super().setHeartbeatInterval(interval)
        for client in self._clients:
            client.link.setHeartbeat(interval, self)

    # Sharing

    def enableRemoting(
        self,
        object: QObject,
        /,
        name: str = "",
        roles: Sequence[Role] | None = None,
        selectionModel: QItemSelectionModel | None = None,
        *,
        readOnly: bool = False,
        access: AccessRule | None = None,
    ) -> bool:
        """Share an object (QRemoteObjectHostBase::enableRemoting).

        With `roles`, a QAbstractItemModel is shared as a model, for `acquireModel`: those roles
        (numbers or, beyond Qt, names; none: all of its roleNames), and the current item of
        `selectionModel`. Without, it is shared as the QObject that it is.

        Its name is `name`, or else the value of its class's ``ClassInfo("RemoteObject Type")``,
        or else its objectName. The host does not own the object: keep a reference to it. When
        it is deleted, its replicas become Suspect.

        Beyond Qt, `readOnly` refuses clients to set its properties and to call its slots (but
        not those that read a model); what is a read-only replica itself is shared so. A replica
        is shared anew when its source has another interface than before: a dynamic one also
        when it is itself a SignatureMismatch then.
        `access(peer)`, called once for each client, with a `Peer`, decides what that one sees:
        True, all; ``"readOnly"``; False, nothing, for that client there is no such object (a
        registry lists its name all the same). When it raises, that is logged, and the client
        sees nothing. What properties hold is as free as the object that holds it.

        False, with `lastError` and `errorString`: OperationNotValidOnClientNode when the host
        has no URL, MissingObjectName; or, without a code as in Qt, when the name is taken.
        Raises TypeError for wrong arguments, ValueError for a role's name that the model lacks.
        """
        if not isinstance(object, QObject):
            raise TypeError(f"enableRemoting() takes a QObject, not {object!r:.80}")
        if roles is not None:
            return shareModel(
                self, object, name, roles, selectionModel, readOnly=readOnly, access=access
            )
        if self._listener is None:
            return self._refuse(
                ErrorCode.OperationNotValidOnClientNode,
                "enableRemoting: "
                + notListening(self, "(or, for a device of your own, addHostSideConnection()) "),
            )
        if isinstance(object, QRemoteObjectReplica) and object._ro.interface is None:
            return self._refuse(
                ErrorCode.NoError,
                f"enableRemoting: {object!r} is not initialized, nobody knows what it offers",
            )
        found = name or typeNameOf(object) or QObject.objectName(object)
        if not found:
            return self._refuse(
                ErrorCode.MissingObjectName,
                f"enableRemoting: {type(object).__name__} has no name: give one, or set its "
                'objectName, or a ClassInfo("RemoteObject Type") of its class',
            )
        known = self._sources.get(found)
        if known is not None and known.dead:
            self._sourceDeleted(known)  # which waits to be noticed
        elif known is not None or found in self._reshared:
            return self._refuse(
                ErrorCode.NoError, f"enableRemoting: the name '{found}' is taken already"
            )
        if isinstance(object, QRemoteObjectReplica):
            reshared = Reshared(self, object, found, readOnly, access)
            self._reshared[found] = reshared
            reshared.settle()
        else:
            self._share(object, found, Sharing(found, readOnly, access))
        return True

    def _share(
        self, obj: QObject, name: str, sharing: Sharing, standIn: StandIn | None = None
    ) -> None:
        self._sources[name] = source = newSource(self, obj, name, standIn=standIn)
        self._sharing[name] = sharing
        source.veiled = sharing.selective
        self._family.enroll(source)
        self._watchLife(obj, source)
        self.remoteObjectAdded.emit((name, self._location(source)))
        for client in list(self._clients):
            client.announce(source)

    def _watchLife(self, obj: QObject, source: Source) -> None:
        young = [True]
        QTimer.singleShot(0, self, young.clear)
        reference = weakref.ref(self)
        forget = self._family.forget

        def destroyed() -> None:
            forget(source)
            if young:
                log.core.warning(
                    "'%s' was deleted as soon as it was shared: a host does not own its "
                    "sources, keep a reference to them",
                    source.name,
                )
            # Later: it may be in the middle of anything, as Python's collector is, of packing too.
            source.inbox.post(deleted)

        def deleted() -> None:
            host = reference()
            if host is not None:
                host._sourceDeleted(source)

        source.watch(obj, destroyed)

    def _sourceDeleted(self, source: Source) -> None:
        if isValid(self) and self._sources.get(source.name) is source:
            stopResharing(self, None, source.name)
            self._withdraw(source, "the source was deleted")

    def disableRemoting(self, remoteObject: QObject) -> bool:
        """Share an object no longer (QRemoteObjectHostBase::disableRemoting).

        Its replicas become Suspect. False, with `lastError`: OperationNotValidOnClientNode,
        SourceNotRegistered.
        """
        if self._listener is None:
            return self._refuse(
                ErrorCode.OperationNotValidOnClientNode,
                "disableRemoting: the host has no URL, it shares nothing",
            )
        known = stopResharing(self, remoteObject)
        for source in list(self._sources.values()):
            if remoteObject in (source.reference(), source.original()):
                self._withdraw(source, "the host shares it no longer")
                return True
        return known or self._refuse(
            ErrorCode.SourceNotRegistered,
            f"disableRemoting: {remoteObject!r:.80} is not shared by this host",
        )

    def _withdraw(self, source: Source, reason: str) -> None:
        del self._sources[source.name], self._sharing[source.name]
        links = source.subscribers
        for client in list(self._clients):
            client.withdraw(source, reason)
        source.close(reason)
        self._family.ended(source, links)
        self.remoteObjectRemoved.emit((source.name, self._location(source)))

    def _location(self, source: Source) -> QRemoteObjectSourceLocationInfo:
        return QRemoteObjectSourceLocationInfo(source.entry.typeName, self.hostUrl())

    # The registry

    def setRegistryUrl(self, registryUrl: QUrl | str) -> bool:
        """See QRemoteObjectNode.setRegistryUrl; the registry learns what this host shares.

        UnintendedRegistryHosting when it is the host's own URL: a registry is hosted by a
        QRemoteObjectRegistryHost.
        """
        url = toUrl(registryUrl)
        if self._listener is not None and url == self.hostUrl():
            return self._refuse(
                ErrorCode.UnintendedRegistryHosting,
                f"'{urlText(url)}' is this host's own URL, where no registry is: use a "
                "QRemoteObjectRegistryHost to host one",
            )
        if not super().setRegistryUrl(url):
            return False
        assert self._registry is not None
        for source in self._sources.values():
            self._registry.addSource((source.name, self._location(source)))
        self.remoteObjectAdded.connect(self._registry.addSource)
        self.remoteObjectRemoved.connect(self._registry.removeSource)
        return True

    def _tellFound(self, added: bool, name: str, info: QRemoteObjectSourceLocationInfo) -> None:
        # As in Qt, a host's signals tell of its own sources: its registry listens to them.
        pass

    def _isOwn(self, url: QUrl) -> bool:
        return self._listener is not None and url == self.hostUrl()

    def _isRegistry(self, connection: Connection) -> bool:
        if REGISTRY in self._sources:
            return connection.url == _SELF
        return super()._isRegistry(connection)

    # Proxies

    def proxy(
        self,
        registryUrl: QUrl | str,
        /,
        hostUrl: QUrl | str = "",
        filter: NameFilter | None = None,
    ) -> bool:
        """Share here what the network of another registry has (QRemoteObjectHostBase::proxy).

        Each source there whose `filter(name, typeName)` is true (all without one) is acquired
        and, while it is reached, shared here by its name. `hostUrl` is this node's address in
        that network, for `reverseProxy`. One proxy per host. False, in words, otherwise.
        """
        from .proxy import startProxy

        return startProxy(self, toUrl(registryUrl), toUrl(hostUrl), filter)

    def reverseProxy(self, filter: NameFilter | None = None) -> bool:
        """Share there what the network of this registry has (QRemoteObjectHostBase::reverseProxy).

        Of a QRemoteObjectRegistryHost, after `proxy` with a hostUrl. The host's own sources are
        not among them, as in Qt.
        """
        from .proxy import startReverse

        return startReverse(self, filter)

    # Discovery

    def advertise(self, name: str = "", *, interfaces: Sequence[str] | None = None) -> bool:
        """Let nodes on the network find this host with `discover`. Our own.

        By multicast DNS, with the extra `zeroconf`, as `name`: by default the host's, or its
        application's and its machine's. A host at 0.0.0.0 advertises its real addresses, one at
        127.0.0.1 only on this machine; `interfaces` are the addresses of this machine to do it
        at instead. It takes about a second. `close`, the end of the host and that of the process
        take it back.

        False, in words (`errorString`): no URL yet, a ``local:`` one, no zeroconf.
        """
        from .advertising import startAdvertising

        return startAdvertising(self, name, interfaces)

    def stopAdvertising(self) -> None:
        """Be found no longer; connections stay. Our own."""
        if self._advertisement is not None:
            self._advertisement.stop()
            self._advertisement = None

    def _notAdvertised(self, error: Exception) -> None:
        from .advertising import tellFailed

        tellFailed(self, error)

    # A host's own objects

    def _find(self, state: Any) -> None:
        if state.name in self._sources:
            self._connectToSelf()
        super()._find(state)

    def _connectToSelf(self) -> None:
        """Acquiring what the host itself shares goes through memory, the same way otherwise."""

        def make(host: QRemoteObjectNode) -> Conduit:
            assert isinstance(host, QRemoteObjectHostBase)
            mine, theirs = memory.pair(host, "this host itself")
            host._accept(theirs)
            return mine

        self._connect(_SELF, make)

    # The end

    def close(self, reason: str = "the host was closed") -> None:
        """Stop listening, tell every client why, and share nothing any more. Our own."""
        self.stopAdvertising()
        for name in list(self._reshared):
            stopResharing(self, None, name)
        for source in list(self._sources.values()):
            # A slot of remoteObjectRemoved may have withdrawn it.
            if self._sources.get(source.name) is source:
                self._withdraw(source, reason)
        if self._listener is not None:
            listener, self._listener = self._listener, None
            try:
                listener.close()
            except Exception as error:
                log.core.exception("the transport's listener raised when it was closed", error)
        for client in [*self._clients, *self._unproven]:
            client.link.close(ConnectFailed(reason))
