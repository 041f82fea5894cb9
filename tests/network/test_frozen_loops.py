"""Twenty rounds of SIGSTOP and SIGCONT of each role: noticed, told in words, and recovered."""

from __future__ import annotations

from typing import Any

import pytest

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode
from tests.helpers import Recorder, wait_until
from tests.network.sides import Counter, client, counter_host, proxy_host, registry_host
from tests.network.support import LOG, State, dropped, listed, suspect, valid

ROUNDS = 20
NAMES = ["a", "b", "c"]
#: Milliseconds. A busy machine may take a living peer for a frozen one now and then: it comes
#: back as a frozen one does, and nothing that has this counts how often.
HEARTBEAT = 100
#: Where it is counted: a living peer is given up only by a machine that stands still for so long.
LONG_HEARTBEAT = 1000

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyside_ro.node.connection._LAST_RETRY", 100)


def host_of(peer: Any, registry: str, url: str, heartbeat: int = HEARTBEAT) -> Any:
    return peer(
        counter_host,
        url=url,
        registry=registry,
        names=NAMES,
        heartbeat=heartbeat,
        allow_stderr=LOG,
    )


def test_the_host_is_frozen(peer: Any, registry: str, local_url: str) -> None:
    peer(registry_host, url=registry, heartbeat=HEARTBEAT, allow_stderr=LOG)
    host = host_of(peer, registry, local_url)
    node = QRemoteObjectNode(registry, heartbeatInterval=HEARTBEAT)
    with dropped(node):
        replicas = [node.acquireDynamic(name) for name in NAMES]
        for number in range(1, ROUNDS + 1):
            valid(*replicas)
            changes = Recorder(replicas[0].valueChanged)
            host.ask("setValue", "a", number)
            assert changes.wait() == [number]
            wait_until(lambda: sorted(listed(node)) == NAMES)
            pending = replicas[0].add(1, 1)
            pending.waitForFinished(5000)
            host.freeze()
            lost = replicas[1].add(1, 1)
            suspect(*replicas)
            assert f"{local_url}: no sign of life from the peer for {HEARTBEAT} ms" in str(
                lost.exception()
            )
            wait_until(lambda: not listed(node), message="the registry has not noticed")
            host.thaw()
            valid(*replicas)
            assert [host.ask("subscribers", name) for name in NAMES] == [1, 1, 1]


def test_the_registry_is_frozen(peer: Any, registry: str, local_url: str) -> None:
    process = peer(registry_host, url=registry, heartbeat=LONG_HEARTBEAT, allow_stderr=LOG)
    host = host_of(peer, registry, local_url, LONG_HEARTBEAT)
    node = QRemoteObjectNode(registry)
    with dropped(node):
        replicas = [node.acquireDynamic(name) for name in NAMES]
        valid(node.registry(), *replicas)
        states = [Recorder(replica.stateChanged) for replica in replicas]
        node.setHeartbeatInterval(LONG_HEARTBEAT)
        for number in range(1, ROUNDS + 1):
            process.freeze()
            suspect(node.registry())
            # What is connected works without it.
            host.ask("setValue", "b", number)
            wait_until(lambda number=number: replicas[1].value == number)
            process.thaw()
            valid(node.registry(), *replicas)
            wait_until(lambda: sorted(listed(node)) == NAMES)
        assert [host.ask("subscribers", name) for name in NAMES] == [1, 1, 1]
        assert [recorder.calls for recorder in states] == [[], [], []], "the host was never away"


def test_the_client_is_frozen(peer: Any, registry: str, local_url: str) -> None:
    peer(registry_host, url=registry, heartbeat=HEARTBEAT, allow_stderr=LOG)
    counters = {name: Counter(4) for name in NAMES}
    host = QRemoteObjectHost(local_url, registry, heartbeatInterval=HEARTBEAT)
    for name, counter in counters.items():
        assert host.enableRemoting(counter, name)

    def subscribers() -> list[int]:
        return [len(host._sources[name].links) for name in NAMES]

    with dropped(host):
        process = peer(
            client, registry=registry, names=NAMES, heartbeat=HEARTBEAT, allow_stderr=LOG
        )
        for number in range(ROUNDS):
            wait_until(lambda: subscribers() == [1, 1, 1])
            process.freeze()
            wait_until(lambda: subscribers() == [0, 0, 0], message="the host has not noticed")
            counters["c"].setValue(number + 10)
            process.thaw()
            expected = [["Valid", 4], ["Valid", 4], ["Valid", number + 10]]
            wait_until(lambda expected=expected: process.ask("seen") == expected)
        wait_until(lambda: subscribers() == [1, 1, 1])


def test_the_middle_of_a_proxy_is_frozen(
    peer: Any, registry: str, middle: str, local_url: str
) -> None:
    peer(registry_host, url=registry, heartbeat=HEARTBEAT, allow_stderr=LOG)
    host = host_of(peer, registry, local_url)
    process = peer(proxy_host, url=middle, registry=registry, heartbeat=HEARTBEAT, allow_stderr=LOG)
    node = QRemoteObjectNode(middle, heartbeatInterval=HEARTBEAT)
    with dropped(node):
        replicas = [node.acquireDynamic(name) for name in NAMES]
        for number in range(1, ROUNDS + 1):
            valid(*replicas)
            process.freeze()
            suspect(*replicas)
            wait_until(lambda: not any(host.ask("subscribers", name) for name in NAMES))
            host.ask("setValue", "a", number)
            process.thaw()
            valid(*replicas)
            wait_until(lambda number=number: replicas[0].value == number)
            wait_until(lambda: [host.ask("subscribers", n) for n in NAMES] == [1, 1, 1])
            assert [process.ask("subscribers", name) for name in NAMES] == [1, 1, 1]
        assert replicas[0].state() is State.Valid
