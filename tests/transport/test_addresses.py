"""Every form of address: listened at, connected to, or refused in words."""

from __future__ import annotations

import socket
import sys
from typing import Any

import pytest
from PySide6.QtCore import QUrl

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode
from pyside_ro.errors import ErrorCode
from tests.badinput.ticking import Ticker
from tests.helpers import Recorder, process_events, remove_socket_file, unique_local_url, wait_until

linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has abstract sockets")


def hasIpv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


ipv6 = pytest.mark.skipif(not hasIpv6(), reason="this machine has no IPv6 loopback address")


def talk(host: QRemoteObjectHost, address: Any) -> None:
    """See that a node reaches the host at this address."""
    ticker = Ticker()
    assert host.enableRemoting(ticker, "ticker"), host.errorString()
    node = QRemoteObjectNode()
    assert node.connectToNode(address)
    replica: Any = node.acquireDynamic("ticker")
    assert replica.waitForSource(10_000), node.errorString()
    call = replica.add(1, 2)
    assert call.waitForFinished(10_000)
    assert call.returnValue() == 3
    info = node.connectedSources()["ticker"]
    assert (info.typeName, info.hostUrl) == ("Ticker", QUrl(address))


@pytest.mark.parametrize("kind", [str, QUrl])
@pytest.mark.parametrize("how", ["constructor", "keyword", "setter"])
@pytest.mark.parametrize("scheme", ["local", pytest.param("localabstract", marks=linux)])
def test_local_names(qapp, scheme, kind, how):
    address = kind(unique_local_url(scheme))
    host = listening(address, how)
    assert host.hostUrl() == QUrl(address)
    assert isinstance(host.hostUrl(), QUrl)
    talk(host, address)


def listening(address: Any, how: str) -> QRemoteObjectHost:
    if how == "constructor":
        return QRemoteObjectHost(address)
    if how == "keyword":
        return QRemoteObjectHost(hostUrl=address)
    host = QRemoteObjectHost()
    assert host.hostUrl().isEmpty()
    changed = Recorder(host.hostUrlChanged)
    assert host.setHostUrl(address)
    assert len(changed) == 1
    return host


def test_a_local_path(qapp, tmp_path):
    address = f"local:{tmp_path}/socket"
    host = QRemoteObjectHost(address)
    assert (tmp_path / "socket").is_socket()
    talk(host, address)
    host.close()
    assert not (tmp_path / "socket").exists()


@pytest.mark.parametrize("kind", [str, QUrl])
@pytest.mark.parametrize(
    ("address", "reached"),
    [
        ("tcp://127.0.0.1:0", "127.0.0.1"),
        ("tcp://127.0.0.1:0", "localhost"),
        ("tcp://localhost:0", "localhost"),
        pytest.param("tcp://[::1]:0", "::1", marks=ipv6),
    ],
)
def test_tcp_with_a_port_that_the_system_chooses(qapp, kind, address, reached):
    host = QRemoteObjectHost(kind(address))
    url = host.hostUrl()
    assert url.scheme() == "tcp"
    assert url.port() > 0
    assert url.host() == QUrl(address).host()
    url.setHost(reached)
    talk(host, kind(url.toString()) if kind is str else url)


@pytest.mark.parametrize("address", ["tcp://0.0.0.0:0", pytest.param("tcp://[::]:0", marks=ipv6)])
def test_a_host_that_other_machines_reach_says_so(qtlog, qapp, address):
    host = QRemoteObjectHost(address)
    [record] = [r for r in qtlog.records if r.context.category == "pyside_ro"]
    assert "can be reached from other machines, without TLS and without a key" in record.message
    assert host.hostUrl().toString() in record.message
    url = host.hostUrl()
    url.setHost("::1" if url.host() == "::" else "127.0.0.1")
    talk(host, url)


def test_two_hosts_never_get_the_same_port(qapp):
    one, other = QRemoteObjectHost("tcp://127.0.0.1:0"), QRemoteObjectHost("tcp://127.0.0.1:0")
    assert one.hostUrl() != other.hostUrl()


