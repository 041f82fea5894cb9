"""Bad clients of a living host: each is told in words, and a good client misses nothing."""

from __future__ import annotations

import socket
import struct
import time
from typing import Any

import msgpack
import pytest

from pyside_ro.errors import CannotCross
from pyside_ro.protocol.frames import BYTE_ARRAY, BYTES, MUTABLE
from pyside_ro.protocol.packets import Kind
from tests.badinput.raw import RawClient, connected
from tests.badinput.ticking import HOST_WARNINGS, served, ticking_host
from tests.helpers import PeerProcess, process_events, unique_local_url, wait_until
from tests.protocol.streams import (
    PREAMBLE,
    frame,
    header,
    plainFrame,
    rawFrame,
    stream,
)

MIB = 1024 * 1024
REPLY = int(Kind.InvokeReplyPacket)


class Living:
    """A host for all tests of this file, and a good client that watches it all the time."""

    def __init__(self, process: PeerProcess) -> None:
        self.process = process
        self.info = process.info
        self.ask = process.ask
        self.witness = served(process)
        self.mark = 0

    @property
    def said(self) -> str:
        """What the host wrote since the test began."""
        return self.process.stderr[self.mark :]


@pytest.fixture(scope="module", params=["local", "tcp"])
def living(request, qapp):
    url = unique_local_url() if request.param == "local" else "tcp://127.0.0.1:0"
    with PeerProcess(ticking_host, url=url, allow_stderr=True) as process:
        yield Living(process)


@pytest.fixture
def host(living):
    living.mark = len(living.process.stderr)
    yield living
    living.witness.check(5)


def deep(levels: int) -> bytes:
    """A tuple within a tuple within a tuple, in a packet."""
    inner = msgpack.packb(1)
    for _ in range(levels):
        inner = msgpack.packb(msgpack.ExtType(2, b"\x91" + inner))
    return rawFrame(b"\x92\x28" + inner)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "the peer speaks HTTP"),
        (bytes(range(256)) * 100, "the peer does not speak pyside_ro"),
        (PREAMBLE + header(2**32 - 1), "4,294,967,295 bytes was announced"),
        (PREAMBLE + plainFrame([4, "ticker", True]), "a handshake was expected"),
        (PREAMBLE + plainFrame([1, "pyside_ro", 7, 0]), "version 7.0"),
        (stream() + header(2**32 - 1), "4,294,967,295 bytes was announced"),
        (stream() + struct.pack("<IIQ", 4, 1, 2**40) + b"body", "bytes was announced"),
        (stream() + header(1, 2**32 - 1), "4,294,967,295 segments"),
        (stream() + rawFrame(b"\x91" * 100_000), "nested too deeply"),
        (stream() + deep(200), "nested more than 100 deep"),
        (stream() + rawFrame(b"\xc1"), "a packet cannot be read"),
        (stream() + rawFrame(b"\x92\x28\xa3\xed\xb0\x80"), "not valid UTF-8"),
        (stream() + rawFrame(b"\x92\x28\xdd\xff\xff\xff\xff"), "max_array_len"),
        (stream() + rawFrame(b"\x95\x04"), "ends in the middle of a packet"),
        (stream() + plainFrame(["ticker", "add"]), "begins with 'ticker', not with a channel"),
        (stream() + plainFrame([-5]), "begins with -5"),
        (stream() + plainFrame(5), "a packet is a list, not int"),
        (stream() + plainFrame([4]), "a malformed subscription"),
        (stream() + plainFrame([4, 5, True]), "a malformed subscription"),
        (stream() + plainFrame([5, None]), "a malformed packet that removes a subscription"),
        (stream() + stream()[len(PREAMBLE) :], "a second handshake"),
    ],
)
def test_who_breaks_a_rule_is_told_which(host, data, words):
    with RawClient(host.info["url"], greet=False) as client:
        client.send(data)
        reason = client.wait_end()
    assert words in reason
    wait_until(lambda: words in host.said)


