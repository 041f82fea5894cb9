"""ConnectionBadge and LinkState: waiting, live, lost, and the reasons."""

from __future__ import annotations

from typing import Any

import pytest

from tests.behaviour.support import QUIET, Peer
from tests.helpers import PeerProcess, QmlStage, wait_until
from tests.qml.sources import printer_host

PAGE = """
import QtQuick
import QtQuick.Controls
import PySideRO
ApplicationWindow {
    id: root
    width: 400; height: 200; visible: true
    property list<string> urls
    property string name: "printer"
    Node { id: net; connectTo: root.urls }
    Replica { id: printer; node: net; name: root.name }
    Column {
        ConnectionBadge { id: badge; replica: %s }
        ConnectionBadge { id: hosts; node: net; reasonShown: false }
        ConnectionBadge { id: empty }
    }
    function leave() { badge.replica = null }
    property list<string> ofReplica: [badge.word, badge.reason]
    property list<string> ofNode: [hosts.word, hosts.reason]
    property list<string> ofNothing: [empty.word, empty.reason]
    property bool live: badge.live
    property real wide: badge.implicitWidth
}
"""


def word(root: Any, whose: str = "ofReplica") -> str:
    return str(root.property(whose)[0])


def reason(root: Any, whose: str = "ofReplica") -> str:
    return str(root.property(whose)[1])


@pytest.mark.parametrize("what", ["printer", "printer.object"])
def test_live_lost_and_live_again(stage: QmlStage, peer: Peer, local_url: str, what: str) -> None:
    root: Any = stage.load(PAGE % what, urls=[local_url])
    assert word(root) == word(root, "ofNode") == "waiting"
    wait_until(lambda: local_url in reason(root, "ofNode"))
    host = peer(printer_host, url=local_url, env=QUIET)
    wait_until(lambda: word(root) == "live" and word(root, "ofNode") == "live")
    assert reason(root) == reason(root, "ofNode") == "" and root.property("live")
    narrow = root.property("wide")
    host.kill()
    wait_until(lambda: word(root) == "lost" and word(root, "ofNode") == "lost")
    assert reason(root) and local_url in reason(root, "ofNode")
    assert root.property("wide") > narrow
    peer(printer_host, url=local_url, env=QUIET)
    wait_until(lambda: word(root) == "live" and word(root, "ofNode") == "live")
    root.leave()
    assert (word(root), reason(root)) == ("waiting", "there is nothing to connect to yet")


def test_the_reasons(stage: QmlStage, printers: PeerProcess, local_url: str) -> None:
    root: Any = stage.load(PAGE % "printer", urls=[])
    assert reason(root) == "its node was told no address: set its connectTo or its registryUrl"
    assert reason(root, "ofNode").startswith("the node was told no address")
    assert reason(root, "ofNothing") == "there is nothing to connect to yet"
    root.setProperty("name", "printr")
    root.setProperty("urls", [printers.info["url"]])
    wait_until(lambda: "did you mean 'printer'?" in reason(root))
    wait_until(lambda: word(root, "ofNode") == "live")
    # One of two hosts is not there.
    root.setProperty("urls", [printers.info["url"], local_url])
    wait_until(lambda: word(root, "ofNode") == "waiting")
    wait_until(lambda: reason(root, "ofNode").startswith(f"{local_url}: "))
    root.setProperty("urls", [printers.info["url"]])
    wait_until(lambda: word(root, "ofNode") == "live")


def test_what_has_no_state_is_refused(stage: QmlStage, qtlog: Any) -> None:
    stage.load("import PySideRO\nimport QtQml\nLinkState { of: QtObject {} }")
    [message] = [r.message for r in qtlog.records if r.matches_level("WARNING")]
    assert message.startswith(
        "test.qml: LinkState: of: a Replica, ModelReplica, replica or Node is"
    )
