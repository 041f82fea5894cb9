"""setHostUrl(url, AllowExternalRegistration) and registerExternalSchema."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtNetwork import QHostAddress, QTcpServer, QTcpSocket

from pyside_ro import (
    QRemoteObjectHost,
    QRemoteObjectHostBase,
    QRemoteObjectNode,
    QRemoteObjectRegistryHost,
    QRemoteObjectReplica,
)
from tests.helpers import PeerProcess, wait_until
from tests.transport.devices import Counter, tcp_host

Peer = Callable[..., PeerProcess]
State = QRemoteObjectReplica.State
ErrorCode = QRemoteObjectNode.ErrorCode
Allowed = QRemoteObjectHostBase.AllowedSchemas


def documented(node: QRemoteObjectNode, seen: list[str]) -> Callable[[QUrl], None]:
    """The handler of Qt's documentation, in Python."""

    def setupTcp(url: QUrl) -> None:
        seen.append(url.toString())
        socket = QTcpSocket(node)
        socket.connected.connect(lambda: node.addClientSideConnection(socket))
        socket.errorOccurred.connect(lambda error: socket.deleteLater())
        socket.connectToHost(url.host(), url.port())

    return setupTcp


def test_connect_to_node_asks_the_handler_and_again_after_a_crash(peer: Peer, port: int) -> None:
    host = peer(tcp_host, port=port, url="exttcp://127.0.0.1:{port}")
    url = f"exttcp://127.0.0.1:{host.info['port']}"
    node = QRemoteObjectNode()
    seen: list[str] = []
    node.registerExternalSchema("exttcp", documented(node, seen))
    assert node.connectToNode(url)
    assert node.waitForNode(url, 10_000), node.errorString()
    assert node.connectedSources()["counter"].hostUrl == QUrl(url)
    replica = node.acquireDynamic("counter")
    for number in range(1, 4):
        host.ask("setValue", number)
        wait_until(lambda number=number: replica.state() is State.Valid and replica.value == number)
        host.kill()
        wait_until(lambda: replica.state() is State.Suspect)
        host = peer(tcp_host, port=host.info["port"], url="exttcp://127.0.0.1:{port}")
        connection = node._connections[url]
        connection.hurry()  # as the registry does; else after the handler's five seconds
    wait_until(lambda: replica.state() is State.Valid)
    assert set(seen) == {url}
    node.deleteLater()  # the handler has it, and the node has the handler


def test_the_documentations_programs_with_a_registry(peer: Peer, local_url: str) -> None:
    registry = QRemoteObjectRegistryHost(local_url)
    tcpServer = QTcpServer()
    assert tcpServer.listen(QHostAddress("127.0.0.1"), 0)
    extUrl = QUrl(f"exttcp://127.0.0.1:{tcpServer.serverPort()}")
    srcNode = QRemoteObjectHost(extUrl, local_url, QRemoteObjectHost.AllowExternalRegistration)
    assert srcNode.lastError() is ErrorCode.NoError, srcNode.errorString()
    assert srcNode.hostUrl() == extUrl
    tcpServer.newConnection.connect(
        lambda: srcNode.addHostSideConnection(tcpServer.nextPendingConnection())
    )

    repNode = QRemoteObjectNode(QUrl(local_url))
    asked: list[str] = []
    repNode.registerExternalSchema("exttcp", documented(repNode, asked))
    replica = repNode.acquireDynamic("counter")
    source = Counter()
    assert srcNode.enableRemoting(source, "counter")
    wait_until(lambda: replica.state() is State.Valid, message=repNode.errorString)
    assert asked == [extUrl.toString()], "the registry shows the source at the external URL"
    source.setValue(8)
    wait_until(lambda: replica.value == 8)
    assert registry.lastError() is ErrorCode.NoError
    repNode.deleteLater()
    srcNode.deleteLater()


def test_a_handler_that_returns_its_devices_serves_several_urls(peer: Peer) -> None:
    hosts = [peer(tcp_host, url="exttcp://127.0.0.1:{port}") for _ in range(3)]
    node = QRemoteObjectNode()
    sockets: dict[str, QTcpSocket] = {}

    def handler(url: QUrl) -> QTcpSocket:
        socket = sockets[url.toString()] = QTcpSocket(node)
        socket.connectToHost(url.host(), url.port())
        socket.connected.connect(lambda: node.addClientSideConnection(socket))
        return socket

    node.registerExternalSchema("exttcp", handler)
    urls = [f"exttcp://127.0.0.1:{host.info['port']}" for host in hosts]
    for url in urls:
        assert node.connectToNode(url)
    for url in urls:
        assert node.waitForNode(url, 10_000), node.errorString()
    assert sorted(sockets) == sorted(urls)
    first = sockets[urls[0]]
    first.close()
    wait_until(lambda: sockets[urls[0]] is not first)
    assert node.waitForNode(urls[0], 10_000)
    assert set(node._connections) == set(urls)
    node.deleteLater()


@pytest.mark.qt_warnings("ValueError")
def test_a_handler_that_raises_is_reported_and_asked_again(
    qapp: Any, qtlog: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyside_ro.node.connection._LAST_RETRY", 50)
    node = QRemoteObjectNode()
    calls: list[QUrl] = []

    def handler(url: QUrl) -> None:
        calls.append(url)
        raise ValueError("no modem")

    node.registerExternalSchema("modem", handler)
    assert node.connectToNode("modem:1")
    wait_until(lambda: len(calls) >= 3)
    assert re.search("modem:1: the handler of 'modem' raised ValueError: no modem", words(node))
    assert node.disconnectFromNode("modem:1")


def test_a_handler_without_a_device_is_named(qapp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyside_ro.node.external._PATIENCE", 50)
    node = QRemoteObjectNode()
    calls: list[QUrl] = []
    node.registerExternalSchema("modem", calls.append)
    assert node.connectToNode("modem:1")
    wait_until(lambda: len(calls) >= 2)
    assert "gave no device within 0.05 s" in words(node)
    with pytest.raises(TypeError, match="takes a function"):
        node.registerExternalSchema("modem", "no function")  # type: ignore[arg-type]


def words(node: QRemoteObjectNode) -> str:
    return node.errorString()


@pytest.mark.parametrize(
    ("url", "allowed", "said"),
    [
        ("exttcp://127.0.0.1:1", Allowed.BuiltInSchemasOnly, "no address to listen at"),
        ("tcp://127.0.0.1:0", Allowed.AllowExternalRegistration, "is a built-in one"),
        ("just-words", Allowed.AllowExternalRegistration, "is missing"),
    ],
)
def test_urls_that_do_not_fit_the_scheme_argument(
    qapp: Any, url: str, allowed: Allowed, said: str
) -> None:
    host = QRemoteObjectHost()
    assert not host.setHostUrl(url, allowed)
    assert host.lastError() is ErrorCode.HostUrlInvalid, "as in Qt"
    assert said in host.errorString()
    assert host.hostUrl().isEmpty()
