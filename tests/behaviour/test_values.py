"""Each kind of value through a property, a signal, a slot's argument and a slot's result."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from pyside_ro import CannotCross, QRemoteObjectNode
from tests.behaviour.hosts.values import values
from tests.behaviour.kinds_of_values import DECLARED, VALUES, same
from tests.behaviour.support import QUIET, Peer, finished, live, shared_host, valid
from tests.helpers import PeerProcess, Recorder, wait_until


@pytest.fixture(scope="module")
def host(qapp: Any) -> Iterator[PeerProcess]:
    with shared_host(values, app="gui", env=QUIET) as process:
        yield process


@pytest.fixture(scope="module")
def shared_node(host: PeerProcess) -> Iterator[QRemoteObjectNode]:
    node = QRemoteObjectNode()
    node.connectToNode(host.info["url"])
    yield node
    node.disconnectFromNode(host.info["url"])
    node.deleteLater()


@pytest.fixture(scope="module")
def box(shared_node: QRemoteObjectNode) -> Any:
    return valid(shared_node.acquireDynamic("box"))


@pytest.mark.parametrize("kind", VALUES)
def test_a_value_through_members_declared_as_object(box: Any, kind: str) -> None:
    expected = VALUES[kind]()
    sent = Recorder(box.sent)
    finished(box.send(kind))
    [(_, (argument, seven))] = sent.calls
    assert same(argument, expected) and seven == 7, f"signal: {argument!r}"
    result = finished(box.give(kind))
    assert same(result, expected), f"result: {result!r}"
    assert finished(box.take(expected, kind)) is True, "argument"
    finished(box.load(kind))
    assert same(box.value, expected), f"property: {box.value!r}"
    box.value = None
    box.value = expected
    assert finished(box.holds(kind)) is True, "a written property"
    assert same(box.value, expected)


def test_a_snapshot_holds_any_value(box: Any, host: PeerProcess, node: QRemoteObjectNode) -> None:
    for kind in ("numpy large", "dataclass", "QImage", "dict of any key"):
        finished(box.load(kind))
        assert node.connectToNode(host.info["url"])
        replica: Any = valid(node.acquireDynamic("box"))
        assert same(replica.value, VALUES[kind]()), kind
        node.disconnectFromNode(host.info["url"])


def test_nan(box: Any) -> None:
    nan = finished(box.give("float"))
    box.value = float("nan")
    wait_until(lambda: box.value != box.value)
    assert nan == 0.1


@pytest.mark.parametrize("kind", DECLARED)
def test_a_value_through_members_declared_with_its_type(
    shared_node: QRemoteObjectNode, kind: str
) -> None:
    expected = DECLARED[kind][1]()
    replica: Any = valid(shared_node.acquireDynamic(kind))
    assert same(replica.value, expected), f"snapshot: {replica.value!r}"
    assert same(replica.property("value"), expected), f"property(): {replica.property('value')!r}"
    sent, changed = Recorder(replica.sent), Recorder(replica.changed)
    finished(replica.send())
    assert same(sent.values[0], expected), f"signal: {sent.values!r}"
    result = finished(replica.give())
    assert same(result, expected), f"result: {result!r}"
    assert finished(replica.take(expected)) is True, "argument"
    replica.value = expected
    changed.wait()
    assert finished(replica.holds()) is True, "a written property"
    assert same(changed.values[0], expected) and same(replica.value, expected)
    meta = replica.metaObject()
    mine = meta.property(meta.indexOfProperty("value"))
    assert mine.isWritable() and mine.hasNotifySignal()


def test_what_cannot_cross_raises_at_the_client(box: Any) -> None:
    with pytest.raises(CannotCross, match=r"argument 1 \(value\) of box.take: .*lock"):
        box.take({"a": threading.Lock()}, "x")
    with pytest.raises(CannotCross, match=r"argument 1 \(value\) of box.take: .*64 bits"):
        box.take(2**64, "x")
    with pytest.raises(CannotCross, match=r"property box.value: .*surrogate"):
        box.value = "\ud800"
    assert finished(box.take(-7, "int")) is True, "the connection is unharmed"


def test_what_cannot_cross_raises_at_the_host(
    peer: Peer, local_url: str, node: QRemoteObjectNode
) -> None:
    host = peer(values, url=local_url, app="gui", allow_stderr=True)
    box = live(node, host, "box")
    signals = Recorder(box.sent, box.valueChanged)
    finished(box.hopeless())
    wait_until(lambda: host.stderr.count("CannotCross: ") == 3, message=lambda: host.stderr)
    lines = [line for line in host.stderr.splitlines() if "CannotCross: " in line]
    for line, words in zip(
        lines,
        (
            "argument 1 of signal box.sent: .*lock",
            "argument 1 of signal box.sent: .*QObject",
            "property box.value: .*64 bits",
        ),
        strict=True,
    ):
        assert re.search(words, line), line
    assert not signals.calls, "nothing half-written"
    assert finished(box.take(-7, "int")) is True


@pytest.mark.parametrize("inThread", [False, True], ids=["home", "thread"])
def test_one_property_does_not_keep_back_the_others(
    peer: Peer, local_url: str, node: QRemoteObjectNode, inThread: bool
) -> None:
    host = peer(values, url=local_url, allow_stderr=True)
    meter = live(node, host, "meter")
    seen: list[Any] = []
    lonely: list[Any] = []
    meter.changed.connect(lambda n: seen.append((n, meter.volts, meter.ohms, meter.last)))
    meter.alone.connect(lambda: lonely.append(meter.lonely))
    for volts in (3.0, 5.0, 7.0, 9.0):
        finished(meter.setVolts(volts, inThread))
    wait_until(lambda: len(lonely) == 4)
    assert seen == [
        (3, 3.0, -0.5, 3.0),
        (5, 5.0, None, 5.0),
        (7, 7.0, 0.5, None),
        (9, 9.0, 0.25, 9.0),
    ]
    assert lonely == [-0.5, None, 0.5, 0.25]
    wait_until(lambda: "CannotCross: property meter.last: " in host.stderr)
    wait_until(lambda: "meter.ohms: the property cannot be read" in host.stderr)
