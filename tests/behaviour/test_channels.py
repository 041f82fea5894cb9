"""The channels of shared objects: each has its own, and nothing stays of those that are gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode
from tests.behaviour.sources import Counter
from tests.behaviour.support import State, dropped, finished
from tests.helpers import Recorder, process_events, wait_until


@pytest.fixture
def host(qapp: Any, local_url: str) -> Iterator[QRemoteObjectHost]:
    made = QRemoteObjectHost(local_url)
    yield made
    dropped(made)


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
