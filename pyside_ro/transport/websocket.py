"""``ws://host:port`` and ``wss://host:port``: WebSockets, through proxies and beside web servers.

Written with the public classes of a custom transport alone; knows QtWebSockets, which is in
PySide6-Addons (the extra `websocket`) and imported when it is first needed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from PySide6.QtCore import QByteArray, QDeadlineTimer, QObject, QTimer, QUrl
from PySide6.QtNetwork import QHostAddress, QHostInfo, QSslConfiguration, QTcpSocket
from shiboken6 import isValid

from .base import Conduit, ConnectFailed, Listener, ListenRefused, Transport

__all__ = ["WebSocketConduit", "WebSocketListener", "WebSocketTransport"]

#: The bytes of one message. Larger ones are not taken either: a message is in memory as a whole.
_MESSAGE = 256 * 1024
#: How long a client may take to upgrade its connection, in milliseconds.
_HANDSHAKE = 5000
#: How long a closing connection may take to say so, in milliseconds.
_LINGER = 1000


def _module() -> ModuleType:
    try:
        from PySide6 import QtWebSockets
    except ImportError as error:
        raise ImportError(
            "WebSockets need QtWebSockets, which is in PySide6-Addons: "
            "pip install 'pyside-ro[websocket]'"
        ) from error
    return QtWebSockets


class WebSocketConduit(Conduit):
    """A connection over a QWebSocket: the stream travels in binary messages.

    `find` gives the socket below, or None: a QWebSocket cannot be waited for by itself.
    """

    def __init__(
        self, socket: Any, find: Callable[[], QTcpSocket | None], url: QUrl | None = None
    ) -> None:
        super().__init__()
        self.socket = socket
        self._find = find
        self._url = url
        address = QHostAddress(url.host()) if url is not None else socket.peerAddress()
        local = address.isLoopback() or (url is not None and url.host() == "localhost")
        self.protected = local or (url or socket.requestUrl()).scheme() == "wss"
        where = f"{address.toString()}:{socket.peerPort()}"
        self.peer = url.toString() if url is not None else f"a web socket client at {where}"
        socket.setMaxAllowedIncomingMessageSize(_MESSAGE)
        socket.setMaxAllowedIncomingFrameSize(_MESSAGE)
        socket.connected.connect(self.connected)
        socket.binaryMessageReceived.connect(self.received)
        socket.textMessageReceived.connect(self._text)
        socket.bytesWritten.connect(lambda count: self.written())
        socket.errorOccurred.connect(lambda error: self._failed())
        socket.sslErrors.connect(self._untrusted)
        socket.disconnected.connect(self._disconnected)

    def open(self) -> None:
        """Start to connect, in the next event: Qt reports some failures from within the call."""
        QTimer.singleShot(0, self.socket, lambda: self.socket.open(self._url))

    def write(self, data: Any) -> int:
        """Send the bytes in messages of a bounded size."""
        view = memoryview(data)
        for start in range(0, len(view), _MESSAGE):
            self.socket.sendBinaryMessage(QByteArray(view[start : start + _MESSAGE].tobytes()))
        return len(view)

    def bytesToWrite(self) -> int:
        """See Conduit.bytesToWrite."""
        return int(self.socket.bytesToWrite()) if isValid(self.socket) else 0

    def flush(self) -> object:
        """See Conduit.flush."""
        return self.socket.flush()

    def waitForWritten(self, milliseconds: int) -> bool:
        """See Conduit.waitForWritten. What arrives meanwhile is received."""
        before = self.bytesToWrite()
        below = self._find()
        deadline = QDeadlineTimer(milliseconds)
        while not deadline.hasExpired() and isValid(self.socket):
            self.socket.flush()
            if self.bytesToWrite() < before or not before:
                return True
            if below is not None and isValid(below):
                below.waitForBytesWritten(int(deadline.remainingTime()))
            else:
                time.sleep(0.001)
        return False

    def shut(self, linger: bool) -> None:
        """Say goodbye as WebSockets do, or hang up."""
        if not isValid(self.socket):
            return
        if linger:
            self.socket.disconnected.connect(self.socket.deleteLater)
            self.socket.close()
            QTimer.singleShot(_LINGER, self.socket, lambda: self._finish())
        else:
            self._finish()

    def _finish(self) -> None:
        if isValid(self.socket):
            self.socket.abort()
            self.socket.deleteLater()

    def _text(self, text: str) -> None:
        self.ended(ConnectFailed("the peer sent a text message: it speaks another protocol"))

    def _untrusted(self, errors: Iterable[Any]) -> None:
        words = "; ".join(error.errorString() for error in errors)
        self.ended(ConnectFailed(f"the certificate was not accepted: {words}"))

    def _failed(self) -> None:
        if self._over:
            return
        text = self.socket.errorString() or "the peer closed the connection"
        self.ended(ConnectFailed(text[:1].lower() + text[1:]))

    def _disconnected(self) -> None:
        if not self._over and isValid(self.socket):
            # Qt says so before it says why.
            QTimer.singleShot(0, self.socket, lambda: self._gone())

    def _gone(self) -> None:
        words = self.socket.closeReason()
        self.ended(ConnectFailed(f"the peer closed the connection{': ' if words else ''}{words}"))


class WebSocketListener(Listener):
    """Listens with a QWebSocketServer."""

    def __init__(
        self, parent: QObject, origins: frozenset[str], configuration: QSslConfiguration | None
    ) -> None:
        super().__init__()
        self._parent = parent
        self._origins = origins
        self._configuration = configuration
        self._asked = QUrl()
        self._exposed = False
        self.server: Any = None

    def listen(self, url: QUrl) -> None:
        """Listen; port 0 lets the system choose. A host name is looked up, blocking."""
        scheme, host = url.scheme(), url.host()
        if not host or url.port() < 0:
            raise ListenRefused(
                f"the URL needs a host and a port, as in {scheme}://127.0.0.1:0", invalid=True
            )
        try:
            module = _module()
        except ImportError as error:
            raise ListenRefused(str(error)) from error
        secure = scheme == "wss"
        if secure and self._configuration is None:
            raise ListenRefused(
                "a host needs a certificate: registerTransport('wss', "
                "WebSocketTransport(sslConfiguration=...))"
            )
        modes = module.QWebSocketServer.SslMode
        mode = modes.SecureMode if secure else modes.NonSecureMode
        server = self.server = module.QWebSocketServer("pyside_ro", mode, self._parent)
        server.setHandshakeTimeout(_HANDSHAKE)
        server.setMaxPendingConnections(1024)
        if secure:
            server.setSslConfiguration(self._configuration)
        server.originAuthenticationRequired.connect(self._judge)
        server.newConnection.connect(self._accept)
        address = QHostAddress(host)
        if address.isNull():
            found = QHostInfo.fromName(host)
            if not found.addresses():
                raise ListenRefused(f"host {host!r} was not found: {found.errorString()}")
            address = found.addresses()[0]
        if not server.listen(address, url.port()):
            raise ListenRefused(server.errorString())
        self._asked = QUrl(url)
        self._exposed = not (secure or address.isLoopback())

    def _judge(self, asking: Any) -> None:
        # A browser says whose page connects: any page could, even to this machine's own address.
        asking.setAllowed(not asking.origin() or asking.origin() in self._origins)

    def _accept(self) -> None:
        while (socket := self.server.nextPendingConnection()) is not None:
            socket.setParent(self._parent)
            self.onConnection(WebSocketConduit(socket, self._finder(socket.peerPort())))

    def _finder(self, port: int) -> Callable[[], QTcpSocket | None]:
        def find() -> QTcpSocket | None:
            if not isValid(self.server):
                return None
            sockets = self.server.findChildren(QTcpSocket)
            return next((each for each in sockets if each.peerPort() == port), None)

        return find

    def url(self) -> QUrl:
        """The URL as it was given, with the real port."""
        url = QUrl(self._asked)
        url.setPort(self.server.serverPort())
        return url

    def close(self) -> None:
        """Stop listening."""
        if self.server is not None and isValid(self.server):
            self.server.close()
            # Qt keeps the sockets of accepted connections below the server: it stays with them.
            if self._asked.isEmpty():
                self.server.deleteLater()

    @property
    def exposed(self) -> bool:
        """Whether other machines can reach it without encryption."""
        return self._exposed


class WebSocketTransport(Transport):
    """``ws://host:port/path`` and ``wss://host:port/path``.

    `sslConfiguration` holds a host's certificate and key, or the authorities that a client
    trusts (by default the system's). A web page may connect only if its origin, for instance
    "https://panel.example", is in `origins`. Our own; Qt has this as an example.
    """

    def __init__(
        self, origins: Iterable[str] = (), sslConfiguration: QSslConfiguration | None = None
    ) -> None:
        self._origins = frozenset(origins)
        self._configuration = sslConfiguration

    def listener(self, parent: QObject) -> Listener:
        """See Transport.listener."""
        return WebSocketListener(parent, self._origins, self._configuration)

    def conduit(self, url: QUrl, parent: QObject) -> Conduit:
        """See Transport.conduit."""
        socket = _module().QWebSocket(parent=parent)
        if self._configuration is not None:
            socket.setSslConfiguration(self._configuration)
        return WebSocketConduit(socket, lambda: socket.findChild(QTcpSocket), url)

    def check(self, url: QUrl) -> str:
        """A host is needed, and QtWebSockets."""
        if not url.host():
            return f"the URL names no host, as in {url.scheme()}://127.0.0.1:5005"
        try:
            _module()
        except ImportError as error:
            return str(error)
        return ""
