"""A conduit over any QIODevice; the base of those over sockets.

Knows QIODevice.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QIODevice, QTimer
from shiboken6 import isValid

from .base import Conduit, ConnectFailed

__all__ = ["BACKLOG", "UNBUFFERED", "DeviceConduit"]

#: How sockets are opened: what is read and written then skips a copy in Qt's own buffers, which
#: triples the throughput of a local socket; what the system does not take, Qt still keeps.
UNBUFFERED = QIODevice.OpenModeFlag.ReadWrite | QIODevice.OpenModeFlag.Unbuffered
#: How many connections the system keeps for a listener that is busy (Qt's default is 50).
BACKLOG = 1024

#: How long a closing connection may take to hand over what was written, in milliseconds.
_LINGER = 1000


class DeviceConduit(Conduit):
    """A connection over an open, sequential QIODevice; it owns the device."""

    def __init__(self, device: QIODevice, peer: str = "") -> None:
        super().__init__()
        self.device = device
        self.peer = peer or device.objectName() or type(device).__name__
        # The device's own methods, without a Python call around them: the hot path.
        self.read = device.read  # type: ignore[assignment]
        self.bytesAvailable = device.bytesAvailable  # type: ignore[method-assign]
        self.bytesToWrite = device.bytesToWrite  # type: ignore[method-assign]
        device.readyRead.connect(self._ready)
        device.bytesWritten.connect(self._written)
        device.aboutToClose.connect(self._closed)
        device.destroyed.connect(self._closed)

    def write(self, data: Any) -> int:
        """See Conduit.write; without a flush, some devices would wait for the event loop."""
        written = self.device.write(data)
        self.flush()
        return written

    def _ready(self) -> None:
        self._tell(self.onReady)

    def _written(self) -> None:
        self._tell(self.onWritten)

    def _closed(self) -> None:
        self.ended(ConnectFailed("the device was closed"))

    def ended(self, reason: Exception) -> None:
        """See Conduit.ended; the link decides when the device is closed, it may still read."""
        if not self._over:
            self._over = True
            self._tell(self.onClosed, reason)

    def open(self) -> None:
        """An open device is connected already."""
        QTimer.singleShot(0, self.device, lambda: self._tell(self.onConnected))

    def flush(self) -> object:
        """Devices write when they can, unless they offer more."""
        flush = getattr(self.device, "flush", None)
        return flush() if flush is not None else None

    def waitForWritten(self, milliseconds: int) -> bool:
        """See Conduit.waitForWritten; QIODevice.waitForBytesWritten."""
        return isValid(self.device) and self.device.waitForBytesWritten(milliseconds)

    def close(self) -> None:
        """Close the device once it is empty, after a second at the latest."""
        if not self._over:
            self._over = True
            self.shut(linger=True)

    def abort(self) -> None:
        """Close the device at once."""
        self._over = True
        self.shut(linger=False)

    def shut(self, linger: bool) -> None:
        """See Conduit.shut."""
        if not isValid(self.device):
            return
        if linger and self.device.bytesToWrite():
            self.device.bytesWritten.connect(self._lingering)
            QTimer.singleShot(_LINGER, self.device, lambda: self._finish())
        else:
            self._finish()

    def _lingering(self) -> None:
        if not self.device.bytesToWrite():
            self._finish()

    def _finish(self) -> None:
        if isValid(self.device):
            self._hangUpNow()
            self._doom()

    def _hangUpNow(self) -> None:
        self.device.close()

    def outlive(self) -> None:
        """See Conduit.outlive."""
        if self._within and isValid(self.device):
            self.device.setParent(None)
            self._finish()

    def _bury(self) -> None:
        device = self.device
        if not isValid(device):
            return
        if device.parent() is None:
            # It is Python's now, and would be deleted with its last reference, here perhaps.
            QTimer.singleShot(0, lambda: device)
        device.deleteLater()
