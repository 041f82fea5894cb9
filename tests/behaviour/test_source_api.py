"""Any QObject, unchanged: what of its API reaches a replica, and how each kind behaves."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, Slot

from pyside_ro import QRemoteObjectNode, interfaceOf
from tests.behaviour.hosts.gallery import gallery
from tests.behaviour.support import QUIET, failure, finished, live, shared_host
from tests.helpers import PeerProcess, Recorder, process_events, wait_until


@pytest.fixture(scope="module")
def host(qapp: Any) -> Iterator[PeerProcess]:
    with shared_host(gallery, env=QUIET) as process:
        yield process


def test_properties_signals_and_slots(host: PeerProcess, node: QRemoteObjectNode) -> None:
    counter = live(node, host, "counter")
    changes = Recorder(counter.valueChanged)
    ticks = Recorder(counter.ticked)
    host.ask("setValue", 41)
    assert changes.wait() == [41] and counter.value == 41
    host.ask("tick", 3, "three")
    ticks.wait()
    assert ticks.calls == [(0, (3, "three"))]
    assert finished(counter.add(2, 3)) == 5
    assert finished(counter.add(b=2, a=3)) == 5
    assert finished(counter.setValue(6)) is None
    assert host.ask("value") == 6
    assert counter.value == 6, "the change comes before the answer of the call that made it"


def test_overloaded_slots(host: PeerProcess, node: QRemoteObjectNode) -> None:
    forms = live(node, host, "forms")
    assert finished(forms.put(1)) == "int 1"
    assert finished(forms.put("one")) == "str one"
    assert finished(forms.put(1, "one")) == "int 1 one"
    with pytest.raises(TypeError, match=r"forms.put takes .*put\(int\).* 3 arguments given"):
        forms.put(1, 2, 3)


def test_overloaded_signals(host: PeerProcess, node: QRemoteObjectNode) -> None:
    forms = live(node, host, "forms")
    seen = Recorder(forms.sent[int], forms.sent[str], forms.sent[int, str])
    host.ask("sendAll")
    seen.wait(3)
    assert seen.calls == [(0, (1,)), (1, ("two",)), (2, (3, "three"))]


def test_default_arguments(host: PeerProcess, node: QRemoteObjectNode) -> None:
    forms = live(node, host, "forms")
    assert finished(forms.scale(1.5)) == 3.0
    assert finished(forms.scale(1.5, 4)) == 6.0
    assert finished(forms.scale(value=1.0, factor=5.0)) == 5.0
    with pytest.raises(TypeError, match="forms.scale: of value, factor only the last ones can be"):
        forms.scale(factor=5.0)


def test_enums(host: PeerProcess, node: QRemoteObjectNode) -> None:
    kinds = live(node, host, "kinds")
    assert [(key.name, key.value) for key in kinds.Mode] == [("Off", 0), ("Slow", 5), ("Fast", 7)]
    assert kinds.Option.Bold | kinds.Option.Wide == 3
    kinds.mode = kinds.Mode.Fast
    wait_until(lambda: kinds.mode == kinds.Mode.Fast)
    kinds.mode = kinds.Mode.Slow.value
    wait_until(lambda: kinds.mode == 5)
    assert kinds.level == 3, "an IntEnum in an int property"
    meta = kinds.metaObject()
    assert {e.name for e in interfaceOf(kinds).enums} == {"Mode", "Option"}
    assert meta.property(meta.indexOfProperty("mode")).isWritable()


def test_a_constant(host: PeerProcess, node: QRemoteObjectNode) -> None:
    kinds = live(node, host, "kinds")
    assert kinds.serial == "SN-7"
    meta = kinds.metaObject()
    serial = meta.property(meta.indexOfProperty("serial"))
    assert serial.isConstant() and not serial.isWritable()
    with pytest.raises(AttributeError, match="'serial' of 'kinds' is read-only"):
        kinds.serial = "x"


def test_a_property_without_notify_signal(host: PeerProcess, node: QRemoteObjectNode) -> None:
    kinds = live(node, host, "kinds")
    before = kinds.silent
    kinds.silent = before + 1
    # Nothing tells of the change: the replica has the value of its snapshot, as in Qt.
    assert finished(kinds.readSilent()) == before + 1
    assert kinds.silent == before
    meta = kinds.metaObject()
    assert not meta.property(meta.indexOfProperty("silent")).hasNotifySignal()


def test_one_notify_signal_for_several_properties(
    host: PeerProcess, node: QRemoteObjectNode
) -> None:
    gauge = live(node, host, "gauge")
    seen: list[tuple[int, float, str]] = []
    gauge.moved.connect(lambda: seen.append((gauge.x, gauge.y, gauge.name)))
    host.ask("move", 1, 1.5, "one")
    host.ask("move", 2, 2.5, "two")
    wait_until(lambda: len(seen) >= 2)
    process_events(0.02)
    assert seen == [(1, 1.5, "one"), (2, 2.5, "two")], "one emission each, all values there"


def test_notify_signals_with_and_without_arguments(
    host: PeerProcess, node: QRemoteObjectNode
) -> None:
    gauge = live(node, host, "gauge")
    kinds = live(node, host, "kinds")
    limits = Recorder(gauge.limitChanged)
    statuses = Recorder(kinds.statusChanged)
    gauge.limit = 12.5
    limits.wait()
    assert limits.calls == [(0, (12.5, "asked"))] and gauge.limit == 12.5
    host.ask("setStatus", "printing")
    statuses.wait()
    assert statuses.calls == [(0, ())] and kinds.status == "printing"


def test_a_notify_signal_carries_its_argument_even_if_the_value_differs(
    host: PeerProcess, node: QRemoteObjectNode
) -> None:
    kinds = live(node, host, "kinds")
    modes = Recorder(kinds.modeChanged)
    now = kinds.mode
    host.ask("emitMode", 99)  # the argument says 99, the property did not change
    assert modes.wait() == [99] and kinds.mode == now


def test_inherited_members(host: PeerProcess, node: QRemoteObjectNode) -> None:
    derived = live(node, host, "derived")
    assert (derived.base, derived.own) == (11, 12)
    assert finished(derived.who()) == "derived"


def test_the_classinfo_ancestor_bounds_the_api(host: PeerProcess, node: QRemoteObjectNode) -> None:
    lamp = live(node, host, "smart")
    assert lamp.lit is True
    assert interfaceOf(lamp).name == "Lamp"
    assert node.connectedSources()["smart"].typeName == "Lamp"
    assert node.instances("Lamp") == ["smart"]
    with pytest.raises(AttributeError, match="smart.*no attribute 'secret'"):
        lamp.secret


@pytest.mark.parametrize("name", ["kinds", "connected"])
def test_private_and_undecorated_members_stay_at_home(
    host: PeerProcess, node: QRemoteObjectNode, name: str
) -> None:
    # "connected" had signals connected to its undecorated and private methods.
    kinds = live(node, host, name)
    interface = interfaceOf(kinds)
    assert [p.name for p in interface.properties] == [
        "serial",
        "silent",
        "status",
        "mode",
        "level",
    ]
    assert [s.signature for s in interface.slots] == ["setStatus(QString)", "readSilent()"]
    assert [s.signature for s in interface.signals] == ["modeChanged(int)", "statusChanged()"]
    with pytest.raises(AttributeError, match="undecorated"):
        kinds.undecorated()
    with pytest.raises(AttributeError, match="_private"):
        kinds._private()
    with pytest.raises(AttributeError, match="deleteLaterr"):
        kinds.deleteLaterr


def test_wrong_arguments_are_refused_in_words(host: PeerProcess, node: QRemoteObjectNode) -> None:
    counter = live(node, host, "counter")
    with pytest.raises(TypeError, match=r"counter.add\(int,int\) takes 2 arguments, 1 given"):
        counter.add(1)
    with pytest.raises(TypeError, match="unexpected argument 'c'; it takes a, b"):
        counter.add(1, c=2)
    with pytest.raises(TypeError, match="lacks the argument 'b'"):
        counter.add(a=1)
    assert "argument 1 (a) must be int, not str" in str(failure(counter.add("x", 1)))
    assert "does not fit int" in str(failure(counter.add(1, 2**40)))
    assert finished(counter.add(1, 1)) == 2


def _logged(function: Any) -> Any:
    @functools.wraps(function)
    def wrapper(*args: Any) -> Any:
        return function(*args)

    return wrapper


class Named(QObject):
    @Slot(int, int)
    def plain(self, first: int, second: int = 2, *rest: int, keyword: int = 0) -> None:
        own = first + second  # no parameter
        assert own

    @Slot(int)
    @_logged
    def wrapped(self, inner: int) -> None: ...

    @Slot(int, int)
    def few(self, *args: int) -> None: ...

    @Slot(int)
    def only(self, /, number: int) -> None: ...


def test_the_names_of_slots_parameters() -> None:
    names = {slot.name: slot.names for slot in interfaceOf(Named).slots}
    assert names == {
        "plain": ("first", "second"),
        "wrapped": ("inner",),
        "few": (),
        "only": ("number",),
    }


def test_no_class_of_the_program_hears_of_how_it_is_read() -> None:
    heirs: list[str] = []

    class Meta(type(QObject)):  # type: ignore[misc]
        def __new__(cls, name: str, bases: Any, namespace: Any) -> Any:
            heirs.append(namespace["title"])
            return super().__new__(cls, name, bases, namespace)

    class Plugin(QObject, metaclass=Meta):
        title = "base"

        def __init_subclass__(cls) -> None:
            heirs.append(vars(cls)["title"] + "!")

    class Lamp(Plugin):
        title = "lamp"

        @Slot()
        def light(self) -> None: ...

    assert [slot.name for slot in interfaceOf(Lamp).slots] == ["light"]
    assert heirs == ["base", "lamp", "lamp!"]
