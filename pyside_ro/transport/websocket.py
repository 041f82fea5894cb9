"""``ws://host:port`` and ``wss://host:port``: WebSockets, through proxies and beside web servers.

Written with the public classes of a custom transport alone; knows QtWebSockets, which is in
PySide6-Addons (the extra `websocket`) and imported when it is first needed.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from PySide6.QtCore import QByteArray, QDeadlineTimer, QObject, QTimer, QUrl
from PySide6.QtNetwork import (
    QAbstractSocket,
    QSslConfiguration,
    QSslSocket,
    QTcpSocket,
)
from shiboken6 import getCppPointer, isValid, wrapInstance

from .base import Conduit, ConnectFailed, Listener, ListenRefused, Transport
from .secure import Trouble, asClient, sslConfigurationOf, unfitForHost, unsupported
from .sockets import mayEnd
from .tcp import TcpServer, lookUp
from .tls import Greeter

__all__ = ["WebSocketConduit", "WebSocketListener", "WebSocketTransport"]

#: The bytes of one message. Larger ones are not taken either: a message is in memory as a whole.
_MESSAGE = 256 * 1024
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

    #: There may be TLS below.
    flushReceives = True

    def __init__(
        self, socket: Any, find: Callable[[], QTcpSocket | None], url: QUrl | None = None
    ) -> None:
        super().__init__()
        self.socket = socket
        self._address = getCppPointer(socket)[0]
        self._find = find
        self._url = url
        self._why: Exception | None = None
        #: Whether it is to be deleted as soon as it has hung up.
        self._hanging = False
        self._asking = url is not None and url.scheme() == "ws"
        where = f"{socket.peerAddress().toString()}:{socket.peerPort()}"
        self.peer = url.toString() if url is not None else f"a web socket client at {where}"
        socket.setMaxAllowedIncomingMessageSize(_MESSAGE)
        socket.setMaxAllowedIncomingFrameSize(_MESSAGE)
        socket.connected.connect(self._answered)
        socket.binaryMessageReceived.connect(self.received)
        socket.textMessageReceived.connect(self._text)
        socket.bytesWritten.connect(lambda count: self.written())
        socket.errorOccurred.connect(lambda error: self._failed())
        self._trouble = Trouble(url is not None, url.host() if url is not None else "")
        self._trouble.hear(socket)
        socket.disconnected.connect(self._disconnected)

    def open(self) -> None:
        """Start to connect, in the next event: Qt reports some failures from within the call."""
        QTimer.singleShot(0, self.socket, lambda: self.socket.open(self._url))
        self._wait()

    def _answered(self) -> None:
        self._asking = False
        self.connected()

    def _wait(self) -> None:
        QTimer.singleShot(self.handshakeTimeout, self.socket, lambda: self._late())

    def _late(self) -> None:
        states = QAbstractSocket.SocketState
        if self._over or self.socket.state() == states.ConnectedState:
            return
        below = self._find()
        if below is None or not isValid(below) or below.state() != states.ConnectedState:
            self._wait()  # for the network; Qt itself gives up in the end
            return
        seconds = self.handshakeTimeout / 1000
        self.ended(ConnectFailed(f"no WebSocket handshake within {seconds:g} s"))

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
            self._hanging = True
            self.socket.close()
            if not mayEnd():
                QTimer.singleShot(_LINGER, self.socket, lambda: self._finish())
                return
            below, unconnected = self._find(), QAbstractSocket.SocketState.UnconnectedState
            if below is not None and isValid(below) and below.state() != unconnected:
                below.waitForDisconnected(_LINGER)
        self._finish()

    def _finish(self) -> None:
        if isValid(self.socket):
            self.socket.abort()
            self._doom()

    def outlive(self) -> None:
        """See Conduit.outlive. The socket below is the server's at a host."""
        if not self._within or self._doomed:
            return
        if not isValid(self.socket):
            # Qt has it still; PySide gives up what Qt made before the host is destroyed.
            self.socket = wrapInstance(self._address, _module().QWebSocket)
        for each in self._sockets():
            each.setParent(None)
        self._over = True
        # Not hung up before: Qt has the socket below deleted then, wherever that is.
        self._doom()

    def _sockets(self) -> list[Any]:
        """The socket, and the one below it where that is the server's: at a host."""
        below = self._find()
        if below is None or not isValid(below) or below.parent() is self.socket:
            return [self.socket]
        return [self.socket, below]

    def _bury(self) -> None:
        if not isValid(self.socket):
            return
        sockets = self._sockets()
        if self.socket.parent() is None:
            # They are Python's now, and would be deleted with their last reference, here perhaps.
            QTimer.singleShot(0, lambda: sockets)
        for each in sockets:
            each.deleteLater()

    def _text(self, text: str) -> None:
        self.ended(ConnectFailed("the peer sent a text message: it speaks another protocol"))

    def _failed(self) -> None:
        if self._over:
            return
        codes = QAbstractSocket.SocketError
        if self._trouble.concerns(self.socket.error()):
            # Not at once: Qt sends the alert that tells the peer why only after this signal.
            reason = self._trouble.reason(self.socket.errorString())
            QTimer.singleShot(0, self.socket, lambda: self.ended(reason))
            self._why = reason
            return
        text = self.socket.errorString() or "the peer closed the connection"
        text = text[:1].lower() + text[1:]
        if "handshake request" in text:  # what came instead of the answer to one
            text = (
                f"the host speaks no WebSockets there: does it listen at tcp:// or tls://? ({text})"
            )
        elif self._asking and self.socket.error() == codes.RemoteHostClosedError:
            text = (
                "the host closed the connection instead of answering as a web socket does: it "
                "speaks something else there, or wants TLS (wss://)"
            )
        self.ended(ConnectFailed(text))

    def _disconnected(self) -> None:
        if self._hanging:
            self._doom()
        elif not self._over and isValid(self.socket):
            # Qt says so before it says why.
            QTimer.singleShot(0, self.socket, lambda: self._gone())

    def _gone(self) -> None:
        if self._why is not None:
            self.ended(self._why)
            return
        words = self.socket.closeReason()
        self.ended(ConnectFailed(f"the peer closed the connection{': ' if words else ''}{words}"))


