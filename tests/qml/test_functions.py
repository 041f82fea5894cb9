"""Functions that QML defines, called from another process: results, what they throw, Promises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import pyside_ro
from pyside_ro import QRemoteObjectNode, RemoteError
from tests.behaviour.support import QUIET, Peer, dropped, finished, shared_host, valid
from tests.helpers import PeerProcess, PeerSide, QmlStage, wait_until

PAGE = """
import QtQml
import PySideRO
QtObject {
    id: root
    required property string url
    property Host host: Host {
        hostUrl: root.url
        Shared { name: "panel"; object: root }
    }
    property QtObject part: QtObject { property int value: 4 }
    property var answer
    function bad(what) {
        throw new RangeError("no " + what)
    }
    function typed(a: int): int {
        return a.x.y
    }
    function object() { throw {code: 3} }
    function words() { throw "words" }
    function cyclic() { let a = {}; a.a = a; throw a }
    function error() { return new Error("only returned") }
    function half(): real { return 3 }
    function later(value) { return new Promise(resolve => Qt.callLater(() => resolve(value))) }
    function never() { return new Promise(() => {}) }
    function refused() {
        return new Promise((resolve, reject) => Qt.callLater(() => reject(new Error("not now"))))
    }
    function steps() {
        return RemoteObjects.run(function* () {
            const a = yield root.later(2)
            return [a, yield root.later({b: 3})]
        })
    }
    function given(): QtObject { return part }
    function value(of) { return of.value }
    function echo(value) { return value }
}
"""


def page_host(side: PeerSide, url: str) -> None:
    stage = QmlStage()
    pyside_ro.registerQmlTypes(stage.engine)
    stage.load(PAGE, url=url)
    side.command(stage.close, "close")
    side.keep(stage)
    side.ready(url=url)


@pytest.fixture(scope="module")
def page(qapp: object) -> Iterator[PeerProcess]:
    said = ["the slot raised, called by"]
    with shared_host(page_host, env=QUIET, app="gui", allow_stderr=said) as host:
        yield host


@pytest.fixture
def panel(page: PeerProcess) -> Iterator[Any]:
    node = QRemoteObjectNode()
    node.connectToNode(page.info["url"])
    yield valid(node.acquireDynamic("panel"))
    dropped(node)


def raised(call: Any) -> RemoteError:
    call.waitForFinished(5000)
    error = call.exception()
    assert isinstance(error, RemoteError), error
    return error


@pytest.mark.parametrize(
    ("function", "args", "kind", "message"),
    [
        ("bad", ("ink",), "RangeError", "no ink (test.qml:14)"),
        ("typed", (1,), "TypeError", "Cannot read property 'y' of undefined (test.qml:17)"),
        ("object", (), "Error", '{"code":3}'),
        ("words", (), "Error", "words"),
        ("cyclic", (), "Error", "[object Object]"),
        ("refused", (), "Error", "not now (test.qml:27)"),
    ],
)
def test_what_is_thrown_reaches_the_caller(
    panel: Any, function: str, args: tuple[Any, ...], kind: str, message: str
) -> None:
    error = raised(getattr(panel, function)(*args))
    assert (error.typeName, error.message, error.member) == (kind, message, f"panel.{function}")


def test_it_is_logged_with_file_and_line(stage: QmlStage, local_url: str, qtlog: Any) -> None:
    stage.load(PAGE, url=local_url)
    node = QRemoteObjectNode()
    node.connectToNode(local_url)
    raised(valid(node.acquireDynamic("panel")).bad("ink"))
    [message] = [r.message for r in qtlog.records if r.matches_level("WARNING")]
    assert message.startswith("test.qml:14: panel.bad: the slot raised, called by ")
    assert message.endswith(": RangeError: no ink (test.qml:14)"), message


@pytest.mark.parametrize(
    ("function", "args", "result"),
    [
        ("half", (), 3.0),
        ("later", ("x",), "x"),
        ("later", ({"a": [1, None]},), {"a": [1, None]}),
        ("steps", (), [2, {"b": 3}]),
        ("echo", (None,), None),
        ("echo", (b"\0x",), b"\0x"),
        ("echo", (7,), 7),
        ("echo", ([1, {"a": "b"}],), [1, {"a": "b"}]),
    ],
)
def test_results_and_promises(
    panel: Any, function: str, args: tuple[Any, ...], result: Any
) -> None:
    found = finished(getattr(panel, function)(*args))
    assert found == result and type(found) is type(result)


def test_objects_as_results_and_arguments(panel: Any) -> None:
    part = finished(panel.given())
    assert part.value == 4
    assert finished(panel.value(part)) == 4


def test_a_promise_that_is_never_kept_ends_with_its_engine(peer: Peer, local_url: str) -> None:
    host = peer(page_host, url=local_url, env=QUIET, app="gui")
    node = QRemoteObjectNode()
    node.connectToNode(local_url)
    panel = valid(node.acquireDynamic("panel"))
    call = panel.never()
    assert finished(panel.echo(1)) == 1 and not call.isFinished()
    host.ask("close")
    wait_until(call.isFinished)
    assert call.exception() is not None
    dropped(node)
