"""Each snippet of docs/qml.md does what the page says of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Property, QObject, QStringListModel, Qt, Signal, Slot

import pyside_ro
from tests.behaviour.support import Peer, finished, share, valid
from tests.helpers import PeerSide, QmlStage, unique_local_url, wait_until
from tests.qml.snippets import snippets


class Thermometer(QObject):
    celsiusChanged = Signal()

    def __init__(self, celsius: float) -> None:
        super().__init__()
        self._celsius = celsius

    celsius = Property(float, lambda self: self._celsius, notify=celsiusChanged)


class Gps(QObject):
    speedChanged = Signal()
    speed = Property(float, lambda self: 42.0, notify=speedChanged)


class Desk(QObject):
    jobs = 0

    @Slot(str, int, result=int)
    def submit(self, title: str, copies: int) -> int:
        self.jobs += 1
        return self.jobs


HOB = "class Hob { ENUM Heat { Off, High = 7 } PROP(Heat heat READWRITE) };"


def demo(side: PeerSide, url: str) -> None:
    inside, outside = Thermometer(21), Thermometer(3)
    hob = pyside_ro.RepFile(HOB).source["Hob"]()
    hob.heat = hob.Heat.High
    stops = QStringListModel(["Elm Street", "Harbour"])
    host = share(side, url, gps=Gps(), printer=Desk(), inside=inside, outside=outside, Hob=hob)
    assert host.enableRemoting(stops, "stops", [Qt.ItemDataRole.DisplayRole])
    side.keep(stops)


def snippet(*words: str) -> str:
    """The one snippet that has these words."""
    [found] = [text for text in snippets() if all(word in text for word in words)]
    return found


@pytest.fixture
def url(peer: Peer, local_url: str) -> str:
    peer(demo, url=local_url)
    return local_url


def load(stage: QmlStage, text: str, url: str = "") -> Any:
    return stage.load(text.replace("local:demo", url))


def test_the_window(stage: QmlStage, url: str) -> None:
    window = load(stage, snippet("gps.object.speed +"), url)

    def said() -> bool:
        labels = [o.property("text") for o in window.findChildren(QObject) if o.property("text")]
        return any("42 km/h" in text for text in labels)

    wait_until(said)


def test_node(stage: QmlStage, url: str) -> None:
    node = load(stage, snippet("heartbeatInterval").replace(', "tcp://127.0.0.1:5005"', ""), url)
    wait_until(
        lambda: node.property("names") == ["Hob", "gps", "inside", "outside", "printer", "stops"]
    )
    assert node.property("heartbeatInterval") == 1000


def test_replica(stage: QmlStage, url: str) -> None:
    root = load(stage, snippet("Connections"), url)
    wait_until(lambda: root.property("speed") == 42)


def test_model(stage: QmlStage, url: str) -> None:
    view = load(stage, snippet("ListView"), url)
    wait_until(lambda: view.property("count") == 2)


def test_typed(stage: QmlStage, url: str) -> None:
    pyside_ro.registerReplicaType(Thermometer, "Instruments")
    pyside_ro.registerReplicaType(Thermometer, "Instruments", qmlName="Outside", name="outside")
    root = load(stage, snippet("import Instruments"), url)
    assert root.property("difference") == 0
    wait_until(lambda: root.property("difference") == 18)


def test_enums(stage: QmlStage, url: str) -> None:
    pyside_ro.registerReplicaType(pyside_ro.RepFile(HOB).replica["Hob"], "Kitchen")
    root = load(stage, snippet("HobReplica"), url)
    assert not root.property("hot")
    wait_until(lambda: root.property("hot"))
    root.cool()
    wait_until(lambda: not root.property("hot"))


def test_promises(stage: QmlStage, url: str) -> None:
    root = load(
        stage,
        snippet("RemoteObjects").replace(
            "property int job",
            "property int job\nproperty var both\n"
            "property bool live: printer.valid\n"
            "function two() { submitTwice().then(v => { both = v }) }",
        ),
        url,
    )
    wait_until(lambda: root.property("live"))
    root.submit("letter")
    wait_until(lambda: root.property("job") == 1)
    root.two()
    wait_until(lambda: root.property("both") is not None)
    assert root.property("both").toVariant() == [2, 3]


def test_host(stage: QmlStage) -> None:
    root = load(stage, snippet("tcp://127.0.0.1:0"))
    node = pyside_ro.QRemoteObjectNode()
    node.connectToNode(root.property("address"))
    panel = valid(node.acquireDynamic("panel"))
    assert panel.marks == [18, {"at": 21}] and finished(getattr(panel, "raise")(1.5)) == 21.5
    wait_until(lambda: panel.setpoint == 21.5)


def test_registry(stage: QmlStage) -> None:
    text = snippet("RegistryHost").replace("local:registry", unique_local_url())
    root = load(stage, text.replace("local:somewhere", unique_local_url()))
    wait_until(lambda: root.property("copy") == 3)


def test_the_form(stage: QmlStage, url: str) -> None:
    window = load(stage, snippet("ReplicaForm"), url)

    def badge() -> bool:
        found = [o.property("word") for o in window.findChildren(QObject) if o.property("word")]
        return found == ["live", "live"]

    wait_until(badge)


def test_no_snippet_is_left_out() -> None:
    words = re.findall(r'snippet\("([^"]+)"\)', Path(__file__).read_text("utf-8"))
    assert len({snippet(word) for word in words}) == len(snippets()) == 10
