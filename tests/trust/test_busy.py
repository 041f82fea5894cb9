"""A host that does not read for a while: what came meanwhile is all there, in order, once."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, sslConfiguration
from tests.behaviour.support import live
from tests.helpers import PeerProcess, PeerSide, Recorder, unique_local_url, wait_until
from tests.trust.certificates import Pki

Peer = Callable[..., PeerProcess]


class Busy(QObject):
    """Runs one slot for long."""

    marked = Signal(int)

    def __init__(self, side: PeerSide) -> None:
        super().__init__()
        self._side = side
        self.marks: list[int] = []

    @Slot(str)
    def work(self, until: str) -> None:
        self._side.event("working")
        limit = time.monotonic() + 30
        while not Path(until).exists() and time.monotonic() < limit:
            time.sleep(0.01)

    @Slot(int, result=int)
    def mark(self, number: int) -> int:
        self.marks.append(number)
        self.marked.emit(number)
        return -number


def busy_host(side: PeerSide, url: str, tls: dict[str, Any] | None = None) -> None:
    host = QRemoteObjectHost(url, sslConfiguration=sslConfiguration(**tls) if tls else None)
    busy = Busy(side)
    assert host.enableRemoting(busy, "busy"), host.errorString()
    side.command(lambda: busy.marks, "marks")
    side.command(lambda: len(host._clients), "clients")
    side.keep(host, busy)
    side.ready(url=host.hostUrl().toString())


@pytest.mark.parametrize("scheme", ["local", "tcp"])
def test_a_client_that_left_meanwhile(peer: Peer, tmp_path: Path, scheme: str) -> None:
    """The answer to it fails, which must not lose what it said before."""
    url = unique_local_url() if scheme == "local" else "tcp://127.0.0.1:0"
    loud = {"QT_LOGGING_RULES": "pyside_ro.io.info=true"}
    host = peer(busy_host, url=url, env=loud, allow_stderr=["pyside_ro.io"])
    node = QRemoteObjectNode()
    replica = live(node, host, "busy")
    replica.work(str(tmp_path / "done"))
    host.wait_event("working")
    replica.mark(1)
    replica.mark(2)
    assert node.disconnectFromNode(host.info["url"])
    (tmp_path / "done").touch()
    wait_until(lambda: host.ask("clients") == 0)
    assert host.ask("marks") == [1, 2]
    assert "the client disconnected" in host.stderr


@pytest.mark.parametrize("scheme", ["tls", "wss"])
def test_thousands_of_calls_wait_encrypted(
    peer: Peer, pki: Pki, tmp_path: Path, scheme: str
) -> None:
    """Each answer is written in the middle of what is read: Qt's TLS reads on while it writes."""
    if scheme == "wss":
        pytest.importorskip("PySide6.QtWebSockets")
    host = peer(busy_host, url=f"{scheme}://127.0.0.1:0", tls=pki.files("host"))
    node = QRemoteObjectNode(sslConfiguration=sslConfiguration(**pki.files(authority="ca")))
    replica = live(node, host, "busy")
    marked = Recorder(replica.marked)
    replica.work(str(tmp_path / "done"))
    host.wait_event("working")
    count = 3000
    calls: list[Any] = []

    while len(calls) < count:
        for _ in range(3):
            calls.append(replica.mark(len(calls)))
        QCoreApplication.processEvents()  # in many small frames
    (tmp_path / "done").touch()
    wait_until(lambda: all(call.isFinished() for call in calls))
    assert [call.returnValue() for call in calls] == [-number for number in range(count)]
    assert marked.values == list(range(count))
    assert host.ask("marks") == list(range(count))