@pytest.mark.parametrize("length", [5, 14, 40, 60_000])
def test_a_truncated_frame(peer, url, length):
    rules = {"QT_LOGGING_RULES": "pyside_ro.io.info=true"}
    host = peer(ticking_host, url=url, env=rules, allow_stderr=HOST_WARNINGS)
    witness = served(host)
    with RawClient(host.info["url"]) as client:
        client.wait_packet(Kind.ObjectList)
        client.send(frame([[40, b"x" * 50_000, "y" * 50_000]])[:length])
    wait_until(lambda: "the peer closed the connection in the middle of a frame" in host.stderr)
    witness.check()


def test_an_unknown_object(host):
    with RawClient(host.info["url"]) as client:
        client.plain([4, "nobody", True])
        assert client.wait_packet(Kind.RemoveObject)[1:] == [
            "nobody",
            "no object is shared as 'nobody'",
        ]
        # It is a mistake, not an offence.
        assert "add" in client.subscribe("ticker")
        wait_until(lambda: "'nobody' was refused: no object is shared" in host.said)
        client.plain([4, "x" * 1_000_000, True], [5, "never had"])
        wait_until(lambda: "x" * 100 in host.said)
        assert "x" * 101 not in host.said


class Caller:
    """A client that is subscribed to the ticker and calls it by hand."""

    def __init__(self, client: RawClient) -> None:
        self.client = client
        self.channels = client.subscribe("ticker")
        self.serial = 100

    def call(self, channel: int | str, *arguments: Any) -> list[Any]:
        """The answer: [value], or [type, message, member] when it was refused."""
        self.serial += 1
        number = self.channels[channel] if isinstance(channel, str) else channel
        self.client.say([number, self.serial, *arguments])
        serial = self.serial

        def answered() -> list[Any] | None:
            self.client.read()
            for packet in self.client.packets:
                if packet[:2] == [REPLY, serial]:
                    return list(packet[2:])
            return None

        return wait_until(answered)


@pytest.fixture
def caller(host):
    with RawClient(host.info["url"]) as client:
        yield Caller(client)


@pytest.mark.parametrize(
    ("slot", "arguments", "answer"),
    [
        ("add", (1, 2), [3]),
        ("add", (), ["TypeError", r"add\(int,int\) takes 2 arguments, 0 given", "ticker.add"]),
        ("add", (1,), ["TypeError", r"add\(int,int\) takes 2 arguments, 1 given", "ticker.add"]),
        ("add", (1, 2, 3), ["TypeError", "takes 2 arguments, 3 given", "ticker.add"]),
        ("add", ("1", 2), ["TypeError", r"argument 1 \(a\) must be int, not str", "ticker.add"]),
        ("add", (1, None), ["TypeError", r"argument 2 \(b\) must be int", "ticker.add"]),
        ("add", ([1], {}), ["TypeError", "argument 1", "ticker.add"]),
        ("add", (2**31, 0), ["OverflowError", "2147483648 does not fit int", "ticker.add"]),
        ("add", (-(2**63), 0), ["OverflowError", "does not fit int", "ticker.add"]),
        ("add", (2**64 - 1, 0), ["OverflowError", "does not fit int", "ticker.add"]),
        ("add", (float("nan"), 0), ["TypeError", "must be int, not float", "ticker.add"]),
        ("add", (float("inf"), 0), ["TypeError", "must be int, not float", "ticker.add"]),
        ("add", (1.5, 0), ["TypeError", "must be int, not float", "ticker.add"]),
        ("half", ("x",), ["TypeError", "must be double, not str", "ticker.half"]),
        ("half", (float("inf"),), [float("inf")]),
        ("length", (5,), ["TypeError", "must be str, not int", "ticker.length"]),
        ("length", ("x" * 1_000_000,), [1_000_000]),
        ("echo", (2**64 - 1,), [2**64 - 1]),
        ("echo", ({1: [(), {2}]},), [{1: [(), {2}]}]),
    ],
)
def test_calls_with_wrong_arguments(caller, slot, arguments, answer):
    got = caller.call(slot, *arguments)
    if len(answer) == 1:
        assert got == answer
        return
    assert (got[0], got[2]) == (answer[0], answer[2])
    with pytest.raises(ValueError, match=answer[1]):
        raise ValueError(got[1])


def test_nan_goes_there_and_back(caller):
    [half] = caller.call("half", float("nan"))
    assert half != half
    [value] = caller.call("echo", [float("nan")])
    assert value[0] != value[0]


