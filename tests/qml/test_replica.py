"""Replica and Node in QML: found, bound to, lost and found again; nodes and names that change."""

from __future__ import annotations

from typing import Any

import pytest

import pyside_ro
from pyside_ro import QRemoteObjectNode
from tests.behaviour.support import QUIET, Peer
from tests.helpers import PeerProcess, QmlStage, remove_socket_file, wait_until
from tests.qml.sources import Teller, printer_host, teller_host

pyside_ro.registerReplicaType(Teller, "TellersForTest", qmlName="Typed", name="teller")

PAGE = """
import QtQml
import PySideRO
QtObject {
    id: root
    required property string url
    property alias name: replica.name
    property alias node: replica.node
    property Node client: Node { id: net; connectTo: [root.url] }
    property Node other: Node { id: other }
    property Replica replica: Replica {
        id: replica
        node: net
        name: "printer"
        onStateChanged: root.log.push("state " + state)
    }
    property var log: []
    property int ink: replica.object ? replica.object.ink : -1
    property bool isNull: replica.object === null
    property int state: replica.state
    property bool valid: replica.valid
    property bool initialized: replica.initialized
    property string error: replica.error
    property string jam
    property Connections watcher: Connections {
        target: replica.object
        function onJammed(tray, page) { root.jam = tray + " " + page }
    }
    function write(ink: int) { replica.object.ink = ink }
    function written(): string { return log.join(",") }
    function leave() { net.connectTo = [] }
    function useOther() { other.connectTo = [root.url]; replica.node = other }
    function useNone() { replica.node = null }
    function isValidState(): bool { return replica.state === Replica.Valid }
}
"""


def of(root: Any, name: str) -> Any:
    return root.property(name)


@pytest.fixture
def root(stage: QmlStage, printers: PeerProcess) -> Any:
    printers.ask("setInk", 5)
    return stage.load(PAGE, url=printers.info["url"])


def test_object_is_null_and_then_the_live_replica(root: Any, printers: PeerProcess) -> None:
    assert of(root, "isNull") and of(root, "ink") == -1 and not of(root, "initialized")
    wait_until(lambda: of(root, "valid"))
    assert of(root, "ink") == 5 and not of(root, "isNull") and of(root, "initialized")
    assert root.isValidState() and of(root, "error") == ""
    printers.ask("setInk", 6)
    wait_until(lambda: of(root, "ink") == 6)
    root.write(7)
    wait_until(lambda: of(root, "ink") == 7)
    assert printers.ask("ink") == 7
    printers.ask("jam", "upper", 3)
    wait_until(lambda: of(root, "jam") == "upper 3")


def test_it_survives_loss_and_return_of_the_host(
    stage: QmlStage, peer: Peer, local_url: str
) -> None:
    host = peer(printer_host, url=local_url)
    root: Any = stage.load(PAGE, url=local_url)
    wait_until(lambda: of(root, "valid"))
    host.ask("setInk", 8)
    wait_until(lambda: of(root, "ink") == 8)
    host.kill()
    wait_until(lambda: not of(root, "valid"))
    assert of(root, "ink") == 8 and of(root, "initialized"), "the last value stays"
    assert of(root, "state") == 3 and local_url in of(root, "error")
    remove_socket_file(local_url)
    peer(printer_host, url=local_url)
    wait_until(lambda: of(root, "valid"))
    wait_until(lambda: of(root, "ink") == 5)
    assert of(root, "error") == ""
    assert root.written() == "state 2,state 3,state 2"


def test_it_waits_for_a_host_that_starts_later(stage: QmlStage, peer: Peer, local_url: str) -> None:
    root: Any = stage.load(PAGE, url=local_url)
    wait_until(lambda: local_url in of(root, "error"))
    peer(printer_host, url=local_url)
    wait_until(lambda: of(root, "ink") == 5)


