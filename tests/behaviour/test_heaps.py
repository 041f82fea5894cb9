"""Values that are more than both sides' limits allow, alone or together."""

from __future__ import annotations

from typing import Any

import pytest

from pyside_ro import QRemoteObjectNode
from tests.behaviour.hosts.heaps import LIMITS, heaps
from tests.behaviour.support import Peer, dropped, finished, live
from tests.helpers import Recorder, wait_until


@pytest.mark.parametrize(
    ("name", "kept", "words"),
    [("small", 600_000, ""), ("both", 500_000, "1,100,0"), ("each", 1, "2,000,0")],
)
def test_a_snapshot_past_the_limit(
    peer: Peer, local_url: str, name: str, kept: int, words: str
) -> None:
    host = peer(heaps, url=local_url, allow_stderr=True)
    node = QRemoteObjectNode(limits=LIMITS)
    heap = live(node, host, name)
    assert sum(len(value or b"") for value in (heap.first, heap.second)) == kept
    if words:
        wanted = f"property {name}.second is None at replicas: {words}"
        wait_until(lambda: wanted in host.stderr, message=lambda: host.stderr)
    assert host.stderr.count("is None at replicas") == bool(words)
    assert "Limits.maxFrame" in host.stderr or not words
    assert "closing the connection" not in host.stderr
    dropped(node)


def test_an_emission_past_the_limit_in_another_thread(peer: Peer, local_url: str) -> None:
    host = peer(heaps, url=local_url, allow_stderr=True)
    node = QRemoteObjectNode(limits=LIMITS)
    heap: Any = live(node, host, "small")
    dumps = Recorder(heap.dumped)
    lost = Recorder(heap.stateChanged)
    finished(heap.dump([10, 1_200_000, 20]))
    wait_until(lambda: len(dumps) == 2)
    assert [len(value) for value in dumps.values] == [10, 20]
    words = "argument 1 of signal small.dumped: 1,200,0"
    wait_until(lambda: words in host.stderr, message=lambda: host.stderr)
    assert not lost.calls
    dropped(node)
