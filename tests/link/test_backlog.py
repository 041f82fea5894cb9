"""Clients that stop reading, or read slowly: what they cost the host and the other clients."""

from __future__ import annotations

from typing import Any

import pytest

from pyside_ro import QRemoteObjectNode
from tests.helpers import wait_until
from tests.link.emitting import emitting_host, watching_client

MIB = 1024 * 1024
STALL = r"the peer has read nothing for \d+ ms while \d+ MB wait"


class Good:
    """A client in the test's own process that writes down what it gets."""

    def __init__(self, url: str) -> None:
        self.node = QRemoteObjectNode()
        self.node.connectToNode(url)
        self.replica: Any = self.node.acquireDynamic("emitter")
        assert self.replica.waitForSource(10_000)
        # Not `self` in what is connected: that would keep it, with its node, for ever.
        self.numbers = numbers = list[int]()
        self.replica.sent.connect(lambda number, data: numbers.append(number))


def test_a_frozen_client_costs_little_and_hurts_nobody(peer, url):
    host = peer(emitting_host, url=url, allow_stderr=[STALL])
    frozen = peer(watching_client, url=host.info["url"])
    frozen.wait_event("initialized")
    good = Good(host.info["url"])
    host.ask("emit", 10, 1000)
    frozen.freeze()
    # 300 MB, of which the host may keep 32.
    report = host.answer(host.tell("emit", 3000, 100_000, first=10), timeout=40)
    assert report["grown"] < 130 * MIB
    # One stall of about stallTimeout, 500 ms, and then never again.
    # (two more would be the machine's.)
    assert 1 <= len([spent for spent in report["slow"] if spent > 0.45]) <= 3, report
    assert max(report["slow"]) < 3
    wait_until(lambda: "the peer has read nothing for 500 ms while 3" in host.stderr)
    wait_until(lambda: len(good.numbers) == 3010)
    assert good.numbers == list(range(3010))
    frozen.thaw()
    frozen.wait_event("Suspect", timeout=20)
    frozen.wait_event("initialized", 2, timeout=20)
    host.ask("emit", 5, 10, first=9000)
    wait_until(lambda: frozen.ask("numbers")[-5:] == list(range(9000, 9005)))
    # What it got before it was given up has no gap either.
    first = [number for number in frozen.ask("numbers") if number < 9000]
    assert first == list(range(len(first)))


def test_a_slow_client_holds_the_emitter_and_loses_nothing(peer, url):
    # Less than all that follows takes, more than a busy machine keeps the client from reading.
    host = peer(emitting_host, url=url, maxBacklog=2 * MIB, stallTimeout=2000)
    slow = peer(watching_client, url=host.info["url"], pause=0.004)
    slow.wait_event("initialized")
    good = Good(host.info["url"])
    report = host.answer(host.tell("emit", 800, 100_000), timeout=40)
    assert report["grown"] < 60 * MIB
    # The emitter ran at the client's pace: nearly all has been handled when it is done, but for
    # what the system's buffers of a connection take, some 10 MB each way.
    assert len(slow.ask("numbers")) > 600
    wait_until(lambda: len(slow.ask("numbers")) == 800, 20)
    assert slow.ask("numbers") == list(range(800))
    wait_until(lambda: len(good.numbers) == 800)
    assert [event for event in slow.events if event[0] == "Suspect"] == []


def test_property_changes_shrink_while_a_client_does_not_read(peer, url):
    host = peer(emitting_host, url=url, maxBacklog=4 * MIB)
    frozen = peer(watching_client, url=host.info["url"])
    frozen.wait_event("initialized")
    frozen.freeze()
    report = host.answer(host.tell("change", 3000, 50_000), timeout=40)
    assert report["grown"] < 60 * MIB
    frozen.thaw()
    # The last that was sent: it comes after the last value, with a frame in between.
    wait_until(lambda: frozen.ask("numbers")[-1:] == [3000])
    # Every signal, and of each property an ordered choice with the latest at its end.
    assert frozen.ask("numbers") == list(range(10, 3001, 10))
    values = frozen.ask("values")
    assert values == sorted(set(values)) and values[-1] == 3000
    assert len(values) < 2000
    assert frozen.ask("frames")[-1] == 3000 % 256
    assert [event for event in frozen.events if event[0] == "Suspect"] == []


@pytest.mark.parametrize("size", [20_000, 100_000, 3_000_000])
def test_arrays_arrive_as_they_were_emitted(peer, url, size):
    host = peer(emitting_host, url=url)
    good = Good(host.info["url"])
    seen: list[tuple[int, int, int]] = []
    good.replica.sent.connect(
        lambda number, array: seen.append((number, int(array.min()), int(array.max())))
    )
    count = 20
    host.answer(host.tell("reuse", count, size), timeout=40)
    wait_until(lambda: len(seen) == count, 20)
    assert seen == [(number, number, number) for number in range(count)]
