"""Pending calls: results, watchers, timeouts, and how they end when nobody will answer."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest
from PySide6.QtCore import QEventLoop, QObject, QTimer

from pyside_ro import (
    CallTimeout,
    CannotCross,
    ConnectionLost,
    QRemoteObjectNode,
    QRemoteObjectPendingCall,
    QRemoteObjectPendingCallWatcher,
    RemoteError,
)
from tests.behaviour.hosts.results import results
from tests.behaviour.support import QUIET, Peer, failure, finished, live, valid
from tests.helpers import PeerProcess, Recorder, process_events, wait_until

Error = QRemoteObjectPendingCall.Error


@pytest.fixture
def host(peer: Peer, local_url: str) -> PeerProcess:
    return peer(results, url=local_url, env=QUIET)


@pytest.fixture
def printer(host: PeerProcess, node: QRemoteObjectNode) -> Any:
    return live(node, host, "printer")


def test_from_pending_to_finished(printer: Any) -> None:
    call = printer.print_("four")
    assert isinstance(call, QRemoteObjectPendingCall)
    assert not call.isFinished() and call.returnValue() is None
    assert call.error() is Error.InvalidMessage and call.exception() is None
    assert "pending" in repr(call)
    with pytest.raises(asyncio.InvalidStateError):
        call.result()
    wait_until(call.isFinished)
    assert call.returnValue() == call.result() == 4 and call.error() is Error.NoError
    assert "finished: 4" in repr(call)
    assert QRemoteObjectPendingCall(call).returnValue() == 4


def test_a_void_slot_gives_a_call_as_well(printer: Any) -> None:
    call = printer.release(1)
    assert isinstance(call, QRemoteObjectPendingCall)
    assert call.waitForFinished() and call.returnValue() is None
    assert call.error() is Error.NoError


def test_an_argument_that_cannot_cross_raises_at_once(printer: Any) -> None:
    with pytest.raises(CannotCross, match=r"argument 1 \(text\) of printer.print_.*QObject"):
        printer.print_(QObject())
    assert finished(printer.print_("ok")) == 2, "nothing half-written"


def test_watchers(printer: Any) -> None:
    call = printer.print_("abc")
    watcher = QRemoteObjectPendingCallWatcher(call)
    ended = Recorder(watcher.finished)
    assert ended.wait() == [watcher]
    assert watcher.isFinished() and watcher.returnValue() == 3
    assert watcher.error() is Error.NoError and watcher.exception() is None
    late = QRemoteObjectPendingCallWatcher(call)
    again = Recorder(late.finished)
    assert not again.values, "never before anyone could connect"
    again.wait()
    process_events(0.01)
    assert len(again) == len(ended) == 1
    failed = QRemoteObjectPendingCallWatcher(printer.print_(""))
    Recorder(failed.finished).wait()
    assert failed.error() is Error.InvalidMessage
    assert isinstance(failed.exception(), RemoteError)
    waited = QRemoteObjectPendingCallWatcher(printer.later(1))
    waited.waitForFinished()
    assert waited.returnValue() == 2


def test_a_watcher_may_be_dropped(printer: Any) -> None:
    call = printer.later(4)
    watcher = QRemoteObjectPendingCallWatcher(call)
    watcher.deleteLater()
    del watcher
    gc.collect()
    assert finished(call) == 8
    process_events(0.01)


def test_completed_calls() -> None:
    call = QRemoteObjectPendingCall.fromCompletedCall({"a": 1})
    assert call.isFinished() and call.returnValue() == {"a": 1}
    assert call.error() is Error.NoError and call.waitForFinished(0)
    ended = Recorder(QRemoteObjectPendingCallWatcher(call).finished)
    assert not ended.values


def test_the_results_type_is_for_checkers_alone() -> None:
    typed: QRemoteObjectPendingCall[int] = QRemoteObjectPendingCall[int].fromCompletedCall(3)
    assert type(typed) is QRemoteObjectPendingCall and typed.returnValue() == 3
    assert not hasattr(typed, "__dict__"), "a call is as small as it was"


def test_a_watcher_of_a_completed_call(qapp: Any) -> None:
    watcher = QRemoteObjectPendingCallWatcher(QRemoteObjectPendingCall.fromCompletedCall(3))
    assert Recorder(watcher.finished).wait() == [watcher]


def test_callbacks(printer: Any) -> None:
    seen: list[Any] = []
    call = printer.print_("abc")
    call.add_done_callback(lambda call: seen.append(call.result()))
    finished(call)
    call.add_done_callback(lambda call: seen.append("late"))
    assert seen == [3, "late"]


def test_waiting_for_the_result(printer: Any) -> None:
    assert printer.later(5).waitForFinished() is True
    held = printer.hold()
    assert held.waitForFinished(20) is False and not held.isFinished(), "the call goes on"
    printer.release(3)
    assert held.waitForFinished(5000) is True and held.returnValue() == 3
    failed = printer.laterRaises()
    assert failed.waitForFinished() is False and failed.isFinished()
    assert str(failed.exception()) == "NoInk: later (printer.laterRaises)"


def test_a_wait_within_a_slot_within_a_wait(printer: Any) -> None:
    begun: list[int] = []
    inner: list[Any] = []

    def onDone(value: int) -> None:
        begun.append(value)
        if len(begun) <= 3:
            call = printer.later(value + 1)
            inner.append((call.waitForFinished(5000), call.returnValue()))

    printer.done.connect(onDone)
    outer = printer.later(1)
    assert outer.waitForFinished(5000) and outer.returnValue() == 2
    wait_until(lambda: len(inner) >= 3)
    assert sorted(inner) == [(True, 4), (True, 6), (True, 8)]


def test_a_dialog_opened_by_a_slot(printer: Any) -> None:
    """A slot runs an event loop of its own, as QDialog.exec() does: the link goes on meanwhile."""
    results: list[Any] = []

    def onDone(_: int) -> None:
        loop = QEventLoop()
        call = printer.print_("abc")
        call.add_done_callback(lambda call: results.append(call.result()))
        call.add_done_callback(lambda call: loop.quit())
        QTimer.singleShot(1000, loop.quit)  # the user gives up
        loop.exec()

    printer.done.connect(onDone)
    finished(printer.later(1))
    assert results == [3]


def test_the_callers_timeout(printer: Any) -> None:
    call = printer.hold().setTimeout(20)
    error = failure(call)
    assert isinstance(error, CallTimeout) and isinstance(error, TimeoutError)
    assert "20 ms" in str(error)
    finished(printer.release(5))
    assert call.returnValue() is None, "what comes too late changes nothing"
    quick = printer.print_("abc").setTimeout(5000)
    assert finished(quick) == 3
    del quick
    gc.collect()
    process_events(0.01)


def test_calls_fail_when_the_host_is_killed(host: PeerProcess, printer: Any) -> None:
    calls = [printer.hold() for _ in range(3)]
    finished(printer.print_("x"))
    watcher = QRemoteObjectPendingCallWatcher(calls[0])
    ended = Recorder(watcher.finished)
    host.kill()
    for call in calls:
        error = failure(call)
        assert isinstance(error, ConnectionLost) and isinstance(error, ConnectionError)
        assert host.info["url"] in str(error)
        assert call.error() is Error.InvalidMessage
    ended.wait()
    late = printer.print_("x")
    assert late.isFinished() and "printer.print_ was not called" in str(late.exception())


def test_a_blocking_wait_ends_when_the_host_is_killed(host: PeerProcess, printer: Any) -> None:
    call = printer.hold()
    finished(printer.print_("x"))
    host.kill()
    assert call.waitForFinished(20_000) is False
    assert isinstance(call.exception(), ConnectionLost)


def test_calls_fail_when_the_source_goes(host: PeerProcess, printer: Any) -> None:
    call = printer.hold()
    assert host.ask("unshare")
    error = failure(call)
    assert isinstance(error, ConnectionLost) and "shares it no longer" in str(error)
    host.ask("reshare")
    valid(printer)
    assert finished(printer.print_("back")) == 4


def test_calls_fail_when_the_node_leaves(
    host: PeerProcess, node: QRemoteObjectNode, printer: Any
) -> None:
    call = printer.hold()
    node.disconnectFromNode(host.info["url"])
    assert isinstance(failure(call), ConnectionLost)


def test_a_failure_nobody_asked_for_is_logged(printer: Any, qtlog: Any) -> None:
    printer.print_("")
    wait_until(lambda: any("nothing to print" in r.message for r in qtlog.records))
    text = next(r.message for r in qtlog.records if "nothing to print" in r.message)
    assert "nobody asked for its result" in text and "printer.print_" in text
