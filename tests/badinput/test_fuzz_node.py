"""A node is fed mutated streams of hosts; its good connection goes on, and so does the node."""

from __future__ import annotations

import os
import time
import weakref
from random import Random
from typing import Any

import pytest
from PySide6.QtCore import Property, QObject, Signal, Slot

from pyside_ro import Interface, QRemoteObjectHost, QRemoteObjectNode
from tests.badinput.mutate import mutatedBytes, mutatedValue
from tests.badinput.objects import HELD, MODEL, NAMED, PASSED, TABLE, child, reference
from tests.badinput.raw import RawHost
from tests.badinput.ticking import Ticker, peak
from tests.helpers import PeerSide, unique_local_url, wait_until
from tests.protocol.streams import HELLO, PREAMBLE, frame, plainFrame, stream

ROUNDS = 120 * int(os.environ.get("PYSIDE_RO_FUZZ", "1"))
MIB = 1024 * 1024


class Fuzzed(QObject):
    """What the node expects of the object that it acquires by type."""

    changed = Signal(int)
    happened = Signal(str, object)

    @Property(int, notify=changed)
    def value(self) -> int:
        return 0

    @Slot(int, result=int)
    def twice(self, value: int) -> int:
        return value * 2


def victim(side: PeerSide, good: str) -> None:
    """A node with a good host, told to connect to a bad one again and again."""
    node = QRemoteObjectNode()
    node.connectToNode(good)
    ticker: Any = node.acquireDynamic("ticker")
    ticks: list[int] = []
    states: list[str] = []
    bad: list[str] = []
    replicas: list[Any] = []
    seen = {"initialized": 0, "emitted": 0}
    assert ticker.waitForSource(10_000)
    ticker.ticked.connect(ticks.append)
    ticker.stateChanged.connect(lambda new, old: states.append(new.name))

    def emitted(*_: Any) -> None:
        seen["emitted"] += 1

    def use(replica: Any) -> None:
        """As a program would that knows nothing of what is coming."""
        seen["initialized"] += 1
        meta = replica.metaObject()
        for index in range(meta.propertyCount()):
            replica.property(meta.property(index).name())
        for name in dir(replica):
            try:
                getattr(replica, name)
            except (AttributeError, RuntimeError):
                continue
        for name in ("changed", "happened"):
            try:
                getattr(replica, name).connect(emitted)
            except (AttributeError, TypeError):
                continue  # it became something else

    @side.command
    def visit(url: str) -> str:
        if bad:
            node.disconnectFromNode(bad.pop())
        replicas.clear()
        bad.append(url)
        dynamic = node.acquireDynamic("fuzzed")
        dynamic.initialized.connect(lambda: use(dynamic))
        replicas.extend([dynamic, node.acquire(Fuzzed, "typed")])
        node.connectToNode(url)
        return node.errorString()

    @side.command
    def report() -> dict[str, Any]:
        return {"ticks": ticks, "states": states, "peak": peak(), **seen}

    side.keep(node, ticker, replicas)
    side.ready()


def gone(raw: RawHost) -> bool:
    raw.peers[-1].read()
    return raw.peers[-1].over


def interface(name: str) -> list[Any]:
    return [
        name,
        [["value", "int", False, False, 0], ["level", "double", True, False, -1]],
        [["changed", ["int"], ["value"]], ["happened", ["QString", "PyObject"], []]],
        [["twice", ["int"], ["value"], "int"], ["stop", [], [], ""]],
        [["Mode", [["Off", 0], ["On", 1]], False]],
        [["Fact", "POD", [["name", "QString"], ["kind", "Kind"]]], ["Kind", "enum", [["A", 1]]]],
    ]


def conversation() -> list[list[Any]]:
    """What a host says after its handshake."""
    # The second time it is not sent: who knows its signature has not asked for it.
    signature = Interface.fromWire(interface("Fuzzed")).signature
    return [
        [9, [["fuzzed", "Fuzzed", signature], ["typed", "Fuzzed", "b" * 32]]],
        [3, "fuzzed", 32, [5, 0.5], interface("Fuzzed")],
        [3, "typed", 48, [5], [*interface("Fuzzed")[:1], *typed()]],
        *held(),
        [32, 6, 6],
        [33, "text", {"any": [1, 2, {"thing": b"x"}]}],
        [48, 7, 7],
        [10, 1],
        [7, 1, 42],
        [7, 2, "ValueError", "no ink", "fuzzed.twice"],
        [2, "fuzzed", 64, [1, 2.0]],
        [64, 3, 3],
        [5, "fuzzed", "withdrawn"],
        [9, [["fuzzed", "Fuzzed", signature]]],
        [2, "fuzzed", 80, [1, 2.0]],
    ]


