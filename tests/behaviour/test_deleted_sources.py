"""A source is deleted at the worst moment: while its host packs something for its clients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Property, QObject, Signal, Slot

from pyside_ro import QRemoteObjectHost
from tests.behaviour.support import State, finished, live, own, valid
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
