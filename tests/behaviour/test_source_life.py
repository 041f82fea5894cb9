"""Sources that nobody watches cost nothing; those that are deleted or withdrawn dangle nowhere."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from pyside_ro import ConnectionLost, QRemoteObjectNode
from tests.behaviour.hosts.lives import lives
from tests.behaviour.support import Peer, State, failure, finished, live, valid
from tests.helpers import PeerProcess, Recorder, wait_until


@pytest.fixture
def host(peer: Peer, local_url: str) -> PeerProcess:
    return peer(lives, url=local_url)


def test_the_host_is_connected_only_while_somebody_watches(
    host: PeerProcess, node: QRemoteObjectNode, nodes: Any
) -> None:
    assert host.ask("receivers") == [0, 0]
    first = live(node, host, "counter")
    assert host.ask("receivers") == [1, 1]
    other = nodes()
    kept = [live(other, host, "counter")]
    assert host.ask("receivers") == [1, 1], "one closure a signal, however many subscribers"
    assert other is not node
    del first
    gc.collect()
    host.ask("setValue", 7)
    wait_until(lambda: kept[0].value == 7)
    assert host.ask("receivers") == [1, 1]
    kept.clear()
    gc.collect()
    wait_until(lambda: host.ask("receivers") == [0, 0])
    reads = host.ask("reads")
    host.ask("setValue", 8)
    assert host.ask("reads") == reads, "nobody reads what nobody watches"


def test_replicas_of_one_source_share_one_subscription(
    host: PeerProcess, node: QRemoteObjectNode
) -> None:
    first = live(node, host, "counter")
    second = node.acquireDynamic("counter")
    assert second.state() is State.Valid and second is not first, "there at once"
    assert second.value == first.value == 1
    seen = [Recorder(first.valueChanged), Recorder(second.valueChanged)]
    reads = host.ask("reads")
    host.ask("setValue", 4)
    for one in seen:
        assert one.wait() == [4]
    assert host.ask("reads") == reads + 1, "read once, sent once"
    del first
    gc.collect()
    host.ask("setValue", 5)
    assert seen[1].wait(2) == [4, 5] and len(seen[0]) == 1
    assert finished(second.add(1, 2)) == 3
    assert host.ask("receivers") == [1, 1]


def test_leaving_the_node_unsubscribes(host: PeerProcess, node: QRemoteObjectNode) -> None:
    counter = live(node, host, "counter")
    assert node.disconnectFromNode(host.info["url"])
    wait_until(lambda: host.ask("receivers") == [0, 0])
    assert counter.state() is State.Suspect and counter.value == 1
    assert not node.disconnectFromNode(host.info["url"])


@pytest.mark.parametrize("how", ["del", "shiboken", "deleteLater"])
def test_a_source_that_is_deleted_while_shared(
    host: PeerProcess, node: QRemoteObjectNode, how: str
) -> None:
    counter = live(node, host, "counter")
    other = valid(node.acquireDynamic("other"))
    host.ask("delete", how)
    wait_until(lambda: counter.state() is State.Suspect)
    assert counter.value == 1 and not counter.isReplicaValid() and counter.isInitialized()
    error = failure(counter.add(1, 2))
    assert isinstance(error, ConnectionLost)
    assert "counter.add" in str(error) and "the source was deleted" in str(error)
    assert "counter" not in node.connectedSources()
    assert finished(other.add(1, 2)) == 3, "others go on"
    changes = Recorder(counter.valueChanged)
    host.ask("create", 9)
    valid(counter)
    assert counter.value == 9 and changes.values == [9]
    assert finished(counter.add(1, 2)) == 3


def test_a_source_that_is_shared_no_longer(host: PeerProcess, node: QRemoteObjectNode) -> None:
    counter = live(node, host, "counter")
    assert host.ask("unshare") is True
    wait_until(lambda: counter.state() is State.Suspect)
    assert host.ask("receivers") == [0, 0]
    assert "the host shares it no longer" in str(failure(counter.add(1, 2)))
    host.ask("setValue", 33)
    assert host.ask("share_again") is True
    valid(counter)
    assert counter.value == 33


def test_order_on_a_link_is_the_order_at_the_source(
    host: PeerProcess, node: QRemoteObjectNode
) -> None:
    counter = live(node, host, "counter")
    other = valid(node.acquireDynamic("other"))
    seen = Recorder(counter.ticked, other.ticked)
    pattern = ["counter", "other", "other", "counter", "other"]
    host.ask("mixed", pattern, 100)
    seen.wait(500)
    names = [("counter", "other")[kind] for kind, _ in seen.calls]
    assert names == pattern * 100
    assert seen.values == list(range(500))


def test_a_name_nobody_shares_until_somebody_does(
    host: PeerProcess, node: QRemoteObjectNode
) -> None:
    live(node, host, "counter")
    later = node.acquireDynamic("later")
    assert not later.waitForSource(50)
    assert later.state() is State.Uninitialized
    assert host.ask("create", 5, name="later") is True
    assert later.waitForSource(5000)
    assert later.value == 5
