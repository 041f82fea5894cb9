"""Every way that PySide knows to connect to a signal, on replicas."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import SIGNAL, SLOT, QObject, Qt, Signal, Slot

from pyside_ro import QRemoteObjectNode
from tests.behaviour.hosts.gallery import gallery
from tests.behaviour.sources import Counter
from tests.behaviour.support import live, shared_host, valid
from tests.helpers import PeerProcess, process_events, wait_until


class Taker(QObject):
    """Takes ticks in each way that a receiver can."""

    passed = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Any] = []

    @Slot(int, str)
    def take(self, number: int, text: str) -> None:
        self.calls.append((number, text))

    @Slot(int)
    def takeNumber(self, number: int) -> None:
        self.calls.append(number)

    def took(self, count: int) -> bool:
        return len(self.calls) >= count

    def plain(self, *args: Any) -> None:
        self.calls.append(args)


@pytest.fixture(scope="module")
def host(qapp: Any) -> Iterator[PeerProcess]:
    with shared_host(gallery) as process:
        yield process


@pytest.fixture(params=["dynamic", "typed"])
def counter(request: Any, host: PeerProcess, node: QRemoteObjectNode) -> Any:
    if request.param == "dynamic":
        return live(node, host, "counter")
    replica = node.acquire(Counter, "counter")
    node.connectToNode(host.info["url"])
    return valid(replica)


def connect_lambda(replica: Any, taker: Taker) -> None:
    replica.ticked.connect(lambda n, t: taker.calls.append((n, t)))


def connect_bound_method(replica: Any, taker: Taker) -> None:
    replica.ticked.connect(taker.plain)


def connect_slot(replica: Any, taker: Taker) -> None:
    replica.ticked.connect(taker.take)


def connect_queued(replica: Any, taker: Taker) -> None:
    replica.ticked.connect(taker.take, Qt.ConnectionType.QueuedConnection)


def connect_strings(replica: Any, taker: Taker) -> None:
    QObject.connect(replica, SIGNAL("ticked(int,QString)"), taker, SLOT("take(int,QString)"))


def connect_string_to_function(replica: Any, taker: Taker) -> None:
    QObject.connect(replica, SIGNAL("ticked(int,QString)"), lambda n, t: taker.take(n, t))


def connect_to_a_signal(replica: Any, taker: Taker) -> None:
    replica.ticked.connect(taker.passed)
    taker.passed.connect(taker.take)


def connect_partial(replica: Any, taker: Taker) -> None:
    replica.ticked.connect(partial(taker.plain))


def connect_metamethods(replica: Any, taker: Taker) -> None:
    meta, mine = replica.metaObject(), taker.metaObject()
    signal = meta.method(meta.indexOfSignal("ticked(int,QString)"))
    slot = mine.method(mine.indexOfSlot("take(int,QString)"))
    QObject.connect(replica, signal, taker, slot)


FORMS = [
    connect_lambda,
    connect_bound_method,
    connect_slot,
    connect_queued,
    connect_strings,
    connect_string_to_function,
    connect_to_a_signal,
    connect_partial,
    connect_metamethods,
]


@pytest.mark.parametrize("connect", FORMS, ids=lambda form: form.__name__)
def test_forms_of_connections(host: PeerProcess, counter: Any, connect: Any) -> None:
    taker = Taker()
    connect(counter, taker)
    gc.collect()
    host.ask("tick", 1, "one")
    host.ask("tick", 2, "two")
    wait_until(lambda: len(taker.calls) >= 2)
    assert taker.calls == [(1, "one"), (2, "two")]


def test_fewer_arguments_and_disconnection(host: PeerProcess, counter: Any) -> None:
    taker = Taker()
    counter.ticked.connect(taker.takeNumber)
    host.ask("tick", 1, "one")
    wait_until(lambda: taker.calls == [1])
    counter.ticked.disconnect(taker.takeNumber)
    connection = counter.ticked.connect(taker.take)
    host.ask("tick", 2, "two")
    wait_until(lambda: taker.calls == [1, (2, "two")])
    QObject.disconnect(connection)
    host.ask("tick", 3, "three")
    process_events(0.03)
    assert taker.calls == [1, (2, "two")]


def test_a_single_shot_connection(host: PeerProcess, counter: Any) -> None:
    taker = Taker()
    counter.ticked.connect(taker.take, Qt.ConnectionType.SingleShotConnection)
    host.ask("tick", 1, "one")
    host.ask("tick", 2, "two")
    wait_until(lambda: taker.calls)
    process_events(0.02)
    assert taker.calls == [(1, "one")]


def test_connecting_a_local_signal_to_a_slot_of_the_source(host: PeerProcess, counter: Any) -> None:
    taker = Taker()
    taker.passed.connect(counter.tick)
    counter.ticked.connect(taker.take)
    taker.passed.emit(5, "asked")
    wait_until(lambda: taker.calls == [(5, "asked")])


def test_connections_made_before_the_source_live_through_reconnections(
    host: PeerProcess, node: QRemoteObjectNode
) -> None:
    counter = node.acquire(Counter, "counter")
    taker = Taker()
    counter.ticked.connect(taker.take)
    for round_ in range(3):
        node.connectToNode(host.info["url"])
        valid(counter)
        host.ask("tick", round_, "again")
        wait_until(partial(taker.took, round_ + 1))
        node.disconnectFromNode(host.info["url"])
        assert not counter.isReplicaValid()
    assert taker.calls == [(n, "again") for n in range(3)]
