"""Nothing that QML holds is deleted, nothing that it lets go stays; any order of ends."""

from __future__ import annotations

import gc
from typing import Any

import psutil
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QUrl
from PySide6.QtQml import QQmlComponent, QQmlEngine

import pyside_ro
from pyside_ro import QRemoteObjectNode
from pyside_ro.qmltypes import elements
from tests.helpers import PeerProcess, QmlStage, process_events, wait_until
from tests.qml.sources import Printer

pyside_ro.registerReplicaType(Printer, "LivesForTest")

PAGE = """
import QtQml
import PySideRO
import LivesForTest
QtObject {
    id: root
    required property QtObject net
    property Node own: Node { connectTo: [] }
    property Replica replica: Replica { id: replica; node: root.net; name: "printer" }
    property PrinterReplica typed: PrinterReplica { node: root.net; name: "printer" }
    property Host host: Host { Timer { } }
    property int ink: replica.object ? replica.object.ink : -1
    property string said: replica.error
}
"""


def drop(*objects: QObject) -> None:
    for obj in objects:
        obj.deleteLater()
        QCoreApplication.sendPostedEvents(obj, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def node(printers: PeerProcess) -> QRemoteObjectNode:
    node = QRemoteObjectNode()
    node.connectToNode(printers.info["url"])
    # Keeps the subscription, so that each page is initialized at once.
    node.keeper = node.acquireDynamic("printer")  # type: ignore[attr-defined]
    wait_until(node.keeper.isInitialized)  # type: ignore[attr-defined]
    return node


def test_memory_stays_flat_over_loads_and_unloads(stage: QmlStage, node: QRemoteObjectNode) -> None:
    component = QQmlComponent(stage.engine)
    component.setData(PAGE.encode(), QUrl("test.qml"))
    living = len(elements._living)
    kinds = (pyside_ro.QRemoteObjectReplica, QRemoteObjectNode)

    def turn(count: int) -> int:
        for _ in range(count):
            root = component.createWithInitialProperties({"net": node})
            assert root.property("ink") == 5
            drop(root)
        process_events(0.01)
        stage.engine.collectGarbage()
        gc.collect()
        return psutil.Process().memory_info().rss

    before = turn(300)
    objects = sum(isinstance(o, kinds) for o in gc.get_objects())
    for _ in range(10):
        after = turn(1000)
    assert len(elements._living) == living
    assert sum(isinstance(o, kinds) for o in gc.get_objects()) == objects
    assert len(node.keeper._ro.replicas) == 1  # type: ignore[attr-defined]
    # PySide and Qt keep 0.35 to 0.5 KiB of such a page without any object of ours, and of this
    # one no more. One object's Python half alone would be 5 KiB.
    assert after - before < 10_000 * 1024, f"{(after - before) / 1024:.0f} KiB more"


def test_collections_leave_what_qml_holds(stage: QmlStage, node: QRemoteObjectNode) -> None:
    root: Any = stage.load(
        PAGE.replace(
            "property string said",
            "property var made: []\nproperty Component maker: Component { PrinterReplica {} }\n"
            "function make() { const all = {node: net, name: 'printer'}\n"
            "made.push(maker.createObject(null, all)) }\n"
            "function sum(): int { return made.reduce((n, r) => n + r.ink, 0) }\n"
            "function forget() { made = [] }\nproperty string said",
        ),
        net=node,
    )
    living = len(elements._living)
    for _ in range(10):
        root.make()
    for _ in range(3):
        gc.collect()
        stage.engine.collectGarbage()
        process_events(0.005)
    assert root.sum() == 50 and root.property("ink") == 5
    root.forget()
    stage.engine.collectGarbage()
    wait_until(lambda: len(elements._living) == living, message=lambda: str(elements._living))


def test_the_node_goes_before_the_engine(stage: QmlStage, node: QRemoteObjectNode) -> None:
    root = stage.load(PAGE, net=node)
    assert root.property("ink") == 5
    drop(node)
    wait_until(lambda: root.property("ink") == -1)
    assert "no node" in root.property("said")


def test_a_node_of_qml_goes_before_what_uses_it(stage: QmlStage, printers: PeerProcess) -> None:
    root: Any = stage.load(
        PAGE.replace(
            "property Node own",
            "property var made\nproperty Component maker: Component { Node {} }\n"
            "function make(url) {\nmade = maker.createObject(root, {connectTo: [url]})\n"
            "net = made\n}\n"
            "function unmake() { made.destroy() }\nproperty Node own",
        ).replace("required ", "")
    )
    for _ in range(2):
        root.make(printers.info["url"])
        wait_until(lambda: root.property("ink") == 5)
        root.unmake()
        wait_until(lambda: root.property("ink") == -1)


def test_the_engine_goes_before_the_node(node: QRemoteObjectNode, printers: PeerProcess) -> None:
    engine = QQmlEngine()
    pyside_ro.registerQmlTypes(engine)
    warnings: list[Any] = []
    engine.warnings.connect(warnings.extend)
    component = QQmlComponent(engine)
    component.setData(PAGE.encode(), QUrl("test.qml"))
    root = component.createWithInitialProperties({"net": node})
    assert root.property("ink") == 5
    drop(engine)
    printers.ask("setInk", 6)
    wait_until(lambda: node.keeper.ink == 6)  # type: ignore[attr-defined]
    printers.ask("setInk", 5)
    drop(root)
    wait_until(lambda: node.keeper.ink == 5)  # type: ignore[attr-defined]
    assert not warnings


def test_hot_reload(stage: QmlStage, node: QRemoteObjectNode, printers: PeerProcess) -> None:
    living = len(elements._living)
    for number in range(100):
        component = QQmlComponent(stage.engine)
        text = PAGE.replace("root.net; name", f"root.net; objectName: 'v{number}'; name")
        component.setData(text.encode(), QUrl("test.qml"))
        root = component.createWithInitialProperties({"net": node})
        assert root is not None, component.errorString()
        wait_until(lambda root=root: root.property("ink") == 5)  # type: ignore[misc]
        drop(root)
        del root, component
        stage.engine.clearComponentCache()
        stage.engine.trimComponentCache()
    assert len(elements._living) == living


def test_a_host_vanishes_while_bindings_run(stage: QmlStage, printers: PeerProcess) -> None:
    root: Any = stage.load(
        PAGE.replace(
            "property int ink: ",
            "property Node mine: Node { id: mine; connectTo: [] }\n"
            "function leave(ink) { if (ink === 7) mine.connectTo = []; return ink }\n"
            "function begin(url) { mine.connectTo = [url] }\nproperty int ink: ",
        )
        .replace("node: root.net", "node: mine")
        .replace("? replica.object.ink", "? leave(replica.object.ink)")
        .replace("required ", "")
    )
    root.begin(printers.info["url"])
    wait_until(lambda: root.property("ink") == 5)
    printers.ask("setInk", 7)
    wait_until(lambda: root.property("ink") == 7)
    printers.ask("setInk", 5)
    wait_until(
        lambda: "the client disconnected" in root.property("said"),
        message=lambda: root.property("said"),
    )
