"""ModelReplica in views; trust and stores of a Node."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QObject, QStringListModel

import pyside_ro
from pyside_ro import QRemoteObjectHost, QRemoteObjectNode
from tests.behaviour.support import QUIET, Peer, State, dropped, own, valid
from tests.helpers import PeerSide, QmlStage, process_events, remove_socket_file, wait_until


def model_host(side: PeerSide, url: str) -> None:
    first, second = QStringListModel(["a", "b"]), QStringListModel(["x"])
    host = QRemoteObjectHost(url)
    roles = [0]
    assert host.enableRemoting(first, "first", roles) and host.enableRemoting(
        second, "second", roles
    )
    thing = QObject()
    assert host.enableRemoting(thing, "thing")
    side.command(lambda words: first.setStringList(words), "set")
    side.keep(host, first, second, thing)
    side.ready(url=url)


PAGE = """
import QtQuick
import PySideRO
Item {
    id: root
    required property string url
    width: 100; height: 100
    property alias name: words.name
    property var seen: []
    property int count: repeater.count
    property string texts
    function look() {
        let found = []
        for (let i = 0; i < repeater.count; i++)
            found.push(repeater.itemAt(i).said)
        texts = found.join()
        return texts
    }
    function prefetch() { words.roles = [Qt.DisplayRole]; return words.rowCount() }
    Node { id: net; connectTo: [root.url] }
    ModelReplica { id: words; node: net; name: "first" }
    Repeater {
        id: repeater
        model: words
        Item { required property string display; property string said: display }
    }
    ListView { anchors.fill: parent; model: words; delegate: Item { height: 5 } }
}
"""


def test_a_model_in_views(stage: QmlStage, peer: Peer, local_url: str) -> None:
    host = peer(model_host, url=local_url)
    root: Any = stage.load(PAGE, url=local_url)
    wait_until(lambda: root.look() == "a,b", message=lambda: root.look())
    host.ask("set", ["c", "d", "e"])
    wait_until(lambda: root.look() == "c,d,e")
    assert root.prefetch() == 3
    wait_until(lambda: root.look() == "c,d,e")
    root.setProperty("name", "second")
    wait_until(lambda: root.look() == "x")
    root.setProperty("name", "")
    wait_until(lambda: root.look() == "")


STATES = """
import QtQml
import PySideRO
QtObject {
    id: root
    required property string url
    property var log: []
    property Node client: Node { id: net; connectTo: [root.url] }
    property alias node: words.node
    property ModelReplica model: ModelReplica {
        id: words
        node: net
        name: "first"
        roles: ["display"]
        onStateChanged: root.log.push(state)
    }
    property alias name: words.name
    property alias roles: words.roles
    property alias rootCacheSize: words.rootCacheSize
    property bool valid: words.valid
    property bool initialized: words.initialized
    property string error: words.error
    property int state: words.state
    property LinkState link: LinkState { of: words }
    property int linked: link.state
    function written(): string { return log.join() }
    function first(): string { return words.data(words.index(0, 0), Qt.DisplayRole) }
    function count(): int { return words.rowCount() }
    function drop() { made.destroy() }
    property Component maker: Component { Node { connectTo: [root.url] } }
    property var made
    function useMade() { made = maker.createObject(null); words.node = made }
    function wrong() { words.rootCacheSize = -1 }
    function alsoWrong() { words.roles = [{}] }
}
"""


def test_states_of_a_model(stage: QmlStage, peer: Peer, local_url: str) -> None:
    host = peer(model_host, url=local_url, env=QUIET)
    root: Any = stage.load(STATES, url=local_url)
    assert not root.property("valid") and root.property("rootCacheSize") == 1000
    wait_until(lambda: root.property("initialized"))
    assert root.first() == "a", "it was fetched beforehand"
    assert root.property("valid") and root.property("error") == ""
    assert root.property("linked") == 1
    host.kill()
    wait_until(lambda: root.property("state") == 3)
    assert local_url in root.property("error") and not root.property("valid")
    assert root.property("initialized") and root.count() == 2, "what came stays"
    assert root.property("linked") == 2
    remove_socket_file(local_url)
    peer(model_host, url=local_url, env=QUIET)
    wait_until(lambda: root.property("valid"))
    assert root.property("error") == "" and root.written() == "1,2,3,2"


def test_models_that_cannot_be(stage: QmlStage, peer: Peer, local_url: str, qtlog: Any) -> None:
    peer(model_host, url=local_url)
    root: Any = stage.load(STATES, url=local_url)
    wait_until(lambda: root.property("initialized"))
    root.setProperty("name", "frist")
    wait_until(lambda: "did you mean 'first'?" in root.property("error"))
    assert not root.property("initialized") and root.count() == 0
    root.setProperty("name", "thing")
    wait_until(lambda: root.property("state") == 4, message=lambda: root.property("error"))
    assert "'thing' is no model but a QObject: " in root.property("error")
    root.setProperty("name", "")
    wait_until(lambda: root.property("error") == "it has no name: set its property name")
    root.setProperty("name", "first")
    root.useMade()
    wait_until(lambda: root.property("valid"))
    root.setProperty("rootCacheSize", 300)
    assert root.property("rootCacheSize") == 300
    root.drop()
    wait_until(lambda: "no node" in root.property("error"))
    assert root.count() == 0
    root.wrong()
    root.alsoWrong()
    first, second = stage.warnings
    assert "test.qml:33: Error: ModelReplica: rootCacheSize: a number of rows" in first
    assert "test.qml:34: Error: ModelReplica: roles: a role's name or number" in second
    stage.warnings.clear()


def test_roles_by_name(stage: QmlStage, peer: Peer, local_url: str, qtlog: Any) -> None:
    peer(model_host, url=local_url)
    root: Any = stage.load(STATES, url=local_url, roles=["nope", "display", 2.0])
    wait_until(lambda: root.property("initialized"))
    assert root.first() == "a"
    [message] = [r.message for r in qtlog.records if r.matches_level("WARNING")]
    assert "'first' has no role 'nope'; there are: " in message and "display" in message


SHARED = """
import QtQml
import QtQml.Models
import PySideRO
QtObject {
    id: root
    required property string url
    property int value: 1
    property ListModel list: ListModel {
        ListElement { title: "one"; size: 1 }
        ListElement { title: "two"; size: 2 }
    }
    property var asked: []
    function written(): string { return asked.join() }
    function grow() { list.append({title: "three", size: 3}) }
    function free() { thing.readOnly = false }
    function close() { secret.access = null }
    property Host host: Host {
        hostUrl: root.url
        Shared { name: "list"; object: root.list; roles: ["title"] }
        Shared { name: "all"; object: root.list }
        Shared { id: thing; name: "thing"; object: root; readOnly: true }
        Shared {
            id: secret
            name: "secret"
            object: root
            access: peer => { root.asked.push(peer.name + " " + peer.scheme); return false }
        }
        Shared { name: "looked at"; object: root; access: () => "readOnly" }
        Shared { name: "open"; object: root; access: peer => peer.scheme === "local" }
    }
    function wrong() { secret.access = 7 }
}
"""


def shared_host(side: PeerSide, url: str) -> None:
    stage = QmlStage()
    pyside_ro.registerQmlTypes(stage.engine)
    root: Any = stage.load(SHARED, url=url)
    side.command(lambda: root.written(), "asked")
    side.command(lambda: root.grow(), "grow")
    side.command(lambda: root.free(), "free")
    side.command(lambda: root.close(), "close")
    side.keep(stage)
    side.ready(url=url)


def test_terms_of_sharing(peer: Peer, local_url: str) -> None:
    host = peer(shared_host, url=local_url, app="gui")
    node = QRemoteObjectNode()
    node.setName("me")
    node.connectToNode(local_url)
    thing = valid(node.acquireDynamic("thing"))
    with pytest.raises(PermissionError):
        thing.value = 3
    looked, free = valid(node.acquireDynamic("looked at")), valid(node.acquireDynamic("open"))
    with pytest.raises(PermissionError):
        looked.value = 3
    free.value = 4
    wait_until(lambda: thing.value == looked.value == 4)
    assert "secret" not in node.connectedSources()
    assert host.ask("asked") == "me local"
    host.ask("free")
    wait_until(lambda: own(thing) is State.Valid and not thing._ro.readOnly)
    thing.value = 5
    wait_until(lambda: free.value == 5)
    host.ask("close")
    valid(node.acquireDynamic("secret"))
    dropped(node)


def test_a_model_of_qml_is_shared_as_a_model(peer: Peer, local_url: str) -> None:
    host = peer(shared_host, url=local_url, app="gui")
    node = QRemoteObjectNode()
    node.connectToNode(local_url)
    prefetch = pyside_ro.QtRemoteObjects.InitialAction.PrefetchData
    titles, everything = node.acquireModel("list", prefetch), node.acquireModel("all", prefetch)
    wait_until(lambda: titles.isInitialized() and everything.isInitialized())
    [role] = titles.availableRoles()
    assert bytes(titles.roleNames()[role].data()) == b"title"
    assert [titles.index(row, 0).data(role) for row in range(2)] == ["one", "two"]
    assert len(everything.availableRoles()) == 2
    host.ask("grow")
    wait_until(lambda: titles.rowCount() == 3)
    wait_until(lambda: titles.index(2, 0).data(role) == "three")
    dropped(node)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "roles: ['nope']",
            "Shared: enableRemoting(): roles: the model 'x' (QQmlListModel) has no role 'nope'; ",
        ),
        ("access: 'x'", "Shared: access: a function(peer) is expected, not x"),
    ],
)
def test_wrong_terms(stage: QmlStage, local_url: str, qtlog: Any, text: str, words: str) -> None:
    stage.load(
        "import PySideRO\nimport QtQml.Models\n"
        f'Host {{ hostUrl: "{local_url}"; Shared {{ name: "x"; {text}\n'
        "object: ListModel { ListElement { title: 'a' } } } }"
    )
    [message] = [r.message for r in qtlog.records if r.matches_level("WARNING")]
    assert message.startswith(f"test.qml: {words}"), message


def test_an_access_rule_that_throws(stage: QmlStage, local_url: str, qtlog: Any) -> None:
    stage.load(
        "import PySideRO\nimport QtQml\n"
        f'Host {{ hostUrl: "{local_url}"\nShared {{ name: "x"; object: Timer {{}}\n'
        "access: peer => peer.nothing.more } }"
    )
    node = QRemoteObjectNode()
    node.connectToNode(local_url)
    assert node.waitForNode(local_url, 5000)
    assert node.connectedSources() == {}
    [message] = [r.message for r in qtlog.records if r.matches_level("CRITICAL")]
    assert "test.qml:5: TypeError: Cannot read property 'more' of undefined" in message


def test_a_shared_key(stage: QmlStage, local_url: str) -> None:
    root: Any = stage.load(
        """
