"""A conduit over a device that the program made, opened, and keeps: an external QIODevice.

Knows QIODevice, and what sockets and processes add to it.
"""

from __future__ import annotations

from PySide6.QtCore import QIODevice, QObject, QProcess, QThread
from PySide6.QtNetwork import QAbstractSocket, QLocalSocket, QSslSocket
from shiboken6 import isValid

from .base import ConnectFailed
from .device import DeviceConduit

__all__ = ["ExternalConduit", "describe", "unfit"]

#: The devices that carry a connection now, by their identity; two would tear its bytes apart.
_inUse: dict[int, QIODevice] = {}


def describe(device: QIODevice) -> str:
    """A device, in words for a message."""
    text = type(device).__name__
    if device.objectName():
        text += f" '{device.objectName()}'"
    if isinstance(device, QAbstractSocket) and device.peerPort():
        text += f" to {device.peerAddress().toString()}:{device.peerPort()}"
    elif isinstance(device, QLocalSocket) and device.fullServerName():
        text += f" to {device.fullServerName()}"
    elif isinstance(device, QProcess) and device.program():
        text += f" of {device.program()}"
    return text


def unfit(device: QIODevice | None, thread: QThread) -> str:
    """Why a device cannot carry a connection of a node in `thread`, in words, or ''.

    Raises TypeError for what is no QIODevice.
    """
    if device is None:
        return "the device is None: a QIODevice that is open is expected"
    if not isinstance(device, QIODevice):
        raise TypeError(f"a QIODevice is expected, not {type(device).__name__}")
    if not isValid(device):
        return "the device was deleted already: keep a reference to it, or give it a parent"
    text = describe(device)
    if not device.isOpen():
        return f"{text} is not open: open or connect it first"
    if not device.isReadable() or not device.isWritable():
        return f"{text} is open one way only: ReadWrite is needed"
    if not device.isSequential():
        return f"{text} is a store with random access, not a stream: nobody is at its other end"
    if device.thread() != thread:
        return f"{text} lives in another thread than the node: move it with moveToThread() first"
    if _inUse.get(id(device)) is device:
        return f"{text} carries a connection already"
    return ""


class ExternalConduit(DeviceConduit):
    """A connection over a device that is not ours: closed at the end, and not deleted, as in Qt.

    It is kept alive while the connection lasts.
    """

    scheme = "device"

    def __init__(self, device: QIODevice, parent: QObject) -> None:
        super().__init__(device, describe(device))
        _inUse[id(device)] = device
        self._parent: QObject | None = parent
        self._flush = getattr(device, "flush", None)
        device.readChannelFinished.connect(self._finished)
        # Half gone, a device must not be asked anything any more: not even whether it is open.
        device.destroyed.disconnect(self._closed)
        device.destroyed.connect(self._destroyed)
        if isinstance(device, QAbstractSocket | QLocalSocket):
            device.disconnected.connect(self._disconnected)
        if isinstance(device, QAbstractSocket | QLocalSocket | QProcess):
            device.errorOccurred.connect(self._failed)
        parent.destroyed.connect(self._orphaned)

    @property
    def coming(self) -> bool:
        """Whether the device is open and not connected yet."""
        device = self.device
        if isinstance(device, QSslSocket) and device.mode() != device.SslMode.UnencryptedMode:
            return not device.isEncrypted()
        if isinstance(device, QAbstractSocket):
            return device.state() != QAbstractSocket.SocketState.ConnectedState
        if isinstance(device, QLocalSocket):
            return device.state() != QLocalSocket.LocalSocketState.ConnectedState
        return False

    def open(self) -> None:
        """See Conduit.open; a socket that is still connecting is waited for."""
        device = self.device
        if not self.coming:
            super().open()
        elif isinstance(device, QSslSocket) and device.mode() != device.SslMode.UnencryptedMode:
            device.encrypted.connect(self.connected)
        elif isinstance(device, QAbstractSocket | QLocalSocket):
            device.connected.connect(self.connected)

    def flush(self) -> object:
        """See Conduit.flush."""
        return self._flush() if self._flush is not None else None

    # The signals stay connected: to disconnect one from within its own emission can crash. The
    # device may be opened again, and then it is no business of this connection.

    def _ready(self) -> None:
        if _inUse.get(id(self.device)) is self.device and self._parent is not None:
            self._tell(self.onReady)

    def _written(self) -> None:
        if not self._over:
            self._tell(self.onWritten)

    def _finished(self) -> None:
        self.ended(ConnectFailed("the peer closed the connection"))

    def _disconnected(self) -> None:
        self.ended(ConnectFailed("the peer closed the connection"))

    def _destroyed(self) -> None:
        # The device is half gone: nothing of it may be called any more.
        self.read = lambda count: b""  # type: ignore[method-assign]
        self.bytesAvailable = self.bytesToWrite = lambda: 0  # type: ignore[method-assign]
        self._release()
        self.ended(ConnectFailed("the device was deleted"))

    def _failed(self) -> None:
        if isValid(self.device):
            self.ended(ConnectFailed(self.device.errorString()))

    def _orphaned(self) -> None:
        self._parent = None
        self.abort()

    def outlive(self) -> None:
        """The device is not ours, and is let go of when the node is destroyed."""

    def _release(self) -> None:
        if _inUse.get(id(self.device)) is self.device:
            del _inUse[id(self.device)]
        parent, self._parent = self._parent, None
        if parent is not None and isValid(parent):
            parent.destroyed.disconnect(self._orphaned)

    def _finish(self) -> None:
        if _inUse.get(id(self.device)) is not self.device:
            return
        self._release()
        if not isValid(self.device):
            return
        device = self.device
        if isinstance(device, QProcess):
            # Its close() would kill a process whose end is its owner's to wait for; at the end of
            # its input it ends by itself.
            device.closeWriteChannel()
        else:
            device.close()
