"""A mailbox: calls handed from any thread to the thread that the mailbox lives in, in order.

Knows Qt's queued connections and Python's threading.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from .. import log

__all__ = ["Mailbox"]

#: What may wait, in bytes, before who posts more is held.
_LIMIT = 32 * 1024 * 1024
#: How long a poster is held at the most, in seconds: the other thread may be waiting for it.
_HOLD = 0.5


class Mailbox(QObject):
    """Runs what is posted in its own thread, whenever that thread's event loop comes round."""

    _wake = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: deque[tuple[Callable[..., object], tuple[Any, ...], int]] = deque()
        self._awake = False
        #: How many drains are under way, one within the other.
        self._draining = 0
        self._bytes = 0
        self._room = threading.Condition()
        self._wake.connect(self.drain, Qt.ConnectionType.QueuedConnection)
        # A timer, as Qt goes on with posted events for as long as more of them are posted.
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self.drain)

    def post(self, call: Callable[..., object], *args: Any, size: int = 0) -> None:
        """Have `call(*args)` run there; from any thread. `size` is what it keeps, in bytes."""
        self._items.append((call, args, size))
        if size:
            with self._room:
                self._bytes += size
        if not self._awake:
            self._awake = True
            try:
                self._wake.emit()
            except RuntimeError:  # the mailbox was deleted: nobody is there to run it
                self._items.clear()
                return
        if self._bytes > _LIMIT:
            with self._room:
                self._room.wait_for(lambda: self._bytes <= _LIMIT, timeout=_HOLD)

    @property
    def waiting(self) -> bool:
        """Whether something was posted that has not been run."""
        return bool(self._items)

    @property
    def draining(self) -> bool:
        """Whether this is asked from within what was posted: what waits now comes behind that."""
        return bool(self._draining)

    def drain(self) -> None:
        """Run all that waits, now. In the mailbox's thread only.

        What is posted meanwhile waits for the event loop to come round: a thread that posts
        without pause does not keep this one from everything else.
        """
        items = self._items
        self._draining += 1
        try:
            for _ in range(len(items)):
                if not items:
                    break  # a drain within this one ran it
                call, args, size = items.popleft()
                if size:
                    with self._room:
                        self._bytes -= size
                        if self._bytes <= _LIMIT:
                            self._room.notify_all()
                try:
                    call(*args)
                except Exception as error:
                    log.core.exception("a call from another thread failed", error)
        finally:
            self._draining -= 1
            self._awake = False
            # Asked after that: who posts from here on wakes it.
            if items:
                self._awake = True
                self._again.start()
