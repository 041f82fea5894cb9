"""A host whose sources are not Python's: C++ objects, and objects that QML defined."""

from __future__ import annotations

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QAction
from PySide6.QtQml import QQmlComponent, QQmlEngine
from PySide6.QtWidgets import QSlider

from tests.behaviour.support import share
from tests.helpers import PeerSide

THERMOSTAT = """
import QtQml
QtObject {
    id: root
    property int wanted: 20
    property real measured: 18.5
    property string label: "hall"
    property var extra: ({ "a": [1, 2], "b": "c" })
    readonly property bool heating: measured < wanted
    signal alarm(string reason, int level)
    function raise(by: int): int { root.wanted += by; return root.wanted }
    function say(what) { return "said " + what }
    function ring(reason: string) { root.alarm(reason, 3) }
}
"""


def native(side: PeerSide, url: str) -> None:
    timer = QTimer()
    slider = QSlider()
    slider.setRange(0, 50)
    action = QAction("Print")
    action.setCheckable(True)
    engine = QQmlEngine()
    component = QQmlComponent(engine)
    component.setData(THERMOSTAT.encode(), QUrl("thermostat.qml"))
    thermostat = component.create()
    assert thermostat is not None, component.errorString()
    side.keep(engine, component)
    share(side, url, timer=timer, slider=slider, action=action, thermostat=thermostat)
    side.command(slider.setValue, "slide")
    side.command(lambda: slider.value(), "slid")
    side.command(action.trigger, "trigger")
    side.command(lambda: thermostat.property("wanted"), "wanted")
    side.command(timer.isActive, "active")
