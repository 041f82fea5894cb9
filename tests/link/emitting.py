"""What runs in the other processes of the tests of links: emitters, and clients that misbehave."""

from __future__ import annotations

import time
from typing import Any

import numpy
from PySide6.QtCore import Property, QObject, QTimer, Signal

from pyside_ro import Limits, QRemoteObjectHost, QRemoteObjectNode
from tests.badinput.ticking import peak
from tests.helpers import PeerSide


class Emitter(QObject):
    """Signals that all count, and properties of which the latest counts."""

    sent = Signal(int, object)
    valueChanged = Signal(int)
    frameChanged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._value = 0
        self._frame: Any = numpy.zeros(1)

    @Property(int, notify=valueChanged)
    def value(self) -> int:
        return self._value

    @Property(object, notify=frameChanged)
    def frame(self) -> Any:
        return self._frame

    def setValue(self, value: int) -> None:
        self._value = value
        self.valueChanged.emit(value)

    def setFrame(self, frame: Any) -> None:
        self._frame = frame
        self.frameChanged.emit()


def emitting_host(side: PeerSide, url: str, **limits: int) -> None:
    """Shares an Emitter as "emitter"; emits when it is told to."""
    emitter = Emitter()
    host = QRemoteObjectHost(url, limits=Limits(**limits))
    assert host.enableRemoting(emitter, "emitter"), host.errorString()
    side.keep(host, emitter)

    @side.command
    def emit(count: int, size: int, first: int = 0) -> dict[str, Any]:
        """Emit in a tight loop; which took long, in seconds, and the memory taken."""
        before = peak()
        slow = []
        data = "x" * size
        for number in range(first, first + count):
            start = time.monotonic()
            emitter.sent.emit(number, data)
            spent = time.monotonic() - start
            if spent > 0.25:
                slow.append(spent)
        return {"slow": slow, "grown": peak() - before}

    @side.command
    def change(count: int, size: int) -> dict[str, Any]:
        """Change properties hard, with a signal now and then."""
        before = peak()
        for number in range(1, count + 1):
            emitter.setValue(number)
            emitter.setFrame(numpy.full(size, number % 256, "u1"))
            if number % 10 == 0:
                emitter.sent.emit(number, None)
        return {"grown": peak() - before}

    @side.command
    def reuse(count: int, size: int) -> None:
        """Emit one array again and again, written over at once."""
        array = numpy.zeros(size, "u1")
        for number in range(count):
            array[:] = number
            emitter.sent.emit(number, array)
            array[:] = 255

    side.command(lambda reason: host.close(reason), "close")
    side.command(lambda: len(host._clients) + len(host._unproven), "connections")
    side.ready(url=host.hostUrl().toString())


def watching_client(side: PeerSide, url: str, pause: float = 0.0) -> None:
    """A client that can be frozen, or takes `pause` seconds over each signal."""
    node = QRemoteObjectNode()
    node.connectToNode(url)
    replica: Any = node.acquireDynamic("emitter")
    numbers: list[int] = []
    values: list[int] = []
    frames: list[int] = []

    def take(number: int, data: Any) -> None:
        numbers.append(number)
        if pause:
            time.sleep(pause)

    def begin() -> None:
        side.event("initialized")
        if not starts:
            replica.sent.connect(take)
            replica.valueChanged.connect(values.append)
            replica.frameChanged.connect(lambda: frames.append(int(replica.frame[-1])))
        starts.append(1)

    starts: list[int] = []
    replica.initialized.connect(begin)
    replica.stateChanged.connect(lambda new, old: side.event(new.name, node.errorString()))
    side.command(lambda: numbers, "numbers")
    side.command(lambda: values, "values")
    side.command(lambda: frames, "frames")
    side.keep(node, replica)
    QTimer.singleShot(0, node, side.ready)
