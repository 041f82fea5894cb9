"""Writing to the system what a socket would keep until the event loop comes round.

Of all sockets only a TCP client's writes at once when it is opened unbuffered; the others keep
each write, have the event loop woken to be told that they may write, and woken again to be told
no more of it. That costs a third of a call's round trip.

Knows QLocalSocket, QTcpSocket, and Python's socket for a descriptor that is Qt's.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QByteArray
from PySide6.QtNetwork import QLocalSocket, QTcpSocket

__all__ = ["directWrite"]

#: Without it (macOS, Windows) a peer that is gone could end the process, so Qt writes there.
_NO_SIGNAL = getattr(socket, "MSG_NOSIGNAL", 0)


class _Borrowed(socket.socket):
    """A descriptor that is another's to close."""

    def __del__(self) -> None:
        self.detach()


def directWrite(device: QLocalSocket | QTcpSocket) -> Callable[[Any], int]:
    """A `write` like the device's own, which keeps only what the system does not take now.

    For a local socket, or one that a TCP server accepted: their bytes are those of the descriptor,
    without TLS and without a proxy.
    """
    keep, kept, descriptor = device.write, device.bytesToWrite, device.socketDescriptor
    if not _NO_SIGNAL:
        return keep
    handle = -1
    send: Callable[[Any, int], int]

    def write(data: Any) -> int:
        nonlocal handle, send
        # Of a QByteArray Python's view would be a copy.
        if kept() or type(data) is QByteArray:
            return keep(data)
        number = int(descriptor())
        if number != handle:
            if handle >= 0 or number < 0:
                return keep(data)  # Qt has closed it: the number may be another file's now
            handle = number
            borrowed = _Borrowed(fileno=number)
            borrowed.setblocking(False)  # whatever socket.setdefaulttimeout() says
            send = borrowed.send
        try:
            taken = send(data, _NO_SIGNAL)
        except OSError:
            return keep(data)  # it is full, or broken: Qt finds the same, and tells
        if taken < len(data):
            keep(bytes(memoryview(data)[taken:]))
        return len(data)

    return write
