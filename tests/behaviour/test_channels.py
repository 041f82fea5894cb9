"""The channels of shared objects: each has its own, and nothing stays of those that are gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode
from tests.behaviour.sources import Counter
from tests.behaviour.support import State, dropped, finished, live
from tests.helpers import Recorder, process_events, wait_until


@pytest.fixture
def host(qapp: Any, local_url: str) -> Iterator[QRemoteObjectHost]:
    made = QRemoteObjectHost(local_url)
    yield made
    dropped(made)


def test_an_object_without_members_has_nobody_elses_channels(
    host: QRemoteObjectHost, node: QRemoteObjectNode
) -> None:
    empty, counter = QObject(), Counter()
    assert host.enableRemoting(empty, "empty") and host.enableRemoting(counter, "counter")
    url = host.hostUrl()
    replica = live(node, url, "counter")
    nothing = live(node, url, "empty")
    assert finished(replica.add(2, 3)) == 5
    nothing.deleteLater()
    wait_until(lambda: not host._sources["empty"].links)
    changes = Recorder(replica.valueChanged)
    counter.setValue(9)
    assert changes.wait() == [9] and finished(replica.add(2, 3)) == 5


def test_handlers_go_with_what_is_shared_no_longer(
    host: QRemoteObjectHost, node: QRemoteObjectNode
) -> None:
    node.connectToNode(host.hostUrl())
    replica: Any = node.acquireDynamic("counter")
    sizes: list[tuple[int, int]] = []
    for number in range(1, 4):
        counter = Counter()
        assert host.enableRemoting(counter, "counter")
        wait_until(lambda: replica.state() is State.Valid)
        changes = Recorder(replica.valueChanged)
        counter.setValue(number)
        assert changes.wait() == [number] and finished(replica.add(2, 3)) == 5
        assert host.disableRemoting(counter)
        wait_until(lambda: replica.state() is State.Suspect)
        process_events(0.01)
        [connection] = node._connections.values()
        assert connection.link is not None
        sizes.append((len(connection.link.table), len(host._clients[0].link.table)))
    assert sizes[1:] == sizes[:1] * 2, "(at the client, at the host)"
