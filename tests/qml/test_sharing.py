"""Host, Shared and RegistryHost: what QML defines, acquired by another node."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QDateTime, QPointF, QUrl
from PySide6.QtGui import QColor

from pyside_ro import QRemoteObjectNode, interfaceOf
from tests.behaviour.support import Peer, State, dropped, finished, own, valid
from tests.helpers import PeerSide, QmlStage, unique_local_url, wait_until

PANEL = """
import QtQml
import QtQuick
import PySideRO
QtObject {
    id: root
    required property string url
    property int number: 3
    property real level: 0.5
    property string title: "panel"
    property color tint: "red"
    property point where: Qt.point(1, 2)
    property date born: new Date(2020, 1, 1)
    property url link: "http://host/x"
    property list<int> numbers: [1, 2]
    property list<string> words: ["a"]
    property var anything: [1, {a: [2]}]
    property var nothing
    readonly property int twice: number * 2
    property alias same: root.number
    signal pressed(string who, int times)
    signal told(var what)
    function add(a, b) { return a + b }
    function typed(a: int, b: int): int { return a * b }
    function list() { return [1, {z: 3}] }
    function none() { }
    function press() { pressed("me", 2); told([1, {q: 2}]) }
    function describe(x) { return typeof x + " " + JSON.stringify(x) }
    property Host host: Host {
        id: host
        hostUrl: root.url
        Shared { id: shared; name: "panel"; object: root }
        Timer { interval: 1 }
    }
    property QtObject any: host
    property QtObject child: QtObject { property int value: 4 }
    property bool isShared: shared.shared
    function rename(name: string) { shared.name = name }
    function withdraw() { shared.object = null }
    function give() { shared.object = root }
    function share(name: string): bool { return host.enableRemoting(root, name) }
    function unshare(): bool { return host.disableRemoting(root) }
    function move(url: string) { host.hostUrl = url }
    function shareMade() { host.enableRemoting(maker.createObject(null), "made") }
    property Component maker: Component { QtObject { property int value: 8 } }
}
"""


@pytest.fixture
def url() -> str:
    return unique_local_url()


@pytest.fixture
def root(stage: QmlStage, url: str) -> Any:
    return stage.load(PANEL, url=url)


@pytest.fixture
def node(root: Any, url: str) -> Iterator[QRemoteObjectNode]:
    node = QRemoteObjectNode()
    node.connectToNode(url)
    yield node
    dropped(node)


def panel_host(side: PeerSide, url: str) -> None:
    stage = QmlStage()
    import pyside_ro

    pyside_ro.registerQmlTypes(stage.engine)
    root: Any = stage.load(PANEL, url=url)
    side.command(lambda: root.property("number"), "number")
    side.command(lambda: root.setProperty("number", 4), "change")
    side.command(lambda: root.press(), "press")
    side.command(stage.close, "close")
    side.keep(stage)
    side.ready(url=url)


def test_every_kind_of_member(peer: Peer, local_url: str, qapp: Any) -> None:
    host = peer(panel_host, url=local_url, app="gui")
    node = QRemoteObjectNode()
    node.connectToNode(local_url)
    panel = valid(node.acquireDynamic("panel"))
    assert (panel.number, panel.level, panel.title, panel.same) == (3, 0.5, "panel", 3)
    assert panel.tint == QColor("red") and panel.where == QPointF(1, 2)
    assert panel.born == QDateTime(2020, 2, 1, 0, 0, 0) and panel.link == QUrl("http://host/x")
    assert panel.numbers == [1, 2] and panel.words == ["a"]
    assert panel.anything == [1, {"a": [2]}] and panel.nothing is None
    assert panel.host is None and panel.any is None, "a host is nobody else's"
    assert panel.child.value == 4
    host.ask("change")
    wait_until(lambda: panel.twice == 8)
    panel.number = 5
    wait_until(lambda: panel.twice == 10)
    assert host.ask("number") == 5
    panel.anything = {"new": [1]}
    wait_until(lambda: panel.anything == {"new": [1]})
    panel.tint = QColor("blue")
    wait_until(lambda: panel.tint == QColor("blue"))
    assert finished(panel.add(1, 2)) == 3 and finished(panel.add("a", "b")) == "ab"
    assert finished(panel.typed(3, 4)) == 12
    assert finished(panel.list()) == [1, {"z": 3}] and finished(panel.none()) is None
    assert finished(panel.describe({"a": [1]})) == 'object {"a":[1]}'
    heard: list[Any] = []
    panel.pressed.connect(lambda *args: heard.append(args))
    panel.told.connect(lambda *args: heard.append(args))
    host.ask("press")
    wait_until(lambda: heard == [("me", 2), ([1, {"q": 2}],)], message=lambda: repr(heard))
    host.ask("close")
    dropped(node)


def test_a_shared_object_is_renamed_withdrawn_and_given_back(
    root: Any, node: QRemoteObjectNode
) -> None:
    panel = valid(node.acquireDynamic("panel"))
    assert root.property("isShared")
    root.rename("board")
    wait_until(lambda: own(panel) is State.Suspect)
    board = valid(node.acquireDynamic("board"))
    root.withdraw()
    assert not root.property("isShared")
    wait_until(lambda: own(board) is State.Suspect)
    root.give()
    assert root.property("isShared")
    valid(board)


def test_enable_and_disable_remoting(root: Any, node: QRemoteObjectNode) -> None:
    root.withdraw()
    assert root.share("again")
    again = valid(node.acquireDynamic("again"))
    assert again.title == "panel"
    assert root.unshare()
    wait_until(lambda: own(again) is State.Suspect)


def test_a_host_moves(root: Any, node: QRemoteObjectNode) -> None:
    assert root.share("by call")
    valid(node.acquireDynamic("by call"))
    other = unique_local_url()
    root.move(other)
    assert root.property("isShared")
    node.connectToNode(other)
    valid(node.acquireDynamic("panel"))
    valid(node.acquireDynamic("by call"))
    root.move("")
    assert not root.property("isShared")


def test_what_is_shared_is_not_collected(
    root: Any, node: QRemoteObjectNode, stage: QmlStage
) -> None:
    root.shareMade()
    made = valid(node.acquireDynamic("made"))
    for _ in range(3):
        stage.engine.collectGarbage()
        root.press()
    assert made.value == 8 and own(made) is State.Valid


def test_a_registry_leads_to_hosts(stage: QmlStage) -> None:
    registry, url = unique_local_url(), unique_local_url()
    root: Any = stage.load(
        """
