"""The line between the controlling process of the demo and its children.

A child prints lines of JSON on its stdout and reads orders, a line each, from its stdin. When
stdin closes, the controlling process is gone, however it went, and the child ends as well.
Knows QtCore only.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import sys
import threading
from typing import Any

from PySide6.QtCore import QObject, Signal

__all__ = ["ChildLine"]


class ChildLine(QObject):
    """The child's end of the line."""

    #: An order came: its words.
    ordered = Signal(list)
    #: There will be no more: the controlling process is gone.
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Ctrl-C reaches every process of the terminal; the children wait to be told.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # Python ends threads where they wait for it; within Qt's code that ends the process.
        self._within = threading.Lock()
        atexit.register(self._within.acquire)

    def begin(self) -> None:
        """Read from now on; what is connected later would miss what waits to be read."""
        # A thread, not a notifier: on Windows Qt cannot watch a pipe.
        threading.Thread(target=self._read, name="orders", daemon=True).start()

    def _read(self) -> None:
        rest = b""
        stdin = sys.__stdin__.fileno() if sys.__stdin__ is not None else 0
        while chunk := _chunk(stdin):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._emit(self.ordered, line.decode().split("\t"))
        self._emit(self.ended)

    def _emit(self, which: Any, *args: object) -> None:
        with self._within:
            try:
                which.emit(*args)
            except RuntimeError:
                pass  # the application has ended meanwhile

    def tell(self, event: str, **details: Any) -> None:
        """Print that something happened."""
        try:
            print(json.dumps({"event": event, **details}), flush=True)
        except OSError:
            pass  # nobody is there any more; stdin will say so


def _chunk(stdin: int) -> bytes:
    try:
        return os.read(stdin, 65536)
    except OSError:
        return b""
