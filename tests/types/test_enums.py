"""Enums are symbolic on both sides; in QML they are numbers."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt

from pyside_ro import QRemoteObjectNode
from tests.behaviour.support import QUIET, finished, live, shared_host, valid
from tests.helpers import PeerProcess, QmlStage, Recorder, wait_until
from tests.types.hosts import Oven, serve


@pytest.fixture(scope="module")
def host() -> Iterator[PeerProcess]:
    """One host for all of this file."""
    with shared_host(serve, app="widgets", env=QUIET) as process:
        yield process


@pytest.fixture(params=["dynamic", "typed"])
def oven(request: Any, host: PeerProcess, node: QRemoteObjectNode) -> Any:
    if request.param == "dynamic":
        return live(node, host, "oven")
    node.connectToNode(host.info["url"])
    return valid(node.acquire(Oven, "oven"))


def test_an_enum_of_the_class(oven: Any) -> None:
    cls = type(oven)
    assert issubclass(cls.Heat, enum.IntEnum) and issubclass(cls.Lamp, enum.IntFlag)
    assert {m.name: m.value for m in cls.Door} == {"Open": 1, "Shut": 2}
    assert oven.door == Oven.Door.Shut == oven.door and oven.door != Oven.Door.Open
    assert oven.door == cls.Door.Shut == 2 and isinstance(oven.door, cls.Door)
    oven.heat = cls.Heat.High
    wait_until(lambda: oven.heat is cls.Heat.High)
    assert oven.heat == 7 and oven.heat.name == "High"
    assert type(oven.all[0]) is cls.Heat and type(oven.all[-1]) is cls.Door
    changes = Recorder(oven.heatChanged)
    oven.heat = 1  # as a number
    changes.wait()
    assert oven.heat is cls.Heat.Low
    assert finished(oven.turn(cls.Heat.High)) is cls.Heat.High


def test_the_source_gets_members(host: PeerProcess, oven: Any) -> None:
    cls = type(oven)
    turned = Recorder(oven.turned)
    assert finished(oven.turn(cls.Door.Open)) is cls.Door.Open
    assert turned.wait()[0] == cls.Door.Open and turned.calls[0][1][1] == [cls.Door.Open]
    oven.door = cls.Door.Shut
    oven.heat = cls.Heat.High
    assert finished(oven.turn(0)) == 0  # behind all that
    assert host.ask("got")[-4:-1] == ["<Door.Open: 1>", "<Door.Shut: 2>", "<Heat.High: 7>"]


def test_flags(host: PeerProcess, oven: Any) -> None:
    lamp = type(oven).Lamp
    oven.lamp = lamp.Grill
    wait_until(lambda: oven.lamp is lamp.Grill)
    oven.lamp = lamp.Top | lamp.Grill
    wait_until(lambda: oven.lamp == 3)
    assert oven.lamp == lamp.Top | lamp.Grill and lamp.Top in oven.lamp
    assert isinstance(oven.lamp, lamp)
    oven.lamp = lamp.Dark
    wait_until(lambda: oven.lamp == 0)
    assert oven.lamp is lamp.Dark


def test_a_wrong_member(oven: Any) -> None:
    before = oven.heat
    oven.heat = 99  # the source's own enum refuses it
    assert isinstance(finished(oven.turn(1)), int)
    assert oven.heat is before


def test_cpp_enums(host: PeerProcess, node: QRemoteObjectNode) -> None:
    timer = live(node, host, "timer")
    assert timer.timerType is Qt.TimerType.CoarseTimer
    timer.timerType = Qt.TimerType.PreciseTimer
    finished(timer.stop())
    assert type(timer.timerType) is Qt.TimerType
    label = valid(node.acquireDynamic("label"))
    assert label.alignment == Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
    assert type(label.alignment) is Qt.AlignmentFlag
    label.alignment = Qt.AlignmentFlag.AlignCenter
    finished(label.hide())
    assert host.ask("alignment") == repr(Qt.AlignmentFlag.AlignCenter)
    assert {"Box", "Panel"} <= set(type(label).Shape.__members__)
    assert label.frameShape == 0 or label.frameShape.name == "NoFrame"


def test_numbers_in_qml(oven: Any, qml: QmlStage) -> None:
    oven.heat = type(oven).Heat.High
    oven.door = type(oven).Door.Shut
    wait_until(lambda: oven.heat == 7 and oven.door == 2)
    page = qml.load(
        """
        import QtQml
        QtObject {
            property QtObject oven
            property int heat: oven ? oven.heat : -1
            property bool hot: oven ? oven.heat > 5 : false
            property int door: oven ? oven.door : -1
            property int lamp: oven ? oven.lamp : -1
            function cool() { oven.heat = 0 }
        }
        """,
        oven=oven,
    )
    assert (page.property("heat"), page.property("hot")) == (7, True)
    assert (page.property("door"), page.property("lamp")) == (2, int(oven.lamp))
    page.cool()
    wait_until(lambda: page.property("heat") == 0 and page.property("hot") is False)
    assert oven.heat is type(oven).Heat.Off
