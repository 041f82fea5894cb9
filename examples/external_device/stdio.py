"""The standard input and output of this process, as one QIODevice."""

import atexit
import os
import threading

from PySide6.QtCore import QIODevice, Signal


class Stdio(QIODevice):
    """A thread reads, as not every system can watch a pipe."""

    _arrived = Signal(bytes)

    def __init__(self) -> None:
        super().__init__()
        self._received = bytearray()
        self._arrived.connect(self._take)
        self.open(QIODevice.OpenModeFlag.ReadWrite | QIODevice.OpenModeFlag.Unbuffered)
        # What the program prints goes to stderr: stdout is for the connection alone.
        self._out = os.dup(1)
        os.dup2(2, 1)
        # The program may end while the thread waits for input, but not while it is within Qt.
        self._emitting = threading.Lock()
        atexit.register(self._emitting.acquire)
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        data = b"-"
        while data:
            data = os.read(0, 65536)  # nothing: the other end is gone
            with self._emitting:
                self._arrived.emit(data)

    def _take(self, data: bytes) -> None:
        self._received += data
        (self.readyRead if data else self.readChannelFinished).emit()

    def isSequential(self) -> bool:
        return True

    def bytesAvailable(self) -> int:
        return len(self._received)

    def read(self, size: int) -> bytes:
        data = bytes(self._received[:size])
        del self._received[:size]
        return data

    def write(self, data: bytes | bytearray) -> int:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._out, rest) :]
        return len(data)
