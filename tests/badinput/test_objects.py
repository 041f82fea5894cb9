"""Bad hosts and bad clients, with the packets of objects within objects and of models."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pyside_ro import (
    Limits,
    QAbstractItemModelReplica,
    QRemoteObjectHost,
    QRemoteObjectNode,
    QRemoteObjectReplica,
)
from pyside_ro.protocol.packets import Kind
from tests.badinput.objects import (
    HELD,
    MODEL,
    NAMED,
    PASSED,
    TABLE,
    THING,
    channels,
    child,
    holding_host,
    reference,
    root,
)
from tests.badinput.raw import RawClient, RawHost
from tests.badinput.ticking import Ticker, served
from tests.helpers import PeerProcess, process_events, unique_local_url, wait_until
from tests.protocol.streams import stream

State = QRemoteObjectReplica.State
CHILD, UPDATE, REPLY = int(Kind.Child), int(Kind.Update), int(Kind.InvokeReplyPacket)
MIB = 1024 * 1024


class Visitor:
    """A node with a good host, which is to miss nothing, and a bad one."""

    def __init__(self, **limits: int) -> None:
        self._host = QRemoteObjectHost(unique_local_url())
        self._source = Ticker()
        assert self._host.enableRemoting(self._source, "ticker")
        self.node = QRemoteObjectNode(limits=Limits(**limits))
        self.node.connectToNode(self._host.hostUrl())
        self.ticker: Any = self.node.acquireDynamic("ticker")
        assert self.ticker.waitForSource(10_000)
        self.ticks: list[int] = []
        self.ticker.ticked.connect(self.ticks.append)
        self.thing: Any = self.node.acquireDynamic("thing")
        self._bad: list[RawHost] = []

    def visit(self, *packets: list[Any]) -> Any:
        """Connect to a host that says this; give the replica of its "thing"."""
        self._bad.append(RawHost(stream(list(packets))))
        self.node.connectToNode(self._bad[-1].url)
        return self.thing

    def turn(self) -> None:
        for each in self._bad:
            each.turn()

    def valid(self) -> Any:
        """Wait for the replica of "thing"."""
        wait_until(lambda: (self.turn(), self.thing.isReplicaValid())[1], 10, self.node.errorString)
        return self.thing

    def told(self, words: str) -> None:
        """Wait until the bad host was left, for this reason."""
        wait_until(
            lambda: (self.turn(), words in self.node.errorString())[1], 10, self.node.errorString
        )

    def close(self) -> None:
        wanted = len(self.ticks) + 3
        wait_until(lambda: len(self.ticks) >= wanted)
        assert self.ticks == list(range(self.ticks[0], self.ticks[0] + len(self.ticks)))
        assert self.ticker.isReplicaValid()
        for each in self._bad:
            each.__exit__()


@pytest.fixture
def visitor(qapp: Any) -> Iterator[Visitor]:
    made = Visitor()
    yield made
    made.close()


GOOD = child("thing.one~1", 64, [1, None, None])
MALFORMED: dict[str, tuple[list[Any], str]] = {
    "nothing in it": ([CHILD], "malformed snapshot of a child"),
    "cut off": (GOOD[:5], "malformed snapshot of a child"),
    "a number as its name": ([CHILD, 7, *GOOD[2:]], "malformed snapshot of a child"),
    "values that are none": ([*GOOD[:3], {"a": 1}, *GOOD[4:]], "malformed snapshot of a child"),
    "a channel that is a kind": (
        [*GOOD[:2], 3, *GOOD[3:]],
        "'thing.one~1' was sent with channel 3, which is no object's",
    ),
    "a negative channel": ([*GOOD[:2], -5, *GOOD[3:]], "which is no object's"),
    "without its interface": (
        child("thing.one~1", 64, [1, None, None], sent=False),
        "'thing.one~1' was sent without its interface",
    ),
    "another signature": ([*GOOD[:5], "0" * 32, *GOOD[6:]], "was sent without its interface"),
    "no interface at all": ([*GOOD[:6], "Thing", False], ""),
    "too few values": (child("x~1", 64, [1]), "1 values for 3 properties"),
    "too many values": (child("x~1", 64, [1] * 9), "9 values for 3 properties"),
    "a model's without values": (child("x~1", 64, [], TABLE), "0 values for 3 properties"),
    "an update of nothing": ([UPDATE], "a malformed update"),
    "an update before the first": ([UPDATE, "thing", -1, 0], "a malformed update"),
    "an update by name": ([UPDATE, "thing", "value", 0], "a malformed update"),
    "an unknown way to refer": ([UPDATE, "thing", 1, reference(9, "x")], "a value of kind OBJECT"),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_host_that_tells_of_children_wrongly(visitor: Visitor, case: str) -> None:
    packet, words = MALFORMED[case]
    visitor.visit(*root(), packet)
    if words:
        visitor.told(words)
    else:
        visitor.told("interface")
    wait_until(lambda: (visitor.turn(), visitor.thing.state() is not State.Valid)[1])


def test_references_to_what_never_comes(visitor: Visitor) -> None:
    lost = [reference(how, f"gone {how}") for how in (PASSED, HELD, NAMED, MODEL)]
    visitor.visit(*root(reference(HELD, "gone"), [lost, {"deep": lost}]))
    thing = visitor.valid()
    one, (passed, held, named, model) = thing.one, thing.any[0]
    assert passed is None
    for replica in (one, held, named):
        assert QRemoteObjectReplica.state(replica) is State.Uninitialized
        with pytest.raises(AttributeError, match="has no attribute 'value' yet"):
            replica.value
    assert isinstance(model, QAbstractItemModelReplica) and model.rowCount() == 0
    assert not model.isInitialized() and model.availableRoles() == []
    assert thing.any[1]["deep"][1:] == [held, named, model], "the same each time"


def test_updates_of_what_is_not_there_are_ignored(visitor: Visitor) -> None:
    visitor.visit(
        *root(),
        [UPDATE, "nobody", 0, 1],
        [UPDATE, "thing", 2**40, 1],
        [UPDATE, "thing", 3, 1],
        [UPDATE, "thing", 0, 5],
    )
    thing = visitor.valid()
    wait_until(lambda: thing.value == 5)


def test_circles_in_what_is_announced(visitor: Visitor) -> None:
    names = [f"thing.one~{i}" for i in range(3)]
    ring = [
        child(name, 64 + 16 * i, [i, reference(HELD, names[(i + 1) % 3]), None], sent=not i)
        for i, name in enumerate(names)
    ]
    itself = child("thing.any~4", 128, [9, reference(HELD, "thing.any~4"), None], sent=False)
    visitor.visit(*ring, itself, *root(reference(HELD, names[0]), [reference(HELD, "thing.any~4")]))
    thing = visitor.valid()
    first = thing.one
    assert first.one.one.one is first and first.one.one.value == 2
    assert thing.any[0].one is thing.any[0]


def test_one_object_announced_in_contradictory_ways(visitor: Visitor) -> None:
    other = ["Other", [["text", "QString", False, False, -1]], [], [], []]
    visitor.visit(
        *root(),
        child("x~1", 64, [1, None, None]),
        child("x~1", 64, [2, None, None]),  # the same channels again
        [UPDATE, "thing", 1, reference(HELD, "x~1")],
        child("x~1", 96, ["text"], other),  # it is something else now
        [UPDATE, "thing", 2, reference(HELD, "x~1")],
        child("thing", 128, [7, reference(HELD, "thing"), reference(HELD, "x~1")], own=True),
        child("x~2", 128, ["clash"], other),  # in the channels of another one
        child("y~1", 160, [1, None, None]),
        child("table~1", 192, [[0], {}, None], TABLE),
        child("table~1", 224, [1, None, None]),  # first a model, then none
    )
    thing = visitor.valid()
    wait_until(lambda: thing.value == 7)
    assert thing.any.text == "text"
    assert QRemoteObjectReplica.state(thing.one) is State.Valid and thing.one.value == 7


def test_what_calls_itself_a_model_and_is_none(visitor: Visitor) -> None:
    liar = ["QAbstractItemModelAdapter", *THING[1:]]
    visitor.visit(
        *root(),
        child("x~1", 64, [1, None, None], liar),
        child("x~2", 96, ["no list", 7, 8], TABLE),
        [UPDATE, "thing", 1, reference(MODEL, "x~1")],
        [UPDATE, "thing", 2, [reference(MODEL, "x~2"), reference(HELD, "x~2")]],
    )
    thing = visitor.valid()
    wait_until(lambda: isinstance(thing.any, list))
    for model in (thing.one, *thing.any):
        assert isinstance(model, QAbstractItemModelReplica)
        assert model.rowCount() == 0 and model.roleNames() == {}


def test_more_objects_than_a_node_allows(qapp: Any) -> None:
    crowds = {
        "children": [child(f"x~{i}", 64 + 16 * i, [1, None, None], sent=not i) for i in range(99)],
        "references": [[UPDATE, "thing", 2, [reference(HELD, f"x{i}") for i in range(99)]]],
        "interfaces": [
            child(f"x~{i}", 64 + 16 * i, [], [f"Kind{i}", [], [], [], []]) for i in range(99)
        ],
    }
    for name, packets in crowds.items():
        visitor = Visitor(maxObjects=40)
        visitor.visit(*root(), *packets)
        visitor.told("the host told of more than 40 objects (Limits.maxObjects)")
        visitor.close()
        assert len(visitor.node._children.states) <= 41, name


# Clients


@pytest.fixture(scope="module")
def held(qapp: Any) -> Iterator[tuple[PeerProcess, Any]]:
    with PeerProcess(holding_host, url=unique_local_url(), allow_stderr=True) as process:
        yield process, served(process)


@pytest.fixture
def bad(held: tuple[PeerProcess, Any]) -> Iterator[RawClient]:
    """A client that is subscribed to all; after it, a good one has missed nothing."""
    process, witness = held
    with RawClient(process.info["url"]) as client:
        yield client
        # It is served still, unless it was to be put out.
    witness.check(5)
    wait_until(lambda: process.ask("children") == 0)
    assert process.ask("intact") == [True, True]
    assert len(process.ask("rows")) == 100 and process.ask("rows")[0] == "row 0"


def answered(client: RawClient, serial: int) -> Any:
    """The answer to a call."""

    def found() -> Any:
        client.read()
        assert not client.over, client.packets
        replies = [p for p in client.packets if p[0] == REPLY and p[1] == serial]
        return replies[0] if replies else None

    return wait_until(found)


def test_a_client_that_refers_to_what_it_was_not_told_of(bad: RawClient) -> None:
    c = channels(bad)
    wrong: list[Any] = [
        reference(how, name)
        for how in (PASSED, HELD, NAMED, MODEL)
        for name in ("", "nobody", "ticker", "holder.one~999", "__class__", "x" * 5000)
    ]
    for serial, each in enumerate([*wrong, wrong], 1):
        bad.plain([c["take"], serial, each])
        assert answered(bad, serial)[2] in ("Opaque", "list")
    bad.plain([c["one"], 98, reference(NAMED, "nobody")])  # a write of the property
    assert len(answered(bad, 98)) == 5, "refused in words"
    bad.plain([c["take"], 99, reference(PASSED, c["inner"])])  # type: ignore[arg-type]
    assert answered(bad, 99)[2] == "Holder"


def test_a_client_cannot_subscribe_to_children_nor_leave_them(bad: RawClient) -> None:
    c: dict[str, Any] = channels(bad)
    bad.say([int(Kind.AddObject), c["inner"], True])
    refused = bad.wait_packet(Kind.RemoveObject)
    assert refused[1:] == [c["inner"], f"no object is shared as '{c['inner']}'"]
    bad.say([int(Kind.RemoveObject), c["inner"], "bye"], [int(Kind.RemoveObject), c["model"], ""])
    bad.say([c["model.describe"], 5])
    assert answered(bad, 5)[2][0] == [100, 1, False]


def test_a_client_that_tells_of_objects_itself(bad: RawClient) -> None:
    c = channels(bad)
    bad.say(GOOD, [UPDATE, "holder", 0, 1], [UPDATE], [CHILD], [c["take"], 1, 2])
    assert answered(bad, 1)[2] == "int"


def test_a_client_that_asks_a_model_for_nonsense(
    bad: RawClient, held: tuple[PeerProcess, Any]
) -> None:
    before = held[0].ask("peak")
    c = channels(bad)
    calls: list[tuple[str, list[Any]]] = [
        ("rows", [[[[], 0, 2**40, [0]]]]),
        ("rows", [[[[], -1, 5, [0]]]]),
        ("rows", [[[[5] * 100_000, 0, 5, [0]]]]),
        ("rows", [[[[], 5, 0, [0]]]]),
        ("rows", [[[[], 0, 5, [0] * 100_000]]]),
        ("rows", [[[[], 0, 99, [0]]] * 50_000]),
        ("rows", [["x", None, [1]]]),
        ("rows", [{}]),
        ("rows", []),
        ("sizes", [[[-1], [2**62], ["a"]]]),
        ("sizes", [[[]] * 200_000]),
        ("headers", [[[1, 0, 2**50, 0]]]),
        ("headers", [[[7, 0, 1, 0]]]),
        ("fetchMore", [[0] * 100_000]),
        ("fetchMore", [reference(PASSED, "holder")]),
        ("setData", [[2**40], 0, "x", 0]),
        ("setData", [[0], -1, "x", 2]),
        ("setData", [[0], 2**40, "x", 2]),
        ("setData", [[], 0, "x", 2]),
        ("setData", [[0], 0, "x", 999]),
        ("setCurrentIndex", [[2**40], 0, 2**40]),
        ("setCurrentIndex", ["x", 0, 0]),
    ]
    for serial, (slot, arguments) in enumerate(calls, 1):
        bad.plain([c[f"model.{slot}"], serial, *arguments])
        answered(bad, serial)
    assert held[0].ask("peak") - before < 150 * MIB


def test_a_client_that_comes_and_goes(held: tuple[PeerProcess, Any]) -> None:
    process, witness = held
    for turn in range(30):
        with RawClient(process.info["url"]) as client:
            client.say([int(Kind.AddObject), "holder", True])
            if turn % 2:
                client.say([int(Kind.RemoveObject), "holder", ""])
                client.say([int(Kind.AddObject), "holder", False])
            if turn % 3:
                process_events(0.005)
    wait_until(lambda: process.ask("children") == 0)
    witness.check(5)
