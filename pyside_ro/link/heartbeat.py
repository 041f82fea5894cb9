"""The heartbeat of a link: a peer that gives no sign of life is given up.

Knows its link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer
from shiboken6 import isValid

from ..protocol.packets import Kind
from ..transport import ConnectFailed

if TYPE_CHECKING:
    from .link import Link

__all__ = ["Heartbeat"]


class Heartbeat:
    """Pings the peer, and ends the link when nothing came back by the next ping."""

    # PySide holds the object behind a connected method weakly, and crashes where it cannot.
    __slots__ = ("__weakref__", "_clock", "_link", "_timer", "silent")

    def __init__(self, link: Link, parent: QObject) -> None:
        self._link = link
        #: Whether the peer was asked, and nothing of it was read since.
        self.silent = False
        self._clock = QElapsedTimer()
        self._timer = QTimer(parent)
        self._timer.timeout.connect(self._beat)

    def start(self, interval: int) -> None:
        """Ping every `interval` ms; 0: never."""
        self.silent = False
        self._clock.start()
        if interval:
            self._timer.start(interval)
        else:
            self._timer.stop()

    def stop(self) -> None:
        """Never again."""
        if isValid(self._timer):
            self._timer.stop()
            self._timer.deleteLater()

    def _beat(self) -> None:
        link = self._link
        # What waits to be read is a sign: this thread may have been too busy to look.
        if self.silent and link.look():
            return
        interval = self._timer.interval()
        late = self._clock.restart() > 1.5 * interval
        if self.silent and not late:
            link.abort(ConnectFailed(f"no sign of life from the peer for {interval} ms"))
            return
        self.silent = True
        link.sendPacket([int(Kind.Ping), 0])
