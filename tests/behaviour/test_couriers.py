"""One courier for each thread that sources live in: what it leaves behind, and in which order."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import (
    SIGNAL,
    QCoreApplication,
    QEventLoop,
    QObject,
    QStringListModel,
    Qt,
    QThread,
    QTimer,
    Slot,
)

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode
from pyside_ro.source import courier as couriers
from tests.behaviour.sources import Counter
from tests.behaviour.support import dropped, failure, finished, valid
from tests.helpers import wait_until


class Teller(QObject):
    """Notes its calls; runs an event loop of its own, and ends its thread, when asked to."""

    def __init__(self, notes: list[tuple[str, int]], name: str = "") -> None:
        super().__init__()
        self._notes = notes
        self._name = name

    @Slot(int)
    def note(self, number: int) -> None:
        self._notes.append((self._name, number))

    @Slot(int, result=bool)
    def wait(self, count: int) -> bool:
        """Until so many calls were noted."""
        loop = QEventLoop()
        timer = QTimer()
        timer.timeout.connect(lambda: len(self._notes) >= count and loop.quit())
        timer.start(1)
        QTimer.singleShot(20_000, loop.quit)
        loop.exec()
        return len(self._notes) >= count

    @Slot()
    def end(self) -> None:
        """What waits behind this is not run."""
        QThread.currentThread().quit()


@pytest.fixture
def thread(qapp: Any) -> Iterator[QThread]:
    """A thread that runs."""
    one = QThread()
    one.start()
    yield one
    one.quit()
    one.wait()


@pytest.fixture
def host(qapp: Any, local_url: str) -> Iterator[QRemoteObjectHost]:
    one = QRemoteObjectHost(local_url)
    yield one
    dropped(one)


def connected(host: QRemoteObjectHost, node: QRemoteObjectNode) -> None:
    assert node.connectToNode(host.hostUrl()) and node.waitForNode(host.hostUrl())


def test_sharing_again_and_again_leaves_nothing_at_the_thread(
    host: QRemoteObjectHost, thread: QThread
) -> None:
    objects = [Counter(1), Counter(2)]
    for one in objects:
        one.moveToThread(thread)
    seen = set()
    for _ in range(300):
        for index, one in enumerate(objects):
            assert host.enableRemoting(one, f"o{index}")
            seen.add(host._sources[f"o{index}"].courier)
        for one in objects:
            assert host.disableRemoting(one)
        QCoreApplication.processEvents()
    assert thread.receivers(SIGNAL("finished()")) == 1
    [courier] = seen  # nothing to delete in the thread
    assert courier is not None and not courier._guests


def test_a_models_adapter_has_no_connection_when_it_is_deleted(
    host: QRemoteObjectHost, thread: QThread
) -> None:
    model = QStringListModel(["a"])
    model.moveToThread(thread)
    assert host.enableRemoting(model, "model", [Qt.ItemDataRole.DisplayRole])
    adapter: Any = host._sources["model"].reference()
    timer = adapter._timer
    assert timer.receivers(SIGNAL("timeout()")) == 1
    gone: list[int] = []
    adapter.destroyed.connect(lambda: gone.append(1), Qt.ConnectionType.DirectConnection)
    # While the thread cannot delete it yet.
    busy, free = threading.Event(), threading.Event()
    QTimer.singleShot(0, model, lambda: busy.set() or free.wait(60))
    wait_until(busy.is_set)
    try:
        assert host.disableRemoting(model)
        assert timer.receivers(SIGNAL("timeout()")) == 0 and not gone
    finally:
        free.set()
    wait_until(lambda: gone)


def test_the_calls_of_all_sources_of_a_thread_keep_their_order(
    host: QRemoteObjectHost, node: QRemoteObjectNode, thread: QThread
) -> None:
    notes: list[tuple[str, int]] = []
    tellers = {name: Teller(notes, name) for name in "ab"}
    for name, teller in tellers.items():
        teller.moveToThread(thread)
        assert host.enableRemoting(teller, name)
    connected(host, node)
    replicas: dict[str, Any] = {name: valid(node.acquireDynamic(name)) for name in tellers}
    calls = [replicas[name].note(n) for n in range(200) for name in "ab"]
    for call in calls:
        finished(call)
    assert notes == [(name, n) for n in range(200) for name in "ab"]


def test_a_slot_that_runs_an_event_loop_holds_up_nobody_else(
    host: QRemoteObjectHost, node: QRemoteObjectNode, thread: QThread
) -> None:
    notes: list[tuple[str, int]] = []
    first, second = Teller(notes), Teller(notes)
    for name, teller in (("first", first), ("second", second)):
        teller.moveToThread(thread)
        assert host.enableRemoting(teller, name)
    connected(host, node)
    one: Any = valid(node.acquireDynamic("first"))
    two: Any = valid(node.acquireDynamic("second"))
    waiting = one.wait(3)
    at_once = [two.note(1), two.note(2)]
    for call in at_once:
        finished(call)
    assert not waiting.isFinished()
    finished(two.note(3))
    assert finished(waiting) is True


def test_a_thread_that_ends_and_is_started_again(
    host: QRemoteObjectHost, node: QRemoteObjectNode, thread: QThread
) -> None:
    notes: list[tuple[str, int]] = []
    teller = Teller(notes)
    teller.moveToThread(thread)
    assert host.enableRemoting(teller, "teller")
    connected(host, node)
    replica: Any = valid(node.acquireDynamic("teller"))
    for start in (0, 100):
        replica.end()
        late = [replica.note(start + n) for n in range(50)]
        wait_until(lambda late=late: all(call.isFinished() for call in late))
        assert thread.wait(20_000)
        thread.start()
        finished(replica.note(start + 99))
        assert notes[-1] == ("", start + 99)
    assert thread.receivers(SIGNAL("finished()")) == 1


def test_a_source_that_goes_from_thread_to_thread(
    host: QRemoteObjectHost, node: QRemoteObjectNode, thread: QThread
) -> None:
    class Mover(Counter):
        @Slot(result=str)
        def where(self) -> str:
            return QThread.currentThread().objectName()

    other = QThread()
    other.setObjectName("other")
    thread.setObjectName("thread")
    QThread.currentThread().setObjectName("main")
    other.start()
    mover, stays = Mover(), Mover()
    stays.moveToThread(thread)
    assert host.enableRemoting(mover, "mover") and host.enableRemoting(stays, "stays")
    connected(host, node)
    replica: Any = valid(node.acquireDynamic("mover"))
    assert finished(replica.where()) == "main"
    for target in (thread, other, thread, other):
        _move(mover, target)
        assert finished(replica.where()) == target.objectName()
    assert thread.receivers(SIGNAL("finished()")) == other.receivers(SIGNAL("finished()")) == 1
    other.quit()
    assert other.wait(20_000)
    assert "is not running" in str(failure(replica.where()))
    assert finished(valid(node.acquireDynamic("stays")).where()) == "thread"


def _move(obj: QObject, target: QThread) -> None:
    """Only the thread that an object lives in can move it to another."""
    if obj.thread() == QThread.currentThread():
        obj.moveToThread(target)
        return
    done: list[int] = []

    def move() -> None:
        obj.moveToThread(target)
        done.append(1)

    QTimer.singleShot(0, obj, move)
    wait_until(lambda: done)


def test_a_thread_that_is_deleted_before_the_host(
    host: QRemoteObjectHost, node: QRemoteObjectNode
) -> None:
    thread = QThread()
    thread.start()
    counter = Counter(5)
    counter.moveToThread(thread)
    assert host.enableRemoting(counter, "counter")
    connected(host, node)
    replica: Any = valid(node.acquireDynamic("counter"))
    courier = weakref.ref(host._sources["counter"].courier)
    before = len(couriers._couriers)
    thread.quit()
    assert thread.wait(20_000)
    shiboken6.delete(thread)
    assert len(couriers._couriers) == before - 1
    # It has no thread any more: the node's runs it.
    assert finished(replica.add(1, 2)) == 3
    counter.setValue(6)
    wait_until(lambda: replica.value == 6)
    gc.collect()
    assert courier() is None
    # A thread that may be where the other was.
    again = QThread()
    again.start()
    other = Counter(7)
    other.moveToThread(again)
    assert host.enableRemoting(other, "other")
    assert finished(valid(node.acquireDynamic("other")).add(2, 3)) == 5
    again.quit()
    assert again.wait(20_000)


def test_a_host_that_is_deleted_before_the_thread(
    qapp: Any, nodes: Callable[[], QRemoteObjectNode], local_url: str, thread: QThread
) -> None:
    notes: list[tuple[str, int]] = []
    tellers = [Teller(notes), Teller(notes)]
    seen = set()
    for turn, teller in enumerate(tellers):
        teller.moveToThread(thread)
        host = QRemoteObjectHost(local_url)
        assert host.enableRemoting(teller, "teller"), host.errorString()
        courier = host._sources["teller"].courier
        assert courier is not None
        seen.add(courier)
        node = nodes()
        connected(host, node)
        replica: Any = valid(node.acquireDynamic("teller"))
        finished(replica.note(turn))
        waiting = replica.wait(1000 * (turn + 1))  # nobody is there for the result
        wait_until(lambda courier=courier: courier.draining)
        host.close()
        dropped(host)
        del host
        wait_until(waiting.isFinished)
        assert not courier._guests
        notes += [("", 0)] * 1000
    assert len(seen) == 1
    wait_until(lambda: not courier.draining)