def test_name_and_node_change_at_run_time(root: Any) -> None:
    wait_until(lambda: of(root, "ink") == 5)
    root.setProperty("name", "spare")
    wait_until(lambda: of(root, "ink") == 50)
    root.setProperty("name", "")
    assert of(root, "isNull") and of(root, "state") == 0
    assert of(root, "error") == "it has no name: set its property name"
    root.setProperty("name", "printer")
    wait_until(lambda: of(root, "ink") == 5)
    root.useNone()
    assert of(root, "isNull") and "no node" in of(root, "error")
    root.useOther()
    wait_until(lambda: of(root, "ink") == 5)
    root.leave()
    assert of(root, "valid"), "the first node has nothing to do with it any more"


def test_a_node_that_leaves_the_host(root: Any) -> None:
    wait_until(lambda: of(root, "valid"))
    root.leave()
    wait_until(lambda: of(root, "state") == 3)
    assert of(root, "ink") == 5


def test_an_unknown_name_is_explained(root: Any) -> None:
    wait_until(lambda: of(root, "valid"))
    root.setProperty("name", "prinetr")
    assert of(root, "isNull")
    assert of(root, "error") == (
        "nobody shares 'prinetr'; did you mean 'printer'? There are: printer, spare"
    )


def test_a_node_without_any_url_is_explained(stage: QmlStage) -> None:
    root = stage.load(
        "import QtQml\nimport PySideRO\nQtObject { property Node n: Node { id: n }\n"
        'property Replica r: Replica { id: r; node: n; name: "x" }\n'
        "property string error: r.error }"
    )
    assert of(root, "error") == (
        "its node was told no address: set its connectTo or its registryUrl"
    )


def test_a_node_declared_later_is_not_complained_of(stage: QmlStage, local_url: str) -> None:
    root: Any = stage.load(
        "import QtQml\nimport PySideRO\nQtObject {\n"
        'property Replica r: Replica { id: r; node: n; name: "x"\n'
        "onErrorChanged: root.log.push(error) }\n"
        "id: root; required property string url; property var log: []\n"
        "function written(): string { return log.join('|') }\n"
        "property Node n: Node { id: n; connectTo: [root.url] } }",
        url=local_url,
    )
    wait_until(lambda: local_url in root.written())
    assert "no address" not in root.written()


def test_a_node_that_python_made(stage: QmlStage, printers: PeerProcess) -> None:
    node = QRemoteObjectNode()
    node.connectToNode(printers.info["url"])
    root = stage.load(
        "import QtQml\nimport PySideRO\nQtObject { property QtObject given\n"
        'property Replica r: Replica { id: r; node: given; name: "spare" }\n'
        "property int ink: r.object ? r.object.ink : -1 }",
        given=node,
    )
    wait_until(lambda: of(root, "ink") == 50)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("replica.object.maker = 'them'", 'Cannot assign to read-only property "maker"'),
        ("replica.node = root", "Replica: its node is no Node: <PySide6.QtCore.QObject"),
        ("net.connectToNode('bogus:x')", "Node: connectToNode: 'bogus:x' is no address: one of"),
        ("net.connectToNode('tcp://h:abc')", "Node: connectToNode: 'tcp://h:abc' is no URL: Inv"),
        ("net.connectTo = ['tcp://']", "Node: connectToNode: 'tcp://': the URL names no host"),
        ("replica.object.inkk.x", "Cannot read property 'x' of undefined"),
        ("replica.object = null", 'Cannot assign to read-only property "object"'),
    ],
)
def test_mistakes_are_named_with_file_and_line(
    stage: QmlStage, printers: PeerProcess, line: str, words: str
) -> None:
    text = PAGE.replace("function leave", f"function wrong() {{\n{line}\n}}\nfunction leave")
    number = next(i for i, found in enumerate(text.split("\n"), 1) if found == line)
    root: Any = stage.load(text, url=printers.info["url"])
    wait_until(lambda: of(root, "valid"))
    root.wrong()
    [warning] = stage.warnings
    assert warning.startswith(f"test.qml:{number}"), warning
    assert words in warning
    stage.warnings.clear()


def test_a_declared_mistake_is_logged_with_its_file(stage: QmlStage, qtlog: Any) -> None:
    stage.load('import PySideRO\nNode { objectName: "net"; connectTo: ["bogus:x"] }')
    [message] = [r.message for r in qtlog.records if r.matches_level("WARNING")]
    assert message.startswith("test.qml: Node 'net': connectToNode: 'bogus:x' is no address")


