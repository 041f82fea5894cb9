"""``tcp://host:port``: TCP over IPv4 and IPv6.

Knows QTcpServer and QTcpSocket.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QObject, QUrl
from PySide6.QtNetwork import QAbstractSocket, QHostAddress, QHostInfo, QTcpServer, QTcpSocket
from shiboken6 import isValid

from .base import Conduit, Listener, ListenRefused, Transport
from .device import BACKLOG, UNBUFFERED
from .direct import directWrite
from .sockets import SocketConduit

__all__ = [
    "TcpConduit",
    "TcpListener",
    "TcpServer",
    "TcpTransport",
    "hostText",
    "lookUp",
]


def lookUp(host: str) -> QHostAddress:
    """The address to listen at; blocks for a name. Raises ListenRefused."""
    address = QHostAddress(host)
    if address.isNull():
        found = QHostInfo.fromName(host)
        if not found.addresses():
            raise ListenRefused(f"host {host!r} was not found: {found.errorString()}")
        address = found.addresses()[0]
    return address


class TcpConduit(SocketConduit):
    """A TCP connection."""

    scheme = "tcp"
    device: QTcpSocket
    states = QAbstractSocket.SocketState
    codes = QAbstractSocket.SocketError
    words: ClassVar = {
        codes.ConnectionRefusedError: "the connection was refused: nobody listens there",
        codes.HostNotFoundError: "no host of that name was found",
        codes.RemoteHostClosedError: "the peer closed the connection",
        codes.SocketTimeoutError: "the host did not answer in time",
        codes.NetworkError: "the network or host cannot be reached",
        codes.SocketAccessError: "the system forbids the connection",
    }

    def __init__(self, socket: QTcpSocket, url: QUrl | None = None) -> None:
        super().__init__(socket)
        self._url = url
        if url is not None:
            self.peer = url.toString()
        else:
            where = f"{hostText(socket.peerAddress())}:{socket.peerPort()}"
            self.peer = f"{self.scheme}://{where}"
            self._tune()

    def open(self) -> None:
        """Start to connect; a host name is looked up first."""
        assert self._url is not None
        self.device.connectToHost(self._url.host(), self._url.port(), UNBUFFERED)

    def _tune(self) -> None:
        self.device.setSocketOption(QAbstractSocket.SocketOption.LowDelayOption, 1)
        self.device.setSocketOption(QAbstractSocket.SocketOption.KeepAliveOption, 1)

    def _connected(self) -> None:
        self._tune()
        self._tell(self.onConnected)

    def _hangUp(self) -> None:
        self.device.disconnectFromHost()


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
            conduit = TcpConduit(socket)
            conduit.write = directWrite(socket)  # type: ignore[assignment]
            self.onConnection(conduit)
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
