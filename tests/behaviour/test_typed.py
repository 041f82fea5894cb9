"""Replicas of a QObject subclass: usable before the source is there; and mismatches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Property, QObject, Signal, Slot

from pyside_ro import QRemoteObjectNode, QRemoteObjectReplica, interfaceOf
from tests.behaviour.hosts.gallery import gallery
from tests.behaviour.sources import Base, Counter, Forms, Gauge, Lamp
from tests.behaviour.support import QUIET, State, failure, finished, shared_host, valid
from tests.helpers import PeerProcess, Recorder, wait_until


@pytest.fixture(scope="module")
def host(qapp: Any) -> Iterator[PeerProcess]:
    with shared_host(gallery, env=QUIET) as process:
        yield process


def test_before_the_source_is_there(host: PeerProcess, node: QRemoteObjectNode) -> None:
    counter = node.acquire(Counter, "counter")
    gauge = node.acquire(Gauge, "gauge")
    assert isinstance(counter, QRemoteObjectReplica)
    assert counter.state() is State.Default and not counter.isInitialized()
    assert counter.value == 0
    assert (gauge.x, gauge.y, gauge.name) == (0, 0.0, "")
    changes, ticks = Recorder(counter.valueChanged), Recorder(counter.ticked)
    states = Recorder(counter.stateChanged)
    call = counter.add(1, 2)
    assert call.isFinished() and "counter.add was not called" in str(failure(call))
    host.ask("setValue", 77)
    node.connectToNode(host.info["url"])
    valid(counter)
    assert counter.value == 77 and changes.values == [77], "what differs from the default emits"
    assert states.calls == [(0, (State.Valid, State.Default))]
    host.ask("tick", 5)
    assert ticks.wait() == [5]
    assert finished(counter.add(1, 2)) == 3


def test_the_name_comes_from_the_type(host: PeerProcess, node: QRemoteObjectNode) -> None:
    lamp = node.acquire(Lamp)
    assert "'Lamp'" in repr(lamp)
    smart = node.acquire(Lamp, "smart")
    node.connectToNode(host.info["url"])
    assert valid(smart).lit is True
    assert lamp.state() is State.Default


def test_overloads_of_a_typed_replica(host: PeerProcess, node: QRemoteObjectNode) -> None:
    forms = node.acquire(Forms, "forms")
    seen = Recorder(forms.sent[int], forms.sent[str], forms.sent[int, str])
    node.connectToNode(host.info["url"])
    valid(forms)
    assert finished(forms.put("x")) == "str x"
    host.ask("sendAll")
    seen.wait(3)
    assert [kind for kind, _ in seen.calls] == [0, 1, 2]


def reordered() -> type[QObject]:
    """The members of Counter in another order."""
    namespace: dict[str, Any] = {"ticked": Signal(int, str), "valueChanged": Signal(int)}

    def setValue(self: Any, value: int) -> None: ...

    def add(self: Any, a: int, b: int) -> None: ...

    def tick(self: Any, number: int, text: str) -> None: ...

    def storm(self: Any, first: int, count: int) -> None: ...

    namespace["storm"] = Slot(int, int)(storm)
    namespace["tick"] = Slot(int, str)(tick)
    namespace["add"] = Slot(int, int, result=int)(add)
    namespace["setValue"] = Slot(int)(setValue)
    namespace["value"] = Property(int, lambda self: 0, setValue, notify=namespace["valueChanged"])
    make: Any = type(QObject)
    made: type[QObject] = make("Reordered", (QObject,), namespace)
    return made


def test_members_in_another_order_are_the_same_interface(
    host: PeerProcess, node: QRemoteObjectNode
) -> None:
    counter: Any = node.acquire(reordered(), "counter")
    changes, ticks = Recorder(counter.valueChanged), Recorder(counter.ticked)
    node.connectToNode(host.info["url"])
    valid(counter)
    counter.value = 501
    wait_until(lambda: counter.value == 501)
    assert changes.values[-1] == 501
    host.ask("tick", 6, "six")
    assert ticks.wait() == [6]
    assert finished(counter.add(3, 4)) == 7
    finished(counter.tick(8, "eight"))
    assert ticks.wait(2) == [6, 8]


def test_another_interface_is_a_mismatch_in_words(
    host: PeerProcess, node: QRemoteObjectNode
) -> None:
    base = node.acquire(Base, "gauge")
    states = Recorder(base.stateChanged)
    node.connectToNode(host.info["url"])
    assert base.waitForSource(5000) is False, "it ends at once, there is nothing to wait for"
    assert base.state() is State.SignatureMismatch
    assert states.values == [State.SignatureMismatch]
    assert not base.isReplicaValid()
    text = node.errorString()
    assert "'gauge'" in text and "property base is missing at the source" in text
    assert "property x is new at the source" in text
    assert "property base is missing" in str(failure(base.who()))


def test_typed_and_dynamic_replicas_of_one_source(
    host: PeerProcess, node: QRemoteObjectNode
) -> None:
    dynamic: Any = node.acquireDynamic("counter")
    typed = node.acquire(Counter, "counter")
    wrong = node.acquire(Base, "counter")
    assert wrong.state() is State.Default, "nobody knows yet which one is right"
    node.connectToNode(host.info["url"])
    valid(dynamic)
    valid(typed)
    assert wrong.state() is State.SignatureMismatch
    seen = [Recorder(dynamic.valueChanged), Recorder(typed.valueChanged)]
    target = dynamic.value + 1
    dynamic.value = target
    for one in seen:
        assert one.wait()[-1] == target
    assert typed.value == target
    assert interfaceOf(dynamic).signature == interfaceOf(typed).signature


def test_what_describes_no_api(node: QRemoteObjectNode) -> None:
    with pytest.raises(TypeError, match="acquireDynamic"):
        node.acquire(QObject)
    with pytest.raises(TypeError, match="QObject subclass"):
        node.acquire(int)  # type: ignore[type-var]
