"""Typed replicas as QML types: the API and the defaults are there from the start."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Property, QObject, Signal, Slot

import pyside_ro
from pyside_ro import QRemoteObjectReplica
from tests.behaviour.support import Peer
from tests.helpers import PeerProcess, QmlStage, remove_socket_file, wait_until
from tests.qml.sources import Printer, printer_host


class Named(QObject):
    """Its members have the names of a replica's own."""

    nameChanged = Signal()
    nodeChanged = Signal(int)
    name = Property(str, lambda self: "me", notify=nameChanged)

    @Slot(result=int)
    def node(self) -> int:
        return 3


pyside_ro.registerReplicaType(Printer, "PrintersForTest")
pyside_ro.registerReplicaType(Printer, "PrintersForTest", qmlName="Spare", name="spare")
pyside_ro.registerReplicaType(Named, "PrintersForTest", 1, 0, "Named")

PAGE = """
import QtQml
import PySideRO
import PrintersForTest
QtObject {
    id: root
    required property string url
    property QtObject client: Node { id: net; connectTo: [root.url] }
    property QtObject replica: PrinterReplica {
        id: printer
        node: net
        name: "printer"
        onInkChanged: root.log.push("ink " + ink)
        onJammed: (tray, page) => { root.jam = tray + " " + page }
    }
    property Spare spare: Spare { node: net }
    property var log: []
    property string jam
    property int ink: printer.ink
    property int spareInk: spare.ink
    property string state: printer.state
    property real sum
    function add(a: int, b: int) { RemoteObjects.watch(printer.add(a, b)).then(v => { sum = v }) }
    function write(ink: int) { printer.ink = ink }
    function use(name: string) { printer.name = name }
    function useNode(node: QtObject) { printer.node = node }
    function written(): string { return log.join(",") }
}
"""


def of(root: Any, name: str) -> Any:
    return root.property(name)


def test_it_is_bound_from_the_start(stage: QmlStage, peer: Peer, local_url: str) -> None:
    root: Any = stage.load(PAGE, url=local_url)
    assert of(root, "ink") == 0 and of(root, "state") == ""
    host = peer(printer_host, url=local_url)
    wait_until(lambda: of(root, "ink") == 5 and of(root, "state") == "idle")
    wait_until(lambda: of(root, "spareInk") == 50)
    host.ask("jam", "lower", 2)
    wait_until(lambda: of(root, "jam") == "lower 2")
    root.write(9)
    wait_until(lambda: of(root, "ink") == 9)
    host.ask("setState", "busy")
    wait_until(lambda: of(root, "state") == "busy")
    root.add(2, 3)
    wait_until(lambda: of(root, "sum") == 5)
    assert root.written() == "ink 5,ink 9"
    host.kill()
    typed = of(root, "replica")
    wait_until(lambda: QRemoteObjectReplica.state(typed) is QRemoteObjectReplica.Suspect)
    assert of(root, "ink") == 9
    remove_socket_file(local_url)
    peer(printer_host, url=local_url)
    wait_until(lambda: of(root, "ink") == 5)


def test_name_and_node_change_at_run_time(stage: QmlStage, printers: PeerProcess) -> None:
    root: Any = stage.load(PAGE, url=printers.info["url"])
    wait_until(lambda: of(root, "ink") == 5)
    root.use("spare")
    wait_until(lambda: of(root, "ink") == 50)
    root.useNode(None)
    assert of(root, "ink") == 0 and of(root, "state") == ""
    root.useNode(of(root, "client"))
    wait_until(lambda: of(root, "ink") == 50)


def test_members_with_the_names_of_its_own(stage: QmlStage, qapp: Any) -> None:
    root: Any = stage.load(
        "import QtQml\nimport PrintersForTest\nNamed { property string n: name\n"
        "property bool callable: typeof node === 'function' }"
    )
    assert of(root, "n") == "" and of(root, "callable")


def test_mistakes(stage: QmlStage) -> None:
    with pytest.raises(TypeError, match="takes a QObject subclass"):
        pyside_ro.registerReplicaType(int, "PrintersForTest")  # type: ignore[arg-type]
    root: Any = stage.load(
        "import QtQml\nimport PrintersForTest\nPrinterReplica { id: p\n"
        "function wrong() {\np.node = p\n} }"
    )
    root.wrong()
    [warning] = stage.warnings
    assert warning.startswith("test.qml:5: Error: PrinterReplica: its node is no Node"), warning
    stage.warnings.clear()


def test_a_type_of_a_rep_file(stage: QmlStage, local_url: str) -> None:
    rep = pyside_ro.RepFile(
        "class QmlLamp { PROP(bool on=true); PROP(int level=7); SLOT(int add(int a, int b)) }"
    )
    pyside_ro.registerReplicaType(rep.replica["QmlLamp"], "LampsForTest")
    root: Any = stage.load(
        "import QtQml\nimport PySideRO\nimport LampsForTest\n"
        "QmlLampReplica { id: lamp; property int seen: level; property bool lit: on\n"
        "property QtObject net: Node { id: net }\nnode: net\n"
        "function go(url) { net.connectTo = [url] }\n"
        "property int sum\n"
        "function ask() { RemoteObjects.watch(lamp.add(1, 2)).then(v => { sum = v }) } }"
    )
    assert of(root, "seen") == 7 and of(root, "lit"), "the .rep file's own defaults"

    class Lamp(rep.source["QmlLamp"]):  # type: ignore[misc]
        def add(self, a: int, b: int) -> int:
            return a + b

    lamp, host = Lamp(), pyside_ro.QRemoteObjectHost(local_url)
    lamp.setProperty("level", 9)
    assert host.enableRemoting(lamp, "QmlLamp")
    root.go(local_url)
    wait_until(lambda: of(root, "seen") == 9)
    root.ask()
    wait_until(lambda: of(root, "sum") == 3)
