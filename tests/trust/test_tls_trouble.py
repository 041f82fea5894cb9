"""tls:// that does not come about: which check failed, said on both sides, and no harm done."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtNetwork import QSsl, QSslSocket

from pyside_ro import (
    Limits,
    QRemoteObjectHost,
    QRemoteObjectNode,
    QRemoteObjectReplica,
    sslConfiguration,
)
from tests.helpers import PeerProcess, wait_until
from tests.trust.certificates import Pki
from tests.trust.tls_sides import INTERRUPTED, gauge_host

Peer = Callable[..., PeerProcess]
ErrorCode = QRemoteObjectNode.ErrorCode
State = QRemoteObjectReplica.State

#: The host's certificate and authority, the client's, what the client says, what the host says.
CASES = {
    "unknown authority": (
        ("host", ""),
        ("", "stranger-ca"),
        (
            "the host's certificate was issued by '.*Our lab.*', an unknown authority: "
            "not one that this node trusts"
        ),
        "the client did not accept this host's certificate: it does not know the authority",
    ),
    "the system's authorities": (
        ("host", ""),
        ("", ""),
        "the host's certificate was issued by '.*', an unknown authority",
        "the client did not accept this host's certificate: it does not know the authority",
    ),
    "self-signed": (
        ("self", ""),
        ("", "ca"),
        (
            "the host's certificate is self-signed, and not among the authorities that this node "
            "trusts"
        ),
        "the client did not accept this host's certificate",
    ),
    "expired": (
        ("expired", ""),
        ("", "ca"),
        (
            r"the host's certificate expired on 20\d\d-\d\d-\d\d \d\d:\d\d UTC "
            r"\(this machine's clock says 20"
        ),
        "the client did not accept this host's certificate: it expired",
    ),
    "not yet valid": (
        ("early", ""),
        ("", "ca"),
        r"the host's certificate is not yet valid: from 20.* on \(this machine's clock says",
        "the client did not accept this host's certificate: it is not valid there, or not yet",
    ),
    "another name": (
        ("elsewhere", ""),
        ("", "ca"),
        (
            "the host's certificate has another host name: it is for 'elsewhere.example' and "
            "not for '127.0.0.1'"
        ),
        (
            "the client closed the connection during the TLS handshake: perhaps it does not accept "
            "this host's certificate for the name that it asked for"
        ),
    ),
    "no client certificate": (
        ("host", "ca"),
        ("", "ca"),
        "the host demands a certificate, and this node has none to show",
        "the client showed no certificate, and this host demands one",
    ),
    "client certificate of a stranger": (
        ("host", "ca"),
        ("stranger", "ca"),
        "the host did not accept this node's certificate: it does not know the authority",
        (
            "the client's certificate was issued by '.*Somebody else.*', an unknown authority: "
            "not one that this host trusts"
        ),
    ),
    "client certificate expired": (
        ("host", "ca"),
        ("expired", "ca"),
        "the host did not accept this node's certificate: it expired",
        "the client's certificate expired on 20",
    ),
}


def refused(
    url: str, words: str, code: ErrorCode, **tls: Any
) -> tuple[QRemoteObjectNode, QRemoteObjectReplica]:
    """Connect, and see that it fails in these words."""
    node = QRemoteObjectNode(sslConfiguration=sslConfiguration(**tls))
    codes: list[ErrorCode] = []
    node.error.connect(codes.append)
    assert node.connectToNode(url), node.errorString()
    replica = node.acquireDynamic("gauge")
    wait_until(
        lambda: re.search(f"^{re.escape(url)}: {words}", node.errorString()),
        message=node.errorString,
    )
    assert node.lastError() is code
    assert codes[0] is code
    assert replica.state() is State.Uninitialized
    return node, replica


@pytest.mark.parametrize("version", [QSsl.SslProtocol.TlsV1_2, QSsl.SslProtocol.TlsV1_3])
@pytest.mark.parametrize("case", CASES)
def test_both_sides_say_which_check_failed(
    peer: Peer, pki: Pki, case: str, version: QSsl.SslProtocol
) -> None:
    (theirs, theirAuthority), (mine, myAuthority), words, hostWords = CASES[case]
    if version is QSsl.SslProtocol.TlsV1_2 and case == "no client certificate":
        words = "the host ended the TLS handshake: .* or it demands a certificate that this node"
    host = peer(
        gauge_host, tls=pki.files(theirs, theirAuthority), allow_stderr=[hostWords, INTERRUPTED]
    )
    configuration = sslConfiguration(**pki.files(mine, myAuthority))
    configuration.setProtocol(version)
    node = QRemoteObjectNode(sslConfiguration=configuration)
    codes: list[ErrorCode] = []
    node.error.connect(codes.append)
    node.connectToNode(host.info["url"])
    replica = node.acquireDynamic("gauge")
    wait_until(lambda: re.search(words, node.errorString()), message=node.errorString)
    assert node.errorString().startswith(host.info["url"] + ": ")
    assert node.lastError() is ErrorCode.SocketAccessError
    assert codes[0] is ErrorCode.SocketAccessError
    assert replica.state() is State.Uninitialized
    if case != "another name":  # which the client finds after the host is content
        wait_until(
            lambda: re.search(hostWords, host.ask("errorString")), message=lambda: host.stderr
        )
        wait_until(lambda: re.search(f"tls://127.0.0.1:\\d+: {hostWords}", host.stderr))
        assert host.ask("lastError") == "SocketAccessError"
    # And a good client is served meanwhile, unless there can be none.
    if theirs == "host":
        good = QRemoteObjectNode(sslConfiguration=sslConfiguration(**pki.files("client", "ca")))
        good.connectToNode(host.info["url"])
        assert good.waitForNode(host.info["url"], 5000), good.errorString()


def test_the_client_goes_on_trying(peer: Peer, pki: Pki, port: int) -> None:
    url = f"tls://127.0.0.1:{port}"
    host = peer(
        gauge_host, url=url, tls=pki.files("expired"), allow_stderr=["it expired", INTERRUPTED]
    )
    url = host.info["url"]
    node, replica = refused(
        url, "the host's certificate expired", ErrorCode.SocketAccessError, **pki.files("", "ca")
    )
    assert not replica.waitForSource(10)
    host.kill()
    peer(gauge_host, url=url, tls=pki.files("host"))
    wait_until(lambda: replica.state() is State.Valid, message=node.errorString)


def test_a_plain_client_on_a_tls_port(peer: Peer, pki: Pki) -> None:
    words = r"the client speaks no TLS, and this port expects it \(it sent b'PSRO'\)"
    host = peer(gauge_host, tls=pki.files("host"), allow_stderr=[words])
    refused(
        host.info["url"].replace("tls:", "tcp:"),
        "the peer expects TLS and this side speaks none",
        ErrorCode.ProtocolMismatch,
    )
    assert re.search(words, host.ask("errorString"))
    assert host.ask("lastError") == "ProtocolMismatch"


def test_a_tls_client_on_a_plain_port(peer: Peer, pki: Pki) -> None:
    words = "the peer speaks TLS and this side does not"
    host = peer(gauge_host, url="tcp://127.0.0.1:0", allow_stderr=[words])
    refused(
        host.info["url"].replace("tcp:", "tls:"),
        "the host does not speak TLS there: does it listen at tcp:// or ws://?",
        ErrorCode.ProtocolMismatch,
        **pki.files(authority="ca"),
    )
    wait_until(lambda: words in host.ask("errorString"))


def old(context: ssl.SSLContext) -> ssl.SSLContext:
    """Speak what was given up years ago."""
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_client_with_an_old_tls(peer: Peer, pki: Pki) -> None:
    words = "the client speaks an older version of TLS only: 1.2 or later is needed"
    host = peer(gauge_host, tls=pki.files("host"), allow_stderr=[words])
    context = old(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    url = QUrl(host.info["url"])
    with socket.create_connection((url.host(), url.port())) as plain:
        with pytest.raises(ssl.SSLError, match="(?i)version"):
            context.wrap_socket(plain)
    wait_until(lambda: words in host.ask("errorString"), message=lambda: host.ask("errorString"))
    assert host.ask("lastError") == "ProtocolMismatch"


@pytest.fixture
def server() -> Iterator[Callable[..., int]]:
    """Starts a server in a thread that handles each connection with a function."""
    listeners: list[socket.socket] = []

    def start(handle: Callable[[socket.socket], None]) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                try:
                    handle(connection)
                except OSError:
                    pass
                finally:
                    connection.close()

        threading.Thread(target=serve, daemon=True).start()
        return int(listener.getsockname()[1])

    yield start
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_host_with_an_old_tls(qapp: Any, pki: Pki, server: Callable[..., int]) -> None:
    context = old(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
    context.load_cert_chain(pki.folder / "host.pem", pki.folder / "host.key")
    port = server(lambda connection: context.wrap_socket(connection, server_side=True).close())
    refused(
        f"tls://127.0.0.1:{port}",
        "the host (and this node have no version of TLS in common|speaks an older version of TLS)",
        ErrorCode.ProtocolMismatch,
        **pki.files(authority="ca"),
    )


def test_a_configuration_that_allows_old_versions_does_not(peer: Peer, pki: Pki) -> None:
    host = peer(gauge_host, tls=pki.files("host"))
    configuration = sslConfiguration(**pki.files(authority="ca"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        configuration.setProtocol(QSsl.SslProtocol.TlsV1_0)
    node = QRemoteObjectNode(sslConfiguration=configuration)
    node.connectToNode(host.info["url"])
    assert node.waitForNode(host.info["url"], 5000), node.errorString()


def test_a_host_that_hangs_up(qapp: Any, pki: Pki, server: Callable[..., int]) -> None:
    port = server(lambda connection: connection.recv(10))
    node = QRemoteObjectNode()
    node.connectToNode(f"tls://127.0.0.1:{port}")
    wait_until(lambda: "during the TLS handshake" in node.errorString(), message=node.errorString)


@pytest.mark.parametrize("scheme", ["tls", "wss", "ws"])
def test_a_host_that_says_nothing(qapp: Any, server: Callable[..., int], scheme: str) -> None:
    release = threading.Event()
    port = server(lambda connection: release.wait(20))
    node = QRemoteObjectNode(limits=Limits(handshakeTimeout=200))
    node.connectToNode(f"{scheme}://127.0.0.1:{port}")
    words = f"no {'TLS' if scheme == 'tls' else 'WebSocket'} handshake within 0.2 s"
    wait_until(lambda: words in node.errorString(), message=node.errorString)
    release.set()


@pytest.mark.parametrize("said", [b"", b"\x16", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc"])
def test_handshakes_that_never_end(peer: Peer, pki: Pki, said: bytes) -> None:
    """Hundreds that begin and stop do not keep a good client out, and go after a while."""
    limits = {"maxUnprovenConnections": 20, "handshakeTimeout": 1500}
    host = peer(
        gauge_host,
        tls=pki.files("host"),
        limits=limits,
        allow_stderr=["the oldest are closed", r"no TLS handshake within 1.5 s"],
    )
    url = QUrl(host.info["url"])
    silent = []
    for _ in range(300):
        silent.append(socket.create_connection((url.host(), url.port())))
        silent[-1].sendall(said)
    node = QRemoteObjectNode(sslConfiguration=sslConfiguration(**pki.files(authority="ca")))
    node.connectToNode(host.info["url"])
    assert node.waitForNode(host.info["url"], 5000), node.errorString()
    wait_until(lambda: "the oldest are closed" in host.stderr)
    for each in silent:
        each.settimeout(10)
        try:
            while each.recv(1000):
                pass
        except ConnectionError:
            pass
        each.close()
    assert host.ask("clients") == 1
    assert host.stderr.count("the oldest are closed") == 1, "once, and not for each of them"
    wait_until(lambda: "no TLS handshake within 1.5 s" in host.stderr)


def test_a_host_without_a_certificate_does_not_listen(qapp: Any, pki: Pki) -> None:
    host = QRemoteObjectHost()
    assert not host.setHostUrl("tls://127.0.0.1:0")
    assert host.lastError() is ErrorCode.ListenFailed
    assert "there is no certificate and no private key" in host.errorString()
    half = sslConfiguration(**pki.files("host"))
    half.setPrivateKey(type(half.privateKey())())
    host.setSslConfiguration(half)
    assert not host.setHostUrl("tls://127.0.0.1:0")
    assert "there is no private key: QRemoteObjectHost(url, sslConfiguration=" in host.errorString()
    host.setSslConfiguration(sslConfiguration(**pki.files("host")))
    assert host.setHostUrl("tls://127.0.0.1:0"), host.errorString()


def test_a_qt_without_tls(qapp: Any, pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    configuration = sslConfiguration(**pki.files("host"))
    monkeypatch.setattr(QSslSocket, "supportsSsl", lambda: False)
    monkeypatch.setattr(QSslSocket, "availableBackends", lambda: ["cert-only"])
    words = r"this Qt finds no TLS library \(its backends: cert-only\)"
    with pytest.raises(RuntimeError, match=words):
        sslConfiguration()
    node = QRemoteObjectNode()
    assert not node.connectToNode("tls://127.0.0.1:5")
    host = QRemoteObjectHost("tls://127.0.0.1:0", sslConfiguration=configuration)
    assert host.lastError() is ErrorCode.ListenFailed
    for each in (node, host):
        assert re.search(words, each.errorString())


@pytest.mark.parametrize("url", ["tls://127.0.0.1", "tls:nowhere"])
def test_urls_in_words(qapp: Any, pki: Pki, url: str) -> None:
    host = QRemoteObjectHost(sslConfiguration=sslConfiguration(**pki.files("host")))
    node = QRemoteObjectNode()
    assert not host.setHostUrl(url)
    assert host.lastError() is ErrorCode.HostUrlInvalid
    assert not node.connectToNode(url)
    for each in (host, node):
        assert "as in tls://127.0.0.1:" in each.errorString()
