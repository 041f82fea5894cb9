"""What a dynamic replica promises: states, attributes, introspection, words, its own members."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QMetaMethod, QObject
from PySide6.QtTest import QSignalSpy
from shiboken6 import delete, isValid

from pyside_ro import (
    CannotCross,
    QRemoteObjectDynamicReplica,
    QRemoteObjectNode,
    QRemoteObjectReplica,
)
from tests.behaviour.hosts.gallery import gallery
from tests.behaviour.support import QUIET, State, finished, live, own, shared_host, valid
from tests.helpers import PeerProcess, Recorder, wait_until


@pytest.fixture(scope="module")
def host(qapp: Any) -> Iterator[PeerProcess]:
    with shared_host(gallery, env=QUIET) as process:
        yield process


def test_from_uninitialized_to_valid(host: PeerProcess, node: QRemoteObjectNode) -> None:
    counter = node.acquireDynamic("counter")
    assert isinstance(counter, QRemoteObjectDynamicReplica)
    assert counter.state() is State.Uninitialized
    assert not counter.isInitialized() and not counter.isReplicaValid()
    assert counter.node() is node
    events: list[object] = []
    counter.initialized.connect(lambda: events.append(("initialized", counter.value)))
    counter.stateChanged.connect(lambda new, old: events.append((new, old)))
    counter.notified.connect(lambda: events.append("notified"))
    assert node.connectToNode(host.info["url"])
    assert counter.waitForSource(5000)
    wait_until(lambda: "notified" in events)
    now = counter.value
    assert events == [("initialized", now), (State.Valid, State.Uninitialized), "notified"]
    assert counter.state() is State.Valid and counter.isInitialized() and counter.isReplicaValid()
    assert "counter" in repr(counter) and "Valid" in repr(counter)


def test_acquire_by_name_is_acquireDynamic(host: PeerProcess, node: QRemoteObjectNode) -> None:
    node.connectToNode(host.info["url"])
    counter = node.acquire("counter")
    assert isinstance(counter, QRemoteObjectDynamicReplica)
    assert finished(valid(counter).add(1, 2)) == 3


def test_before_initialization_attributes_say_what_to_do(node: QRemoteObjectNode) -> None:
    counter = node.acquireDynamic("counter")
    with pytest.raises(AttributeError) as caught:
        counter.value
    text = str(caught.value)
    assert "'counter'" in text and "'value'" in text and "initialized" in text
    assert "waitForSource" in text
    assert not hasattr(counter, "add")


def test_an_unknown_attribute_suggests_the_known_one(
    host: PeerProcess, node: QRemoteObjectNode
) -> None:
    counter = live(node, host, "counter")
    with pytest.raises(
        AttributeError, match=r"'counter' \(Counter\).*'valeu'.*did you mean 'value'"
    ):
        counter.valeu


def test_writing_asks_the_source(host: PeerProcess, node: QRemoteObjectNode) -> None:
    counter = live(node, host, "counter")
    host.ask("setValue", 1)
    wait_until(lambda: counter.value == 1)
    changes = Recorder(counter.valueChanged)
    counter.value = 2
    assert counter.value == 1 and not changes.values, "not before the source says so"
    assert changes.wait() == [2] and counter.value == 2
    counter.value = 2  # the source does not take it for a change
    assert finished(counter.add(0, 0)) == 0
    assert changes.values == [2]
    with pytest.raises(CannotCross, match="property counter.value"):
        counter.value = threading.Lock()


def test_read_only_properties_refuse_in_words(host: PeerProcess, node: QRemoteObjectNode) -> None:
    gauge = live(node, host, "gauge")
    before = gauge.x
    with pytest.raises(AttributeError, match="property 'x' of 'gauge' is read-only"):
        gauge.x = 5
    assert gauge.setProperty("x", 5) is False
    assert gauge.x == before


def test_property_and_setProperty(host: PeerProcess, node: QRemoteObjectNode) -> None:
    counter = live(node, host, "counter")
    changes = Recorder(counter.valueChanged)
    target = counter.value + 1
    assert counter.property("value") == target - 1
    assert counter.setProperty("value", target)
    assert changes.wait() == [target]
    assert counter.property("value") == target


def test_introspection(host: PeerProcess, node: QRemoteObjectNode) -> None:
    counter = live(node, host, "counter")
    meta = counter.metaObject()
    assert meta.className() == "Counter"
    assert isinstance(counter, QObject) and isinstance(counter, QRemoteObjectReplica)
    prop = meta.property(meta.indexOfProperty("value"))
    assert prop.typeName() == "int" and prop.isWritable() and prop.hasNotifySignal()
    assert prop.notifySignal().methodSignature() == b"valueChanged(int)"
    assert prop.read(counter) == counter.value
    ticked = meta.method(meta.indexOfSignal("ticked(int,QString)"))
    assert ticked.methodType() == QMetaMethod.MethodType.Signal
    assert meta.indexOfSlot("add(int,int)") >= 0
    assert {"value", "valueChanged", "add", "tick"} <= set(dir(counter))


def test_a_signal_spy(host: PeerProcess, node: QRemoteObjectNode) -> None:
    counter = live(node, host, "counter")
    spy = QSignalSpy(counter.ticked)
    host.ask("tick", 1, "one")
    host.ask("tick", 2, "two")
    wait_until(lambda: spy.count() == 2)
    assert [spy.at(i) for i in range(2)] == [[1, "one"], [2, "two"]]
    host.tell("tick", 3, "three")
    assert spy.wait(5000)


def test_the_sources_members_win_over_the_replicas_own(
    host: PeerProcess, node: QRemoteObjectNode
) -> None:
    node.connectToNode(host.info["url"])
    colliding: Any = node.acquireDynamic("colliding")
    ready = Recorder(colliding.initialized)
    states = Recorder(colliding.stateChanged)
    wait_until(lambda: own(colliding) is State.Valid)
    assert ready.calls == [(0, ())] and states.values == [State.Valid], "the replica's, before"
    assert colliding.state == 3
    changes = Recorder(colliding.stateChanged)
    texts = Recorder(colliding.initialized)
    numbers = Recorder(colliding.notified)
    colliding.state = 4
    assert changes.wait() == [4] and colliding.state == 4
    finished(colliding.emitAll())
    assert texts.wait() == ["from the source"] and numbers.wait() == [9]
    assert finished(colliding.node()) == "the source's node"
    assert finished(colliding.waitForSource(7)) is True
    assert QRemoteObjectReplica.state(colliding) is State.Valid
    assert QRemoteObjectReplica.node(colliding) is node
    assert QRemoteObjectReplica.waitForSource(colliding, 10) is True
    assert QRemoteObjectReplica.isReplicaValid(colliding)
    # The replica's own stateChanged still reached who connected to it before.
    node.disconnectFromNode(host.info["url"])
    assert states.wait(2)[1] is State.Suspect and changes.values == [4]


def test_a_deleted_replica_is_no_trouble_to_the_others(
    host: PeerProcess, node: QRemoteObjectNode
) -> None:
    second = live(node, host, "counter")
    first: Any = node.acquireDynamic("counter")

    def end() -> None:
        if isValid(first):
            delete(first)

    second.valueChanged.connect(end)
    changes = Recorder(second.valueChanged)
    target = second.value + 1
    host.ask("setValue", target)
    changes.wait()
    with pytest.raises(RuntimeError, match="deleted"):
        first.objectName()
    host.ask("setValue", target + 1)
    changes.wait(2)


def test_a_replica_is_not_made_by_hand() -> None:
    with pytest.raises(TypeError, match=r"node.acquire\(\)"):
        QRemoteObjectDynamicReplica()
