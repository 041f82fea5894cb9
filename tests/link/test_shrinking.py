"""Outgoing.shrink: of waiting property changes the latest of each, and never a signal."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pyside_ro.link.outgoing import Mark, Outgoing
from pyside_ro.protocol.codec import Encoder
from pyside_ro.protocol.frames import HEADER, Segment
from tests.link.fake import FakeConduit
from tests.protocol.streams import HELLO, PREAMBLE, Receiver, frame

PROPERTIES = (40, 41, 42)
SIGNALS = (50, 51)

LARGE = 40_000
#: (channel, how many large values)
PACKETS = st.tuples(st.sampled_from([*PROPERTIES, *SIGNALS]), st.sampled_from([0, 0, 0, 1, 2]))
FRAMES = st.lists(st.lists(PACKETS, min_size=1, max_size=6), max_size=8)


def outgoing(frames: list[list[list[Any]]], shrinkTo: int = 0) -> list[Any]:
    """What a peer gets of these frames when they are shrunk before any was written."""
    conduit = FakeConduit()
    conduit.kept = 1 << 30
    waiting = Outgoing(conduit)
    encoder = Encoder()
    for packets in frames:
        body = bytearray(HEADER)
        segments: list[Segment] = []
        marks: list[Mark] = []
        for packet in packets:
            data, more = encoder.pack(packet)
            body += data
            if more:
                segments += more
                marks.append((len(body), len(more)))
        waiting.add(body, segments, marks)
    before = waiting.size
    waiting.shrink(shrinkTo, lambda channel: channel in PROPERTIES)
    assert waiting.size <= before
    expected = waiting.size
    conduit.kept = 0
    waiting.pump()
    assert waiting.size == 0
    assert sum(map(len, conduit.writes)) == expected
    return Receiver().feed(PREAMBLE + frame([HELLO]), conduit.sent)[1:]


def latest(packets: list[list[Any]]) -> list[list[Any]]:
    """The rule, said the slow way."""
    last = {packet[0]: index for index, packet in enumerate(packets)}
    return [
        packet
        for index, packet in enumerate(packets)
        if packet[0] in SIGNALS or last[packet[0]] == index
    ]


@settings(max_examples=200, deadline=None)
@given(FRAMES)
def test_the_latest_of_each_property_and_every_signal_in_order(shape):
    number = 0
    frames = []
    for packets in shape:
        frames.append([])
        for channel, large in packets:
            number += 1
            values = [bytes([number % 256]) * LARGE] * large
            frames[-1].append([channel, number, {"k": (number,)}, *values])
    got = outgoing(frames)
    assert got == latest([packet for packets in frames for packet in packets])


def test_packets_with_segments_keep_their_own():
    def change(number: int) -> list[Any]:
        return [40, number, bytes([number]) * LARGE, [bytes([number + 100]) * LARGE]]

    frames = [[change(1), [50, b"s" * LARGE]], [[41, "plain"], change(2)], [[51]], [change(3)]]
    assert outgoing(frames) == [[50, b"s" * LARGE], [41, "plain"], [51], change(3)]


def test_bytes_that_only_this_side_understands_do_not_hinder():
    packets = [[40, {(1, 2): {3}, b"k": {"a": (1,)}}], [40, {1, 2}], [50, {(1,): 2}], [40, "end"]]
    assert outgoing([packets]) == [[50, {(1,): 2}], [40, "end"]]


def test_the_frame_that_is_being_written_is_left_alone():
    conduit = FakeConduit(room=0)
    waiting = Outgoing(conduit)
    encoder = Encoder()
    for number in range(4):
        data, segments = encoder.pack([40, number, bytes([number]) * 1_000_000])
        body = bytearray(HEADER) + data
        waiting.add(body, segments or [], [(len(body), 1)])
    assert 0 < conduit.kept < 1_000_000
    waiting.shrink(0, lambda channel: True)
    while conduit.kept:
        conduit.take(100_000)
        waiting.pump()
    got = Receiver().feed(PREAMBLE + frame([HELLO]), conduit.sent)[1:]
    assert [packet[1] for packet in got] == [0, 3]
    assert got[0][2] == bytes([0]) * 1_000_000


def test_what_is_not_worth_it_is_not_read_again():
    conduit = FakeConduit(room=0)
    conduit.kept = 1 << 30
    waiting = Outgoing(conduit)
    asked: list[int] = []

    def signal(channel: int) -> bool:
        asked.append(channel)
        return False

    for number in range(100):
        waiting.add(bytearray(HEADER) + Encoder().packPlain([50, number, "x" * 1000]), [], [])
        waiting.shrink(10_000, signal)
    # Once at the start, and then only when much more has come.
    assert len(asked) < 200
