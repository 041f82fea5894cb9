"""tls:// between processes: what works, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtNetwork import QSsl, QSslConfiguration

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, QRemoteObjectReplica, sslConfiguration
from tests.behaviour.support import finished, live
from tests.helpers import PeerProcess, Recorder, wait_until
from tests.trust.certificates import Pki
from tests.trust.tls_sides import INTERRUPTED, gauge_client, gauge_host, proxy_host, registry_host

Peer = Callable[..., PeerProcess]
State = QRemoteObjectReplica.State
MB = 1 << 20


def acquired(url: str, **tls: Any) -> tuple[QRemoteObjectNode, Any]:
    node = QRemoteObjectNode(sslConfiguration=sslConfiguration(**tls))
    return node, live(node, url, "gauge")


def test_a_host_with_a_certificate(peer: Peer, pki: Pki) -> None:
    host = peer(gauge_host, tls=pki.files("host"))
    assert host.info["url"].startswith("tls://127.0.0.1:")
    _node, replica = acquired(host.info["url"], **pki.files(authority="ca"))
    host.ask("setValue", 3)
    wait_until(lambda: replica.value == 3)
    assert finished(replica.add(2, 3)) == 5


def test_a_name_instead_of_an_address(peer: Peer, pki: Pki) -> None:
    host = peer(gauge_host, tls=pki.files("host"))
    url = host.info["url"].replace("127.0.0.1", "localhost")
    _node, replica = acquired(url, **pki.files(authority="ca"))
    assert finished(replica.add(2, 3)) == 5


def test_mutual(peer: Peer, pki: Pki) -> None:
    host = peer(gauge_host, tls=pki.files("host", "ca"))
    _node, replica = acquired(host.info["url"], **pki.files("client", "ca"))
    assert finished(replica.add(2, 3)) == 5


def test_a_host_with_an_authority_need_not_demand_certificates(peer: Peer, pki: Pki) -> None:
    host = peer(gauge_host, tls=pki.files("host", "ca", demandCertificates=False))
    _node, replica = acquired(host.info["url"], **pki.files(authority="ca"))
    assert finished(replica.add(2, 3)) == 5


def test_large_values_both_ways(peer: Peer, pki: Pki) -> None:
    host = peer(gauge_host, tls=pki.files("host"))
    _node, replica = acquired(host.info["url"], **pki.files(authority="ca"))
    data = bytes(range(256)) * 80_000  # 20 MB
    assert finished(replica.echo(data)) == data


def test_many_signals_in_their_order(peer: Peer, pki: Pki) -> None:
    host = peer(gauge_host, tls=pki.files("host"))
    _node, replica = acquired(host.info["url"], **pki.files(authority="ca"))
    seen = Recorder(replica.ticked)
    replica.tick(50_000)
    assert seen.wait(50_000, 30) == list(range(50_000))


def test_a_slow_reader_gets_everything(peer: Peer, pki: Pki) -> None:
    host = peer(gauge_host, tls=pki.files("host"))
    _node, replica = acquired(host.info["url"], **pki.files(authority="ca"))
    seen: list[bytes] = []
    replica.block.connect(lambda data: seen.append(bytes(data[:2])))
    host.tell("flood", 120, MB)
    wait_until(lambda: len(seen) == 120, 30)
    assert seen == [bytes([number]) * 2 for number in range(120)]


def test_a_frozen_client_costs_bounded_memory_and_is_closed(peer: Peer, pki: Pki) -> None:
    host = peer(gauge_host, tls=pki.files("host"), allow_stderr=["has read nothing"])
    _node, replica = acquired(host.info["url"], **pki.files(authority="ca"))
    frozen = peer(gauge_client, url=host.info["url"], tls=pki.files(authority="ca"))
    frozen.wait_event("initialized")
    before = host.rss()
    frozen.freeze()
    host.ask("flood", 200, MB)
    assert host.rss() - before < 120 * MB
    assert host.ask("clients") == 1
    assert finished(replica.add(2, 3)) == 5
    frozen.thaw()
    frozen.wait_event("initialized", 2)


def test_a_host_that_is_killed_and_comes_back_with_a_renewed_certificate(
    peer: Peer, pki: Pki, port: int
) -> None:
    host = peer(gauge_host, url=f"tls://127.0.0.1:{port}", tls=pki.files("host"))
    url = host.info["url"]
    _node, replica = acquired(url, **pki.files(authority="ca"))
    for number, name in enumerate(["renewed", "host", "renewed"], 1):
        host.kill()
        wait_until(lambda: replica.state() is State.Suspect)
        host = peer(gauge_host, url=url, tls=pki.files(name))
        host.ask("setValue", number)
        wait_until(lambda number=number: replica.state() is State.Valid and replica.value == number)


def test_a_certificate_is_renewed_without_a_restart(peer: Peer, pki: Pki) -> None:
    host = peer(gauge_host, tls=pki.files("expired"), allow_stderr=["it expired", INTERRUPTED])
    node = QRemoteObjectNode(sslConfiguration=sslConfiguration(**pki.files(authority="ca")))
    node.connectToNode(host.info["url"])
    replica = node.acquireDynamic("gauge")
    wait_until(lambda: "expired on" in node.errorString())
    host.ask("renew", **pki.files("renewed"))
    wait_until(lambda: replica.state() is State.Valid, message=node.errorString)


def test_through_a_registry(peer: Peer, pki: Pki) -> None:
    both = pki.files("host", "ca")
    registry = peer(registry_host, tls=both)
    peer(gauge_host, tls=both, registryUrl=registry.info["url"])
    node = QRemoteObjectNode(
        registryUrl=registry.info["url"],
        sslConfiguration=sslConfiguration(**pki.files("client", "ca")),
    )
    replica = node.acquireDynamic("gauge")
    wait_until(lambda: replica.state() is State.Valid, message=node.errorString)
    assert finished(replica.add(2, 3)) == 5
    [url] = {info.hostUrl for info in node.registry().sourceLocations().values()}
    assert url.scheme() == "tls"


def test_through_a_proxy(peer: Peer, pki: Pki) -> None:
    both = pki.files("host", "ca")
    registry = peer(registry_host, tls=both)
    host = peer(gauge_host, tls=both, registryUrl=registry.info["url"])
    proxy = peer(proxy_host, tls=both, registryUrl=registry.info["url"])
    _node, replica = acquired(proxy.info["url"], **pki.files("client", "ca"))
    host.ask("setValue", 8)
    wait_until(lambda: replica.value == 8)
    assert finished(replica.add(2, 3)) == 5


def test_no_warning_about_exposure(qapp: Any, pki: Pki, qtlog: Any) -> None:
    configuration = sslConfiguration(**pki.files("host"))
    for url in ("tls://0.0.0.0:0", "wss://0.0.0.0:0"):
        host = QRemoteObjectHost(url, sslConfiguration=configuration)
        assert host.hostUrl().port() > 0, host.errorString()
        host.close()
    assert not [record for record in qtlog.records if "can be reached" in record.message]
    exposed = QRemoteObjectHost("tcp://0.0.0.0:0")
    assert [record for record in qtlog.records if "can be reached" in record.message]
    exposed.close()


@pytest.mark.parametrize("scheme", ["tls", "wss"])
def test_a_host_and_its_sockets_end_with_its_last_reference(
    peer: Peer, pki: Pki, scheme: str
) -> None:
    host = QRemoteObjectHost(
        f"{scheme}://127.0.0.1:0", sslConfiguration=sslConfiguration(**pki.files("host"))
    )
    url, gone, clients = host.hostUrl().toString(), [], host._clients
    host.destroyed.connect(lambda: gone.append(1))
    client = peer(gauge_client, url=url, tls=pki.files(authority="ca"))
    wait_until(lambda: clients)
    del host
    assert gone
    wait_until(lambda: "refused" in client.ask("errorString"))


def test_the_configuration_is_the_nodes_own(qapp: Any, pki: Pki) -> None:
    node = QRemoteObjectNode()
    assert node.sslConfiguration() == QSslConfiguration.defaultConfiguration()
    configuration = sslConfiguration(**pki.files("client", "ca"))
    node.setSslConfiguration(configuration)
    configuration.setProtocol(QSsl.SslProtocol.TlsV1_3)
    assert node.sslConfiguration().protocol() is QSsl.SslProtocol.TlsV1_2OrLater
    with pytest.raises(TypeError, match="a QSslConfiguration is expected, not str"):
        node.setSslConfiguration("host.pem")
    with pytest.raises(TypeError, match="a QSslConfiguration is expected, not dict"):
        QRemoteObjectNode(sslConfiguration={})
