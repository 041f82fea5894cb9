"""The .rep text of a class of Python is one that its objects can be acquired with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from pyside_ro import QRemoteObjectNode, RepFile
from pyside_ro.interface import Interface, PropertyInfo, SignalInfo, SlotInfo
from pyside_ro.repc.describing import repOfClass
from pyside_ro.replica.matching import memberOrder, unlike
from tests.behaviour.support import Peer, State, dropped, finished, live, shared_host, valid
from tests.helpers import PeerProcess, Recorder, remove_socket_file, wait_until
from tests.repc.fitting import FittingBox, FittingNot, fitting


@pytest.fixture(scope="module")
def host(qapp: Any) -> Iterator[PeerProcess]:
    with shared_host(fitting) as process:
        yield process


@pytest.fixture
def node(qapp: Any) -> Iterator[QRemoteObjectNode]:
    made = QRemoteObjectNode()
    yield made
    dropped(made)


@pytest.fixture(scope="module")
def box(qapp: Any) -> Any:
    """The replica class of the text for FittingBox."""
    text = repOfClass(FittingBox)
    assert "//" not in text, "there is nothing to tell of"
    return RepFile(text).replica["FittingBox"]


def refused(replica: Any) -> Any:
    wait_until(lambda: replica.state() is State.SignatureMismatch, message=lambda: repr(replica))
    return replica


def test_the_text_fits(host: PeerProcess, node: QRemoteObjectNode, box: Any) -> None:
    replica = node.acquire(box, "box")
    factor, count, timer = (
        Recorder(s) for s in (replica.factorChanged, replica.countChanged, replica.timerChanged)
    )
    changed, echoed, ended = map(Recorder, (replica.anyChanged, replica.echoed, replica.ended))
    node.connectToNode(host.info["url"])
    valid(replica)
    assert (replica.factor, replica.count, replica.other) == (1.5, 3, None)
    assert replica.fixed == {1: {2}} and replica.any == ("a", 1)
    assert valid(replica.timer).interval == 0
    wait_until(lambda: replica.rows.rowCount() == 2)
    # What a property of a source that says nothing of it is was told, once.
    assert factor.values == [1.5] and len(timer) == 1
    for value in (5, ("a", {1: 2}), None, {"k": [1]}):
        assert finished(replica.echo(value)) == value
    ended.wait(4)
    assert echoed.calls[0] == (0, (5, 1)) and echoed.calls[3] == (0, ({"k": [1]}, 1))
    assert finished(replica.more(4)) == 5
    replica.count, replica.any = 9, [1, "b"]
    wait_until(lambda: replica.any == [1, "b"] and replica.count == 9)
    assert changed.values[-1] == [1, "b"] and count.values[-1] == 9
    assert factor.values == [1.5]


def test_the_source_comes_again(
    peer: Peer, node: QRemoteObjectNode, box: Any, local_url: str
) -> None:
    first = peer(fitting, url=local_url)
    replica, dynamic = node.acquire(box, "box"), node.acquireDynamic("box")
    node.connectToNode(local_url)
    assert valid(dynamic).factor == valid(replica).factor == 1.5
    first.kill()
    wait_until(lambda: replica.state() is State.Suspect)
    remove_socket_file(local_url)
    peer(fitting, url=local_url)
    assert finished(valid(replica).more(1)) == finished(valid(dynamic).more(1)) == 2


def test_beside_a_replica_that_has_the_source_s_own_members(
    peer: Peer, node: QRemoteObjectNode, box: Any, local_url: str
) -> None:
    first = peer(fitting, url=local_url)
    dynamic = live(node, local_url, "box")
    typed = refused(node.acquire(box, "box"))
    assert "another replica of this node has the source's own members" in node.errorString()
    # It is not the one that has a right to it which has to go, later.
    first.kill()
    wait_until(lambda: dynamic.state() is State.Suspect)
    remove_socket_file(local_url)
    peer(fitting, url=local_url)
    assert finished(valid(dynamic).more(1)) == 2
    assert typed.state() is State.SignatureMismatch


@pytest.mark.parametrize("first", ["typed", "text"])
def test_the_class_itself_comes_first(
    host: PeerProcess, node: QRemoteObjectNode, box: Any, first: str
) -> None:
    both = [node.acquire(cls, "box") for cls in (FittingBox, box)[:: 1 if first == "typed" else -1]]
    own, other = both if first == "typed" else both[::-1]
    node.connectToNode(host.info["url"])
    assert finished(valid(own).more(2)) == 3
    refused(other)


def test_what_does_not_fit_is_told(host: PeerProcess, node: QRemoteObjectNode) -> None:
    text = repOfClass(FittingNot)
    assert [line for line in text.splitlines() if line.startswith("//")] == [
        "// told: it has no signal, in .rep it has toldChanged(double)",
        "// shared: its signal is changed(), in .rep it is sharedChanged(int)",
        "// mute: it has no signal, in .rep it has muteChanged(QVariant)",
    ]
    node.connectToNode(host.info["url"])
    refused(node.acquire(RepFile(text).replica["FittingNot"], "fittingNot"))
    for name in ("told", "shared", "mute"):
        assert f"property {name} is" in node.errorString()


def with_slots(*slots: tuple[str, ...], result: str = "") -> Interface:
    return Interface("Fitting", slots=tuple(SlotInfo("f", types, (), result) for types in slots))


def test_overloads_stay_apart() -> None:
    mine, source = with_slots(("QVariant",), ("PyObject",)), with_slots(("PyObject",))
    assert unlike(mine, source) == ["slot f(QVariant) is missing at the source"]
    turned = with_slots(("PyObject",), ("QVariant",))
    assert not unlike(mine, turned)
    order = memberOrder(mine, turned)
    assert order is not None and order.slots == [1, 0]
    assert not unlike(with_slots((), result="QVariant"), with_slots((), result="PyObject"))
    [line] = unlike(with_slots((), result="int"), with_slots((), result="PyObject"))
    assert line == "slot f() is 'PyObject' at the source, expected 'int'"


def test_a_constant_property() -> None:
    source = Interface("Fitting", (PropertyInfo("a", "int", constant=True),), (SignalInfo("z"),))
    mine = Interface(
        "Fitting",
        (PropertyInfo("a", "int", constant=True, notify=0),),
        (SignalInfo("aChanged", ("int",), ("a",)), SignalInfo("z")),
        (SlotInfo("f"),),
    )
    full = replace(source, slots=(SlotInfo("f"),))
    assert not unlike(mine, full)
    order = memberOrder(mine, full)
    assert order is not None and order.signals == [-1, 0] and order.starts == (0, 1, 2)
    [prop] = mine.properties
    # Read-only is less; what replicas set is more than a source has that never changes.
    assert not unlike(replace(mine, properties=(replace(prop, constant=False),)), full)
    writable = replace(prop, constant=False, writable=True)
    assert len(unlike(replace(mine, properties=(writable,)), full)) == 2
    # The other way round: what the source tells of, nobody would hear.
    assert len(unlike(full, mine)) == 2
