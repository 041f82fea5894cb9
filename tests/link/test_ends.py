"""Ends of real connections: reasons that reach both sides, versions, heartbeats."""

from __future__ import annotations

from typing import Any

import pytest

from pyside_ro import Limits, QRemoteObjectHost, QRemoteObjectNode
from pyside_ro.errors import ConnectionLost, ErrorCode
from tests.badinput.raw import RawClient, RawHost
from tests.badinput.ticking import Ticker, ticking_host
from tests.helpers import Recorder, wait_until
from tests.link.emitting import emitting_host, watching_client
from tests.protocol.streams import PREAMBLE, plainFrame, stream

CHATTY = {"QT_LOGGING_RULES": "pyside_ro.io.info=true"}


def test_the_hosts_reason_reaches_the_client(peer, url):
    host = peer(emitting_host, url=url)
    node = QRemoteObjectNode()
    node.connectToNode(host.info["url"])
    replica: Any = node.acquireDynamic("emitter")
    assert replica.waitForSource(10_000)
    problems: list[str] = []
    replica.stateChanged.connect(lambda new, old: problems.append(node.errorString()))
    host.ask("close", "closed for lunch")
    wait_until(lambda: "closed for lunch" in node.errorString() or problems)
    assert "closed for lunch" in " ".join([node.errorString(), *problems, replica._ro.reason])


def test_the_clients_reason_reaches_the_host(peer, url):
    host = peer(emitting_host, url=url, env=CHATTY, allow_stderr=[r"pyside_ro"])
    node = QRemoteObjectNode()
    node.connectToNode(host.info["url"])
    assert node.waitForNode(host.info["url"], 10_000)
    node.disconnectFromNode(host.info["url"])
    wait_until(lambda: "the client disconnected" in host.stderr)


def test_a_client_of_another_version_is_told_and_reported(qapp, url):
    host = QRemoteObjectHost(url)
    errors = Recorder(host.error)
    with RawClient(host.hostUrl().toString(), greet=False) as client:
        client.send(PREAMBLE + plainFrame([1, "pyside_ro", 2, 1, {}, "from the future"]))
        reason = client.wait_end()
    assert "version 2.1 of the protocol, this side 1.0: upgrade pyside-ro on this side" in reason
    assert errors.wait() == [ErrorCode.ProtocolMismatch]
    assert host.lastError() is ErrorCode.ProtocolMismatch
    assert "version 2.1" in host.errorString()


def test_a_host_of_another_version_is_told_and_reported(qapp):
    with RawHost(PREAMBLE + plainFrame([1, "pyside_ro", 2, 1, {}, "from the future"])) as host:
        node = QRemoteObjectNode()
        errors = Recorder(node.error)
        node.connectToNode(host.url)
        reason = host.wait_client().wait_end()
        wait_until(lambda: len(errors))
    assert "version 2.1 of the protocol, this side 1.0: upgrade pyside-ro on this side" in reason
    assert errors.values == [ErrorCode.ProtocolMismatch]
    assert "version 2.1" in node.errorString() and host.url in node.errorString()


@pytest.mark.parametrize("which", ["host", "node"])
def test_a_peer_that_refuses_our_version_is_reported(qapp, local_url, which):
    words = "the peer speaks version 1.0 of the protocol, this side 2.0: upgrade pyside-ro"
    goodbye = PREAMBLE + plainFrame([12, words, True])
    if which == "node":
        with RawHost(goodbye, hangUp=True) as raw:
            node: Any = QRemoteObjectNode()
            node.connectToNode(raw.url)
            raw.wait_client()
            wait_until(lambda: node.lastError() is not ErrorCode.NoError)
    else:
        node = QRemoteObjectHost(local_url)
        with RawClient(local_url, greet=False) as client:
            client.wait_packet(1)
            client.send(goodbye)
        wait_until(lambda: node.lastError() is not ErrorCode.NoError)
    assert node.lastError() is ErrorCode.ProtocolMismatch
    assert words in node.errorString()


