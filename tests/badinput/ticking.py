"""A host that counts all the time, and a good client that notices every number it misses.

The host runs in another process.
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot

from pyside_ro import Limits, QRemoteObjectHost, QRemoteObjectNode
from tests.helpers import PeerProcess, PeerSide, wait_until

#: What a host writes about its bad clients: expected, and looked at by the tests.
HOST_WARNINGS = [r"^pyside_ro"]


class Ticker(QObject):
    """Counts, and can be used in all the ways there are."""

    ticked = Signal(int)
    levelChanged = Signal(int)
    secretRead = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.count = 0
        self._level = 0
        self.kept: list[Any] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(2)

    def _tick(self) -> None:
        self.count += 1
        self.ticked.emit(self.count)

    @Property(int, notify=levelChanged)
    def level(self) -> int:
        return self._level

    @level.setter
    def level(self, value: int) -> None:
        self._level = value
        self.levelChanged.emit(value)

    @Property(int, constant=True)
    def fixed(self) -> int:
        return 7

    @Slot(int, int, result=int)
    def add(self, a: int, b: int) -> int:
        return a + b

    @Slot(float, result=float)
    def half(self, value: float) -> float:
        return value / 2

    @Slot(object, result=object)
    def echo(self, value: Any) -> Any:
        return value

    @Slot(result=object)
    def never(self) -> Any:
        self.kept.append(Future())
        return self.kept[-1]

    @Slot(str, result=int)
    def length(self, text: str) -> int:
        return len(text)


def ticking_host(side: PeerSide, url: str, **limits: int) -> None:
    """The host's process: shares a Ticker as "ticker"."""
    ticker = Ticker()
    host = QRemoteObjectHost(limits=Limits(**limits))
    errors: list[str] = []
    host.error.connect(lambda code: errors.append(f"{code.name}: {host.errorString()}"))
    assert host.setHostUrl(url), host.errorString()
    assert host.enableRemoting(ticker, "ticker")
    side.keep(host, ticker)
    side.command(lambda: errors, "errors")
    side.command(lambda: ticker.level, "level")
    side.command(lambda: peak(), "peak")
    side.command(lambda: len(host._clients) + len(host._unproven), "connections")
    side.ready(url=host.hostUrl().toString())


def peak() -> int:
    """The most memory that this process ever used, in bytes."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


class Witness:
    """A good client: whatever the others do, it gets every tick and every answer."""

    def __init__(self, url: str) -> None:
        self.node = QRemoteObjectNode()
        assert self.node.connectToNode(url)
        self.ticker: Any = self.node.acquireDynamic("ticker")
        assert self.ticker.waitForSource(10_000), self.node.errorString()
        self.ticks: list[int] = []
        self.states: list[str] = []
        self.ticker.ticked.connect(self.ticks.append)
        # Not of `self`: the connection would keep it, with its node, for ever.
        states = self.states
        self.ticker.stateChanged.connect(lambda new, old: states.append(new.name))

    def check(self, more: int = 15) -> None:
        """See that it is served still, and has lost nothing since the beginning."""
        wanted = len(self.ticks) + more
        wait_until(lambda: len(self.ticks) >= wanted, 10, lambda: f"ticks; {self.states}")
        first = self.ticks[0]
        assert self.ticks == list(range(first, first + len(self.ticks)))
        assert self.states == []
        call = self.ticker.add(40, 2)
        assert call.waitForFinished(10_000)
        assert call.returnValue() == 42


def served(host: PeerProcess) -> Witness:
    """A witness at this host, already counting."""
    witness = Witness(host.info["url"])
    witness.check(3)
    return witness
