"""Links that are lost and come back, to the same program or to another version of it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from pyside_ro import ConnectionLost, QRemoteObjectNode
from tests.behaviour.hosts.versions import Meter1, meter
from tests.behaviour.support import QUIET, Peer, State, failure, finished, live, own, valid
from tests.helpers import Recorder, process_events, wait_until


def settled(dynamic: Any, typed: Any, value: int) -> bool:
    return bool(dynamic.value == typed.value == value)


def test_a_lost_link_makes_replicas_suspect_and_they_return(
    peer: Peer, lasting_url: str, node: QRemoteObjectNode
) -> None:
    host = peer(meter, url=lasting_url, value=3)
    address = host.info["url"]
    replica = live(node, address, "meter")
    states = Recorder(replica.stateChanged)
    ready = Recorder(replica.initialized)
    host.kill()
    wait_until(lambda: replica.state() is State.Suspect)
    assert replica.value == 3 and replica.isInitialized() and not replica.isReplicaValid()
    assert isinstance(failure(replica.scaled(2)), ConnectionLost)
    replica.value = 4  # nobody to ask: logged, not kept
    assert replica.value == 3
    peer(meter, url=address, value=3)
    valid(replica)
    assert states.calls == [
        (0, (State.Suspect, State.Valid)),
        (0, (State.Valid, State.Suspect)),
    ]
    assert len(ready) == 1
    assert finished(replica.scaled(2)) == 6


def test_only_what_changed_meanwhile_emits(
    peer: Peer, local_url: str, node: QRemoteObjectNode
) -> None:
    host = peer(meter, url=local_url, value=3, name="same")
    replica = live(node, host, "meter")
    seen = Recorder(replica.valueChanged, replica.nameChanged, replica.unitChanged)
    notified = Recorder(replica.notified)
    host.kill()
    wait_until(lambda: replica.state() is State.Suspect)
    second = peer(meter, url=local_url, value=8, name="same")
    valid(replica)
    assert seen.calls == [(0, (8,))] and len(notified) == 1
    second.kill()
    wait_until(lambda: replica.state() is State.Suspect)
    third = peer(meter, url=local_url, value=8, name="other")
    valid(replica)
    assert seen.calls == [(0, (8,)), (1, ("other",))]
    third.ask("setValue", 9)
    wait_until(lambda: replica.value == 9)
    assert seen.calls[2:] == [(0, (9,))], "the connections are the same, once each"


def test_ten_crashes(
    peer: Peer, lasting_url: str, node: QRemoteObjectNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The pauses grow up to 2 s for a host that keeps crashing: that is not what is tested here.
    monkeypatch.setattr("pyside_ro.node.connection._LAST_RETRY", 50)
    host = peer(meter, url=lasting_url)
    address = host.info["url"]
    node.connectToNode(address)
    dynamic: Any = node.acquireDynamic("meter")
    typed = node.acquire(Meter1, "meter")
    changes = Recorder(typed.valueChanged)
    for round_ in range(10):
        valid(dynamic)
        valid(typed)
        host.ask("setValue", 100 + round_)
        target = 100 + round_
        wait_until(partial(settled, dynamic, typed, target))
        call = dynamic.scaled(2)
        assert finished(call) == 200 + 2 * round_
        host.kill()
        wait_until(lambda: own(dynamic) is State.Suspect and own(typed) is State.Suspect)
        host = peer(meter, url=address, value=100 + round_)
    valid(dynamic)
    assert changes.values == [1, *range(100, 110)]


def test_a_frozen_host_and_a_client_that_goes_on(
    peer: Peer, local_url: str, node: QRemoteObjectNode
) -> None:
    host = peer(meter, url=local_url)
    replica = live(node, host, "meter")
    host.freeze()
    call = replica.scaled(5).setTimeout(30)
    assert isinstance(failure(call), TimeoutError)
    host.thaw()
    assert finished(replica.scaled(5)) == 5


def test_a_host_that_closes_says_so(peer: Peer, local_url: str, node: QRemoteObjectNode) -> None:
    host = peer(meter, url=local_url)
    replica = live(node, host, "meter")
    host.ask("close")
    wait_until(lambda: replica.state() is State.Suspect)
    assert "the host was closed" in str(failure(replica.scaled(1)))


def test_a_host_that_is_not_there_yet(peer: Peer, local_url: str, node: QRemoteObjectNode) -> None:
    assert node.connectToNode(local_url)
    replica: Any = node.acquireDynamic("meter")
    wait_until(lambda: "no host listens" in node.errorString())
    assert not node.waitForNode(local_url, 30)
    peer(meter, url=local_url)
    assert replica.waitForSource(10_000) and replica.value == 1


@pytest.mark.parametrize("kind", ["dynamic", "typed"])
def test_another_version_of_the_program_and_back(
    peer: Peer, local_url: str, node: QRemoteObjectNode, kind: str
) -> None:
    host = peer(meter, url=local_url, value=3)
    node.connectToNode(local_url)
    replica: Any = (
        node.acquireDynamic("meter") if kind == "dynamic" else node.acquire(Meter1, "meter")
    )
    valid(replica)
    changes = Recorder(replica.valueChanged)
    before = len(changes)
    host.kill()
    second = peer(meter, url=local_url, version=2)
    wait_until(lambda: replica.state() is State.SignatureMismatch)
    text = node.errorString()
    for words in (
        "'meter'",
        "property value is 'double, read-only, valueChanged(double)' at the source",
        "expected 'int, writable, valueChanged(int)'",
        "slot scaled(int) is missing at the source",
        "signal overflow(int) is new at the source",
    ):
        assert words in text, text
    assert replica.value == 3 and not replica.isReplicaValid(), "nothing of it is applied"
    assert "slot scaled(int) is missing" in str(failure(replica.scaled(1)))
    process_events(0.02)
    assert len(changes) == before
    second.kill()
    third = peer(meter, url=local_url, value=5)
    valid(replica)
    assert replica.value == 5 and finished(replica.scaled(2)) == 10
    third.ask("setValue", 6)
    wait_until(lambda: replica.value == 6)
    assert changes.values[before:] == [5, 6]


def test_leaving_for_good(peer: Peer, local_url: str, node: QRemoteObjectNode) -> None:
    host = peer(meter, url=local_url, env=QUIET)
    replica = live(node, host, "meter")
    assert node.disconnectFromNode(local_url)
    assert replica.state() is State.Suspect
    host.kill()
    peer(meter, url=local_url)
    process_events(0.15)
    assert replica.state() is State.Suspect, "the node was told not to"
    assert node.connectToNode(local_url)
    valid(replica)