import QtQml
import PySideRO
QtObject {
    id: root
    required property string registry
    required property string url
    property int value: 21
    property RegistryHost r: RegistryHost { registryUrl: root.registry }
    property Host h: Host {
        hostUrl: root.url
        registryUrl: root.registry
        Shared { name: "thing"; object: root }
    }
    property Node n: Node {
        id: n
        registryUrl: root.registry
        onRemoteObjectAdded: (name, typeName, hostUrl) => { root.added = name + " " + hostUrl }
    }
    property string added
    property Replica replica: Replica { id: replica; node: n; name: "thing" }
    property int seen: replica.object ? replica.object.value : 0
}
""",
        registry=registry,
        url=url,
    )
    wait_until(lambda: root.property("seen") == 21)
    assert root.property("added") == f"thing {url}"


def test_a_port_that_the_system_chooses(stage: QmlStage) -> None:
    root: Any = stage.load(
        'import PySideRO\nHost { hostUrl: "tcp://127.0.0.1:0"; property string at: hostUrl }'
    )
    assert root.property("at").startswith("tcp://127.0.0.1:")
    assert not root.property("at").endswith(":0")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Host { Shared { name: 'x'; object: Node {} } }", "Host: it has no URL"),
        ("Host { hostUrl: 'bogus:x' }", "Host: 'bogus:x' is no address to listen at"),
        (
            "Host { hostUrl: 'tcp://127.0.0.1:abc'; Shared { name: 'x'; object: Node {} } }",
            "Host: 'tcp://127.0.0.1:abc' is no URL: Invalid port",
        ),
        ("RegistryHost { registryUrl: ' local:x' }", "RegistryHost: ' local:x' is no URL: Inv"),
        (
            "Node { registryUrl: 'tcp://127.0.0.1:abc' }",
            "Node: connectToNode: 'tcp://127.0.0.1:abc' is no URL: Invalid port",
        ),
        ("Node { registryUrl: 'foo' }", "Node: connectToNode: 'foo' is no address: one of"),
        ("Shared { name: 'x' }", "Shared: it is in no Host"),
        (
            """Host { id: h; hostUrl: 'URL'; Shared { name: 'x'; object: h }
            Shared { name: 'x'; object: h } }""",
            "Shared: enableRemoting: the name 'x' is taken already",
        ),
    ],
)
def test_declared_mistakes_name_the_file(
    stage: QmlStage, qtlog: Any, url: str, text: str, words: str
) -> None:
    stage.load("import PySideRO\n" + text.replace("URL", url))
    [message] = [r.message for r in qtlog.records if r.matches_level("WARNING")]
    assert message.startswith(f"test.qml: {words}"), message


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("host.enableRemoting(null, 'x')", "Host: enableRemoting: there is no object, it is null"),
        ("host.enableRemoting(root, 'panel')", "the name 'panel' is taken already"),
        ("host.disableRemoting(host)", "is not shared by this host"),
        ("host.hostUrl = 'bogus:x'", "Host: 'bogus:x' is no address to listen at"),
        ("host.hostUrl = 'tcp://127.0.0.1:abc'", "Host: 'tcp://127.0.0.1:abc' is no URL: Inv"),
        ("host.registryUrl = 'foo:x'", "Host: connectToNode: 'foo:x' is no address: one of"),
    ],
)
def test_mistakes_in_javascript_name_file_and_line(
    stage: QmlStage, url: str, line: str, words: str
) -> None:
    text = PANEL.replace("function none", f"function wrong() {{\n{line}\n}}\nfunction none")
    number = next(i for i, found in enumerate(text.split("\n"), 1) if found == line)
    root: Any = stage.load(text, url=url)
    root.wrong()
    [warning] = stage.warnings
    assert warning.startswith(f"test.qml:{number}: Error: "), warning
    assert words in warning
    stage.warnings.clear()


def test_lists_of_an_item(stage: QmlStage, url: str) -> None:
    stage.load(
        "import QtQuick\nimport PySideRO\n"
        "Item { id: root; property string url; property list<QtObject> mine: [net]\n"
        "property list<Timer> timers: [Timer { interval: 5 }]\n"
        "Node { id: net }\n"
        'Host { hostUrl: root.url; Shared { name: "holder"; object: holder } }\n'
        "Item { id: holder; property list<Timer> timers: root.timers } }",
        url=url,
    )
    node = QRemoteObjectNode()
    node.connectToNode(url)
    holder = valid(node.acquireDynamic("holder"))
    [timer] = holder.timers
    assert timer.interval == 5
    dropped(node)


def test_a_control_is_shared_without_the_scene_around_it(
    stage: QmlStage, url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    node = QRemoteObjectNode()
    root: Any = stage.load(
        """
        import QtQuick
        import QtQuick.Controls.Basic
        import PySideRO
        Item {
            id: root
            required property string url
            property alias value: slider.value
            property Item mine: slider
            Slider { id: slider; from: 0; to: 10; value: 3 }
            Host {
                hostUrl: root.url
                Shared { name: "slider"; object: slider }
                Shared { name: "root"; object: root }
            }
        }
        """,
        url=url,
    )
    node.connectToNode(url)
    slider: Any = node.acquireDynamic("slider")
    assert slider.waitForSource(10_000)
    assert (slider.value, slider.to) == (3, 10)
    slider.value = 7
    wait_until(lambda: root.property("value") == 7)
    names = {each.name for each in interfaceOf(slider).properties}
    assert not names & {"parent", "data", "children", "anchors", "top", "handle", "background"}
    # What QML itself declares is meant.
    whole: Any = node.acquireDynamic("root")
    assert whole.waitForSource(10_000)
    assert whole.mine.value == 7
    dropped(node)
    assert "cannot be read" not in capfd.readouterr().err
