"""Connections that never finish their handshake, by the thousand, beside good clients."""

from __future__ import annotations

from typing import Any

import pytest

from pyside_ro import QRemoteObjectNode
from pyside_ro.protocol.packets import Handshake, Kind
from tests.badinput.raw import RawClient
from tests.helpers import wait_until
from tests.network.support import dropped, valid
from tests.protocol.streams import PREAMBLE, frame
from tests.trust.sides import KEY, many_silent, safe_host

LOG = [r"^pyside_ro"]
WORDS = "too many connections are waiting for their handshake"
#: Says nothing; half a preamble; a handshake, and then never the proof.
BEGINNINGS = {
    "silent": b"",
    "half": PREAMBLE[:3],
    "unproven": PREAMBLE + frame([Handshake("x", (("key", b"n" * 32),)).packet()]),
}


@pytest.mark.parametrize("kind", BEGINNINGS)
def test_a_thousand_strangers_keep_nobody_out(peer: Any, url: str, kind: str) -> None:
    # None of them times out during the test: good clients get in beside them.
    limits = {"handshakeTimeout": 600_000}
    host = peer(safe_host, url=url, key=KEY, limits=limits, allow_stderr=LOG)
    first = QRemoteObjectNode(sharedKey=KEY)
    late = QRemoteObjectNode(sharedKey=KEY)
    with dropped(first, late):
        first.connectToNode(host.info["url"])
        safe: Any = first.acquireDynamic("safe")
        valid(safe)
        peer(many_silent, url=host.info["url"], count=1000, first=BEGINNINGS[kind].hex())
        wait_until(lambda: host.ask("connections") == [1, 256])
        call = safe.open("ada")
        assert call.waitForFinished(10_000)
        late.connectToNode(host.info["url"])
        newcomer: Any = late.acquireDynamic("safe")
        valid(newcomer)
        wait_until(lambda: host.ask("connections") == [2, 255])
        wait_until(lambda: WORDS in host.stderr)
        assert host.stderr.count(WORDS) == 1, "once, and not for each of them"
        assert safe.isReplicaValid()


def test_the_oldest_stranger_goes_and_is_told(peer: Any, url: str) -> None:
    limits = {"maxUnprovenConnections": 2, "handshakeTimeout": 600_000}
    host = peer(safe_host, url=url, limits=limits, allow_stderr=LOG)
    address = host.info["url"]
    with RawClient(address, greet=False) as first:
        first.wait_packet(Kind.Handshake)
        with RawClient(address, greet=False) as second, RawClient(address, greet=False) as third:
            third.wait_packet(Kind.Handshake)
            assert first.wait_end() == f"{WORDS} (Limits.maxUnprovenConnections)"
            assert host.ask("connections") == [0, 2]
            second.read()
            assert not second.over
    wait_until(lambda: host.ask("connections") == [0, 0])
    # The next flood is worth another word.
    strangers = [RawClient(address, greet=False) for _ in range(3)]
    wait_until(lambda: host.stderr.count(WORDS) == 2)
    for each in strangers:
        each.socket.close()


def test_strangers_are_gone_after_their_time(peer: Any, url: str) -> None:
    limits = {"maxUnprovenConnections": 50, "handshakeTimeout": 300}
    host = peer(safe_host, url=url, limits=limits, allow_stderr=LOG)
    peer(many_silent, url=host.info["url"], count=30)
    wait_until(lambda: "the peer sent no handshake within 0.3 s" in host.stderr)
    wait_until(lambda: host.ask("connections") == [0, 0])
