"""Replicas in QML: bindings, handlers, calls, writes; nothing is collected under anyone's feet.

Any warning of QML fails these tests (the fixture qml).
"""

from __future__ import annotations

import gc
from typing import Any

import pytest
from PySide6.QtCore import Property, QObject, Signal, Slot

from pyside_ro import QRemoteObjectNode
from tests.behaviour.hosts.for_qml import Player, for_qml
from tests.behaviour.support import Peer, State, live, own, valid
from tests.helpers import PeerProcess, QmlStage, process_events, wait_until

PAGE = """
import QtQml
QtObject {
    id: root
    property QtObject player
    property string caption: player ? player.title + "!" : "none"
    property real percent: player ? player.volume * 100 : -1
    property int count: player ? player.tracks.length : -1
    property string maker: player ? player.model.maker : ""
    property var log: []
    property Connections watcher: Connections {
        target: root.player
        function onTitleChanged(title) { root.log.push("title " + title) }
        function onVolumeChanged() { root.log.push("volume " + root.player.volume) }
        function onEnded(reason, code) { root.log.push("ended " + reason + " " + code) }
    }
    function louder() { player.volume = player.volume + 0.25; return player.volume }
    function add(name: string) { player.append(name) }
    function ask() { player.end("asked", 7) }
    function written() { return root.log.join(",") }
}
"""


@pytest.fixture
def host(peer: Peer, local_url: str) -> PeerProcess:
    return peer(for_qml, url=local_url)


@pytest.fixture(params=["dynamic", "typed"])
def player(request: Any, host: PeerProcess, node: QRemoteObjectNode) -> Any:
    if request.param == "dynamic":
        return live(node, host, "player")
    node.connectToNode(host.info["url"])
    return valid(node.acquire(Player, "player"))


def call(root: QObject, name: str, *args: Any) -> Any:
    return getattr(root, name)(*args)


def test_bindings_handlers_calls_and_writes(host: PeerProcess, player: Any, qml: QmlStage) -> None:
    root: Any = qml.load(PAGE, player=player)
    assert root.property("caption") == "one!" and root.property("percent") == 50
    assert root.property("count") == 2 and root.property("maker") == "us"
    host.ask("setTitle", "two")
    wait_until(lambda: root.property("caption") == "two!")
    assert call(root, "louder") == 0.5, "the value changes when the source says so"
    wait_until(lambda: root.property("percent") == 75)
    call(root, "add", "c")
    wait_until(lambda: root.property("count") == 3)
    call(root, "ask")
    wait_until(lambda: "ended" in call(root, "written"))
    assert call(root, "written") == "title two,volume 0.75,ended asked 7"
    assert host.ask("all") == ["two", 0.75, ["a", "b", "c"]]


def test_a_typed_replica_is_bound_before_its_source_is_there(
    host: PeerProcess, node: QRemoteObjectNode, qml: QmlStage
) -> None:
    player = node.acquire(Player, "player")
    root = qml.load(
        "import QtQml\nQtObject { property QtObject p; property string t: p.title; "
        "property real v: p.volume }",
        p=player,
    )
    assert root.property("t") == "" and root.property("v") == 0
    node.connectToNode(host.info["url"])
    wait_until(lambda: root.property("t") == "one" and root.property("v") == 0.5)


def test_the_connection_state_is_seen(host: PeerProcess, player: Any, qml: QmlStage) -> None:
    root = qml.load(PAGE, player=player)
    host.kill()
    wait_until(lambda: own(player) is State.Suspect)
    assert root.property("caption") == "one!", "the last value stays"


class Backend(QObject):
    """Hands replicas to QML by a slot and by a property."""

    playerChanged = Signal()

    def __init__(self, node: QRemoteObjectNode, player: Any) -> None:
        super().__init__()
        self._node = node
        self._player = player

    player = Property(QObject, lambda self: self._player, notify=playerChanged)

    @Slot(result=QObject)
    def give(self) -> QObject:
        return self._player  # type: ignore[no-any-return]


@pytest.mark.parametrize("way", ["backend.give()", "backend.player"])
def test_a_replica_that_python_hands_out_survives_the_collectors(
    host: PeerProcess, player: Any, node: QRemoteObjectNode, qml: QmlStage, way: str
) -> None:
    backend = Backend(node, player)
    root: Any = qml.load(
        "import QtQml\nQtObject { property QtObject backend; property var held; "
        f"function take() {{ held = {way}; return held.title }} "
        "function drop() { held = null } }",
        backend=backend,
    )
    for _ in range(3):
        assert call(root, "take") == "one"
        call(root, "drop")
        qml.engine.collectGarbage()
        gc.collect()
        process_events(0.005)
        assert player.title == "one", "neither collector deleted it"
    host.ask("setTitle", "still here")
    wait_until(lambda: player.title == "still here")


def test_qml_may_hold_a_replica_through_collections(
    host: PeerProcess, player: Any, qml: QmlStage
) -> None:
    root = qml.load(PAGE, player=player)
    for _ in range(3):
        gc.collect()
        qml.engine.collectGarbage()
        process_events(0.005)
    host.ask("setTitle", "alive")
    wait_until(lambda: root.property("caption") == "alive!")


def test_the_result_of_a_call_reaches_qml(host: PeerProcess, player: Any, qml: QmlStage) -> None:
    class Judge(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.calls: list[Any] = []

        @Slot("QVariant")
        def judge(self, pending: Any) -> None:
            self.calls.append(pending)

    judge = Judge()
    root: Any = qml.load(
        "import QtQml\nQtObject { property QtObject player; property QtObject judge; "
        'function run() { judge.judge(player.append("x")) } }',
        player=player,
        judge=judge,
    )
    call(root, "run")
    [pending] = judge.calls
    wait_until(pending.isFinished)
    assert pending.exception() is None
