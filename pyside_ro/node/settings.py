"""What every node is told by its program, and tells it when something goes wrong.

Knows the settings and the connections that they are for; what a node does is in `node`.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtNetwork import QSslConfiguration

from .. import log
from ..errors import ErrorCode as _ErrorCode
from ..interface import askObject
from ..protocol.limits import Limits
from .connection import Connection
from .persistence import Persistence
from .stores import QRemoteObjectAbstractPersistedStore
from .trust import keyFrom

__all__ = ["NodeSettings"]


class NodeSettings(QObject):
    """The settings and the errors of a QRemoteObjectNode."""

    ErrorCode = _ErrorCode

    #: Something went wrong; with the ErrorCode. `errorString` has the words.
    error = Signal(_ErrorCode)
    heartbeatIntervalChanged = Signal(int)
    #: A source refused to set a property that a replica of this node was set to; with the
    #: RemoteError (member "printer.title"). Our own.
    propertyWriteRefused = Signal(object)

    def __init__(
        self,
        parent: QObject | None,
        limits: Limits | None,
        persistedStore: QRemoteObjectAbstractPersistedStore | None,
        sslConfiguration: QSslConfiguration | None,
        sharedKey: bytes | str | None,
    ) -> None:
        super().__init__(parent)
        self._limits = limits or Limits()
        self._connections: dict[str, Connection] = {}
        self._lastError = _ErrorCode.NoError
        self._errorString = ""
        self._heartbeatInterval = 0
        self._persistence = Persistence()
        self._persistence.store = persistedStore
        self._sharedKey = keyFrom(sharedKey)
        self._sslConfiguration: QSslConfiguration | None = None
        if sslConfiguration is not None:
            self.setSslConfiguration(sslConfiguration)

    def _set(self, name: str, value: Any) -> None:
        """Set a property or connect a signal that the constructor was given by its name."""
        found = getattr(self, name, None)
        if isinstance(found, SignalInstance):
            found.connect(value)
        elif askObject(self, lambda meta: meta.indexOfProperty(name)) >= 0:
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

    def _refuse(self, code: _ErrorCode, text: str) -> bool:
        """Log and report what cannot be done; False, for who was asked to do it."""
        log.core.warning("%s%s", f"{self.objectName()}: " if self.objectName() else "", text)
        self._report(code, text)
        return False

    def _connectionProblem(self, connection: Connection, text: str, code: _ErrorCode) -> None:
        self._report(code, f"{connection.url.toString()}: {text}")

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

    def persistedStore(self) -> QRemoteObjectAbstractPersistedStore | None:
        """Where persisted properties are kept; None: nowhere (QRemoteObjectNode's property)."""
        return self._persistence.store

    def setPersistedStore(
        self, persistedStore: QRemoteObjectAbstractPersistedStore | None, /
    ) -> None:
        """Keep the properties that are marked as PERSISTED in a store (QRemoteObjectNode's).

        Replicas that are acquired from then on have what was saved last until their source is
        reached. The node keeps a reference to the store, and does not own it.
        """
        self._persistence.store = persistedStore

    def sslConfiguration(self) -> QSslConfiguration:
        """What `setSslConfiguration` was given; else QSslConfiguration.defaultConfiguration()."""
        # Not made before it is asked for: it loads the TLS library.
        return QSslConfiguration(self._sslConfiguration or QSslConfiguration.defaultConfiguration())

    def setSslConfiguration(self, configuration: QSslConfiguration) -> None:
        """Give certificate, key and authorities for connections at ``tls://`` and ``wss://``.

        Our own, after QSslSocket::setSslConfiguration; also the constructors' argument
        `sslConfiguration`. It counts for connections made, or accepted, from then on. A node
        checks the certificate and the name of the host, unless the peerVerifyMode is VerifyNone;
        a host takes only clients with a certificate that it trusts if that is VerifyPeer.
        `pyside_ro.sslConfiguration` makes one from files.
        """
        if not isinstance(configuration, QSslConfiguration):
            raise TypeError(f"a QSslConfiguration is expected, not {type(configuration).__name__}")
        self._sslConfiguration = QSslConfiguration(configuration)

    def setSharedKey(self, key: bytes | str | None) -> None:
        """Talk only to peers that prove to have the same key; None: to those without. Our own.

        It is for connections made from now on, over whatever transport, and for host and node
        alike: set it before the host listens (``sharedKey=`` of the constructor). The key never
        crosses. It proves who is there and encrypts nothing: outside of one machine, or a
        network that you trust, use it with ``tls://``. A peer that has none, or another, is
        told so and tried again after some seconds; the code is SocketAccessError on both sides.

        A str is taken as UTF-8. Raises ValueError for an empty key; one of fewer than 16 bytes
        is warned of.
        """
        self._sharedKey = keyFrom(key)
        for connection in self._connections.values():
            connection.hurry()