def refused(address: Any) -> tuple[ErrorCode, str]:
    host = QRemoteObjectHost()
    errors = Recorder(host.error)
    assert host.setHostUrl(address) is False
    assert errors.values == [host.lastError()]
    assert host.hostUrl().isEmpty()
    return host.lastError(), host.errorString()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("qnx:service", "one of local:, .*tcp:.* is expected"),
        ("http://localhost:80", "one of local:, .*tcp:.* is expected"),
        ("counter", "one of local:, .*tcp:.* is expected"),
        ("", "one of local:, .*tcp:.* is expected"),
        ("local:", "needs a name, as in local:name"),
        ("tcp://127.0.0.1", "needs a port"),
        ("tcp://:5000", "needs a host|is no address"),
        ("tcp://127.0.0.1:99999", "'tcp://127.0.0.1:99999' is no URL: Invalid port"),
    ],
)
@pytest.mark.parametrize("kind", [str, QUrl])
def test_addresses_that_make_no_sense(qapp, address, words, kind):
    code, text = refused(kind(address))
    assert code is ErrorCode.HostUrlInvalid
    with pytest.raises(ValueError, match=words):
        raise ValueError(text)
    node = QRemoteObjectNode()
    errors = Recorder(node.error)
    assert node.connectToNode(kind(address)) is False
    assert errors.values == [ErrorCode.RegistryNotAcquired]
    assert f"'{address}'" in node.errorString()


def test_what_is_no_address_at_all(qapp):
    for wrong in (None, 5, b"local:x"):
        with pytest.raises(TypeError, match="a QUrl or str is expected"):
            QRemoteObjectHost().setHostUrl(wrong)
        with pytest.raises(TypeError, match="a QUrl or str is expected"):
            QRemoteObjectNode().connectToNode(wrong)


def test_addresses_where_nobody_can_listen(qapp, tmp_path):
    taken = QRemoteObjectHost("tcp://127.0.0.1:0").hostUrl().toString()
    for address, words in [
        ("tcp://no-such-host.invalid:0", "no-such-host.invalid"),
        ("tcp://192.0.2.7:0", "192.0.2.7"),
        (f"local:{tmp_path}/no/such/folder", "no/such/folder"),
        ("local:" + "x" * 300, "xxx"),
    ]:
        code, text = refused(address)
        assert code is ErrorCode.ListenFailed
        assert words in text and "cannot listen at" in text
    assert taken


def test_a_port_that_is_taken(qapp):
    host = QRemoteObjectHost("tcp://127.0.0.1:0")
    code, text = refused(host.hostUrl())
    assert code is ErrorCode.ListenFailed
    assert host.hostUrl().toString() in text


def test_a_host_listens_once(qapp, local_url):
    host = QRemoteObjectHost(local_url)
    assert host.setHostUrl("tcp://127.0.0.1:0") is False
    assert host.lastError() is ErrorCode.ServerAlreadyCreated
    assert local_url in host.errorString()
    assert host.hostUrl() == QUrl(local_url)


def problem(address: str) -> str:
    """What a node says about an address that leads nowhere; it goes on trying."""
    node = QRemoteObjectNode()
    errors = Recorder(node.error)
    assert node.connectToNode(address)
    wait_until(lambda: node.errorString(), 20)
    assert errors.values == []
    text = node.errorString()
    assert text.startswith(address)
    return text


def test_connecting_where_nobody_is(qapp, local_url):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert "refused: nobody listens there" in problem(f"tcp://127.0.0.1:{port}")
    assert "no host listens under that name" in problem(local_url)
    assert "no host of that name was found" in problem("tcp://no-such-host.invalid:5000")
    remove_socket_file(local_url)


@linux
def test_connecting_to_an_abstract_name_that_nobody_has(qapp):
    text = problem(unique_local_url("localabstract"))
    assert "no host listens under that name" in text


def test_a_host_that_comes_later_is_found(qapp, local_url):
    node = QRemoteObjectNode()
    node.connectToNode(local_url)
    assert node.waitForNode(local_url, 150) is False
    assert "no host listens" in node.errorString()
    host = QRemoteObjectHost(local_url)
    assert node.waitForNode(local_url, 10_000)
    assert host.hostUrl() == QUrl(local_url)


def test_a_node_that_is_deleted_while_it_connects(qapp, local_url):
    with socket.create_server(("127.0.0.1", 0)) as server:
        for address in (f"tcp://127.0.0.1:{server.getsockname()[1]}", local_url):
            for pause in (0.0, 0.001, 0.04):
                node = QRemoteObjectNode()
                node.connectToNode(address)
                process_events(pause)
                # pytest-qt fails the test when something raises then.
                del node
                process_events(0.01)
