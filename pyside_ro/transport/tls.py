"""``tls://host:port``: TLS 1.2 or later over TCP.

Knows QSslSocket. The configuration is the node's (QRemoteObjectNode.setSslConfiguration).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QIODevice, QObject, QTimer, QUrl
from PySide6.QtNetwork import (
    QAbstractSocket,
    QSslConfiguration,
    QSslSocket,
)
from shiboken6 import isValid

from .. import log
from ..errors import VersionMismatch
from .base import Conduit, ConnectFailed, Listener, ListenRefused
from .secure import (
    Trouble,
    asClient,
    asHost,
    sslConfigurationOf,
    unfitForHost,
    unsupported,
)
from .tcp import TcpConduit, TcpListener, TcpTransport, hostText

__all__ = ["Greeter", "TlsConduit", "TlsListener", "TlsTransport"]

#: Unlike plain ones, these sockets stall when they are opened unbuffered.
_MODE = QIODevice.OpenModeFlag.ReadWrite
#: How much Qt may decrypt ahead of a link that does not read, in bytes.
_AHEAD = 1024 * 1024
#: How a TLS connection begins: a handshake record. Nothing else is answered in TLS.
_HANDSHAKE_RECORD = b"\x16"
#: A fatal alert, "unexpected message": what tells a peer that this port expects TLS.
_ALERT = b"\x15\x03\x01\x00\x02\x02\x0a"


class TlsConduit(TcpConduit):
    """A TLS connection; that of a listener is encrypted already."""

    scheme = "tls"
    #: To write is to read, for TLS.
    flushReceives = True
    device: QSslSocket

    def __init__(self, socket: QSslSocket, url: QUrl | None = None) -> None:
        super().__init__(socket, url)
        shown = socket.peerCertificate()
        #: A client's certificate, which its host demanded and has checked.
        self.certificate = None if shown.isNull() else shown
        self._trouble = Trouble(url is not None, url.host() if url is not None else "")
        self._why: Exception | None = None
        self._trouble.hear(socket, socket.peerCertificate)
        socket.setReadBufferSize(_AHEAD)
        # What was encrypted waits in a second buffer.
        first, second = socket.bytesToWrite, socket.encryptedBytesToWrite
        self.bytesToWrite = lambda: first() + second()  # type: ignore[method-assign]
        socket.encryptedBytesWritten.connect(self._written)
        socket.encrypted.connect(self._encrypted)

    def open(self) -> None:
        """Start to connect; a host name is looked up first."""
        assert self._url is not None
        self.device.connectToHostEncrypted(self._url.host(), self._url.port(), _MODE)

    def _connected(self) -> None:
        self._tune()
        QTimer.singleShot(self.handshakeTimeout, self.device, lambda: self._late())

    def _late(self) -> None:
        if not self.device.isEncrypted():
            self.ended(ConnectFailed(_late(self.handshakeTimeout)))

    def _encrypted(self) -> None:
        if self._url is not None:
            self._tell(self.onConnected)

    def _failed(self, error: QAbstractSocket.SocketError) -> None:
        codes = QAbstractSocket.SocketError
        if self._trouble.concerns(error):
            # Not at once: Qt sends the alert that tells the peer why only after this signal.
            self._why = reason = self._trouble.reason(self.device.errorString())
            QTimer.singleShot(0, self.device, lambda: self.ended(reason))
        elif error == codes.RemoteHostClosedError and not self.device.isEncrypted():
            self.ended(ConnectFailed("the host closed the connection during the TLS handshake"))
        else:
            super()._failed(error)

    def _disconnected(self) -> None:
        if self._hanging:
            super()._disconnected()
        elif self._why is not None or self._trouble.any:
            self.ended(self._why or self._trouble.reason(""))
        elif isValid(self.device) and self._url is not None and not self.device.isEncrypted():
            self.ended(ConnectFailed("the host closed the connection during the TLS handshake"))
        else:
            super()._disconnected()


def _late(milliseconds: int) -> str:
    return f"no TLS handshake within {milliseconds / 1000:g} s"


class Greeter:
    """Brings accepted TCP connections through the TLS handshake; in bounded time and number.

    Qt's QSslServer lets who is silent keep others out, and cannot tell a client without TLS.
    """

    def __init__(
        self,
        host: QObject,
        listener: Listener,
        accept: Callable[[QSslSocket], None],
        scheme: str = "tls",
    ) -> None:
        self.listener = listener
        self.scheme = scheme
        self.accept = accept
        self.greetings: list[_Greeting] = []
        #: Whether more came than may be under way, since there were none.
        self._flooded = False
        host.destroyed.connect(self._orphaned)

    def greet(
        self, handle: int, host: QObject, configuration: QSslConfiguration | None = None
    ) -> None:
        """Begin, with the descriptor of a connection that `host` accepted.

        `configuration` stands for the host's own.
        """
        socket = QSslSocket(host)
        if not socket.setSocketDescriptor(
            handle, QAbstractSocket.SocketState.ConnectedState, _MODE
        ):
            socket.deleteLater()
            return
        # Asked each time: a renewed certificate needs no new listener.
        socket.setSslConfiguration(asHost(configuration or sslConfigurationOf(host)))
        self._makeRoom()
        self.greetings.append(_Greeting(self, socket))

    def _makeRoom(self) -> None:
        """Strangers that never say who they are must not keep out those who do so at once."""
        self._flooded = self._flooded and bool(self.greetings)
        limit = self.listener.maxUnproven
        if len(self.greetings) < limit:
            return
        oldest = self.greetings[0]
        oldest.drop()
        if not self._flooded:
            self._flooded = True
            words = f"more than {limit} connections are in their TLS handshake"
            reason = f"{words}: the oldest are closed (Limits.maxUnprovenConnections)"
            self.listener.onRefused(oldest.peer, ConnectFailed(reason))

    def _orphaned(self) -> None:
        for greeting in self.greetings:
            greeting.done = True
        self.greetings.clear()

    def close(self) -> None:
        """End those that are under way."""
        for greeting in list(self.greetings):
            greeting.drop()


class _Greeting(QObject):
    """The TLS handshake of one connection, from the host's side. For a QObject, see Trouble."""

    def __init__(self, greeter: Greeter, socket: QSslSocket) -> None:
        super().__init__()
        self.greeter = greeter
        self.socket = socket
        self.done = False
        self.peer = f"{greeter.scheme}://{hostText(socket.peerAddress())}:{socket.peerPort()}"
        self.trouble = Trouble(client=False)
        self.trouble.hear(socket, socket.peerCertificate)
        socket.setReadBufferSize(_AHEAD)
        socket.readyRead.connect(self._begin)
        socket.encrypted.connect(self._encrypted)
        socket.errorOccurred.connect(self._failed)
        socket.disconnected.connect(self._disconnected)
        self.timeout = greeter.listener.handshakeTimeout
        QTimer.singleShot(self.timeout, socket, lambda: self._late())
        if socket.bytesAvailable():
            self._begin()

    def _begin(self) -> None:
        if self.done or self.socket.mode() != QSslSocket.SslMode.UnencryptedMode:
            return
        first = bytes(self.socket.peek(4).data())
        if not first:
            return
        if first[:1] == _HANDSHAKE_RECORD:
            self.socket.startServerEncryption()
            return
        self.socket.write(_ALERT)
        self.socket.flush()
        self.end(
            VersionMismatch(
                f"the client speaks no TLS, and this port expects it (it sent {first!r})"
            )
        )

    def _encrypted(self) -> None:
        if not self.done:
            self._finish()
            self.greeter.accept(self.socket)

    def _failed(self, error: QAbstractSocket.SocketError) -> None:
        if self.done:
            return
        closed = error == QAbstractSocket.SocketError.RemoteHostClosedError
        if closed and not self.trouble.any:
            self._disconnected()
        else:
            self.end(self.trouble.reason(self.socket.errorString()))

    def _disconnected(self) -> None:
        if self.done:
            return
        if self.trouble.any:
            self.end(self.trouble.reason(""))
        elif self.socket.mode() == QSslSocket.SslMode.UnencryptedMode:
            # As a load balancer does that looks whether the port is open, or a node that goes.
            log.io.debug("%s: the client said nothing and closed the connection", self.peer)
            self.drop()
        else:
            self.end(
                ConnectFailed(
                    "the client closed the connection during the TLS handshake: perhaps it does "
                    "not accept this host's certificate for the name that it asked for"
                )
            )

    def _late(self) -> None:
        if not self.done:
            self.end(ConnectFailed(_late(self.timeout)))

    def _finish(self) -> None:
        self.done = True
        if self in self.greeter.greetings:
            self.greeter.greetings.remove(self)

    def end(self, reason: Exception) -> None:
        """The connection does not come about."""
        self.drop()
        self.greeter.listener.onRefused(self.peer, reason)

    def drop(self) -> None:
        """Close, without a word."""
        self._finish()
        if isValid(self.socket):
            # From within its own signals: not at once.
            QTimer.singleShot(0, self.socket, lambda: self._close())

    def _close(self) -> None:
        if isValid(self.socket):
            self.socket.disconnectFromHost()
            QTimer.singleShot(1000, self.socket, self.socket.deleteLater)
            if self.socket.state() == QAbstractSocket.SocketState.UnconnectedState:
                self.socket.deleteLater()


