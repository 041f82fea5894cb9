"""ws:// and wss://."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtNetwork import QTcpSocket
from PySide6.QtWebSockets import QWebSocket

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, QRemoteObjectReplica
from pyside_ro.transport.base import Conduit, Listener, Transport
from pyside_ro.transport.websocket import (
    WebSocketConduit,
    WebSocketListener,
    WebSocketTransport,
)
from tests.behaviour.support import finished, live
from tests.helpers import PeerProcess, PeerSide, wait_until
from tests.transport.devices import Counter

Peer = Callable[..., PeerProcess]
State = QRemoteObjectReplica.State
ErrorCode = QRemoteObjectNode.ErrorCode
MB = 1 << 20


def ws_host(side: PeerSide, url: str = "ws://127.0.0.1:0/objects") -> None:
    host, counter = QRemoteObjectHost(url), Counter()
    assert host.enableRemoting(counter, "counter"), host.errorString()
    side.command(counter.setValue)
    side.command(counter.flood)
    side.command(lambda: len(host._clients), "clients")
    side.keep(host, counter)
    side.ready(url=host.hostUrl().toString())


def ws_client(side: PeerSide, url: str) -> None:
    node = QRemoteObjectNode()
    node.connectToNode(url)
    replica = node.acquireDynamic("counter")
    replica.initialized.connect(lambda: side.event("initialized"))
    side.keep(node, replica)
    side.ready()


def acquired(url: str) -> tuple[QRemoteObjectNode, Any]:
    node = QRemoteObjectNode()
    return node, live(node, url, "counter")


def test_properties_calls_and_large_values(peer: Peer) -> None:
    host = peer(ws_host)
    assert host.info["url"].endswith("/objects")
    _node, replica = acquired(host.info["url"])
    host.ask("setValue", 3)
    wait_until(lambda: replica.value == 3)
    assert finished(replica.add(2, 3)) == 5
    data = bytes(range(256)) * 40_000  # 10 MB: many messages each way
    assert finished(replica.echo(data)) == data


def test_a_host_that_is_killed_and_comes_back(peer: Peer, port: int) -> None:
    host = peer(ws_host, url=f"ws://127.0.0.1:{port}/objects")
    _node, replica = acquired(host.info["url"])
    for number in range(1, 4):
        host.kill()
        wait_until(lambda: replica.state() is State.Suspect)
        host = peer(ws_host, url=host.info["url"])
        host.ask("setValue", number)
        wait_until(lambda number=number: replica.state() is State.Valid and replica.value == number)


def test_a_client_that_is_killed(peer: Peer) -> None:
    host = peer(ws_host)
    other = peer(ws_client, url=host.info["url"])
    other.wait_event("initialized")
    other.kill()
    wait_until(lambda: host.ask("clients") == 0)


def test_a_frozen_client_costs_bounded_memory_and_is_closed(peer: Peer) -> None:
    host = peer(ws_host, allow_stderr=["has read nothing"])
    _node, replica = acquired(host.info["url"])
    frozen = peer(ws_client, url=host.info["url"])
    frozen.wait_event("initialized")
    before = host.rss()
    frozen.freeze()
    host.ask("flood", 400, MB)
    assert host.rss() - before < 150 * MB
    assert host.ask("clients") == 1
    assert finished(replica.add(2, 3)) == 5
    frozen.thaw()
    frozen.wait_event("initialized", 2)


def test_a_slow_reader_gets_everything(peer: Peer) -> None:
    host = peer(ws_host)
    _node, replica = acquired(host.info["url"])
    seen: list[bytes] = []
    replica.large.connect(lambda data: seen.append(bytes(data[:2])))
    host.tell("flood", 120, MB)
    wait_until(lambda: len(seen) == 120, 30)
    assert seen == [bytes([number]) * 2 for number in range(120)]


def test_a_web_page_is_refused_unless_its_origin_is_allowed(qapp: Any, peer: Peer) -> None:
    host = peer(ws_host)
    page = QWebSocket("https://evil.example")
    errors: list[Any] = []
    page.errorOccurred.connect(errors.append)
    page.open(QUrl(host.info["url"]))
    wait_until(lambda: errors)
    assert host.ask("clients") == 0


@pytest.mark.parametrize("kind", ["text", "large", "plain"])
def test_what_speaks_another_protocol_is_closed(peer: Peer, kind: str) -> None:
    host = peer(ws_host, allow_stderr=["."])
    _node, replica = acquired(host.info["url"])
    url = QUrl(host.info["url"])
    gone: list[Any] = []
    if kind == "plain":
        plain = QTcpSocket()
        plain.disconnected.connect(lambda: gone.append(1))
        plain.connectToHost(url.host(), url.port())
        plain.connected.connect(lambda: plain.write(b"PSRO" + bytes(100) + b"\r\n\r\n"))
    else:
        other = QWebSocket()
        other.disconnected.connect(lambda: gone.append(1))
        other.connected.connect(
            lambda: (
                other.sendTextMessage("{}")
                if kind == "text"
                else other.sendBinaryMessage(bytes(2 * MB))
            )
        )
        other.open(url)
    wait_until(lambda: gone)
    assert finished(replica.add(2, 3)) == 5


def test_nobody_listens(qapp: Any) -> None:
    node = QRemoteObjectNode()
    assert node.connectToNode("ws://127.0.0.1:1")
    wait_until(lambda: "refused" in node.errorString(), message=node.errorString)
    assert node.errorString().startswith("ws://127.0.0.1:1: ")


def test_urls_and_secure_hosts_in_words(qapp: Any) -> None:
    host, node = QRemoteObjectHost(), QRemoteObjectNode()
    assert not host.setHostUrl("ws://127.0.0.1")
    assert host.lastError() is ErrorCode.HostUrlInvalid
    assert not host.setHostUrl("wss://127.0.0.1:0")
    assert "a host needs a certificate and its private key" in host.errorString()
    assert not node.connectToNode("ws:nowhere")
    assert "names no host" in node.errorString()


def test_without_the_extra(qapp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    original = builtins.__import__

    def importing(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "PySide6" and args[2] and "QtWebSockets" in args[2]:
            raise ImportError("no such thing")
        return original(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", importing)
    host, node = QRemoteObjectHost(), QRemoteObjectNode()
    assert not host.setHostUrl("ws://127.0.0.1:0")
    assert not node.connectToNode("ws://127.0.0.1:5")
    for each in (host, node):
        assert "pip install 'pyside-ro[websocket]'" in each.errorString()


def test_it_is_written_with_the_public_classes_alone() -> None:
    assert WebSocketConduit.__mro__[1:3] == (Conduit, Conduit.__mro__[1])
    assert WebSocketListener.__mro__[1] is Listener
    assert WebSocketTransport.__mro__[1] is Transport


def test_a_host_that_speaks_no_web_sockets(qapp: object) -> None:
    host, node = QRemoteObjectHost("tcp://127.0.0.1:0"), QRemoteObjectNode()
    node.connectToNode(f"ws://127.0.0.1:{host.hostUrl().port()}")
    words = "the host speaks no WebSockets there: does it listen at tcp:// or tls://?"
    wait_until(lambda: words in node.errorString(), message=node.errorString)
