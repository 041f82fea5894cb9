"""Nodes of a network end with their last reference, at once, and free their addresses."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, Slot

from pyside_ro import Caller, QRemoteObjectHost, QRemoteObjectNode, QRemoteObjectRegistryHost
from tests.helpers import process_events, remove_socket_file, unique_local_url, wait_until
from tests.network.sides import Counter
from tests.network.support import dropped, listed, valid


@pytest.fixture
def urls() -> Iterator[list[str]]:
    """The registry's address, where a host shares `counter`, and three more."""
    made = [unique_local_url() for _ in range(5)]
    registry = QRemoteObjectRegistryHost(made[0])
    host = QRemoteObjectHost(made[1], made[0])
    counter = Counter(7)
    assert host.enableRemoting(counter, "counter")
    wait_until(lambda: "counter" in listed(registry))
    with dropped(host, registry):
        yield [made[0], *made[2:]]
    for url in made:
        remove_socket_file(url)


def node(urls: list[str]) -> Any:
    made = QRemoteObjectNode(urls[0])
    assert made.waitForRegistry(5000)
    return made


def node_without_registry(urls: list[str]) -> Any:
    made = QRemoteObjectNode(urls[1])
    process_events(0.05)
    return made


def node_that_found(urls: list[str]) -> Any:
    made = QRemoteObjectNode(urls[0])
    counter = made.acquireDynamic("counter")
    valid(counter)
    assert counter.value == 7
    return made


def host(urls: list[str]) -> Any:
    made = QRemoteObjectHost(urls[1], urls[0])
    made.own = Counter(1)
    assert made.enableRemoting(made.own, "own")
    wait_until(lambda: "own" in listed(made))
    return made


def registry_host(urls: list[str]) -> Any:
    made = QRemoteObjectRegistryHost(urls[1])
    made.own = Counter(1)
    assert made.enableRemoting(made.own, "own")
    made.other = QRemoteObjectHost(urls[2], urls[1])
    assert made.other.enableRemoting(made.own, "other")
    wait_until(lambda: set(listed(made)) == {"own", "other"})
    return made


def proxy(urls: list[str]) -> Any:
    made = QRemoteObjectHost(urls[1])
    assert made.proxy(urls[0])
    wait_until(lambda: "counter" in made._sources)
    return made


def proxy_both_ways(urls: list[str]) -> Any:
    made = QRemoteObjectRegistryHost(urls[1])
    assert made.proxy(urls[0], urls[2]) and made.reverseProxy()
    made.other = QRemoteObjectHost(urls[3], urls[1])
    made.own = Counter(1)
    assert made.other.enableRemoting(made.own, "own")
    inside = QRemoteObjectNode(urls[0])
    wait_until(lambda: set(listed(inside)) == {"counter", "own"})
    wait_until(lambda: set(listed(made)) == {"counter", "own"})
    return made


KINDS = [
    node,
    node_without_registry,
    node_that_found,
    host,
    registry_host,
    proxy,
    proxy_both_ways,
]


@pytest.mark.parametrize("make", KINDS, ids=lambda kind: kind.__name__)
def test_a_node_ends_with_its_last_reference(
    make: Callable[[list[str]], Any], qapp: Any, urls: list[str]
) -> None:
    gc.collect()
    gc.disable()
    try:
        for _ in range(2):
            reference = weakref.ref(make(urls))
            assert reference() is None, gc.get_referrers(reference())
            for url in urls[1:]:
                again = QRemoteObjectHost()
                assert again.setHostUrl(url), again.errorString()
                del again
    finally:
        gc.enable()


def test_a_replica_keeps_its_node(qapp: Any, urls: list[str]) -> None:
    counter = QRemoteObjectNode(urls[0]).acquireDynamic("counter")
    gc.collect()
    valid(counter)
    assert counter.value == 7


class Room(QObject):
    """Remembers who left."""

    def __init__(self) -> None:
        super().__init__()
        self.left: list[Caller] = []

    @Slot()
    def join(self, *, caller: Caller) -> None:
        caller.onGone(lambda: self.left.append(caller))


def test_callers_are_gone_when_their_host_is_deleted(qapp: Any, urls: list[str]) -> None:
    room = Room()
    made = QRemoteObjectHost(urls[1])
    assert made.enableRemoting(room, "room")
    visitor = QRemoteObjectNode()
    visitor.connectToNode(urls[1])
    with dropped(visitor):
        replica = visitor.acquireDynamic("room")
        valid(replica)
        assert replica.join().waitForFinished(5000)
        assert not room.left
        del made
        assert [caller.connected for caller in room.left] == [False]
