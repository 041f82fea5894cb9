"""Slots that return, raise, are coroutines or return a Future: what their callers get."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QThread

from pyside_ro import QRemoteObjectNode, RemoteError
from tests.behaviour.hosts.results import results
from tests.behaviour.support import QUIET, Peer, failure, finished, live, shared_host
from tests.helpers import PeerProcess, Recorder, process_events, wait_until


@pytest.fixture(scope="module")
def host(qapp: Any) -> Iterator[PeerProcess]:
    with shared_host(results, env=QUIET) as process:
        yield process


@pytest.fixture
def printer(host: PeerProcess, node: QRemoteObjectNode) -> Any:
    return live(node, host, "printer")


def remote(call: Any) -> tuple[str, str, str]:
    error = failure(call)
    assert isinstance(error, RemoteError), error
    return error.typeName, error.message, error.member


def test_a_slot_that_raises(printer: Any) -> None:
    call = printer.print_("")
    assert remote(call) == ("ValueError", "nothing to print", "printer.print_")
    assert str(call.exception()) == "ValueError: nothing to print (printer.print_)"
    assert call.returnValue() is None and call.error() == call.Error.InvalidMessage
    assert remote(printer.empty()) == ("NoInk", "no ink, \N{SNOWMAN}", "printer.empty")
    assert remote(printer.silent()) == ("KeyError", "", "printer.silent")
    assert finished(printer.print_("abc")) == 3
    # The source has a slot of this name; a QObject itself needs it, so the replica keeps its own.
    assert isinstance(printer.thread(), QThread)


def test_a_result_that_cannot_cross(printer: Any) -> None:
    typeName, message, member = remote(printer.unsendable())
    assert (typeName, member) == ("CannotCross", "printer.unsendable")
    assert "the result of printer.unsendable" in message and "lock" in message


def test_coroutines(printer: Any) -> None:
    done = Recorder(printer.done)
    calls = [printer.later(n) for n in range(5)]
    assert not any(call.isFinished() for call in calls)
    assert [finished(call) for call in calls] == [0, 2, 4, 6, 8]
    assert done.values == [0, 1, 2, 3, 4]
    assert remote(printer.laterRaises()) == ("NoInk", "later", "printer.laterRaises")
    assert finished(printer.inExecutor()) == "True [2, 4]"


def test_concurrent_futures(printer: Any) -> None:
    assert finished(printer.inPool(5)) == 15
    assert remote(printer.inPoolRaises())[:2] == ("ZeroDivisionError", "division by zero")


def test_the_answer_goes_out_when_the_result_is_there(printer: Any) -> None:
    held = [printer.hold(), printer.hold()]
    assert finished(printer.print_("x")) == 1, "others do not wait for it"
    assert not any(call.isFinished() for call in held)
    finished(printer.release(4))
    assert [finished(call) for call in held] == [4, 4]
    cancelled = printer.hold()
    finished(printer.cancel())
    assert remote(cancelled)[0] == "CancelledError"


@pytest.mark.parametrize("loop", ["QtAsyncio", "qasync"])
def test_under_an_asyncio_of_the_host(
    peer: Peer, local_url: str, node: QRemoteObjectNode, loop: str
) -> None:
    host = peer(results, url=local_url, loop=loop, env=QUIET)
    printer = live(node, host, "printer")
    assert finished(printer.later(4)) == 8
    assert finished(printer.asTask(5)) == 10
    assert remote(printer.laterRaises()) == ("NoInk", "later", "printer.laterRaises")
    assert finished(printer.inPool(5)) == 15
    assert finished(printer.inExecutor()) == "True [2, 4]"


def test_calls_are_answered_in_their_order(printer: Any) -> None:
    answers: list[int] = []
    for n in range(1, 501):
        printer.print_("x" * n).add_done_callback(lambda call: answers.append(call.result()))
    wait_until(lambda: len(answers) >= 500)
    process_events(0.01)
    assert answers == list(range(1, 501))