def test_urls_that_are_none_one_after_the_other(stage: QmlStage, qtlog: Any) -> None:
    root: Any = stage.load(
        'import PySideRO\nNode { id: net; connectTo: ["tcp://h:abc"]\n'
        "property string why: replica.error; property Replica replica: Replica { id: replica\n"
        'node: net; name: "x" }\n'
        "function tryAnother() { connectTo = ['tcp://h:99999'] }\n"
        "function giveUp() { connectTo = [] } }"
    )
    reason = "is no URL: Invalid port or port number out of range"
    expected = f"its node is connected to no host: 'tcp://h:abc' {reason}"
    wait_until(lambda: of(root, "why") == expected, message=lambda: of(root, "why"))
    [message] = [r.message for r in qtlog.records if r.matches_level("WARNING")]
    assert message == f"test.qml: Node: connectToNode: 'tcp://h:abc' {reason}"
    root.tryAnother()
    [warning] = stage.warnings
    assert f"Node: connectToNode: 'tcp://h:99999' {reason}" in warning
    stage.warnings.clear()
    root.giveUp()  # what was never connected needs no leave


def test_errors_are_signalled(stage: QmlStage) -> None:
    root: Any = stage.load(
        "import PySideRO\nNode { property string seen\n"
        'onError: (code, text) => { seen = code + " " + text }\n'
        "function wrong() { try { connectToNode('bogus:x') } catch (e) { seen += '!' } } }"
    )
    root.wrong()
    assert of(root, "seen").startswith("1 connectToNode: 'bogus:x' is no address")
    assert of(root, "seen").endswith("!")
    assert of(root, "lastError") == 1 and "bogus" in of(root, "errorString")


def test_what_the_hosts_share_is_listed(stage: QmlStage, printers: PeerProcess) -> None:
    root: Any = stage.load(
        "import PySideRO\nNode { property var names: Object.keys(connectedSources)\n"
        'property string kind: connectedSources.spare ? connectedSources.spare.typeName : "" }',
        connectTo=[printers.info["url"]],
    )
    wait_until(lambda: of(root, "kind") == "Printer")
    assert of(root, "names").toVariant() == ["printer", "spare"]


def test_heartbeats(stage: QmlStage, printers: PeerProcess) -> None:
    root: Any = stage.load(
        "import PySideRO\nNode { heartbeatInterval: 50; property int n: heartbeatInterval }"
    )
    assert of(root, "n") == 50 and root.node().heartbeatInterval() == 50
    root.setProperty("heartbeatInterval", 70)
    assert of(root, "n") == 70


def test_a_frozen_host_is_noticed_by_its_heart(stage: QmlStage, peer: Peer, local_url: str) -> None:
    host = peer(printer_host, url=local_url, env=QUIET)
    root: Any = stage.load(
        PAGE.replace("id: net;", "id: net; heartbeatInterval: 100;"), url=local_url
    )
    wait_until(lambda: of(root, "valid"))
    host.freeze()
    wait_until(lambda: of(root, "state") == 3)
    host.thaw()
    wait_until(lambda: of(root, "valid"))


@pytest.mark.parametrize("kind", ["Replica", "Typed"])
def test_notify_signals_called_like_a_replicas_own(
    stage: QmlStage, peer: Peer, local_url: str, kind: str
) -> None:
    """QML crashes when a property's notify signal is one of a base class (PySide6 6.11)."""
    host = peer(teller_host, url=local_url)
    root: Any = stage.load(
        f"""
import QtQml
import PySideRO
import TellersForTest
QtObject {{
    id: root
    required property string url
    property Node client: Node {{ id: net; connectTo: [root.url] }}
    property {kind} replica: {kind} {{ id: replica; node: net; name: "teller" }}
    property QtObject teller: {"replica.object" if kind == "Replica" else "replica"}
    property string seen: teller ? [teller.one, teller.two, teller.three].join() : ""
}}
""",
        url=local_url,
    )
    wait_until(lambda: of(root, "seen") == "1,2,3", message=lambda: of(root, "seen"))
    host.ask("step")
    wait_until(lambda: of(root, "seen") == "11,12,13", message=lambda: of(root, "seen"))
