"""What a host learns of a client's certificate, and decides by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QThread, QUrl
from PySide6.QtNetwork import QSslCertificate

from pyside_ro import (
    Peer,
    QRemoteObjectHost,
    QRemoteObjectNode,
    sslConfiguration,
)
from tests.helpers import wait_until
from tests.network.support import dropped, valid
from tests.trust.certificates import Pki
from tests.trust.sides import KEY, Safe


def name(peer: Peer) -> str:
    """For whom the certificate of a peer is."""
    found = peer.certificate
    assert isinstance(found, QSslCertificate) and not found.isNull()
    return ", ".join(str(each) for each in found.subjectAlternativeNames().values())


@pytest.mark.parametrize("scheme", ["tls", "wss"])
def test_hook_and_rule_see_the_certificate(qapp: Any, pki: Pki, scheme: str) -> None:
    asked: list[str] = []

    def accept(peer: Peer) -> bool:
        asked.append(name(peer))
        return "elsewhere" not in asked[-1]

    host = QRemoteObjectHost(
        f"{scheme}://127.0.0.1:0",
        sslConfiguration=sslConfiguration(**pki.files("host", "ca")),
        accept=accept,
    )
    safe = Safe()
    rule: Callable[[Peer], Any] = lambda peer: "panel.example" in name(peer) or "readOnly"  # noqa: E731
    assert host.enableRemoting(safe, "safe", access=rule), host.errorString()
    nodes = {
        each: QRemoteObjectNode(sslConfiguration=sslConfiguration(**pki.files(each, "ca")))
        for each in ("client", "renewed", "elsewhere")
    }
    with dropped(*nodes.values(), host):
        replicas: dict[str, Any] = {}
        for each, node in nodes.items():
            node.connectToNode(host.hostUrl())
            replicas[each] = node.acquireDynamic("safe")
        valid(replicas["client"], replicas["renewed"])
        replicas["client"].level = 5
        wait_until(lambda: replicas["renewed"].level == 5)
        with pytest.raises(PermissionError, match="read-only"):
            replicas["renewed"].level = 6
        words = "the host does not accept this client"
        wait_until(lambda: words in nodes["elsewhere"].errorString())
        assert not replicas["elsewhere"].isInitialized()
        assert len(set(asked)) == 3


def test_without_mutual_tls_there_is_no_certificate(qapp: Any, pki: Pki) -> None:
    seen: list[Peer] = []
    host = QRemoteObjectHost(
        "tls://127.0.0.1:0",
        sslConfiguration=sslConfiguration(**pki.files("host")),
        accept=lambda peer: bool(seen.append(peer)) or True,
    )
    node = QRemoteObjectNode(sslConfiguration=sslConfiguration(**pki.files("client", "ca")))
    with dropped(node, host):
        node.connectToNode(host.hostUrl())
        assert node.waitForNode(host.hostUrl(), 10_000), node.errorString()
        [peer] = seen
        assert peer.certificate is None and peer.scheme == "tls"


@pytest.mark.parametrize("scheme", ["tls", "wss"])
def test_a_client_in_a_thread_without_an_event_loop(qapp: Any, pki: Pki, scheme: str) -> None:
    host = QRemoteObjectHost(
        f"{scheme}://127.0.0.1:0",
        sslConfiguration=sslConfiguration(**pki.files("host", "ca")),
        sharedKey=KEY,
    )
    safe = Safe()
    host.enableRemoting(safe, "safe")
    url = QUrl(host.hostUrl())
    found: list[Any] = []

    class Worker(QThread):
        def run(self) -> None:
            node = QRemoteObjectNode(
                sslConfiguration=sslConfiguration(**pki.files("client", "ca")), sharedKey=KEY
            )
            node.connectToNode(url)
            replica: Any = node.acquireDynamic("safe")
            found.append(replica.waitForSource(10_000) or node.errorString())
            call = replica.open("worker")
            call.waitForFinished(10_000)
            found.append(call.returnValue())
            other = QRemoteObjectNode(
                sslConfiguration=sslConfiguration(**pki.files("client", "ca"))
            )
            other.connectToNode(url)
            found.append(other.waitForNode(url, 1500))
            found.append(other.errorString())
            node.disconnectFromNode(url)
            other.disconnectFromNode(url)

    worker = Worker()
    with dropped(host):
        worker.start()
        wait_until(worker.isFinished, 30)
        assert worker.wait(10_000)
        assert found[:3] == [True, "welcome, worker", False]
        assert "the host has a shared key and the client has none" in found[3]
        assert safe.calls == 1
        wait_until(lambda: not host._clients)