import QtQml
import PySideRO
QtObject {
    id: root
    required property string url
    property int value: 3
    property Host host: Host {
        hostUrl: root.url
        sharedKey: "a key of more than sixteen bytes"
        Shared { name: "thing"; object: root }
    }
    property Node good: Node { id: good; sharedKey: "a key of more than sixteen bytes" }
    property Node bad: Node { id: bad; sharedKey: "another one of sixteen bytes" }
    property Replica mine: Replica { id: mine; node: good; name: "thing" }
    property Replica theirs: Replica { id: theirs; node: bad; name: "thing" }
    property bool first: mine.valid
    property bool second: theirs.valid
    property string error: theirs.error
    function go() { good.connectTo = [url]; bad.connectTo = [url] }
    function late() {
        good.sharedKey = "x"
    }
}
""",
        url=local_url,
    )
    root.go()
    wait_until(lambda: root.property("first"))
    wait_until(lambda: "key" in root.property("error"), message=lambda: root.property("error"))
    assert not root.property("second")
    root.late()
    [warning] = stage.warnings
    assert "test.qml:22: Error: Node: sharedKey cannot change any more" in warning
    stage.warnings.clear()


def test_wrong_tls_files_leave_a_host_closed(stage: QmlStage, qtlog: Any) -> None:
    root: Any = stage.load(
        'import PySideRO\nHost { hostUrl: "tcp://127.0.0.1:0"; tlsCertificate: "/nowhere.pem" }'
    )
    [message] = [r.message for r in qtlog.records if r.matches_level("WARNING")]
    assert message.startswith("test.qml: Host: ") and "/nowhere.pem" in message
    assert root.node().hostUrl().isEmpty()


def test_a_store(stage: QmlStage) -> None:
    root: Any = stage.load(
        "import QtQml\nimport PySideRO\nNode { id: n; persistedStore: SettingsStore { }\n"
        "function wrong() { n.persistedStore = n } }"
    )
    assert root.node().persistedStore() is not None
    root.wrong()
    [warning] = stage.warnings
    assert "persistedStore is no store" in warning
    stage.warnings.clear()
    process_events(0.01)
