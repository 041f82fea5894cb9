"""Awaiting under QtAsyncio and qasync, and blocking waits in main(), each in its own program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.behaviour.hosts.clients import asynchronous, before_exec
from tests.behaviour.hosts.results import results
from tests.behaviour.support import QUIET, Peer, shared_host
from tests.helpers import PeerProcess


@pytest.fixture(scope="module")
def host(qapp: Any) -> Iterator[PeerProcess]:
    with shared_host(results, env=QUIET) as process:
        yield process


@pytest.mark.parametrize("loop", ["QtAsyncio", "qasync"])
def test_awaiting_calls(peer: Peer, host: PeerProcess, loop: str) -> None:
    client = peer(asynchronous, url=host.info["url"], loop=loop)
    found = client.info
    assert found["one"] == 3
    assert found["gathered"] == [0, 2, 4, 6, 8]
    assert found["error"] == [
        "ValueError",
        "nothing to print",
        "printer.print_",
        "ValueError: nothing to print (printer.print_)",
    ]
    assert found["twice"] == [5, 5]
    assert "20 ms" in found["timeout"]
    assert found["cancelled"] is True
    assert host.info["url"] in found["lost"]
    assert client.wait_exit() == 0


def test_waiting_before_exec(peer: Peer, host: PeerProcess) -> None:
    client = peer(before_exec, url=host.info["url"])
    assert client.info == {
        "known": True,
        "there": True,
        "done": True,
        "value": 42,
        "missing": False,
        "flowed": True,
    }