class TlsListener(TcpListener):
    """Listens on one address, for clients that speak TLS."""

    scheme = "tls"

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._greeter = Greeter(parent, self, self._greeted)

    @property
    def _owner(self) -> QObject:
        """The host. Not kept: it is what keeps this, and ends with its last reference."""
        owner = self.server.parent()
        assert owner is not None
        return owner

    def listen(self, url: QUrl) -> None:
        """See TcpListener.listen; a certificate and its key are needed."""
        problem = unsupported() or unfitForHost(sslConfigurationOf(self._owner))
        if problem:
            raise ListenRefused(problem)
        super().listen(url)

    def _incoming(self, handle: int) -> None:
        self._greeter.greet(handle, self._owner)

    def _greeted(self, socket: QSslSocket) -> None:
        self.onConnection(TlsConduit(socket))

    def close(self) -> None:
        """Stop listening."""
        self._greeter.close()
        super().close()

    @property
    def exposed(self) -> bool:
        """Never without encryption."""
        return False


class TlsTransport(TcpTransport):
    """``tls://host:port``. Our own: Qt has it as an example."""

    def listener(self, parent: QObject) -> Listener:
        """See Transport.listener."""
        return TlsListener(parent)

    def conduit(self, url: QUrl, parent: QObject) -> Conduit:
        """See Transport.conduit."""
        socket = QSslSocket(parent)
        socket.setSslConfiguration(asClient(sslConfigurationOf(parent)))
        return TlsConduit(socket, url)

    def check(self, url: QUrl) -> str:
        """A host and a port are needed, and a Qt that can do TLS."""
        return super().check(url) or unsupported()