def test_members_that_are_not_there(host, caller):
    last = max(caller.channels.values())
    for channel in (last + 1, last + 10_000, 2**31, 2**64 - 1):
        kind, text, _ = caller.call(channel, 1)
        assert kind == "LookupError"
        assert "no such object or member" in text
    # Signals are not for clients to emit.
    caller.client.plain([caller.channels["ticked"], 9_999_999])
    wait_until(lambda: "a peer cannot emit ticker.ticked" in host.said)
    assert caller.call("add", 1, 1) == [2]


def test_writes_that_are_refused(host, caller):
    caller.client.plain([caller.channels["level"], 0, 5])
    wait_until(lambda: host.ask("level") == 5)
    kind, text, member = caller.call("fixed", 5)
    assert (kind, member) == ("AttributeError", "ticker.fixed")
    assert "read-only" in text
    kind, text, member = caller.call("level", "high")
    assert (kind, member) == ("TypeError", "ticker.level")
    kind, text, member = caller.call("level", 2**40)
    assert (kind, member) == ("OverflowError", "ticker.level")
    assert host.ask("level") == 5


@pytest.mark.parametrize(
    "packet",
    [
        lambda c: [c["add"]],
        lambda c: [c["add"], None, 1, 2],
        lambda c: [c["add"], "serial", 1, 2],
        lambda c: [c["add"], [1], 1, 2],
        lambda c: [c["add"], 2**64 - 1, 1],
        lambda c: [c["level"]],
        lambda c: [c["level"], 1],
        lambda c: [c["level"], 1, 2, 3],
        lambda c: [c["ticked"]],
        lambda c: [7, 1, 2],
        lambda c: [9, [["x", "X", "s"]]],
        lambda c: [3, "ticker", 32, []],
    ],
)
def test_malformed_calls_end_nothing_but_themselves(caller, packet):
    caller.client.plain(packet(caller.channels))
    assert caller.call("add", 20, 22) == [42]


def test_many_calls_at_once_are_bounded(peer, local_url):
    host = peer(ticking_host, url=local_url, maxPendingCalls=3)
    witness = served(host)
    with RawClient(local_url) as client:
        channels = client.subscribe("ticker")
        client.plain(*[[channels["never"], serial] for serial in range(1, 6)])
        wait_until(lambda: client.read() and [p for p in client.packets if p[:2] == [REPLY, 5]])
        refused = [packet for packet in client.packets if packet[0] == REPLY]
        assert [packet[1:3] for packet in refused] == [[4, "LimitExceeded"], [5, "LimitExceeded"]]
        assert "3 calls are pending already (Limits.maxPendingCalls)" in refused[0][3]
        witness.check()


def test_values_that_cannot_cross_stay_where_they_are(host):
    ticker = host.witness.ticker
    for call, words in [
        (
            lambda: ticker.add(2**70, 1),
            r"argument 1 .*ticker\.add: an integer of more than 64 bits",
        ),
        (lambda: ticker.length("\udcff"), r"ticker\.length: .*a lone surrogate"),
        (lambda: ticker.echo([{1: object()}]), r"argument 1 .*ticker\.echo: .*'object' cannot"),
        (lambda: setattr(ticker, "level", 2**70), r"property ticker\.level: an integer of more"),
    ]:
        with pytest.raises(CannotCross, match=words):
            call()
    with pytest.raises(TypeError, match="takes 2 arguments, 1 given"):
        ticker.add(1)


def test_many_subscriptions_are_bounded(peer, url):
    host = peer(ticking_host, url=url, maxSubscriptions=0, allow_stderr=HOST_WARNINGS)
    with RawClient(host.info["url"]) as client:
        client.plain([4, "ticker", True])
        _, name, reason = client.wait_packet(Kind.RemoveObject)
        assert name == "ticker"
        assert "the host allows 0 subscriptions a client (Limits.maxSubscriptions)" in reason


# Silence, and too much of everything


