"""Sources that are no Python classes: C++ objects and objects defined in QML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt

from pyside_ro import QRemoteObjectNode, interfaceOf
from tests.behaviour.hosts.native import native
from tests.behaviour.support import QUIET, failure, finished, live, shared_host
from tests.helpers import PeerProcess, Recorder, wait_until


@pytest.fixture(scope="module")
def host(qapp: Any) -> Iterator[PeerProcess]:
    with shared_host(native, app="widgets", env=QUIET) as process:
        yield process


def test_a_timer(host: PeerProcess, node: QRemoteObjectNode) -> None:
    timer = live(node, host, "timer")
    assert timer.active is False and timer.interval == 0
    timer.interval = 5
    timer.singleShot = True
    timeouts = Recorder(timer.timeout)
    finished(timer.start())
    timeouts.wait()
    assert host.ask("active") is False
    finished(timer.start(2))
    timeouts.wait(2)
    assert timer.timerType in (Qt.TimerType.CoarseTimer, Qt.TimerType.CoarseTimer.value)
    finished(timer.stop())


def test_a_slider(host: PeerProcess, node: QRemoteObjectNode) -> None:
    slider = live(node, host, "slider")
    assert (slider.minimum, slider.maximum) == (0, 50)
    moves = Recorder(slider.valueChanged)
    host.ask("slide", 7)
    assert moves.wait() == [7] and slider.value == 7
    slider.value = 30
    assert moves.wait(2) == [7, 30] and host.ask("slid") == 30
    finished(slider.setValue(99))
    assert slider.value == 50, "the source decides: its maximum"
    assert slider.orientation in (Qt.Orientation.Vertical, Qt.Orientation.Vertical.value)
    assert interfaceOf(slider).name == "QSlider"
    slots = [s.name for s in interfaceOf(slider).slots]
    assert "setValue" in slots and "deleteLater" not in slots


def test_an_action(host: PeerProcess, node: QRemoteObjectNode) -> None:
    action = live(node, host, "action")
    triggers = Recorder(action.triggered)
    toggles = Recorder(action.toggled)
    assert action.text == "Print" and not action.checked
    host.ask("trigger")
    assert triggers.wait() == [True] and toggles.wait() == [True]
    assert action.checked
    action.text = "Print all"
    wait_until(lambda: action.text == "Print all")
    finished(action.trigger())
    assert triggers.wait(2) == [True, False]


def test_an_object_defined_in_qml(host: PeerProcess, node: QRemoteObjectNode) -> None:
    thermostat = live(node, host, "thermostat")
    assert (thermostat.wanted, thermostat.measured, thermostat.label) == (20, 18.5, "hall")
    assert thermostat.extra == {"a": [1, 2], "b": "c"}
    assert thermostat.heating
    changes = Recorder(thermostat.wantedChanged)
    heats = Recorder(thermostat.heatingChanged)
    thermostat.wanted = 15
    changes.wait()
    heats.wait()
    assert thermostat.wanted == 15 and not thermostat.heating
    assert host.ask("wanted") == 15
    # "raise" is a keyword of Python: getattr reaches it.
    assert finished(getattr(thermostat, "raise")(5)) == 20
    assert finished(thermostat.say("hello")) == "said hello"
    alarms = Recorder(thermostat.alarm)
    assert finished(thermostat.ring(reason="smoke")) is None
    alarms.wait()
    assert alarms.calls == [(0, ("smoke", 3))]


def test_wrong_arguments_for_a_cpp_slot(host: PeerProcess, node: QRemoteObjectNode) -> None:
    slider = live(node, host, "slider")
    assert "must be int, not str" in str(failure(slider.setValue("x")))