class WebSocketListener(Listener):
    """Listens with a QWebSocketServer."""

    def __init__(
        self, parent: QObject, origins: frozenset[str], configuration: QSslConfiguration | None
    ) -> None:
        super().__init__()
        # Not the host itself: it is what keeps this, and ends with its last reference.
        self._reference = weakref.ref(parent)
        self._origins = origins
        self._configuration = configuration
        self._asked = QUrl()
        self._exposed = False
        #: Takes WebSocket handshakes, on sockets that `_tcp` accepted, and `_greeter` encrypted.
        self.server: Any = None
        self._tcp: TcpServer | None = None
        self._greeter: Greeter | None = None
        #: The sockets whose WebSocket handshake is under way, by the peer's address; oldest first.
        self._below: dict[tuple[str, int], QTcpSocket] = {}
        #: Whether more came than may be under way, since there were none.
        self._flooded = False

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
        if secure:
            problem = unsupported() or unfitForHost(self._sslConfiguration())
            if problem:
                raise ListenRefused(problem)
        modes = module.QWebSocketServer.SslMode
        mode = modes.SecureMode if secure else modes.NonSecureMode
        server = self.server = module.QWebSocketServer("pyside_ro", mode, self._parent)
        server.setHandshakeTimeout(self.handshakeTimeout)
        server.setMaxPendingConnections(1024)
        server.originAuthenticationRequired.connect(self._judge)
        server.newConnection.connect(self._accept)
        address = lookUp(host)
        # Not the QWebSocketServer's own, which takes any number of connections: see also Greeter.
        tcp = self._tcp = TcpServer(self._parent, self._incoming)
        if secure:
            self._greeter = Greeter(self._parent, self, self._greeted, "wss")
        if not tcp.listen(address, url.port()):
            raise ListenRefused(tcp.errorString())
        self._asked = QUrl(url)
        self._exposed = not (secure or address.isLoopback())

    @property
    def _parent(self) -> QObject:
        parent = self._reference()
        assert parent is not None
        return parent

    def _sslConfiguration(self) -> QSslConfiguration:
        return self._configuration or sslConfigurationOf(self._parent)

    def _incoming(self, handle: int) -> None:
        if self._greeter is not None:
            self._greeter.greet(handle, self._parent, self._configuration)
            return
        socket = QTcpSocket(self._parent)
        if socket.setSocketDescriptor(handle):
            self._greeted(socket)
        else:
            socket.deleteLater()

    def _greeted(self, socket: QTcpSocket) -> None:
        self._makeRoom()
        key = (socket.peerAddress().toString(), socket.peerPort())
        # Not told of its end: with a Python function connected, Qt warns when it is destroyed.
        self._below.pop(key, None)
        self._below[key] = socket
        socket.disconnected.connect(socket.deleteLater)
        self.server.handleConnection(socket)

    def _makeRoom(self) -> None:
        """Strangers that never say who they are must not keep out those who do so at once."""
        limit = self.maxUnproven
        if len(self._below) >= limit:
            connected = QAbstractSocket.SocketState.ConnectedState
            items = list(self._below.items())
            self._below = {k: s for k, s in items if isValid(s) and s.state() == connected}
        if len(self._below) < limit:
            self._flooded = self._flooded and bool(self._below)
            return
        (address, port), oldest = next(iter(self._below.items()))
        oldest.abort()
        self._below.pop((address, port), None)
        if not self._flooded:
            self._flooded = True
            words = f"more than {limit} connections are in their WebSocket handshake"
            reason = f"{words}: the oldest are closed (Limits.maxUnprovenConnections)"
            self.onRefused(f"a web socket client at {address}:{port}", ConnectFailed(reason))

    def _judge(self, asking: Any) -> None:
        # A browser says whose page connects: any page could, even to this machine's own address.
        asking.setAllowed(not asking.origin() or asking.origin() in self._origins)

    def _accept(self) -> None:
        while (socket := self.server.nextPendingConnection()) is not None:
            socket.setParent(self._parent)
            key = (socket.peerAddress().toString(), socket.peerPort())
            below = self._below.pop(key, None)
            if below is not None:
                below.disconnected.disconnect(below.deleteLater)  # that is the conduit's from now
            conduit = WebSocketConduit(socket, _just(below))
            if isinstance(below, QSslSocket) and not below.peerCertificate().isNull():
                conduit.certificate = below.peerCertificate()
            self.onConnection(conduit)

    def url(self) -> QUrl:
        """The URL as it was given, with the real port."""
        url = QUrl(self._asked)
        url.setPort(self._tcp.serverPort() if self._tcp is not None else -1)
        return url

    def close(self) -> None:
        """Stop listening."""
        if self._greeter is not None:
            self._greeter.close()
        if self._tcp is not None and isValid(self._tcp):
            self._tcp.close()
            self._tcp.deleteLater()
        if self.server is not None and isValid(self.server):
            self.server.close()
            # Qt keeps the sockets of accepted connections below the server: it stays with them.
            if self._asked.isEmpty():
                self.server.deleteLater()

    @property
    def exposed(self) -> bool:
        """Whether other machines can reach it without encryption."""
        return self._exposed


def _just(socket: QTcpSocket | None) -> Callable[[], QTcpSocket | None]:
    return lambda: socket


class WebSocketTransport(Transport):
    """``ws://host:port/path`` and ``wss://host:port/path``.

    `sslConfiguration`, if given, stands for those of the nodes
    (`QRemoteObjectNode.setSslConfiguration`). A web page may connect only if its origin, for
    instance "https://panel.example", is in `origins`. Our own; Qt has this as an example.
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
        if url.scheme() == "wss":
            configuration = self._configuration or sslConfigurationOf(parent)
            socket.setSslConfiguration(asClient(configuration))
        return WebSocketConduit(socket, lambda: socket.findChild(QTcpSocket), url)

    def check(self, url: QUrl) -> str:
        """A host is needed, and QtWebSockets."""
        if not url.host():
            return f"the URL names no host, as in {url.scheme()}://127.0.0.1:5005"
        try:
            _module()
        except ImportError as error:
            return str(error)
        return unsupported() if url.scheme() == "wss" else ""
