"""WebSocket connections that never finish their handshake are bounded like all others."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable

import pytest
from PySide6.QtCore import QUrl

from tests.behaviour.support import finished
from tests.helpers import PeerProcess, wait_until
from tests.trust.certificates import Pki
from tests.trust.test_tls import acquired
from tests.trust.tls_sides import gauge_host

Peer = Callable[..., PeerProcess]
#: Says nothing; half a request.
BEGINNINGS = {"silent": b"", "half": b"GET / HTTP/1.1\r\nHost: x\r\n"}
WORDS = "more than 5 connections are in their WebSocket handshake: the oldest are closed"


def over(stranger: socket.socket) -> bool:
    """Whether the host has hung up."""
    try:
        return stranger.recv(1000) == b""
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        return True


@pytest.mark.parametrize("kind", BEGINNINGS)
@pytest.mark.parametrize("scheme", ["ws", "wss"])
def test_strangers_keep_nobody_out(peer: Peer, pki: Pki, scheme: str, kind: str) -> None:
    # None of them times out during the test.
    host = peer(
        gauge_host,
        url=f"{scheme}://127.0.0.1:0",
        tls=pki.files("host"),
        limits={"maxUnprovenConnections": 5, "handshakeTimeout": 600_000},
        allow_stderr=["^pyside_ro"],
    )
    url = host.info["url"]
    node, replica = acquired(url, **pki.files(authority="ca"))
    strangers: list[socket.socket] = []
    for _ in range(20):
        raw = socket.create_connection(("127.0.0.1", QUrl(url).port()), timeout=10)
        if scheme == "wss":
            context = ssl.create_default_context(cafile=str(pki.folder / "ca.pem"))
            raw = context.wrap_socket(raw, server_hostname="127.0.0.1")
        raw.sendall(BEGINNINGS[kind])
        raw.setblocking(False)
        strangers.append(raw)
    ended: set[int] = set()

    def closed() -> set[int]:
        ended.update(i for i, each in enumerate(strangers) if i not in ended and over(each))
        return ended

    wait_until(lambda: len(closed()) == 15)
    wait_until(lambda: WORDS in host.stderr)
    assert host.stderr.count(WORDS) == 1, "once, and not for each of them"
    late, newcomer = acquired(url, **pki.files(authority="ca"))
    assert finished(newcomer.add(2, 3)) == finished(replica.add(1, 4)) == 5
    assert closed() <= set(range(16)), "the oldest"
    for each in strangers:
        each.close()
    del node, late
