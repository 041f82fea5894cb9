"""A source is deleted at the worst moment: within its own slots, while it is read or packed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Property, QObject, QThread, Signal, Slot

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, RemoteError
from tests.behaviour.support import State, failure, finished, live, own, valid
from tests.helpers import Recorder, wait_until


class Trap(list[int]):
    """A list that does something while it is packed, as Python's collector may do."""

    def __init__(self, spring: Any) -> None:
        super().__init__([1, 2, 3])
        self._spring = spring

    def __iter__(self) -> Iterator[int]:
        self._spring()
        return super().__iter__()


class Trapped(QObject):
    """Sends what it is given, in all the ways that there are."""

    told = Signal(object)
    valueChanged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.value_: Any = None
        self.next: Any = None

    value = Property(object, lambda self: self.value_, notify=valueChanged)

    @Slot(result=object)
    def ask(self) -> Any:
        return self.next


@pytest.mark.parametrize("way", ["signal", "property", "result", "snapshot"])
def test_a_source_deleted_while_a_packet_is_packed(
    qapp: Any, local_url: str, nodes: Any, way: str
) -> None:
    host = QRemoteObjectHost(local_url)
    source, doomed = Trapped(), [Trapped()]
    assert host.enableRemoting(source, "source")
    assert host.enableRemoting(doomed[0], "doomed")
    removed = Recorder(host.remoteObjectRemoved)
    node = nodes()
    replica, other = live(node, local_url, "source"), live(node, local_url, "doomed")
    told, changed = Recorder(replica.told), Recorder(replica.valueChanged)
    trap = Trap(doomed.clear)
    if way == "signal":
        source.told.emit(trap)
        assert told.wait() == [[1, 2, 3]]
    elif way == "property":
        source.value_ = trap
        source.valueChanged.emit()
        changed.wait()
        assert replica.value == [1, 2, 3]
    elif way == "result":
        source.next = trap
        assert finished(replica.ask()) == [1, 2, 3]
    else:
        source.value_ = trap
        late = live(nodes(), local_url, "source")
        assert late.value == [1, 2, 3]
    assert doomed == []
    wait_until(lambda: own(other) is State.Suspect)
    assert removed.wait()[0][0] == "doomed"
    # Nothing else was lost or sent twice.
    source.value_ = 7
    source.valueChanged.emit()
    wait_until(lambda: replica.value == 7)
    assert len(told.calls) == (way == "signal") and own(replica) is State.Valid


def test_its_name_is_free_at_once(qapp: Any, local_url: str, nodes: Any) -> None:
    host = QRemoteObjectHost(local_url)
    first, second = Trapped(), Trapped()
    second.value_ = "second"
    assert host.enableRemoting(first, "name")
    replica = live(nodes(), local_url, "name")
    removed, added = Recorder(host.remoteObjectRemoved), Recorder(host.remoteObjectAdded)
    del first
    assert host.enableRemoting(second, "name"), host.errorString()
    assert len(removed.calls) == len(added.calls) == 1
    wait_until(lambda: replica.value == "second")
    assert own(valid(replica)) is State.Valid
    assert len(removed.calls) == 1


class Mortal(QObject):
    """Does something to itself when it is asked to, or when it is read."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ran: list[str] = []
        self.do: Callable[[], object] = lambda: None

    def _read(self, name: str) -> str:
        self.ran.append(name)
        if name == "second":
            self.do()
        return name + self.objectName()

    first = Property(str, lambda self: self._read("first"), notify=changed)
    second = Property(str, lambda self: self._read("second"), notify=changed)
    third = Property(str, lambda self: self._read("third"), notify=changed)

    def _setFourth(self, value: int) -> None:
        self.ran.append("write")

    fourth = Property(int, lambda self: 4, _setFourth)

    @Slot(result=int)
    def die(self) -> int:
        self.do()
        return 1

    @Slot(result=str)
    def poke(self) -> str:
        self.ran.append("poke")
        return self.objectName()


@pytest.fixture(params=[False, True], ids=["here", "in a thread of its own"])
def thread(qapp: Any, request: Any) -> Iterator[QThread | None]:
    """A thread for the source, or none."""
    if not request.param:
        yield None
        return
    thread = QThread()
    thread.start()
    yield thread
    thread.quit()
    thread.wait()


def tracebacks(qtlog: Any) -> list[str]:
    return [r.message for r in qtlog.records if "Traceback" in r.message]


def test_calls_and_writes_behind_the_one_that_deletes_it(
    thread: QThread | None, local_url: str, node: QRemoteObjectNode, qtlog: Any
) -> None:
    host = QRemoteObjectHost(local_url)
    owner = QObject()
    source = Mortal(owner)
    if thread is not None:
        owner.moveToThread(thread)
    assert host.enableRemoting(source, "mortal")
    replica = live(node, local_url, "mortal")
    source.do = lambda: shiboken6.delete(owner)
    source.ran.clear()
    refused: list[RemoteError] = []
    node.propertyWriteRefused.connect(refused.append)
    died, first = replica.die(), replica.poke()
    replica.fourth = 5
    second = replica.poke()
    if thread is None:  # else its end may be known before its answer
        assert finished(died) == 1
    for call in (first, second):
        error = failure(call)
        assert "the source was deleted" in str(error) and "mortal.poke" in str(error)
    wait_until(lambda: own(replica) is State.Suspect)
    if thread is None:
        assert [(e.typeName, e.member) for e in refused] == [("ReferenceError", "mortal.fourth")]
    assert source.ran == [] and tracebacks(qtlog) == []


def test_reading_it_for_a_client_deletes_it(
    qapp: Any, local_url: str, node: QRemoteObjectNode, qtlog: Any
) -> None:
    host = QRemoteObjectHost(local_url)
    owner = QObject()
    source, after = Mortal(owner), Mortal()
    source.do = lambda: shiboken6.delete(owner)
    assert host.enableRemoting(source, "mortal")
    assert node.connectToNode(local_url)
    replica: Any = node.acquireDynamic("mortal")
    removed = Recorder(host.remoteObjectRemoved)
    removed.wait()
    assert source.ran == ["first", "second"] and tracebacks(qtlog) == []
    wait_until(lambda: "mortal" not in node.connectedSources())
    assert own(replica) is State.Uninitialized
    assert host.enableRemoting(after, "mortal")
    assert valid(replica).first == "first"


def test_reading_it_for_its_signal_deletes_it(
    qapp: Any, local_url: str, node: QRemoteObjectNode, qtlog: Any
) -> None:
    host = QRemoteObjectHost(local_url)
    owner = QObject()
    source = Mortal(owner)
    assert host.enableRemoting(source, "mortal")
    replica = live(node, local_url, "mortal")
    source.do = lambda: shiboken6.delete(owner)
    source.ran.clear()
    source.changed.emit()
    wait_until(lambda: own(replica) is State.Suspect)
    assert (replica.first, replica.second, replica.third) == ("first", "second", "third")
    assert "third" not in source.ran and tracebacks(qtlog) == []


def test_reading_it_for_a_client_has_it_shared_no_longer(
    qapp: Any, local_url: str, node: QRemoteObjectNode
) -> None:
    host = QRemoteObjectHost(local_url)
    source = Mortal()
    source.do = lambda: host.disableRemoting(source)
    assert host.enableRemoting(source, "mortal")
    assert node.connectToNode(local_url)
    replica: Any = node.acquireDynamic("mortal")
    wait_until(lambda: node.waitForNode(local_url, 0) and not node.connectedSources())
    source.do = lambda: None
    assert host.enableRemoting(source, "mortal")
    assert valid(replica).first == "first"