def test_a_silent_client_is_told_and_a_silent_host_reported(qapp, local_url):
    host = QRemoteObjectHost(local_url, limits=Limits(handshakeTimeout=150))
    with RawClient(local_url, greet=False) as client:
        assert "sent no handshake within 0.15 s" in client.wait_end()
    assert host.lastError() is ErrorCode.ProtocolMismatch
    with RawHost() as raw:
        node = QRemoteObjectNode(limits=Limits(handshakeTimeout=150))
        node.connectToNode(raw.url)
        assert "sent no handshake within 0.15 s" in raw.wait_client().wait_end()
        assert "sent no handshake within 0.15 s" in node.errorString()


def test_a_host_that_hangs_up_at_once_is_heard(qapp):
    """Its reason has come before the node writes its second word; Qt tells of neither."""
    nodes = [QRemoteObjectNode() for _ in range(10)]
    with RawHost(stream([[12, "closed for lunch", False]])) as host:
        for node in nodes:
            node.connectToNode(host.url)
        handled = 0

        def heard() -> bool:
            nonlocal handled
            host.turn()
            for each in host.peers[handled:]:
                each.socket.close()
            handled = len(host.peers)
            return all("closed for lunch" in node.errorString() for node in nodes)

        # Far below the time that a silent peer is given.
        wait_until(heard, 3, lambda: str([node.errorString() for node in nodes]))


@pytest.mark.parametrize("size", [10, 10_000, 200_000])
def test_a_client_that_dies_during_a_tight_loop_is_let_go(peer, url, size):
    host = peer(emitting_host, url=url, allow_stderr=[r"^pyside_ro"])
    client = peer(watching_client, url=host.info["url"])
    client.wait_event("initialized")
    number = host.tell("emit", 100_000_000 // (size + 1000), size)
    client.kill()
    host.answer(number, timeout=30)
    wait_until(lambda: host.ask("connections") == 0)
    assert "uninitialized socket" not in host.stderr


@pytest.mark.parametrize("large", [False, True])
def test_a_host_that_dies_during_a_tight_loop_of_calls_is_noticed(peer, url, large):
    host = peer(ticking_host, url=url)
    node = QRemoteObjectNode()
    node.connectToNode(host.info["url"])
    ticker: Any = node.acquireDynamic("ticker")
    assert ticker.waitForSource(10_000)
    argument = b"x" * 50_000 if large else 5
    host.kill()
    # The loop does not come round: writing is how its end is met.
    calls = [ticker.echo(argument) for _ in range(2000)]
    wait_until(lambda: not ticker.isReplicaValid())
    assert all(isinstance(call.exception(), ConnectionLost) for call in calls)


def test_later_kinds_and_features_do_no_harm(qapp, local_url):
    host = QRemoteObjectHost(local_url)
    ticker = Ticker()
    assert host.enableRemoting(ticker, "ticker")
    with RawClient(local_url, greet=False) as client:
        hello = [1, "pyside_ro", 1, 5, {"compress": [1, 2]}, "later", ["more"]]
        client.send(PREAMBLE + plainFrame(hello, [13, "?"], [31], [8, 1], [6, 2], [0]))
        assert "add" in client.subscribe("ticker")
    with RawHost(stream([[20, "?"], [9, [["x", "X", "sig", "more"]], "more"], [29]])) as raw:
        node = QRemoteObjectNode()
        node.connectToNode(raw.url)
        raw.wait_client()
        wait_until(lambda: node.instances("X") == ["x"])
        assert node.lastError() is ErrorCode.NoError


def test_a_frozen_host_is_noticed_and_found_again(peer, url):
    host = peer(ticking_host, url=url, allow_stderr=[r"^pyside_ro"])
    node = QRemoteObjectNode(heartbeatInterval=300)
    node.connectToNode(host.info["url"])
    ticker: Any = node.acquireDynamic("ticker")
    assert ticker.waitForSource(10_000)
    states: list[str] = []
    ticker.stateChanged.connect(lambda new, old: states.append(new.name))
    host.freeze()
    # Not how often: a machine that stands still for an interval looks like this, too.
    wait_until(lambda: states[-1:] == ["Suspect"])
    assert "no sign of life from the peer for 300 ms" in ticker._ro.reason
    host.thaw()
    wait_until(lambda: states[-1:] == ["Valid"], 20)
    ticks = Recorder(ticker.ticked)
    ticks.wait(5)
