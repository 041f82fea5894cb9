"""ModelReplica in views; trust and stores of a Node."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QStringListModel

from pyside_ro import QRemoteObjectHost
from tests.behaviour.support import Peer
from tests.helpers import PeerSide, QmlStage, process_events, wait_until


def model_host(side: PeerSide, url: str) -> None:
    first, second = QStringListModel(["a", "b"]), QStringListModel(["x"])
    host = QRemoteObjectHost(url)
    roles = [0]
    assert host.enableRemoting(first, "first", roles) and host.enableRemoting(
        second, "second", roles
    )
    side.command(lambda words: first.setStringList(words), "set")
    side.keep(host, first, second)
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
