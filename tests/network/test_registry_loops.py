"""Twenty rounds of SIGKILL and restart of each role: no replica is lost or doubled."""

from __future__ import annotations

from typing import Any

import pytest

from pyside_ro import QRemoteObjectNode
from tests.helpers import Recorder, wait_until
from tests.network.sides import client, counter_host, registry_host
from tests.network.support import LOG, State, dropped, listed, suspect, valid

ROUNDS = 20
NAMES = ["a", "b", "c"]

pytestmark = pytest.mark.timeout(240)


def test_the_host_is_killed(peer: Any, registry: str, local_url: str) -> None:
    peer(registry_host, url=registry)
    node = QRemoteObjectNode(registry)
    with dropped(node):
        replicas = [node.acquireDynamic(name) for name in NAMES]
        initialized = [Recorder(replica.initialized) for replica in replicas]
        for number in range(ROUNDS):
            host = peer(
                counter_host, url=local_url, registry=registry, names=NAMES, value=number + 1
            )
            valid(*replicas)
            assert [replica.value for replica in replicas] == [number + 1] * 3
            assert [host.ask("subscribers", name) for name in NAMES] == [1, 1, 1]
            assert [len(recorder) for recorder in initialized] == [number + 1] * 3
            wait_until(lambda: sorted(listed(node)) == NAMES)
            host.kill()
            suspect(*replicas)
            wait_until(lambda: not listed(node))


def test_the_registry_is_killed(peer: Any, registry: str, local_url: str) -> None:
    host = peer(counter_host, url=local_url, registry=registry, names=NAMES)
    node = QRemoteObjectNode(registry)
    with dropped(node):
        replicas = [node.acquireDynamic(name) for name in NAMES]
        states = [Recorder(replica.stateChanged) for replica in replicas]
        for number in range(ROUNDS):
            process = peer(registry_host, url=registry)
            valid(node.registry(), *replicas)
            wait_until(lambda: sorted(listed(node)) == NAMES)
            host.ask("setValue", "b", number + 100)
            wait_until(lambda number=number: replicas[1].value == number + 100)
            assert [host.ask("subscribers", name) for name in NAMES] == [1, 1, 1]
            process.kill()
            suspect(node.registry())
        assert [recorder.calls for recorder in states] == [
            [(0, (State.Valid, State.Uninitialized))]
        ] * 3


def test_a_client_is_killed(peer: Any, registry: str, local_url: str) -> None:
    peer(registry_host, url=registry, allow_stderr=LOG)
    host = peer(
        counter_host, url=local_url, registry=registry, names=NAMES, value=4, allow_stderr=LOG
    )
    watching = QRemoteObjectNode(registry)
    with dropped(watching):
        wait_until(lambda: sorted(listed(watching)) == NAMES)
        changes = Recorder(watching.remoteObjectAdded, watching.remoteObjectRemoved)
        for _ in range(ROUNDS):
            process = peer(client, registry=registry, names=NAMES)
            assert process.info["values"] == [4, 4, 4]
            assert [host.ask("subscribers", name) for name in NAMES] == [1, 1, 1]
            process.kill()
            wait_until(lambda: not any(host.ask("subscribers", name) for name in NAMES))
        assert not changes.calls
