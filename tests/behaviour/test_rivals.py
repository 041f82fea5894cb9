"""Replicas of one object on one node that expect different interfaces: each by its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

import pytest
from PySide6.QtCore import Property, QObject, Signal, Slot

from pyside_ro import QRemoteObjectNode, interfaceOf
from tests.behaviour.hosts.versions import Meter1, Meter2, meter
from tests.behaviour.support import Peer, State, dropped, finished, live, shared_host, valid
from tests.helpers import PeerProcess, Recorder, process_events, wait_until

Acquire = Callable[[QRemoteObjectNode], Any]

_KINDS: dict[str, Acquire] = {
    "one": lambda node: node.acquire(Meter1, "meter"),
    "two": lambda node: node.acquire(Meter2, "meter"),
    "dynamic": lambda node: node.acquireDynamic("meter"),
}


def other() -> type[QObject]:
    """The members of Meter1, in another order."""

    def scaled(self: Any, factor: int) -> int:
        return 0

    signals = {"unitChanged": Signal(), "nameChanged": Signal(str), "valueChanged": Signal(int)}

    def set_(self: Any, value: int) -> None: ...

    namespace: dict[str, Any] = {
        **signals,
        "unit": Property(str, lambda self: "", notify=signals["unitChanged"]),
        "name": Property(str, lambda self: "", notify=signals["nameChanged"]),
        "value": Property(int, lambda self: 0, set_, notify=signals["valueChanged"]),
        "scaled": Slot(int, result=int)(scaled),
    }
    make: Any = type(QObject)
    made: type[QObject] = make("OtherMeter", (QObject,), namespace)
    return made


@pytest.fixture(scope="module")
def first(qapp: Any) -> Iterator[PeerProcess]:
    with shared_host(meter, allow_stderr=True) as process:
        yield process


def released(replica: Any) -> None:
    """Delete a replica and let Qt do it."""
    replica.deleteLater()
    process_events(0.01)


def mismatched(replica: Any) -> Any:
    """Wait until it is one, and give it back."""
    wait_until(lambda: replica.state() is State.SignatureMismatch, message=lambda: repr(replica))
    return replica


@pytest.mark.parametrize("when", ["before the source", "after it", "one by one"])
@pytest.mark.parametrize("order", [*permutations(_KINDS)], ids="-".join)
def test_whatever_is_acquired_first(
    first: PeerProcess, node: QRemoteObjectNode, order: tuple[str, ...], when: str
) -> None:
    url = first.info["url"]
    first.ask("setValue", 5)
    if when != "before the source":
        node.connectToNode(url)
        assert node.waitForNode(url, 10_000)
    found, states = {}, {}
    for kind in order:
        replica = found[kind] = _KINDS[kind](node)
        states[kind] = Recorder(replica.stateChanged)
        if when == "one by one":
            replica.waitForSource(10_000)
    one, two, dynamic = found["one"], found["two"], found["dynamic"]
    node.connectToNode(url)
    valid(one)
    valid(dynamic)
    mismatched(two)
    if when == "before the source":
        assert states["one"].values == states["dynamic"].values == [State.Valid]
        assert states["two"].values == [State.SignatureMismatch]
    assert "property value is 'int, writable" in two._ro.reason
    assert "slot scaled(int) is new at the source" in two._ro.reason
    assert (one.value, dynamic.value, two.value) == (5, 5, 0.0)
    assert interfaceOf(dynamic).signature == interfaceOf(one).signature
    assert one._ro is dynamic._ro, "one subscription"
    changes = Recorder(one.valueChanged, dynamic.valueChanged, two.valueChanged)
    first.ask("setValue", 6)
    changes.wait(2)
    assert sorted(changes.calls) == [(0, (6,)), (1, (6,))]
    dynamic.value = 7
    changes.wait(4)
    assert one.value == 7 and finished(one.scaled(2)) == finished(dynamic.scaled(2)) == 14


def test_what_a_dynamic_replica_says_when_it_joins_a_typed_one(
    first: PeerProcess, node: QRemoteObjectNode
) -> None:
    first.ask("setValue", 5)
    dynamic = node.acquireDynamic("meter")
    told: list[object] = []
    dynamic.initialized.connect(lambda: dynamic.valueChanged.connect(told.append))
    dynamic.initialized.connect(lambda: told.append("initialized"))
    dynamic.stateChanged.connect(lambda new, old: told.append((new, old)))
    dynamic.notified.connect(lambda: told.append("notified"))
    mine = node.acquire(other(), "meter")
    assert dynamic.state() is State.Uninitialized and mine.state() is State.Default
    node.connectToNode(first.info["url"])
    valid(mine)
    valid(dynamic)
    assert told == ["initialized", (State.Valid, State.Uninitialized), 5, "notified"]
    assert (dynamic.value, dynamic.name, dynamic.unit) == (5, "meter", "V")
    changes = Recorder(mine.valueChanged, dynamic.valueChanged)
    mine.value = 8
    changes.wait(2)
    assert dynamic.value == mine.value == 8 and finished(dynamic.scaled(3)) == 24


@pytest.mark.parametrize("order", [("two", "one", "dynamic"), ("dynamic", "one", "two")])
def test_the_host_comes_back_with_another_version(
    peer: Peer, local_url: str, node: QRemoteObjectNode, order: tuple[str, ...]
) -> None:
    found = {kind: _KINDS[kind](node) for kind in order}
    one, two, dynamic = found["one"], found["two"], found["dynamic"]
    node.connectToNode(local_url)
    for version in (1, 2, 1):
        host = peer(meter, url=local_url, version=version, allow_stderr=True)
        right, wrong = (one, two) if version == 1 else (two, one)
        valid(right)
        mismatched(wrong)
        if version == 1:
            valid(dynamic)
        else:
            mismatched(dynamic)  # it has an API, and programs use it
        fresh = valid(node.acquireDynamic("meter"))
        assert (right.value, fresh.value) == ((1, 1) if version == 1 else (2.5, 2.5))
        released(fresh)
        assert right.state() is State.Valid
        host.kill()
        wait_until(lambda right=right: right.state() is State.Suspect)  # type: ignore[misc]


def test_the_right_one_goes_and_comes_again(first: PeerProcess, node: QRemoteObjectNode) -> None:
    first.ask("setValue", 5)
    url = first.info["url"]
    wrong = node.acquire(Meter2, "meter")
    right = node.acquire(Meter1, "meter")
    node.connectToNode(url)
    for _ in range(3):
        valid(right)
        mismatched(wrong)
        released(right)
        assert node._states["meter"] is wrong._ro and wrong.state() is State.SignatureMismatch
        right = node.acquire(Meter1, "meter")
    valid(right)
    released(wrong)
    assert right.state() is State.Valid and not node._rivals._waiting
    released(right)
    assert not node._states
    assert live(node, url, "meter").value == 5


def test_the_wrong_one_goes_before_the_source_comes(
    first: PeerProcess, node: QRemoteObjectNode
) -> None:
    first.ask("setValue", 5)
    wrong, right = node.acquire(Meter2, "meter"), node.acquire(Meter1, "meter")
    released(wrong)
    node.connectToNode(first.info["url"])
    assert valid(right).value == 5
    assert not node._rivals._waiting


def test_a_node_ends_with_all_of_them(first: PeerProcess, qapp: Any) -> None:
    node = QRemoteObjectNode()
    wrong, right = node.acquire(Meter2, "meter"), node.acquire(Meter1, "meter")
    node.connectToNode(first.info["url"])
    valid(right)
    dropped(node)
    assert right.state() is State.Suspect
    released(right)
    released(wrong)
