"""An interface crosses once; what happens when the object that was to bring it does not come."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Property, QObject, Signal

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, QRemoteObjectReplica
from pyside_ro.interface import interfaceOfClass
from pyside_ro.protocol.packets import FIRST_CHANNEL, Kind, ObjectEntry
from pyside_ro.replica import matching
from pyside_ro.replica.state import ReplicaState
from tests.badinput.raw import RawHost
from tests.helpers import wait_until
from tests.protocol.streams import stream

State = QRemoteObjectReplica.State


class Twin(QObject):
    """What two objects of one class have."""

    valueChanged = Signal(int)
    value = Property(int, lambda self: 3, notify=valueChanged)


@pytest.fixture(autouse=True)
def nothingKnown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "_known", {})


def test_of_many_objects_of_one_class_only_the_first_brings_its_interface(
    qapp: Any, local_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[bool] = []
    plain = ReplicaState.initialize

    def initialize(self: Any, base: int, values: Any, source: Any) -> bool:
        sent.append(source is not None)
        return plain(self, base, values, source)

    monkeypatch.setattr(ReplicaState, "initialize", initialize)
    host, twins = QRemoteObjectHost(local_url), [Twin() for _ in range(5)]
    for number, twin in enumerate(twins):
        assert host.enableRemoting(twin, str(number))
    node = QRemoteObjectNode()
    node.connectToNode(local_url)
    replicas = [node.acquireDynamic(str(number)) for number in range(5)]
    wait_until(lambda: all(r.state() is State.Valid for r in replicas))
    assert [replica.value for replica in replicas] == [3] * 5
    assert sent == [True, False, False, False, False]


def test_the_object_that_was_to_bring_it_is_gone(qapp: Any) -> None:
    interface = interfaceOfClass(Twin)
    lines = [ObjectEntry(name, "Twin", interface.signature).toWire() for name in "ab"]
    node = QRemoteObjectNode()
    with RawHost(stream([[int(Kind.ObjectList), lines]])) as host:
        a, b = node.acquireDynamic("a"), node.acquireDynamic("b")
        node.connectToNode(host.url)
        peer = host.wait_client()

        def asked(count: int) -> list[Any]:
            peer.read()
            found = [p for p in peer.packets if p[0] in (Kind.AddObject, Kind.RemoveObject)]
            return found if len(found) >= count else []

        first = wait_until(lambda: asked(2))
        assert first == [[Kind.AddObject, "a", True], [Kind.AddObject, "b", False]]
        peer.say([int(Kind.RemoveObject), "a", "it is gone"])
        peer.say([int(Kind.InitPacket), "b", FIRST_CHANNEL, [3]])
        [_, _, left, again] = wait_until(lambda: asked(4))
        assert left[:2] == [Kind.RemoveObject, "b"] and again == [Kind.AddObject, "b", True]
        assert b.state() is State.Uninitialized
        peer.say([int(Kind.InitDynamicPacket), "b", FIRST_CHANNEL, [4], interface.toWire()])
        wait_until(lambda: b.state() is State.Valid)
        assert b.value == 4 and a.state() is State.Uninitialized
    node.deleteLater()


def test_a_host_that_never_sends_it_is_told_so(qapp: Any) -> None:
    line = ObjectEntry("a", "Twin", interfaceOfClass(Twin).signature).toWire()
    init = [int(Kind.InitPacket), "a", FIRST_CHANNEL, [3]]
    node = QRemoteObjectNode()
    with RawHost(stream([[int(Kind.ObjectList), [line]]])) as host:
        a = node.acquireDynamic("a")
        node.connectToNode(host.url)
        peer = host.wait_client()
        assert peer.wait_packet(Kind.AddObject) == [Kind.AddObject, "a", True]
        peer.say(init)
        assert "'a' was sent without its interface" in peer.wait_end()
        assert a.state() is State.Uninitialized
    node.deleteLater()


@pytest.mark.parametrize(
    ("types", "words"),
    [
        ([["Kind", "enum", [["On", 1]]]] * 2, "'Kind', or a part of it, is defined twice"),
        ([["Kind", "class", []]], "a type is no 'class'"),
        ([["Kind", "enum", [[f"k{i}", i] for i in range(20_000)]]], "20000 members"),
        ({"Kind": "enum"}, "a list is expected"),
    ],
)
def test_definitions_that_are_none(qapp: Any, types: Any, words: str) -> None:
    line = ObjectEntry("a", "Twin", "0" * 32).toWire()
    node = QRemoteObjectNode()
    with RawHost(stream([[int(Kind.ObjectList), [line]]])) as host:
        a = node.acquireDynamic("a")
        node.connectToNode(host.url)
        peer = host.wait_client()
        peer.wait_packet(Kind.AddObject)
        wire = [*interfaceOfClass(Twin).toWire(), types]
        peer.say([int(Kind.InitDynamicPacket), "a", FIRST_CHANNEL, [3], wire])
        assert words in peer.wait_end()
        assert a.state() is State.Uninitialized
    node.deleteLater()
