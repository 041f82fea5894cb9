"""A cable that is pulled: no goodbye, no end of the stream, nothing more comes or goes."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QByteArray, QObject
from PySide6.QtNetwork import QHostAddress, QTcpServer, QTcpSocket

from pyside_ro import QRemoteObjectNode
from tests.helpers import wait_until
from tests.network.sides import counter_host, registry_host
from tests.network.support import LOG, dropped, suspect, valid

ROUNDS = 20
HEARTBEAT = 100


class Cable(QObject):
    """Carries bytes from its own port to another, until it is pulled."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port
        self._plugged = True
        self._strands: list[QTcpSocket] = []
        self._server = QTcpServer(self)
        self._server.newConnection.connect(self._take)
        assert self._server.listen(QHostAddress("127.0.0.1"), 0)
        self.url = f"tcp://127.0.0.1:{self._server.serverPort()}"

    def pull(self) -> None:
        self._plugged = False

    def plug(self) -> None:
        """From now on connections work; those that were cut never do again."""
        self._plugged = True
        for strand in self._strands:
            strand.abort()
            strand.deleteLater()
        self._strands = []

    def _take(self) -> None:
        while self._server.hasPendingConnections():
            near, far = self._server.nextPendingConnection(), QTcpSocket(self)
            self._strands += [near, far]
            near.setParent(self)
            far.connectToHost("127.0.0.1", self._port)
            near.readyRead.connect(lambda one=near, other=far: self._carry(one, other))
            far.readyRead.connect(lambda one=far, other=near: self._carry(one, other))
            near.disconnected.connect(lambda other=far: self._end(other))
            far.disconnected.connect(lambda other=near: self._end(other))

    def _carry(self, one: QTcpSocket, other: QTcpSocket) -> None:
        data: QByteArray = one.readAll()
        if self._plugged:
            other.write(data)

    def _end(self, other: QTcpSocket) -> None:
        if self._plugged:
            other.disconnectFromHost()


@pytest.mark.timeout(120)
def test_both_sides_notice_and_recover(
    peer: Any, local_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyside_ro.node.connection._LAST_RETRY", 100)
    registry = peer(registry_host, url=local_url, allow_stderr=LOG)
    host = peer(
        counter_host,
        url="tcp://127.0.0.1:0",
        registry=registry.info["url"],
        names=["a", "b"],
        heartbeat=HEARTBEAT,
        allow_stderr=LOG,
    )
    cable = Cable(int(host.info["url"].rpartition(":")[2]))
    node = QRemoteObjectNode(heartbeatInterval=HEARTBEAT)
    with dropped(node):
        node.connectToNode(cable.url)
        a, b = node.acquireDynamic("a"), node.acquireDynamic("b")
        for number in range(1, ROUNDS + 1):
            valid(a, b)
            cable.pull()
            call = a.add(1, 2)
            suspect(a, b)
            assert call.isFinished()
            said = f"{cable.url}: no sign of life from the peer for {HEARTBEAT} ms"
            assert said in str(call.exception())
            wait_until(lambda: host.ask("subscribers", "a") == host.ask("subscribers", "b") == 0)
            host.ask("setValue", "a", number)
            cable.plug()
            valid(a, b)
            wait_until(lambda number=number: a.value == number)
            wait_until(lambda: host.ask("subscribers", "a") == host.ask("subscribers", "b") == 1)
    cable.deleteLater()
