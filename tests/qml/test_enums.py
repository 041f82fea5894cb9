"""The enums of typed replicas in QML: by their names, with scope and without."""

from __future__ import annotations

import enum
from typing import Any

from PySide6.QtCore import Property, QEnum, QFlag, QObject, Signal
from PySide6.QtQml import qmlRegisterType

import pyside_ro
from pyside_ro import QRemoteObjectReplica
from tests.helpers import QmlStage, wait_until


class QmlKiln(QObject):
    @QEnum
    class Mode(enum.IntEnum):
        Off = 0
        On = 1
        Drying = -2
        Away = 0

    @QFlag
    class Parts(enum.IntFlag):
        Door = 1
        Fan = 2
        Both = 3

    @QEnum
    class State(enum.IntEnum):  # as a replica's own
        Cold = 7

    @QEnum
    class Plain(enum.Enum):
        Brick = 5

    @QEnum
    class node(enum.IntEnum):  # as a property that the QML type has
        Door4 = 4

    modeChanged = Signal()
    partsChanged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mode, self._parts = self.Mode.On, self.Parts(0)

    def _setMode(self, mode: int) -> None:
        self._mode = self.Mode(mode)
        self.modeChanged.emit()

    def _setParts(self, parts: int) -> None:
        self._parts = self.Parts(parts)
        self.partsChanged.emit()

    mode = Property(int, lambda self: self._mode, _setMode, notify=modeChanged)
    parts = Property(int, lambda self: self._parts, _setParts, notify=partsChanged)


class QmlKilnWithLid(QmlKiln):
    @QEnum
    class Lid(enum.IntEnum):
        Open = 11


KEYS = (
    "{0}.Off, {0}.On, {0}.Drying, {0}.Away, {0}.Mode.Off, {0}.Mode.Drying, {0}.Mode.Away, {0}.Door,"
    " {0}.Parts.Fan, {0}.Both, {0}.State.Cold, {0}.Cold, {0}.Plain.Brick, {0}.Brick, {0}.Door4"
)


def test_those_of_a_python_class(stage: QmlStage, qapp: Any) -> None:
    qmlRegisterType(QmlKiln, "KilnsForTest", 1, 0, "QmlKiln")  # type: ignore[call-overload]
    pyside_ro.registerReplicaType(QmlKiln, "KilnsForTest")
    pyside_ro.registerReplicaType(QmlKiln, "KilnsForTest", qmlName="Second", name="second")
    pyside_ro.registerReplicaType(QmlKilnWithLid, "KilnsForTest")
    names = ("QmlKiln", "QmlKilnReplica", "Second", "QmlKilnWithLidReplica")
    lists = ", ".join(f"[{KEYS.format(name)}].join()" for name in names)
    root: Any = stage.load(
        f"import QtQml\nimport KilnsForTest\nQtObject {{ property var seen: [{lists}]\n"
        "property int lid: QmlKilnWithLidReplica.Lid.Open\n"
        "property var no: [QmlKilnReplica.Lid, QmlKilnReplica.Open]\n"
        "property QtObject bare: QmlKilnReplica { property var own: node } }"
    )
    [of, *others] = root.property("seen").toVariant()
    assert of == "0,1,-2,0,0,-2,0,1,2,3,7,7,5,5,4"
    assert others == [of] * 3  # what is found in the class itself
    assert root.property("lid") == 11
    assert root.property("no").toVariant() == [None, None]
    # In Python the class is as it was.
    made: Any = root.property("bare")
    assert type(made).Mode is QmlKiln.Mode
    assert type(made).State is QRemoteObjectReplica.State
    assert made.property("own") is None


PAGE = """
import QtQml
import PySideRO
import KilnUseForTest
QtObject {
    id: root
    required property string url
    property Node net: Node { id: net; connectTo: [root.url] }
    property KilnReplica kiln: KilnReplica { id: kiln; node: net; name: "kiln" }
    property QmlOvenReplica oven: QmlOvenReplica {
        id: oven
        node: net
        onHeatChanged: root.told = oven.heat === QmlOvenReplica.Low
    }
    property bool on: kiln.mode === KilnReplica.On
    property bool drying: kiln.mode === KilnReplica.Mode.Drying
    property bool high: oven.heat === QmlOvenReplica.High
    property bool told
    property bool valid: oven.state === 2
    function set() {
        kiln.mode = KilnReplica.Drying
        kiln.parts = KilnReplica.Door | KilnReplica.Parts.Fan
        oven.heat = QmlOvenReplica.Heat.Low
        oven.days = QmlOvenReplica.Mon | QmlOvenReplica.Day.Tue | QmlOvenReplica.Days.Sun
    }
}
"""
OVEN = """
class QmlOven
{
    ENUM Heat { Low = 1, High = 4 }
    ENUM Day { Mon = 1, Tue = 2, Sun = 64 }
    FLAG(Days Day)
    PROP(Heat heat = High READWRITE)
    PROP(Days days READWRITE)
}
"""


def test_a_source_is_given_them(stage: QmlStage, local_url: str, qapp: Any) -> None:
    rep = pyside_ro.RepFile(OVEN)
    pyside_ro.registerReplicaType(QmlKiln, "KilnUseForTest", qmlName="KilnReplica")
    pyside_ro.registerReplicaType(rep.replica["QmlOven"], "KilnUseForTest")
    kiln, oven = QmlKiln(), rep.source["QmlOven"]()
    root: Any = stage.load(PAGE, url=local_url)
    assert root.property("high") and not root.property("on")  # the .rep file's default
    host = pyside_ro.QRemoteObjectHost(local_url)
    assert host.enableRemoting(kiln, "kiln") and host.enableRemoting(oven, "QmlOven")
    wait_until(lambda: root.property("on"))
    wait_until(lambda: root.property("valid"))
    assert root.property("high") and not root.property("told")
    root.set()
    wait_until(lambda: root.property("drying") and root.property("told"))
    wait_until(lambda: kiln.parts == 3 and oven.days == 67)
    assert kiln.mode is QmlKiln.Mode.Drying
    assert oven.heat is rep.source["QmlOven"].Heat.Low
    assert not root.property("high") and not root.property("on")


def test_classes_made_later_have_none_of_them(qapp: Any) -> None:
    pyside_ro.registerReplicaType(QmlKiln, "KilnsAloneForTest")

    class Later(QObject):
        @QEnum
        class Own(enum.IntEnum):
            A = 1

    assert [info.name for info in pyside_ro.interfaceOf(Later).enums] == ["Own"]
