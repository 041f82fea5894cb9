"""What the controlling process sees of the demo's host: replicas of its own, and how they fare.

Knows the node and the replicas.
"""

from __future__ import annotations

import time as clock
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, QTimer

from pyside_ro import (
    ConnectionLost,
    QRemoteObjectNode,
    QRemoteObjectPendingCall,
    QRemoteObjectReplica,
    interfaceOf,
)
from pyside_ro.cli.demo.tally import Tally

__all__ = ["Observer", "Row"]

_WINDOW = 2.0  # seconds that the updates a second are averaged over


class Row(NamedTuple):
    """A property as it is now, and how many times a second it is told of."""

    name: str
    value: Any
    rate: float


class Observer(QObject):
    """Dynamic replicas of everything that the host at `url` shares for the demo."""

    NAMES = ("gps", "printer")

    def __init__(self, url: str, parent: QObject | None = None, **trust: Any) -> None:
        super().__init__(parent)
        self.tally = Tally()
        self._url = url
        self._closed = False
        self.node = QRemoteObjectNode(self, **trust)
        self.node.connectToNode(url)
        self.replicas: dict[str, Any] = {}
        self._counts: Counter[tuple[str, str]] = Counter()
        self._rates: dict[tuple[str, str], float] = {}
        self._since = clock.monotonic()
        for name in self.NAMES:
            replica = self.node.acquireDynamic(name)
            self.replicas[name] = replica
            replica.initialized.connect(self._ready(name, replica))
        self._asking = QTimer(self, interval=250)
        self._asking.timeout.connect(self._ask)
        self._asking.start()

    def state(self, name: str) -> QRemoteObjectReplica.State:
        """The state of a replica."""
        return QRemoteObjectReplica.state(self.replicas[name])

    def live(self) -> bool:
        """Whether all replicas are valid."""
        return all(self.state(name) is QRemoteObjectReplica.State.Valid for name in self.NAMES)

    def rate(self) -> float:
        """Updates a second, of all replicas together, as of the last `measure`."""
        return sum(self._rates.values())

    def close(self) -> None:
        """Leave the host; calls that end with that are no news."""
        self._closed = True
        self._asking.stop()
        self.node.disconnectFromNode(self._url)

    def measure(self) -> None:
        """Work out the rates anew, if enough time has passed."""
        passed = clock.monotonic() - self._since
        if passed >= _WINDOW or (not self._rates and passed > 0.5):
            self._rates = {key: count / passed for key, count in self._counts.items()}
            self._counts.clear()
            self._since = clock.monotonic()

    def rows(self, name: str) -> list[Row]:
        """The properties of a replica that was initialized, in the order of its interface."""
        replica = self.replicas[name]
        if not QRemoteObjectReplica.isInitialized(replica):
            return []
        interface = interfaceOf(replica)
        return [
            Row(
                p.name,
                getattr(replica, p.name),
                self._rates.get((name, interface.signals[p.notify].name), 0.0)
                if p.notify >= 0
                else 0.0,
            )
            for p in interface.properties
        ]

    def _ready(self, name: str, replica: Any) -> Callable[[], None]:
        connected: list[bool] = []

        def ready() -> None:
            if connected:
                return
            connected.append(True)
            for signal in interfaceOf(replica).signals:
                getattr(replica, signal.name).connect(self._counter(name, signal.name))

        return ready

    def _counter(self, name: str, signal: str) -> Callable[..., None]:
        key = (name, signal)

        def hear(*_: object) -> None:
            self.tally.updates += 1
            self._counts[key] += 1

        return hear

    def _ask(self) -> None:
        """Call a small slot, to see how long an answer takes."""
        if not self.live():
            return
        started = clock.perf_counter()

        def answered(call: QRemoteObjectPendingCall) -> None:
            lost = isinstance(call.exception(), ConnectionLost)
            if self._closed:
                return
            if lost:
                self.tally.failed += 1
            else:
                self.tally.other += 1
                self.tally.trip((clock.perf_counter() - started) * 1000)

        self.replicas["printer"].estimate(1).add_done_callback(answered)
