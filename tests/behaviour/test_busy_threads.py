"""Sources in other threads that are busy, end, or have hosts that let go of them meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode
from tests.behaviour.sources import Counter
from tests.behaviour.support import dropped, finished, own, valid
from tests.helpers import wait_until


class Busy(QObject):
    """Keeps its thread from its event loop while it is told to."""

    _begin = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.busy = threading.Event()
        self._free = threading.Event()
        self._quit = False
        self._begin.connect(self._hold, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def _hold(self) -> None:
        self.busy.set()
        assert self._free.wait(60)
        if self._quit:
            QThread.currentThread().quit()

    def begin(self) -> None:
        """From now on, until it is freed."""
        self._free.clear()
        self.busy.clear()
        self._begin.emit()
        wait_until(self.busy.is_set)

    def free(self, quit: bool = False) -> None:
        """Go on; and end the thread, first of all, if so told."""
        self._quit = quit
        self._free.set()


@pytest.fixture
def thread(qapp: Any) -> Iterator[QThread]:
    """A thread that runs."""
    one = QThread()
    one.start()
    yield one
    one.quit()
    one.wait()


@pytest.fixture
def busy(thread: QThread) -> Iterator[Busy]:
    """What keeps that thread busy."""
    one = Busy()
    one.moveToThread(thread)
    yield one
    one.free()


@pytest.fixture
def host(qapp: Any, local_url: str) -> Iterator[QRemoteObjectHost]:
    one = QRemoteObjectHost(local_url)
    yield one
    dropped(one)


def comes(host: QRemoteObjectHost, name: str) -> bool:
    """Whether somebody has asked for it, and has no answer yet."""
    return bool(host._sources[name].coming)


def in_thread(thread: QThread, value: int = 0) -> Counter:
    counter = Counter(value)
    counter.moveToThread(thread)
    return counter


def test_shared_no_longer_before_the_thread_answered(
    host: QRemoteObjectHost, node: QRemoteObjectNode, thread: QThread, busy: Busy
) -> None:
    assert node.connectToNode(host.hostUrl()) and node.waitForNode(host.hostUrl())
    replica: Any = node.acquireDynamic("counter")
    counter = in_thread(thread, 1)
    busy.begin()
    assert host.enableRemoting(counter, "counter")
    wait_until(lambda: comes(host, "counter"))
    assert host.disableRemoting(counter)
    wait_until(lambda: "counter" not in node.connectedSources())
    # Another object by that name, which has nothing to do with the thread.
    other = Counter(2)
    assert host.enableRemoting(other, "counter")
    assert valid(replica).value == 2
    assert valid(node.acquireDynamic("counter")).value == 2
    busy.free()
    assert host.disableRemoting(other)
    assert host.enableRemoting(counter, "counter")
    wait_until(lambda: own(replica).name == "Valid" and replica.value == 1)
    assert finished(replica.add(1, 2)) == 3
