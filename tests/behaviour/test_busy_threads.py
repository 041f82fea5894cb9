"""Sources in other threads that are busy, end, or have hosts that let go of them meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Property, QObject, Qt, QThread, Signal, Slot

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode
from tests.behaviour.sources import Counter
from tests.behaviour.support import State, dropped, failure, finished, own, valid
from tests.helpers import Recorder, wait_until


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


class Holder(QObject):
    """Holds another."""

    def __init__(self) -> None:
        super().__init__()
        self.inner: QObject | None = None

    innerChanged = Signal()
    holds = Property(QObject, lambda self: self.inner, notify=innerChanged)


class Held(Holder):
    """Of another type: its snapshot comes with its interface."""


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


def test_the_thread_ends_before_it_answered(
    host: QRemoteObjectHost, node: QRemoteObjectNode, thread: QThread, busy: Busy
) -> None:
    assert node.connectToNode(host.hostUrl()) and node.waitForNode(host.hostUrl())
    first: Any = node.acquireDynamic("first")
    second: Any = node.acquireDynamic("second")
    counters = [in_thread(thread, 1), in_thread(thread, 2)]
    busy.begin()
    assert host.enableRemoting(counters[0], "first")
    assert host.enableRemoting(counters[1], "second")
    wait_until(lambda: comes(host, "first") and comes(host, "second"))
    busy.free(quit=True)
    assert valid(first).value == 1
    assert valid(second).value == 2
    assert "is not running" in str(failure(first.add(1, 2)))
    # What the thread finds when it runs again is answered already.
    thread.start()
    wait_until(lambda: finished(first.add(1, 2)) == 3)
    changes = Recorder(first.valueChanged)
    counters[0].setValue(7)
    assert changes.wait() == [7] and first.value == 7


def test_the_thread_ends_with_the_object_before_it_answered(
    host: QRemoteObjectHost, node: QRemoteObjectNode, thread: QThread, busy: Busy
) -> None:
    assert node.connectToNode(host.hostUrl()) and node.waitForNode(host.hostUrl())
    replica: Any = node.acquireDynamic("counter")
    counter = in_thread(thread, 1)
    thread.finished.connect(counter.deleteLater)
    busy.begin()
    assert host.enableRemoting(counter, "counter")
    wait_until(lambda: comes(host, "counter"))
    busy.free(quit=True)
    wait_until(lambda: "counter" not in node.connectedSources())
    other = Counter(2)
    assert host.enableRemoting(other, "counter")
    assert valid(replica).value == 2


def test_the_thread_ends_before_it_answered_for_an_object_and_what_that_holds(
    host: QRemoteObjectHost, node: QRemoteObjectNode, thread: QThread, busy: Busy
) -> None:
    assert node.connectToNode(host.hostUrl()) and node.waitForNode(host.hostUrl())
    holder, held = Holder(), Held()
    holder.inner, held.inner = held, holder
    replicas: list[Any] = [node.acquireDynamic(name) for name in ("holder", "held")]
    for one in (holder, held):
        one.moveToThread(thread)
    busy.begin()
    assert host.enableRemoting(holder, "holder")
    assert host.enableRemoting(held, "held")
    wait_until(lambda: comes(host, "holder") and comes(host, "held"))
    first: list[Any] = []
    replicas[0].initialized.connect(lambda: first.append(own(replicas[1])))
    busy.free(quit=True)
    outer, inner = map(valid, replicas)
    assert first == [State.Valid], "what it holds is there first"
    assert own(outer.holds) is own(inner.holds) is State.Valid
