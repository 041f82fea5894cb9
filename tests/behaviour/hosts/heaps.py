"""A host with small limits, and sources whose values go past them."""

from __future__ import annotations

import threading

from PySide6.QtCore import Property, QObject, Signal, Slot

from pyside_ro import Limits, QRemoteObjectHost
from tests.helpers import PeerSide

#: Of both sides.
LIMITS = Limits(maxFrame=1024 * 1024)


class Heap(QObject):
    """Two properties of so many bytes."""

    changed = Signal()
    dumped = Signal(object)

    def __init__(self, first: int, second: int) -> None:
        super().__init__()
        self._first, self._second = first, second

    first = Property(object, lambda self: bytes(self._first), notify=changed)
    second = Property(object, lambda self: bytes(self._second), notify=changed)

    @Slot(list)
    def dump(self, sizes: list[int]) -> None:
        """Emit so many bytes each, from another thread; PySide prints what an emission raises."""

        def run() -> None:
            for size in sizes:
                self.dumped.emit(bytes(size))

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()


def heaps(side: PeerSide, url: str) -> None:
    host = QRemoteObjectHost(url, limits=LIMITS)
    sizes = {"small": (300_000, 300_000), "both": (500_000, 600_000), "each": (1, 2_000_000)}
    sources = {name: Heap(*pair) for name, pair in sizes.items()}
    for name, source in sources.items():
        assert host.enableRemoting(source, name), host.errorString()
    side.keep(host, *sources.values())
    side.ready(url=host.hostUrl().toString())
