"""Sockets that are written to past Qt: what arrives is what was written, however it went."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtNetwork import QLocalServer, QLocalSocket, QTcpServer, QTcpSocket

from pyside_ro.transport.device import UNBUFFERED
from pyside_ro.transport.direct import directWrite
from tests.helpers import ROOT, unique_local_url, wait_until

pytestmark = pytest.mark.skipif(
    not hasattr(socket, "MSG_NOSIGNAL"), reason="this system's sockets are written to by Qt"
)


class LocalServer(QLocalServer):
    def __init__(self) -> None:
        super().__init__()
        self.device: Any = None

    def incomingConnection(self, handle: int) -> None:
        self.device = QLocalSocket(self)
        state = QLocalSocket.LocalSocketState.ConnectedState
        assert self.device.setSocketDescriptor(handle, state, UNBUFFERED)


class TcpServer(QTcpServer):
    def __init__(self) -> None:
        super().__init__()
        self.device: Any = None

    def incomingConnection(self, handle: int) -> None:
        self.device = QTcpSocket(self)
        state = QTcpSocket.SocketState.ConnectedState
        assert self.device.setSocketDescriptor(handle, state, UNBUFFERED)


@pytest.fixture(params=["local", "tcp"])
def pair(request: Any, qapp: Any) -> Iterator[tuple[Any, Any]]:
    """A socket that a server accepted, and a system's socket at the other end."""
    server: Any
    if request.param == "local":
        server = LocalServer()
        assert server.listen(unique_local_url().removeprefix("local:")), server.errorString()
        peer = socket.socket(socket.AF_UNIX)
        peer.connect(server.fullServerName())
    else:
        server = TcpServer()
        assert server.listen()
        peer = socket.create_connection(("127.0.0.1", server.serverPort()))
    with peer:
        wait_until(lambda: server.device is not None)
        yield server.device, peer
        server.close()


def read(peer: socket.socket, size: int) -> bytes:
    """What comes, while Qt writes what it kept."""
    peer.setblocking(False)
    found = bytearray()

    def more() -> bool:
        try:
            found.extend(peer.recv(100_000))
        except BlockingIOError:
            pass
        return len(found) >= size

    wait_until(more)
    return bytes(found)


def test_a_little_is_there_at_once(pair: tuple[Any, Any]) -> None:
    device, peer = pair
    write = directWrite(device)
    assert write(bytearray(b"hello")) == 5
    assert device.bytesToWrite() == 0
    # Nobody has been in the event loop.
    assert peer.recv(100) == b"hello"


@pytest.mark.parametrize("default", [None, 5.0])
def test_more_than_the_system_takes(pair: tuple[Any, Any], default: Any) -> None:
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(default)
    try:
        device, peer = pair
        write = directWrite(device)
        chance, sent = random.Random(1), bytearray()
        kinds = (bytes, bytearray, QByteArray)
        while device.bytesToWrite() < 1_000_000:
            data = chance.randbytes(chance.choice([1, 50, 3000, 150_000]))
            assert write(chance.choice(kinds)(data)) == len(data)
            sent += data
        assert read(peer, len(sent)) == sent
        # Empty again, it goes directly.
        wait_until(lambda: device.bytesToWrite() == 0)
        assert write(b"last") == 4
        assert device.bytesToWrite() == 0
        assert read(peer, 4) == b"last"
    finally:
        socket.setdefaulttimeout(before)


def test_a_peer_that_is_gone(pair: tuple[Any, Any]) -> None:
    device, peer = pair
    ends: list[Any] = []
    device.disconnected.connect(lambda: ends.append("disconnected"))
    write = directWrite(device)
    assert write(b"before") == 6
    peer.close()
    for _ in range(3):
        write(b"after")
    wait_until(lambda: bool(ends))
    assert write(b"later") <= 0 or device.bytesToWrite() == 0


@pytest.mark.qt_warnings("device not open")
def test_a_number_that_is_another_files_now(pair: tuple[Any, Any], tmp_path: Path) -> None:
    device, _ = pair
    write = directWrite(device)
    write(b"x")
    number = int(device.socketDescriptor())
    device.abort()
    taken = os.open(tmp_path / "other", os.O_WRONLY | os.O_CREAT)
    if taken != number:
        os.dup2(taken, number)
        os.close(taken)
    write(b"secret")
    os.close(number)
    assert (tmp_path / "other").read_bytes() == b""


def test_a_descriptor_stays_qts(pair: tuple[Any, Any]) -> None:
    device, peer = pair
    write = directWrite(device)
    write(b"x")
    del write
    assert device.write(b"y") == 1
    assert read(peer, 2) == b"xy"


SIGPIPE = """
import signal, sys
from PySide6.QtCore import QCoreApplication
from PySide6.QtNetwork import QLocalSocket
from pyside_ro.transport.direct import directWrite
import socket
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
app = QCoreApplication(sys.argv)
one, other = socket.socketpair()
device = QLocalSocket()
device.setSocketDescriptor(one.detach())
write = directWrite(device)
other.close()
write(b"x")
app.processEvents()
print("alive")
"""


ZERO = """
import os, socket, sys
from PySide6.QtCore import QCoreApplication
from PySide6.QtNetwork import QLocalSocket
from pyside_ro.transport.direct import directWrite
app = QCoreApplication(sys.argv)
os.close(0)
one, other = socket.socketpair()
number = one.detach()
device = QLocalSocket()
device.setSocketDescriptor(number)
write = directWrite(device)
print(number, write(b"one"), write(b"two"), other.recv(100))
"""


def test_the_descriptor_zero(qapp: Any) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ZERO], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stdout) == (0, "0 3 3 b'onetwo'\n"), done.stderr


def test_a_broken_pipe_ends_nobody(qapp: Any) -> None:
    assert hasattr(signal, "SIGPIPE")
    done = subprocess.run(
        [sys.executable, "-c", SIGPIPE], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr
