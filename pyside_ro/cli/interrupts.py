"""Ctrl-C while Qt's event loop runs: at once, and as an ordinary Python exception afterwards.

Knows signals, sockets and Qt's loop. Python runs signal handlers only between its own
instructions, which a resting Qt loop never reaches; so the C-level handler writes a byte to a
socket that wakes the loop.
"""

from __future__ import annotations

import signal
import socket
from types import FrameType

from PySide6.QtCore import QCoreApplication, QSocketNotifier

__all__ = ["Interrupts"]


class Interrupts:
    """While entered, SIGINT ends every Qt loop that runs; `check` then raises KeyboardInterrupt.

    So do the other signals of `numbers`. Needs a QCoreApplication, and the main thread. A second
    signal raises KeyboardInterrupt where it happens to arrive.
    """

    def __init__(self, *numbers: signal.Signals) -> None:
        self.seen = False
        self._numbers = numbers or (signal.SIGINT,)
        self._read, self._write = socket.socketpair()
        for end in (self._read, self._write):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._drain)

    def __enter__(self) -> Interrupts:  # noqa: PYI034 - typing.Self is newer than 3.10
        self._old_fd = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        self._old = {number: signal.signal(number, self._interrupt) for number in self._numbers}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._old.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._old_fd)
        self._notifier.setEnabled(False)
        self._read.close()
        self._write.close()

    def check(self) -> None:
        """Raise KeyboardInterrupt when Ctrl-C was pressed meanwhile."""
        if self.seen:
            raise KeyboardInterrupt

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self.seen:
            raise KeyboardInterrupt
        self.seen = True
        QCoreApplication.exit(130)

    def _drain(self) -> None:
        # Reaching this line was all: Python has run its handlers by now.
        try:
            self._read.recv(4096)
        except BlockingIOError:
            pass
        if self.seen:  # before this loop ran, perhaps, and then it was not told
            QCoreApplication.exit(130)
