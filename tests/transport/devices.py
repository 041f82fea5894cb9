"""Programs and devices of the tests with external QIODevices. Runs in the other process too."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from typing import Any

from PySide6.QtCore import (
    Property,
    QCoreApplication,
    QIODevice,
    QObject,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtNetwork import QHostAddress, QTcpServer, QTcpSocket

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode
from tests.helpers import PeerSide


class Counter(QObject):
    """A value, a slot, a large value."""

    valueChanged = Signal(int)
    large = Signal(bytes)

    def __init__(self) -> None:
        super().__init__()
        self._value = 0

    @Slot(int)
    def setValue(self, value: int) -> None:
        if value != self._value:
            self._value = value
            self.valueChanged.emit(value)

    value = Property(int, lambda self: self._value, setValue, notify=valueChanged)

    @Slot(int, int, result=int)
    def add(self, a: int, b: int) -> int:
        return a + b

    @Slot(bytes, result=bytes)
    def echo(self, data: bytes) -> bytes:
        return bytes(data)

    @Slot(int)
    def storm(self, count: int) -> None:
        for number in range(1, count + 1):
            self.setValue(number)

    @Slot(int, int)
    def flood(self, count: int, size: int) -> None:
        for number in range(count):
            self.large.emit(bytes([number % 256]) * size)


class Stingy(QIODevice):
    """One end of a pair in memory that takes and gives few bytes at a time."""

    def __init__(self, parent: QObject | None = None, bite: int = 7) -> None:
        super().__init__(parent)
        self.other: Stingy | None = None
        self.bite = bite
        self.coming = bytearray()
        self.leaving = bytearray()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._carry)
        self._timer.start(0)
        self.open(QIODevice.OpenModeFlag.ReadWrite | QIODevice.OpenModeFlag.Unbuffered)

    def isSequential(self) -> bool:
        return True

    def bytesAvailable(self) -> int:
        return len(self.coming) + super().bytesAvailable()

    def bytesToWrite(self) -> int:
        return len(self.leaving)

    # Not readData and writeData: PySide hands binary data to the latter as text.
    def read(self, size: int) -> Any:
        data = bytes(self.coming[: min(size, self.bite)])
        del self.coming[: len(data)]
        return data

    def write(self, data: Any) -> int:
        self.leaving += data
        return len(data)

    def _carry(self) -> None:
        if self.leaving and self.other is not None and self.other.isOpen():
            piece = self.leaving[: self.bite]
            del self.leaving[: self.bite]
            self.other.coming += piece
            self.bytesWritten.emit(len(piece))
            self.other.readyRead.emit()
        elif self.coming:
            self.readyRead.emit()


def pair(bite: int = 7) -> tuple[Stingy, Stingy]:
    one, other = Stingy(bite=bite), Stingy(bite=bite)
    one.other, other.other = other, one
    return one, other


class Stdio(QIODevice):
    """This process's standard input and output, as one device."""

    _arrived = Signal(bytes)

    def __init__(self) -> None:
        super().__init__()
        self._coming = bytearray()
        self._arrived.connect(self._take)
        self.open(QIODevice.OpenModeFlag.ReadWrite | QIODevice.OpenModeFlag.Unbuffered)
        self._emitting = threading.Lock()
        atexit.register(self._emitting.acquire)  # not to end within Qt
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        data = b"-"
        while data:
            data = os.read(0, 65536)
            with self._emitting:
                self._arrived.emit(data)

    def _take(self, data: bytes) -> None:
        if not data:
            self.readChannelFinished.emit()
            return
        self._coming += data
        self.readyRead.emit()

    def isSequential(self) -> bool:
        return True

    def bytesAvailable(self) -> int:
        return len(self._coming) + super().bytesAvailable()

    def read(self, size: int) -> Any:
        data = bytes(self._coming[:size])
        del self._coming[: len(data)]
        return data

    def write(self, data: Any) -> int:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(1, rest) :]
        return len(data)


def tcp_host(side: PeerSide, port: int = 0, url: str = "") -> None:
    """The documentation's host: a QTcpServer of its own gives its sockets to the host."""
    server = QTcpServer()
    assert server.listen(QHostAddress("127.0.0.1"), port)
    port = server.serverPort()
    host = QRemoteObjectHost()
    if url:
        external = url.format(port=port)
        allow = QRemoteObjectHost.AllowExternalRegistration
        assert host.setHostUrl(external, allow), host.errorString()
        assert host.hostUrl().toString() == external
    sockets: list[QTcpSocket] = []

    def accept() -> None:
        while server.hasPendingConnections():
            sockets.append(server.nextPendingConnection())
            host.addHostSideConnection(sockets[-1])

    server.newConnection.connect(accept)
    counter = Counter()
    if url:
        assert host.enableRemoting(counter, "counter")

    def share() -> None:
        if not host._sources:  # without a URL it may share from its first device on
            assert host.enableRemoting(counter, "counter"), host.errorString()

    server.newConnection.connect(share)
    side.command(counter.setValue)
    side.command(counter.storm)
    side.command(counter.flood)
    side.command(lambda: [each.isOpen() for each in sockets], "open")
    side.command(lambda: [each.close() for each in sockets if each.isOpen()] and None, "hangUp")
    side.command(lambda: len(host._clients), "clients")
    side.keep(server, host, counter, sockets)
    side.ready(port=port)


def client_of(side: PeerSide, port: int) -> None:
    """A client over its own socket that reads what it is told to."""
    node = QRemoteObjectNode()
    socket = QTcpSocket(node)
    socket.connected.connect(lambda: node.addClientSideConnection(socket))
    socket.connectToHost("127.0.0.1", port)
    replica = node.acquireDynamic("counter")
    replica.initialized.connect(lambda: side.event("initialized"))
    side.command(lambda: replica.value, "value")
    side.keep(node, replica)
    side.ready()


def stdio_host() -> int:
    """A program that shares over its standard input and output."""
    app = QCoreApplication(sys.argv)
    device = Stdio()
    device.readChannelFinished.connect(app.quit)
    host = QRemoteObjectHost()
    host.addHostSideConnection(device)
    counter = Counter()
    assert host.enableRemoting(counter, "counter")
    return app.exec()
