"""What conduits over sockets have in common: how they end, and what their errors are called.

Knows that QAbstractSocket and QLocalSocket name their states and errors alike; how one connects is
in `tcp` and `local`.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from PySide6.QtCore import QCoreApplication, QThread, QTimer
from PySide6.QtNetwork import QAbstractSocket, QLocalSocket
from shiboken6 import isValid

from .base import ConnectFailed
from .device import DeviceConduit

__all__ = ["SocketConduit", "mayEnd"]

#: How long a closing connection may take to hand over what was written, in milliseconds.
_LINGER = 1000


def mayEnd() -> bool:
    """Whether this is a thread of the program's without an event loop, at its end perhaps.

    Nobody would come there to do something later, and Qt crashes on what an ended thread leaves.
    """
    app, thread = QCoreApplication.instance(), QThread.currentThread()
    return app is not None and thread != app.thread() and not thread.loopLevel()


class SocketConduit(DeviceConduit):
    """A connection over a socket."""

    sound = True
    device: QAbstractSocket | QLocalSocket
    #: The enums of the socket's class.
    states: ClassVar[Any]
    codes: ClassVar[Any]
    #: What is said of an error instead of Qt's words.
    words: ClassVar[dict[Any, str]]

    def __init__(self, socket: QAbstractSocket | QLocalSocket) -> None:
        super().__init__(socket)
        #: Whether it is to be deleted as soon as it has hung up.
        self._hanging = False
        self.write = socket.write  # type: ignore[assignment]
        self.flush = socket.flush  # type: ignore[method-assign]
        socket.connected.connect(self._connected)
        socket.errorOccurred.connect(self._failed)
        socket.disconnected.connect(self._disconnected)

    @abstractmethod
    def _connected(self) -> None:
        """The socket of a client is connected."""

    @abstractmethod
    def _hangUp(self) -> None:
        """Have the socket disconnect when what was written is sent."""

    def _stands(self) -> bool:
        return bool(self.device.state() == self.states.ConnectedState)

    def _failed(self, error: Any) -> None:
        if error == self.codes.SocketTimeoutError and self._stands():
            return  # only of `waitForWritten`, which tells its caller
        text = self.words.get(error) or self.device.errorString()
        self.ended(ConnectFailed(text, access=error == self.codes.SocketAccessError))

    def _disconnected(self) -> None:
        if self._hanging:
            self._doom()
        self.ended(ConnectFailed("the peer closed the connection"))

    def checkEnd(self) -> None:
        """An unbuffered socket changes its state at the peer's end, without a signal."""
        if not self._stands():
            self._disconnected()

    def close(self) -> None:
        """Close after what was written is sent, after a second at the latest."""
        if self._over:
            return
        self._over = True
        if not isValid(self.device):
            return
        self._hanging = True
        self._hangUp()
        if not mayEnd():
            QTimer.singleShot(_LINGER, self.device, lambda: self._finish())
            return
        if self.device.state() != self.states.UnconnectedState:
            self.device.waitForDisconnected(_LINGER)
        self._finish()

    def _hangUpNow(self) -> None:
        self.device.abort()
