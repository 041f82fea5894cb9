"""The suite's own helpers: a helper that cannot fail would make every test worthless."""

from __future__ import annotations

import os
import time

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, qWarning
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from tests.helpers import (
    ROOT,
    PeerError,
    PeerProcess,
    PeerSide,
    QmlStage,
    Recorder,
    process_events,
    remove_socket_file,
    unique_local_url,
    wait_for,
    wait_until,
)


class Counter(QObject):
    changed = Signal(int)


def echo_host(side: PeerSide, greeting: str) -> None:
    counter = Counter()
    side.watch(counter.changed, "changed")

    @side.command
    def add(a: int, b: int) -> int:
        counter.changed.emit(a + b)
        return a + b

    @side.command
    def fail() -> None:
        raise ValueError("no ink")

    side.command(os.abort, "crash")
    side.command(lambda: QTimer.singleShot(0, lambda: 1 / 0), "raise_later")
    side.command(lambda: print("hello there"), "speak")
    side.keep(counter)
    side.ready(greeting=greeting, app=type(QCoreApplication.instance()).__name__)


def broken_host(side: PeerSide) -> None:
    raise RuntimeError("cannot start")


def listening_host(side: PeerSide, name: str) -> None:
    server = QLocalServer()
    assert server.listen(name), server.errorString()
    side.keep(server)
    side.ready()


def test_a_peer_answers_and_tells_of_events(peer):
    other = peer(echo_host, greeting="hi")
    assert other.info == {"greeting": "hi", "app": "QCoreApplication"}
    assert other.ask("add", 2, b=3) == 5
    assert other.wait_event("changed") == [5]
    with pytest.raises(PeerError, match="ValueError: no ink"):
        other.ask("fail")
    with pytest.raises(PeerError, match="no command 'nothing'"):
        other.ask("nothing")
    other.ask("speak")
    assert other.wait_output("hello (.*)")[1] == "there"


def test_a_peer_can_have_windows(peer):
    assert peer(echo_host, greeting="", app="widgets").info["app"] == "QApplication"
    assert peer(echo_host, greeting="", app="gui").info["app"] == "QGuiApplication"


def test_a_peer_that_cannot_start_says_why(qapp):
    with pytest.raises(PeerError, match="RuntimeError: cannot start"):
        PeerProcess(broken_host)


def test_noise_on_stderr_is_found(qapp):
    other = PeerProcess(echo_host, greeting="")
    other.ask("raise_later")
    with pytest.raises(PeerError, match="wrote to stderr(.|\n)*ZeroDivisionError"):
        other.stop()
    other.allow_stderr = [r"Traceback|File|\^|lambda|ZeroDivision"]
    other.stop()


def test_a_crash_is_found(qapp):
    other = PeerProcess(echo_host, greeting="", allow_stderr=True)
    other.tell("crash")
    with pytest.raises(PeerError, match="exit code -6"):
        other.ask("add", 1, 2)
    with pytest.raises(PeerError, match="exit code -6"):
        other.stop()


def test_a_killed_peer_is_no_failure(peer):
    other = peer(echo_host, greeting="")
    other.kill()
    assert other.returncode == -9


def test_frozen_and_thawed(peer):
    other = peer(echo_host, greeting="")
    other.freeze()
    number = other.tell("add", 1, 1)
    with pytest.raises(AssertionError, match="no the answer"):
        other.answer(number, timeout=0.3)
    other.thaw()
    assert other.answer(number) == 2
    other.freeze()  # stop() of a frozen one thaws it


def test_scripts_run_as_they_stand(peer, tmp_path):
    script = tmp_path / "program.py"
    script.write_text("import sys\nprint('args', sys.argv[1:])\nsys.exit(3)\n")
    other = peer(script, args=["a", "b"])
    assert other.wait_exit() == 3
    assert other.stdout == "args ['a', 'b']\n"
    lasting = tmp_path / "lasting.py"
    lasting.write_text("import time\nprint('READY {\"x\": 1}', flush=True)\ntime.sleep(60)\n")
    assert peer(lasting, ready=True).info == {"x": 1}


def test_local_addresses_are_free_and_cleaned_up(peer, local_url):
    name = local_url.removeprefix("local:")
    other = peer(listening_host, name=name)
    socket = QLocalSocket()
    socket.connectToServer(name)
    wait_until(lambda: socket.state() == QLocalSocket.LocalSocketState.ConnectedState)
    other.kill()
    wait_until(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    assert QLocalServer().listen(name) is False  # the dead host's file is in the way
    remove_socket_file(local_url)
    server = QLocalServer()
    assert server.listen(name)
    server.close()
    assert unique_local_url() != unique_local_url()


def test_waiting_ends_in_time_and_says_for_what(qapp):
    start = time.monotonic()
    with pytest.raises(AssertionError, match=r"not within 0.05 s: the moon \(last: 0\)"):
        wait_until(lambda: 0, 0.05, "the moon")
    assert time.monotonic() - start < 5
    counter = Counter()
    recorder = Recorder(counter.changed)
    QTimer.singleShot(5, lambda: counter.changed.emit(4))
    assert wait_for(counter.changed) == (4,)
    assert recorder.wait(1) == [4]
    process_events(0.01)
    assert len(recorder) == 1


def test_qml_that_works(qml):
    root = qml.load("import QtQml\nQtObject { property int n: 0; property int twice: n * 2 }", n=4)
    assert root.property("twice") == 8


def test_qml_warnings_are_found(qapp):
    stage = QmlStage()
    stage.load("import QtQml\nQtObject { Component.onCompleted: nothing.here() }")
    with pytest.raises(AssertionError, match="nothing is not defined"):
        stage.close()


def test_qt_warnings_fail_a_test(pytester, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeconftest("from tests.conftest import *")
    pytester.makepyfile(
        """
        import pytest
        from PySide6.QtCore import QLoggingCategory, qCWarning, qWarning

        def test_bad(qapp): qWarning("the sky falls")

        @pytest.mark.qt_warnings("sky")
        def test_expected(qapp): qWarning("the sky falls")

        def test_the_library_may(qapp): qCWarning(QLoggingCategory("pyside_ro"), "no such host")
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(failed=1, passed=2)


@pytest.mark.qt_warnings("expected here")
def test_expected_qt_warnings_pass(qapp):
    qWarning("expected here")
