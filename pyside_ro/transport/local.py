"""``local:name`` and ``localabstract:name``: sockets of this machine, for the same user.

Knows QLocalServer and QLocalSocket.
"""

from __future__ import annotations

import contextlib
import os
import socket as python_socket
import stat
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QDir, QObject, QTimer, QUrl
from PySide6.QtNetwork import QAbstractSocket, QLocalServer, QLocalSocket
from shiboken6 import isValid

from .. import log
from .base import Conduit, ConnectFailed, Listener, ListenRefused, Transport
from .device import BACKLOG, UNBUFFERED
from .direct import directWrite
from .sockets import SocketConduit

__all__ = ["HAS_ABSTRACT", "LocalConduit", "LocalListener", "LocalTransport", "ServerOptions"]

#: Linux alone has sockets whose names are no files.
HAS_ABSTRACT = sys.platform == "linux"
#: How long a living server may take to accept the connection that probes it, in milliseconds.
_PROBE = 300
#: Bytes; Linux doubles it. With the system's default (208 KiB on Linux, 8 KiB on macOS) writer and
#: reader wait for each other: half as many values of 100 KB cross. With more, what is read is no
#: longer in the processor's cache: large arrays take a third longer with 1 MiB.
_SEND_BUFFER = 256 * 1024
_Option = QLocalServer.SocketOption


class ServerOptions:
    """The access options of listeners still to come (QRemoteObjectHost.setLocalServerOptions)."""

    value: _Option = _Option.UserAccessOption


class LocalConduit(SocketConduit):
    """A connection over a local socket."""

    device: QLocalSocket
    states = QLocalSocket.LocalSocketState
    codes = QLocalSocket.LocalSocketError
    words: ClassVar = {
        codes.ServerNotFoundError: "no host listens under that name",
        codes.ConnectionRefusedError: "no host listens under that name any more",
        codes.PeerClosedError: "the peer closed the connection",
        codes.SocketAccessError: "the socket belongs to another user",
    }

    def __init__(self, socket: QLocalSocket, url: QUrl, client: bool) -> None:
        super().__init__(socket)
        self.write = directWrite(socket)  # type: ignore[assignment]
        self._name = url.path()
        self.peer = url.toString() if client else f"a client of {url.toString()}"

    def open(self) -> None:
        """Start to connect. Qt reports some failures from within the call: they are put off."""
        QTimer.singleShot(0, self.device, lambda: self._open())

    def _open(self) -> None:
        if not self._over:
            self.device.connectToServer(self._name, UNBUFFERED)

    def _connected(self) -> None:
        if _foreign(self.device):
            # Anyone may put a socket of that name where all programs look for it.
            self.abort()
            reason = ConnectFailed("the host belongs to another user", access=True)
            self._tell(self.onClosed, reason)
            return
        _widen(int(self.device.socketDescriptor()))
        self._tell(self.onConnected)

    def _hangUp(self) -> None:
        self.device.disconnectFromServer()

    def credentials(self) -> tuple[int, int] | None:
        """See Conduit.credentials."""
        return _credentials(self.device)


class _Server(QLocalServer):
    """A server whose sockets are unbuffered."""

    def __init__(self, parent: QObject, accept: Callable[[QLocalSocket], None]) -> None:
        super().__init__(parent)
        self.setListenBacklogSize(BACKLOG)
        self._accept = accept

    def incomingConnection(self, handle: int) -> None:
        """See QLocalServer.incomingConnection."""
        socket = QLocalSocket(self.parent())
        state = QLocalSocket.LocalSocketState.ConnectedState
        _widen(handle)
        if socket.setSocketDescriptor(handle, state, UNBUFFERED):
            self._accept(socket)
        else:
            socket.deleteLater()