def test_a_client_that_says_nothing(peer, url):
    host = peer(ticking_host, url=url, handshakeTimeout=200, allow_stderr=HOST_WARNINGS)
    witness = served(host)
    with RawClient(host.info["url"], greet=False) as client:
        assert "the peer sent no handshake within 0.2 s" in client.wait_end()
    wait_until(lambda: "sent no handshake within 0.2 s" in host.stderr)
    wait_until(lambda: host.ask("connections") == 1)
    assert any("ProtocolMismatch" in text for text in host.ask("errors"))
    witness.check()


def test_a_client_that_stops_reading(peer, url):
    limits = {"maxBacklog": 4 * MIB, "stallTimeout": 200}
    host = peer(ticking_host, url=url, allow_stderr=HOST_WARNINGS, **limits)
    witness = served(host)
    before = host.ask("peak")
    with RawClient(host.info["url"]) as client:
        channel = client.subscribe("ticker")["echo"]
        big = plainFrame([channel, 1, "x" * 1_000_000])
        for _ in range(40):
            # It asks for answers that it never reads.
            client.send(big)
        wait_until(lambda: "the peer has read nothing for 200 ms" in host.stderr, 20)
        witness.check()
    assert host.ask("peak") - before < 60 * MIB
    wait_until(lambda: host.ask("connections") == 1)
    witness.check()


@pytest.mark.parametrize("kind", ["body", "bytearray", "bytes", "QByteArray"])
def test_many_that_announce_much_and_send_a_byte_now_and_then(peer, url, kind):
    host = peer(ticking_host, url=url, allow_stderr=HOST_WARNINGS)
    witness = served(host)
    before = host.ask("peak")
    if kind == "body":
        begun = header(200 * MIB) + b"\x93"
    else:
        what = {"bytearray": MUTABLE, "bytes": BYTES, "QByteArray": BYTE_ARRAY}[kind]
        begun = header(1, 1) + struct.pack("<Q", what << 56 | 200 * MIB) + b"\xc0x"
    slow = [RawClient(host.info["url"]) for _ in range(50)]
    try:
        for each in slow:
            each.send(begun)
        for _ in range(5):
            for each in slow:
                each.send(b"y")
            witness.check(2)
        wait_until(lambda: host.ask("connections") == len(slow) + 1)
        assert not any(each.over for each in slow)
    finally:
        for each in slow:
            each.socket.close()
    assert host.ask("peak") - before < 100 * MIB
    wait_until(lambda: host.ask("connections") == 1)
    witness.check()


def test_a_thousand_half_open_connections(peer, url):
    host = peer(ticking_host, url=url, handshakeTimeout=8000, allow_stderr=HOST_WARNINGS)
    witness = served(host)
    raws: list[socket.socket] = []
    start = time.monotonic()
    try:
        for number in range(1000):
            raws.append(connected(host.info["url"]))
            if number % 100 == 0:
                witness.check(2)
        opened = time.monotonic() - start
        assert opened < 8, "so slow that the first were gone before the last came"
        words = "too many connections are waiting for their handshake"
        wait_until(lambda: words in host.stderr)
        wait_until(lambda: host.ask("connections") <= 256 + 1)
        witness.check()
        # A newcomer gets in as soon as the silent ones have had their time.
        late = served(host)
        late.check()
    finally:
        for raw in raws:
            raw.close()
    wait_until(lambda: host.ask("connections") == 2)
    witness.check()


def test_more_clients_than_the_host_takes(peer, url):
    host = peer(ticking_host, url=url, maxConnections=2, allow_stderr=HOST_WARNINGS)
    witness = served(host)
    with RawClient(host.info["url"]) as second:
        second.wait_packet(Kind.ObjectList)
        with RawClient(host.info["url"]) as third:
            reason = third.wait_end()
        assert reason == "the host has 2 clients (Limits.maxConnections)"
        witness.check()
    wait_until(lambda: host.ask("connections") == 1)
    with RawClient(host.info["url"]) as again:
        again.wait_packet(Kind.ObjectList)
    witness.check()


def test_connections_that_come_and_go(host):
    for number in range(150):
        raw = connected(host.info["url"])
        if number % 3 == 1:
            raw.sendall(stream()[: number % 30])
        if number % 3 == 2:
            raw.sendall(stream([[4, "ticker", True]]))
        raw.close()
    wait_until(lambda: host.ask("connections") == 1)
    process_events(0.05)
    assert "Traceback" not in host.said
