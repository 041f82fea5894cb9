"""Addresses that lead to something that is no host of ours: the node says what it met.

A good connection of the same node goes on unharmed meanwhile.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from pyside_ro import QRemoteObjectNode
from pyside_ro.errors import ErrorCode
from tests.badinput.raw import RawHost
from tests.badinput.ticking import ticking_host
from tests.helpers import PeerSide, Recorder, wait_until
from tests.protocol.streams import PREAMBLE, header, plainFrame, rawFrame, stream


class Visitor:
    """A node that is connected to a good host, and told to connect to a bad one as well."""

    def __init__(self, good: str, bad: str) -> None:
        self.node = QRemoteObjectNode()
        self.node.connectToNode(good)
        self.ticker: Any = self.node.acquireDynamic("ticker")
        assert self.ticker.waitForSource(10_000)
        self.ticks: list[int] = []
        self.states: list[Any] = []
        self.ticker.ticked.connect(self.ticks.append)
        # Not of `self`: the connection would keep it, with its node, for ever.
        states = self.states
        self.ticker.stateChanged.connect(lambda new, old: states.append(new))
        self.errors = Recorder(self.node.error)
        assert self.node.connectToNode(bad)
        self.bad = bad

    def check(self) -> str:
        """See that the good connection stands; what is said of the bad one."""
        count = len(self.ticks) + 10
        wait_until(lambda: len(self.ticks) >= count)
        assert self.ticks == list(range(self.ticks[0], self.ticks[0] + len(self.ticks)))
        assert self.states == []
        text = self.node.errorString()
        assert text.startswith(self.bad)
        return text


@pytest.fixture
def good(peer, local_url):
    return peer(ticking_host, url=local_url).info["url"]


def http_server(side: PeerSide) -> None:
    """The standard library's, in a thread."""
    import threading
    from http.server import HTTPServer, SimpleHTTPRequestHandler

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    side.ready(url=f"tcp://127.0.0.1:{server.server_port}")


def test_an_http_server(peer, good):
    visitor = Visitor(good, peer(http_server).info["url"])
    wait_until(lambda: len(visitor.errors), 20)
    assert visitor.errors.values == [ErrorCode.ProtocolMismatch]
    # At once, not after the time that a silent peer is given.
    assert "the peer speaks HTTP" in visitor.check()


def qtro_host(side: PeerSide) -> None:
    from PySide6.QtCore import QObject, QUrl
    from PySide6.QtRemoteObjects import QRemoteObjectHost

    host = QRemoteObjectHost(QUrl("tcp://127.0.0.1:0"))
    shared = QObject()
    host.enableRemoting(shared, "thing")
    side.keep(host, shared)
    side.ready(url=host.hostUrl().toString())


def test_a_host_of_qts_own_remote_objects(peer, good):
    pytest.importorskip("PySide6.QtRemoteObjects")
    visitor = Visitor(good, peer(qtro_host, allow_stderr=True).info["url"])
    wait_until(lambda: len(visitor.errors), 20)
    assert visitor.errors.values == [ErrorCode.ProtocolMismatch]
    assert "the peer speaks Qt's own QtRO protocol" in visitor.check()


def qtro_client(side: PeerSide, url: str) -> None:
    from PySide6.QtCore import QUrl
    from PySide6.QtRemoteObjects import QRemoteObjectNode as QtNode

    node = QtNode()
    node.connectToNode(QUrl(url))
    replica = node.acquireDynamic("ticker")
    side.keep(node, replica)
    side.ready()


def test_a_client_of_qts_own_remote_objects(peer, url):
    pytest.importorskip("PySide6.QtRemoteObjects")
    from tests.badinput.ticking import HOST_WARNINGS, served

    host = peer(ticking_host, url=url, handshakeTimeout=300, allow_stderr=HOST_WARNINGS)
    witness = served(host)
    stranger = peer(qtro_client, url=host.info["url"], allow_stderr=True)
    # Qt's client waits for its host to speak first, and then hears nothing it understands.
    wait_until(lambda: "closing the connection: the peer" in host.stderr, 10)
    witness.check()
    stranger.kill()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (bytes(range(200, 256)), "does not speak pyside_ro"),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", r"does not speak pyside_ro \(it sent b'SSH-2.0-Open"),
        (b"220 mail.example ESMTP\r\n", "does not speak pyside_ro"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "the peer speaks HTTP"),
        (b"\x16\x03\x03\x00\x05hello", "the peer speaks TLS and this side does not"),
        (PREAMBLE + plainFrame([1, "pyside_ro", 0, 4, {}, "old"]), "version 0.4 .* on the peer"),
        (PREAMBLE + plainFrame([9, []]), "a handshake was expected"),
        (PREAMBLE + header(2**32 - 1), "4,294,967,295 bytes was announced"),
    ],
)
def test_programs_that_are_no_hosts(good, answer, words):
    with RawHost(answer) as host:
        visitor = Visitor(good, host.url)
        # The program is told why, in a goodbye it may not understand.
        assert visitor.node.errorString() or host.wait_client().wait_end()
        with pytest.raises(ValueError, match=words):
            raise ValueError(visitor.check())


@pytest.mark.parametrize(
    ("frames", "words"),
    [
        (header(2**32 - 1), r"4,294,967,295 bytes was announced.*Limits.maxFrame"),
        (header(10, 2**20), r"1,048,576 segments was announced"),
        (rawFrame(b"\x91" * 5000), "nested too deeply"),
        (rawFrame(b"\x92\x09"), "ends in the middle of a packet"),
        (plainFrame([9, "no list"]), "a malformed object list"),
        (plainFrame([9, [["x"]]]), "a malformed object list"),
        (plainFrame([3, "x"]), "a malformed snapshot"),
        (plainFrame([5]), "a malformed packet that removes an object"),
        (plainFrame([12, "no vacancies"]), "the peer closed the connection: no vacancies"),
        (b"", "the peer closed the connection"),
        (header(1000) + b"half", "the peer closed the connection in the middle of a frame"),
    ],
)
def test_hosts_that_go_wrong_after_the_handshake(good, frames, words):
    with RawHost(stream() + frames, hangUp=True) as host:
        visitor = Visitor(good, host.url)
        host.wait_client()
        wait_until(visitor.node.errorString)
        with pytest.raises(ValueError, match=words):
            raise ValueError(visitor.check())
        assert visitor.errors.values == []


def test_a_program_of_the_command_line_gets_words_too(good):
    """Without any event loop of pytest around it: what a script prints."""
    code = (
        "import sys; from PySide6.QtCore import QCoreApplication as A\n"
        "from pyside_ro import QRemoteObjectNode\n"
        "app = A([]); node = QRemoteObjectNode(); node.connectToNode('tcp://127.0.0.1:1')\n"
        "print(node.waitForNode('tcp://127.0.0.1:1', 500), node.errorString())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert done.stdout == (
        "False tcp://127.0.0.1:1: the connection was refused: nobody listens there\n"
    )
    assert done.stderr == ""
