"""A living host is fed mutated streams of clients; a good client goes on, and so does the host."""

from __future__ import annotations

import os
from random import Random
from typing import Any

import pytest

from pyside_ro.protocol.codec import Encoder
from tests.badinput.mutate import NASTY, mutatedBytes, mutatedValue
from tests.badinput.objects import HELD, NAMED, PASSED, channels, holding_host, reference
from tests.badinput.raw import RawClient
from tests.badinput.ticking import served
from tests.helpers import wait_until
from tests.protocol.streams import HELLO, PREAMBLE, frame, plainFrame, stream

#: More for a long night: PYSIDE_RO_FUZZ=20.
ROUNDS = 250 * int(os.environ.get("PYSIDE_RO_FUZZ", "1"))
MIB = 1024 * 1024


def conversation(channels: dict[str, Any]) -> list[list[Any]]:
    """What a lively client says after its handshake."""
    c = channels
    return [
        [4, "ticker", True],
        [c["add"], 1, 20, 22],
        [c["half"], 2, 0.5],
        [c["length"], 3, "some text"],
        [c["echo"], 4, {"list": [1, 2.5, None, "é"], "bytes": b"raw", "more": {"deep": [[[1]]]}}],
        [c["echo"], 5, b"x" * 40_000],
        [c["level"], 6, 17],
        [10, "ping"],
        [4, "holder", True],
        [c["take"], 8, [reference(PASSED, c["inner"]), reference(NAMED, "ticker")]],
        [c["one"], 9, reference(PASSED, c["inner"])],
        [c["one"], 10, reference(HELD, "nobody")],
        [c["model.describe"], 11],
        [c["model.sizes"], 12, [[], [3]]],
        [c["model.rows"], 13, [[[], 0, 20, [0, -1]], [[4], 0, 1, [0]]]],
        [c["model.headers"], 14, [[1, 0, 1, 0]]],
        [c["model.setData"], 15, [5], 0, "changed", 2],
        [5, "holder", "no longer wanted"],
        [5, "ticker", "no longer wanted"],
        [4, "ticker", False],
        [c["add"], 7, 1, 2],
        [12, "goodbye", False],
    ]


def fuzzed(random: Random, packets: list[list[Any]]) -> bytes:
    """A stream: mutated as bytes, as values, or with packets in any order."""
    encoder = Encoder()
    kind = random.randrange(4)
    if kind == 0:
        return mutatedBytes(random, stream(*[[packet] for packet in packets]))
    if kind == 1:
        valid = frame([HELLO], encoder)
        return PREAMBLE + valid + mutatedBytes(random, frame(packets, encoder))
    if kind == 2:
        chosen = [mutatedValue(random, random.choice(packets)) for _ in range(12)]
        return stream() + plainFrame(*chosen)
    # Any channel, any arguments.
    numbers = [packet[0] for packet in packets] + [value for value in NASTY if type(value) is int]
    chosen = [
        [random.choice(numbers), *random.choices(NASTY, k=random.randrange(5))] for _ in range(12)
    ]
    return stream([packets[0]]) + plainFrame(*chosen)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_host_outlives_what_broken_clients_send(peer, url, seed):
    host = peer(holding_host, url=url, handshakeTimeout=500, allow_stderr=True)
    witness = served(host)
    # Subscribed to the end: what properties hold keeps its channels.
    honest = RawClient(host.info["url"])
    known = honest.subscribe("ticker") | channels(honest)
    before = host.ask("peak")
    random = Random(seed)
    packets = conversation(known)
    open_clients: list[RawClient] = []
    for number in range(ROUNDS):
        client = RawClient(host.info["url"], greet=False)
        open_clients.append(client)
        client.send(fuzzed(random, packets))
        if random.random() < 0.5:
            client.read()
        if len(open_clients) > 10:
            open_clients.pop(random.randrange(10)).socket.close()
        if number % 25 == 0:
            witness.check(2)
    for client in [*open_clients, honest]:
        client.socket.close()
    wait_until(lambda: host.ask("connections") == 1, 20)
    witness.check()
    assert host.ask("peak") - before < 150 * MIB
    # Its own slots raised at wrong arguments, which is logged; nothing else did.
    for line in host.stderr.splitlines():
        assert not line.startswith(("Exception ignored", "Fatal", "Error calling")), line
    assert "in _dispatch" not in host.stderr
