"""A pair of conduits within one process: how a host acquires what it shares itself.

Knows nothing but the conduit.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer

from .base import Conduit, ConnectFailed

__all__ = ["MemoryConduit", "pair"]


class MemoryConduit(Conduit):
    """One end of a pair. What is written is readable at the other end in the next event."""

    sound = True
    scheme = "memory"

    def __init__(self, parent: QObject, peer: str) -> None:
        super().__init__()
        self.peer = peer
        self._other: MemoryConduit | None = None
        self._timer = QTimer(parent)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ready)

    def join(self, other: MemoryConduit) -> None:
        """Make the two a pair."""
        self._other, other._other = other, self

    def _ready(self) -> None:
        self.onReady()

    def write(self, data: Any) -> int:
        """Give the bytes to the other end at once; it hears of them in the next event."""
        if self._other is not None:
            self._other._received += data
            if not self._other._timer.isActive():
                self._other._timer.start(0)
        return len(data)

    def open(self) -> None:
        """See Conduit.open."""
        QTimer.singleShot(0, self._timer, lambda: self.onConnected())

    def shut(self, linger: bool) -> None:
        """Part the pair; the other end hears of it."""
        other, self._other = self._other, None
        if other is not None:
            other._other = None
            QTimer.singleShot(0, other._timer, lambda: other._parted())

    def _parted(self) -> None:
        if self._received:
            self.onReady()
        self.ended(ConnectFailed("the other end was closed"))


def pair(parent: QObject, name: str) -> tuple[MemoryConduit, MemoryConduit]:
    """Two conduits, each the other's peer, both connected."""
    one, other = MemoryConduit(parent, name), MemoryConduit(parent, name)
    one.join(other)
    return one, other