class LocalListener(Listener):
    """Listens under a name."""

    def __init__(self, parent: QObject, abstract: bool) -> None:
        super().__init__()
        self.server = _Server(parent, self._accept)
        self._url = QUrl()
        self._abstract = abstract

    def listen(self, url: QUrl) -> None:
        """Listen; the socket file of a host that crashed is taken over, a living one is not."""
        name = url.path()
        if not name:
            raise ListenRefused(f"the URL needs a name, as in {url.scheme()}:name", invalid=True)
        options = _Option.AbstractNamespaceOption if self._abstract else ServerOptions.value
        self.server.setSocketOptions(options)
        # Asked beforehand because Qt, with an access option, moves its socket over the file of
        # a living server without a word.
        if self._living(name):
            raise ListenRefused("another host listens under that name")
        if not self._abstract and _occupied(name):
            raise ListenRefused("a file of that name is there and is no socket")
        if self.server.listen(name):
            self._url = url
            return
        if self.server.serverError() == QAbstractSocket.SocketError.AddressInUseError:
            QLocalServer.removeServer(name)
            if self.server.listen(name):
                self._url = url
                return
        raise ListenRefused(self.server.errorString())

    def _living(self, name: str) -> bool:
        probe = QLocalSocket()
        if self._abstract:
            probe.setSocketOptions(QLocalSocket.SocketOption.AbstractNamespaceOption)
        probe.connectToServer(name)
        dead = (
            QLocalSocket.LocalSocketError.ServerNotFoundError,
            QLocalSocket.LocalSocketError.ConnectionRefusedError,
        )
        # One that is too busy to answer lives as well.
        living = probe.waitForConnected(_PROBE) or probe.error() not in dead
        probe.abort()
        return living

    def url(self) -> QUrl:
        """The URL as it was given."""
        return QUrl(self._url)

    def close(self) -> None:
        """Stop listening and remove the socket's file."""
        if isValid(self.server):
            self.server.close()
            self.server.deleteLater()

    def _accept(self, socket: QLocalSocket) -> None:
        # An abstract name has no file whose owner the system would check.
        if self._abstract and _foreign(socket):
            log.io.warning("%s: a connection of another user was refused", self._url.toString())
            socket.abort()
            socket.deleteLater()
            return
        self.onConnection(LocalConduit(socket, self._url, client=False))


def _widen(handle: int) -> None:
    """Let the system keep _SEND_BUFFER of what is written to a socket, or as much as it allows."""
    if sys.platform == "win32":  # named pipes have none
        return
    with (
        contextlib.suppress(OSError),
        python_socket.socket(fileno=os.dup(handle)) as raw,
    ):
        raw.setsockopt(python_socket.SOL_SOCKET, python_socket.SO_SNDBUF, _SEND_BUFFER)


def _occupied(name: str) -> bool:
    """Whether something is in the way that Qt would remove, or replace, as if it were a socket."""
    if sys.platform == "win32":  # named pipes are no files
        return False
    try:
        mode = Path(QDir(QDir.tempPath()).filePath(name)).stat().st_mode
    except (OSError, ValueError):
        return False
    return not stat.S_ISSOCK(mode)


def _foreign(socket: QLocalSocket) -> bool:
    """Whether the process at the other end belongs to another user, as Linux tells.

    The system's own (root) is nobody's enemy; with other access options there are no foreigners.
    """
    found = _credentials(socket) if ServerOptions.value == _Option.UserAccessOption else None
    return found is not None and found[1] not in (0, os.geteuid())


def _credentials(socket: QLocalSocket) -> tuple[int, int] | None:
    """The ids of the process and the user at the other end, as Linux tells."""
    descriptor = int(socket.socketDescriptor())
    if not HAS_ABSTRACT or descriptor < 0:
        return None
    with python_socket.socket(fileno=os.dup(descriptor)) as same:
        size = struct.calcsize("3i")
        option = same.getsockopt(python_socket.SOL_SOCKET, python_socket.SO_PEERCRED, size)
    process, user, _ = struct.unpack("3i", option)
    return process, user


class LocalTransport(Transport):
    """``local:name``, or ``localabstract:name``."""

    def __init__(self, abstract: bool) -> None:
        self._abstract = abstract

    def listener(self, parent: QObject) -> Listener:
        """See Transport.listener."""
        return LocalListener(parent, self._abstract)

    def conduit(self, url: QUrl, parent: QObject) -> Conduit:
        """See Transport.conduit."""
        socket = QLocalSocket(parent)
        if self._abstract:
            socket.setSocketOptions(QLocalSocket.SocketOption.AbstractNamespaceOption)
        return LocalConduit(socket, url, client=True)

    def check(self, url: QUrl) -> str:
        """A name is needed."""
        return "" if url.path() else f"the URL names nothing, as in {url.scheme()}:name"
