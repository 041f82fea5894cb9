"""``tcp://host:port``: TCP over IPv4 and IPv6.

Knows QTcpServer and QTcpSocket.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, QThread, QTimer, QUrl
from PySide6.QtNetwork import QAbstractSocket, QHostAddress, QHostInfo, QTcpServer, QTcpSocket
from shiboken6 import isValid

from .base import Conduit, ConnectFailed, Listener, ListenRefused, Transport
from .device import BACKLOG, UNBUFFERED, DeviceConduit

__all__ = [
    "TcpConduit",
    "TcpListener",
    "TcpServer",
    "TcpTransport",
    "hostText",
    "isLoopback",
    "lookUp",
]


def isLoopback(host: str) -> bool:
    """Whether a host in a URL means this machine only."""
    return host == "localhost" or QHostAddress(host).isLoopback()


def lookUp(host: str) -> QHostAddress:
    """The address to listen at; blocks for a name. Raises ListenRefused."""
    address = QHostAddress(host)
    if address.isNull():
        found = QHostInfo.fromName(host)
        if not found.addresses():
            raise ListenRefused(f"host {host!r} was not found: {found.errorString()}")
        address = found.addresses()[0]
    return address


def _mayEnd() -> bool:
    """Whether this is a thread of the program's without an event loop, at its end perhaps."""
    app, thread = QCoreApplication.instance(), QThread.currentThread()
    return app is not None and thread != app.thread() and not thread.loopLevel()


class TcpConduit(DeviceConduit):
    """A TCP connection."""

    sound = True
    scheme = "tcp"
    device: QTcpSocket

    def __init__(self, socket: QTcpSocket, url: QUrl | None = None) -> None:
        super().__init__(socket)
        self._url = url
        if url is not None:
            self.peer = url.toString()
            self.protected = isLoopback(url.host())
        else:
            address = socket.peerAddress()
            self.peer = f"{self.scheme}://{hostText(address)}:{socket.peerPort()}"
            self.protected = address.isLoopback()
            self._tune()
        # Unbuffered, a socket writes at once what the system takes; only the rest is left.
        self.write = socket.write  # type: ignore[assignment]
        self.flush = socket.flush  # type: ignore[method-assign]
        socket.connected.connect(self._connected)
        socket.errorOccurred.connect(self._failed)
        socket.disconnected.connect(self._disconnected)

    def open(self) -> None:
        """Start to connect; a host name is looked up first."""
        assert self._url is not None
        self.device.connectToHost(self._url.host(), self._url.port(), UNBUFFERED)

    def _tune(self) -> None:
        self.device.setSocketOption(QAbstractSocket.SocketOption.LowDelayOption, 1)
        self.device.setSocketOption(QAbstractSocket.SocketOption.KeepAliveOption, 1)

    def _connected(self) -> None:
        self._tune()
        self.onConnected()

    def _failed(self, error: QAbstractSocket.SocketError) -> None:
        codes = QAbstractSocket.SocketError
        connected = self.device.state() == QAbstractSocket.SocketState.ConnectedState
        if error == codes.SocketTimeoutError and connected:
            return  # only of `waitForWritten`, which tells its caller
        words = {
            codes.ConnectionRefusedError: "the connection was refused: nobody listens there",
            codes.HostNotFoundError: "no host of that name was found",
            codes.RemoteHostClosedError: "the peer closed the connection",
            codes.SocketTimeoutError: "the host did not answer in time",
            codes.NetworkError: "the network or host cannot be reached",
            codes.SocketAccessError: "the system forbids the connection",
        }
        text = words.get(error) or self.device.errorString()
        self.ended(ConnectFailed(text, access=error == codes.SocketAccessError))

    def _disconnected(self) -> None:
        self.ended(ConnectFailed("the peer closed the connection"))

    def checkEnd(self) -> None:
        """An unbuffered QTcpSocket changes its state at the peer's end, without a signal."""
        if self.device.state() != QAbstractSocket.SocketState.ConnectedState:
            self._disconnected()

    def close(self) -> None:
        """Close after what was written is sent, after a second at the latest."""
        if self._over:
            return
        self._over = True
        if isValid(self.device):
            self.device.disconnected.connect(self.device.deleteLater)
            self.device.disconnectFromHost()
            if _mayEnd():
                # Nobody would come to do it later, and Qt crashes on what an ended thread leaves.
                self.device.waitForDisconnected(1000)
                self._finish()
            else:
                QTimer.singleShot(1000, self.device, lambda: self._finish())

    def _finish(self) -> None:
        if isValid(self.device):
            self.device.abort()
            self.device.deleteLater()


class TcpServer(QTcpServer):
    """A server that hands over each connection's descriptor."""

    def __init__(self, parent: QObject, accept: Callable[[int], None]) -> None:
        super().__init__(parent)
        # When all clients come back at once, the system turns none away for a second.
        self.setListenBacklogSize(BACKLOG)
        self._accept = accept

    def incomingConnection(self, handle: int) -> None:
        """See QTcpServer.incomingConnection."""
        self._accept(handle)


class TcpListener(Listener):
    """Listens on one address."""

    scheme = "tcp"

    def __init__(self, parent: QObject) -> None:
        super().__init__()
        self.server = TcpServer(parent, self._incoming)
        self._host = ""
        self._exposed = False

    def _incoming(self, handle: int) -> None:
        socket = QTcpSocket(self.server.parent())
        state = QAbstractSocket.SocketState.ConnectedState
        if socket.setSocketDescriptor(handle, state, UNBUFFERED):
            self.onConnection(TcpConduit(socket))
        else:
            socket.deleteLater()

    def listen(self, url: QUrl) -> None:
        """Listen; port 0 lets the system choose. A host name is looked up, blocking."""
        host, port = url.host(), url.port()
        if port < 0:
            raise ListenRefused(
                f"the URL needs a port, as in {self.scheme}://127.0.0.1:0 (0: the system chooses)",
                invalid=True,
            )
        if not host:
            raise ListenRefused(
                f"the URL needs a host, as in {self.scheme}://127.0.0.1:0 (0.0.0.0: every address)",
                invalid=True,
            )
        address = lookUp(host)
        if not self.server.listen(address, port):
            raise ListenRefused(self.server.errorString())
        self._host = host
        self._exposed = not address.isLoopback()

    def url(self) -> QUrl:
        """The URL as it was given, with the real port."""
        url = QUrl()
        url.setScheme(self.scheme)
        url.setHost(self._host)
        url.setPort(self.server.serverPort())
        return url

    def close(self) -> None:
        """Stop listening."""
        if isValid(self.server):
            self.server.close()
            self.server.deleteLater()

    @property
    def exposed(self) -> bool:
        """Whether the address is not a loopback one."""
        return self._exposed


class TcpTransport(Transport):
    """``tcp://host:port``."""

    def listener(self, parent: QObject) -> Listener:
        """See Transport.listener."""
        return TcpListener(parent)

    def conduit(self, url: QUrl, parent: QObject) -> Conduit:
        """See Transport.conduit."""
        return TcpConduit(QTcpSocket(parent), url)

    def check(self, url: QUrl) -> str:
        """A host and a port are needed."""
        if not url.host():
            return f"the URL names no host, as in {url.scheme()}://127.0.0.1:5005"
        if url.port() <= 0:
            return f"the URL names no port, as in {url.scheme()}://127.0.0.1:5005"
        return ""


def hostText(address: QHostAddress) -> str:
    """An address as it stands in a URL."""
    text = address.toString()
    return f"[{text}]" if ":" in text else text
