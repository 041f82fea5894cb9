"""RemoteObjects: the results of calls as Promises, and generator functions as async ones."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtQml import QJSEngine

from tests.behaviour.support import QUIET, Peer
from tests.helpers import PeerProcess, QmlStage, process_events, wait_until
from tests.qml.sources import printer_host

PAGE = """
import QtQml
import PySideRO
QtObject {
    id: root
    required property string url
    property Node client: Node { id: net; connectTo: [root.url] }
    property Replica replica: Replica { id: replica; node: net; name: "printer" }
    property bool valid: replica.valid
    property var log: []
    function written(): string { return log.join("|") }
    function note(what) { log.push(what) }
    function failed(e) {
        const parts = [e instanceof Error, e.typeName, e.remoteMessage, e.member, e.message]
        log.push(parts.join(";"))
    }
    function go() {
        const printer = replica.object
        %s
    }
}
"""


def run(stage: QmlStage, printers: PeerProcess, body: str) -> Any:
    root: Any = stage.load(PAGE % body, url=printers.info["url"])
    wait_until(lambda: root.property("valid"))
    root.go()
    return root


@pytest.mark.parametrize(
    ("body", "written"),
    [
        ("RemoteObjects.watch(printer.add(1, 2)).then(note)", "3"),
        ("RemoteObjects.watch(printer.echo({a: [1, {b: 'x'}]})).then(v => note(v.a[1].b))", "x"),
        ("RemoteObjects.watch(printer.echo([1, 'two'])).then(v => note(v.join()))", "1,two"),
        ("RemoteObjects.watch(printer.jam('x', 1)).then(v => note('' + v))", "undefined"),
        (
            "RemoteObjects.watch(printer.refuse('ink')).catch(failed)",
            "true;ValueError;no ink;printer.refuse;ValueError: no ink (printer.refuse)",
        ),
        (
            "RemoteObjects.watch(printer.never(), 20).catch(e => note(e.typeName))",
            "CallTimeout",
        ),
        (
            """Promise.all([RemoteObjects.watch(printer.add(1, 2)),
            RemoteObjects.watch(printer.add(3, 4))]).then(v => note(v.join()))""",
            "3,7",
        ),
        (
            """RemoteObjects.run(function* () { const a = yield printer.add(1, 2)
            const b = yield printer.add(a, 10); return b }).then(note)""",
            "13",
        ),
        (
            """RemoteObjects.run(function* () { try { yield printer.refuse('ink') }
            catch (e) { note(e.remoteMessage) } return 1 }).then(note)""",
            "no ink|1",
        ),
        (
            "RemoteObjects.run(function* () { yield printer.refuse('ink') }).catch(failed)",
            "true;ValueError;no ink;printer.refuse;ValueError: no ink (printer.refuse)",
        ),
        (
            """RemoteObjects.run(function* () { return (yield Promise.resolve(4)) + (yield 5) })
            .then(note)""",
            "9",
        ),
        (
            """RemoteObjects.run(function* () { throw new Error('mine') })
            .catch(e => note(e.message))""",
            "mine",
        ),
    ],
)
def test_results(stage: QmlStage, printers: PeerProcess, body: str, written: str) -> None:
    root = run(stage, printers, body)
    wait_until(lambda: root.written() == written, message=lambda: root.written())


def test_a_lost_connection_rejects(stage: QmlStage, peer: Peer, local_url: str) -> None:
    host = peer(printer_host, url=local_url, env=QUIET)
    root = run(stage, host, "RemoteObjects.watch(printer.never()).catch(e => note(e.typeName))")
    process_events(0.02)
    host.kill()
    wait_until(lambda: root.written() == "ConnectionLost")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            "RemoteObjects.watch(7)",
            "TypeError: RemoteObjects.watch() takes a call of a replica's",
        ),
        ("RemoteObjects.watch(undefined)", "slot, not undefined"),
        ("RemoteObjects.run(7)", "TypeError: RemoteObjects.run() takes a function*, not 7"),
    ],
)
def test_mistakes(stage: QmlStage, printers: PeerProcess, body: str, words: str) -> None:
    run(stage, printers, body)
    [warning] = stage.warnings
    assert warning.startswith("test.qml:19") and words in warning, warning
    stage.warnings.clear()


def test_two_engines_have_their_own(stage: QmlStage, printers: PeerProcess) -> None:
    other = QmlStage()
    try:
        first = run(stage, printers, "RemoteObjects.watch(printer.add(1, 2)).then(note)")
        second = run(other, printers, "RemoteObjects.watch(printer.add(3, 4)).then(note)")
        wait_until(lambda: first.written() == "3" and second.written() == "7")
    finally:
        other.close()


def test_an_engine_that_goes_before_the_answer(printers: PeerProcess, qapp: Any) -> None:
    stage = QmlStage()
    run(stage, printers, "RemoteObjects.watch(printer.echo(1)).then(note)")
    stage.close()
    process_events(0.05)


def test_why_there_is_run(qapp: Any) -> None:
    """Should QML's JavaScript learn `await`, say so in docs/qml.md."""
    assert QJSEngine().evaluate("(async function () { return 1 })").isError()
