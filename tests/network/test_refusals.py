"""Writes that a source refuses, through others that share its replica: who asked is told."""

from __future__ import annotations

from typing import Any

import pytest

from pyside_ro import QRemoteObjectNode, RemoteError
from pyside_ro.protocol.packets import Kind
from tests.badinput.raw import RawClient
from tests.helpers import process_events, wait_until
from tests.network.sides import proxy_host, registry_host, resharing_host
from tests.network.support import LOG, dropped, suspect, valid
from tests.trust.sides import safe_host

WAYS = {"directly": 0, "by hand": 1, "by two": 2, "by a proxy": 0}


def way(peer: Any, urls: dict[str, str], how: str) -> tuple[Any, str]:
    """The host with the safe, and where a client connects."""
    proxied = how == "by a proxy"
    if proxied:
        peer(registry_host, url=urls["registry"], allow_stderr=LOG)
    registry = urls["registry"] if proxied else ""
    # It logs what its own setter raises, with a traceback; nobody in between has a word to say.
    host = peer(safe_host, url=urls["host"], registry=registry, allow_stderr=True)
    url = urls["host"]
    for name in ("inner", "outer")[: WAYS[how]]:
        peer(resharing_host, url=urls[name], inner=url, name="safe")
        url = urls[name]
    if proxied:
        url = urls["middle"]
        peer(proxy_host, url=url, registry=urls["registry"])
    return host, url


class Client:
    """A node with a replica of the safe, and what it is told."""

    def __init__(self, url: str) -> None:
        self.node = QRemoteObjectNode()
        self.refusals: list[RemoteError] = []
        self.node.propertyWriteRefused.connect(self.refusals.append)
        self.node.connectToNode(url)
        self.safe: Any = self.node.acquireDynamic("safe")
        valid(self.safe)

    def told(self, count: int) -> list[tuple[str, str, str]]:
        wait_until(lambda: len(self.refusals) >= count, message=lambda: str(self.refusals))
        return [(each.typeName, each.message, each.member) for each in self.refusals]


@pytest.mark.parametrize("how", WAYS)
def test_who_asked_is_told(peer: Any, urls: dict[str, str], how: str) -> None:
    _, url = way(peer, urls, how)
    one, two = Client(url), Client(url)
    below = ("ValueError", "below the floor", "safe.level")
    with dropped(one.node, two.node):
        one.safe.level = 5
        two.safe.level = -1
        assert two.told(1) == [below]
        wait_until(lambda: one.safe.level == two.safe.level == 5)
        one.safe.level = "much"
        assert one.told(1) == [("TypeError", "must be int, not str", "safe.level")]
        # Calls and writes have numbers of their own.
        calls = []
        for number in range(20):
            calls.append(one.safe.open(str(number)))
            one.safe.level = -number if number % 2 else number
        wait_until(lambda: all(call.isFinished() for call in calls))
        assert [call.returnValue() for call in calls] == [f"welcome, {n}" for n in range(20)]
        assert one.told(11)[1:] == [below] * 10
        wait_until(lambda: two.safe.level == 18)
        process_events(0.05)
        assert len(one.refusals) == 11 and len(two.refusals) == 1


@pytest.mark.parametrize("how", ["by hand", "by two"])
def test_whatever_number_the_client_gave(peer: Any, urls: dict[str, str], how: str) -> None:
    _, url = way(peer, urls, how)
    with RawClient(url) as raw:
        level = raw.subscribe("safe")["level"]
        raw.say([level, 0, -1], [level, 7, -2], [level, 8, 3], [level, 7, -4], [level, 2**40, -4])

        def replies() -> list[list[Any]]:
            raw.read()
            return [packet for packet in raw.packets if packet[0] == Kind.InvokeReplyPacket]

        wait_until(lambda: len(replies()) >= 4)
        assert [reply[1] for reply in replies()] == [0, 7, 7, 2**40]
        assert {reply[2] for reply in replies()} == {"ValueError"}


def test_the_origin_is_away_and_back(peer: Any, urls: dict[str, str]) -> None:
    host = peer(safe_host, url=urls["host"], allow_stderr=True)
    middle = peer(
        resharing_host, url=urls["inner"], inner=urls["host"], name="safe", allow_stderr=LOG
    )
    client = Client(urls["inner"])
    with dropped(client.node):
        client.safe.level = -1
        client.told(1)
        host.kill()
        wait_until(lambda: middle.ask("state") == "Suspect")
        client.safe.level = 2
        kind, message, member = client.told(2)[1]
        assert (kind, member) == ("ConnectionLost", "safe.level")
        assert "safe.level was not set, there is no source" in message
        peer(safe_host, url=urls["host"], allow_stderr=True)
        wait_until(lambda: middle.ask("state") == "Valid")
        client.safe.level = -1
        assert client.told(3)[2] == ("ValueError", "below the floor", "safe.level")
        client.safe.level = 3
        wait_until(lambda: client.safe.level == 3)
        assert len(client.refusals) == 3


def test_who_asked_has_gone(peer: Any, urls: dict[str, str]) -> None:
    host, url = way(peer, urls, "by hand")
    for _ in range(3):
        client = Client(url)
        with dropped(client.node):
            client.safe.level = -1
            client.safe.open("")
            client.node.disconnectFromNode(url)
            suspect(client.safe)
    client = Client(url)
    with dropped(client.node):
        client.safe.level = -1
        assert len(client.told(1)) == 1 and host.ask("state")[0] == 1
