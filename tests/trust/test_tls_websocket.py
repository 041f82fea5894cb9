"""wss:// has the same configuration as tls://, the same checks, and the same words."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable

import pytest
from PySide6.QtCore import QUrl

from pyside_ro import QRemoteObjectNode, QRemoteObjectReplica, sslConfiguration
from tests.behaviour.support import finished
from tests.helpers import PeerProcess, Recorder, wait_until
from tests.trust.certificates import Pki
from tests.trust.test_tls import acquired
from tests.trust.test_tls_trouble import CASES
from tests.trust.tls_sides import INTERRUPTED, gauge_host

Peer = Callable[..., PeerProcess]
State = QRemoteObjectReplica.State
ErrorCode = QRemoteObjectNode.ErrorCode
WSS = "wss://127.0.0.1:0/objects"


def test_values_signals_and_restarts(peer: Peer, pki: Pki, port: int) -> None:
    host = peer(gauge_host, url=f"wss://127.0.0.1:{port}/objects", tls=pki.files("host", "ca"))
    url = host.info["url"]
    _node, replica = acquired(url, **pki.files("client", "ca"))
    data = bytes(range(256)) * 20_000
    assert finished(replica.echo(data)) == data
    seen = Recorder(replica.ticked)
    replica.tick(5000)
    assert seen.wait(5000, 30) == list(range(5000))
    host.kill()
    wait_until(lambda: replica.state() is State.Suspect)
    host = peer(gauge_host, url=url, tls=pki.files("renewed", "ca"))
    host.ask("setValue", 4)
    wait_until(lambda: replica.state() is State.Valid and replica.value == 4)


@pytest.mark.parametrize(
    "case", ["unknown authority", "expired", "another name", "no client certificate"]
)
def test_both_sides_say_which_check_failed(peer: Peer, pki: Pki, case: str) -> None:
    (theirs, theirAuthority), (mine, myAuthority), words, hostWords = CASES[case]
    words = words.replace("'elsewhere.example'", ".*")
    host = peer(
        gauge_host,
        url=WSS,
        tls=pki.files(theirs, theirAuthority),
        allow_stderr=[hostWords, INTERRUPTED],
    )
    node = QRemoteObjectNode(sslConfiguration=sslConfiguration(**pki.files(mine, myAuthority)))
    node.connectToNode(host.info["url"])
    wait_until(lambda: re.search(words, node.errorString()), message=node.errorString)
    assert node.lastError() is ErrorCode.SocketAccessError
    wait_until(lambda: re.search(f"wss://127.0.0.1:\\d+: {hostWords}", host.stderr))


def test_plain_against_secure(peer: Peer, pki: Pki) -> None:
    words = ["speaks no TLS, and this port expects it", "speaks TLS and this side does not"]
    secure = peer(gauge_host, url=WSS, tls=pki.files("host"), allow_stderr=words)
    plain = peer(gauge_host, url="ws://127.0.0.1:0")
    node = QRemoteObjectNode()
    node.connectToNode(secure.info["url"].replace("wss:", "ws:"))
    wait_until(lambda: "speaks no TLS" in secure.ask("errorString"))
    wait_until(lambda: "wants TLS (wss://)" in node.errorString(), message=node.errorString)
    other = QRemoteObjectNode(sslConfiguration=sslConfiguration(**pki.files(authority="ca")))
    other.connectToNode(plain.info["url"].replace("ws:", "wss:"))
    wait_until(lambda: other.errorString(), message=other.errorString)


@pytest.mark.parametrize("scheme", ["tls", "wss"])
def test_a_client_that_says_nothing_and_goes(peer: Peer, pki: Pki, scheme: str) -> None:
    """Somebody looks whether the port is open, every few seconds: nothing to warn of."""
    loud = {"QT_LOGGING_RULES": "pyside_ro.io.debug=true"}
    host = peer(
        gauge_host,
        url=f"{scheme}://127.0.0.1:0",
        tls=pki.files("host"),
        env=loud,
        allow_stderr=["^pyside_ro.io: "],
    )
    url = QUrl(host.info["url"])
    socket.create_connection((url.host(), url.port())).close()
    wait_until(lambda: re.search(f"{scheme}://127.0.0.1:\\d+: .* said nothing", host.stderr))
    assert host.ask("lastError") == "NoError"
    assert host.ask("errorString") == ""
    _node, replica = acquired(host.info["url"], **pki.files(authority="ca"))
    assert finished(replica.add(2, 3)) == 5


def test_handshakes_that_never_end(peer: Peer, pki: Pki) -> None:
    host = peer(
        gauge_host,
        url=WSS,
        tls=pki.files("host"),
        limits={"maxUnprovenConnections": 20, "handshakeTimeout": 1500},
        allow_stderr=["the oldest are closed", "no TLS handshake within 1.5 s"],
    )
    url = QUrl(host.info["url"])
    silent = [socket.create_connection((url.host(), url.port())) for _ in range(100)]
    _node, replica = acquired(host.info["url"], **pki.files(authority="ca"))
    assert finished(replica.add(2, 3)) == 5
    for each in silent:
        each.settimeout(10)
        assert each.recv(1) == b""
        each.close()