def held() -> list[list[Any]]:
    """Objects and a model that a property holds, which hold each other; and what they say."""
    ring = [reference(HELD, f"f~{i}") for i in (1, 2)]
    table = [[0, 2], {0: b"display", 2: b"edit"}, [[3, 1, False], True, True, [], 0]]
    return [
        child("f~1", 96, [1, ring[1], None]),
        child("f~2", 104, [2, ring[0], [ring[1]]], sent=False),
        child("t~3", 128, table, TABLE),
        [17, "fuzzed", 1, [*ring, reference(MODEL, "t~3"), reference(NAMED, "typed")]],
        [96, 5, 5],
        [97, ring[0], ring[0]],
        [98, {"a": [ring[1], reference(PASSED, "f~1")]}],
        [7, 1, [[3, 1, False], True, True, [], 0]],  # an answer to nobody's question
        [128, [0, 2], {0: b"display", 2: b"edit"}],
        [129, [], 0, 1, 5],
        [130, [], 0, 0, 4],
        [17, "f~1", 1, None],
        [5, "f~2", "no property holds it any more"],
    ]


def typed() -> list[Any]:
    return [
        [["value", "int", False, False, 0]],
        [["changed", ["int"], []], ["happened", ["QString", "PyObject"], []]],
        [["twice", ["int"], ["value"], "int"]],
        [],
    ]


def fuzzed(random: Random, packets: list[list[Any]]) -> bytes:
    """A stream: mutated as bytes, as values, or with packets in any order."""
    kind = random.randrange(5)
    if kind == 0:
        return mutatedBytes(random, stream(*[[packet] for packet in packets]))
    if kind == 1:
        return PREAMBLE + frame([HELLO]) + mutatedBytes(random, frame(packets))
    if kind == 2:
        chosen = [mutatedValue(random, random.choice(packets)) for _ in range(12)]
        return stream() + plainFrame(*packets[:2], *chosen)
    # Only what describes the objects, so that most of it is understood.
    return stream() + plainFrame(
        packets[0],
        *(mutatedValue(random, packet, 0.04) for packet in packets[1:4]),
        *(mutatedValue(random, packet, 0.02) for packet in packets[4:]),
    )


def test_the_stream_is_valid_before_it_is_mutated(qapp):
    with RawHost(stream(conversation())) as raw:
        node = QRemoteObjectNode()
        replica: Any = node.acquireDynamic("fuzzed")
        expected: Any = node.acquire(Fuzzed, "typed")
        seen: list[Any] = []
        # Not `replica` itself: the connection would keep it, with its node, for ever.
        late = weakref.proxy(replica)
        replica.initialized.connect(lambda: late.happened.connect(lambda *a: seen.append(a)))
        node.connectToNode(raw.url)
        raw.wait_client()
        wait_until(expected.isReplicaValid)
        wait_until(replica.isReplicaValid)
        assert seen == [("text", {"any": [1, 2, {"thing": b"x"}]})]
        assert (expected.value, replica.value, replica.level) == (7, 1, 2.0)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_node_outlives_what_broken_hosts_send(peer, seed):
    ticker = Ticker()
    good = QRemoteObjectHost(unique_local_url())
    assert good.enableRemoting(ticker, "ticker")
    # Any traceback there fails the test when it ends. PySide itself grumbles about values that
    # are not of the type that their own host declared.
    allowed = [r"^pyside_ro", r"^_pythonToCppCopy"]
    other = peer(victim, good=good.hostUrl().toString(), allow_stderr=allowed)
    before = other.ask("report")["peak"]
    random = Random(seed)
    packets = conversation()
    for number in range(ROUNDS):
        with RawHost(fuzzed(random, packets), hangUp=random.random() < 0.5) as raw:
            other.ask("visit", raw.url)
            raw.wait_client()
            # Until it gave up, or has had all that it will ever get.
            end = time.monotonic() + 0.03
            wait_until(lambda raw=raw, end=end: gone(raw) or time.monotonic() > end)
        if number % 20 == 0:
            report = other.ask("report")
            assert report["states"] == []
    start = len(other.ask("report")["ticks"])
    wait_until(lambda: len(other.ask("report")["ticks"]) > start + 10)
    report = other.ask("report")
    ticks = report["ticks"]
    assert ticks == list(range(ticks[0], ticks[0] + len(ticks)))
    assert report["states"] == []
    assert report["peak"] - before < 150 * MIB
    # It was not all thrown away at the door.
    assert report["initialized"] > ROUNDS // 4
    assert report["emitted"] > ROUNDS // 4
    assert other.stderr.count("closing the connection") > ROUNDS // 4
