"""Packets through Encoder, frames, FrameReader and Decoder: the same, however they are cut."""

from __future__ import annotations

import struct
import tracemalloc
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QPoint

from pyside_ro.errors import CannotCross, InvalidData, ProtocolError
from pyside_ro.protocol.codec import Decoder, Encoder
from pyside_ro.protocol.frames import FrameReader
from pyside_ro.protocol.limits import Limits
from pyside_ro.protocol.values import SEGMENT_SIZE
from tests.protocol.streams import (
    HELLO,
    PREAMBLE,
    Receiver,
    cut,
    frame,
    header,
    plainFrame,
    rawFrame,
    stream,
)

MIB = 1024 * 1024


@dataclass(frozen=True)
class Large:
    """A buffer that a report can show; `real` gives it."""

    kind: str
    size: int = SEGMENT_SIZE
    byte: int = 7

    def real(self) -> Any:
        data = bytes([self.byte]) * self.size
        if self.kind == "array":
            return numpy.frombuffer(data, "u1")
        return QByteArray(data) if self.kind == "QByteArray" else data


def real(value: Any) -> Any:
    """The value with its buffers in place."""
    if isinstance(value, Large):
        return value.real()
    if isinstance(value, list | tuple):
        return type(value)(map(real, value))
    if isinstance(value, dict):
        return {key: real(inner) for key, inner in value.items()}
    return value


LARGE = st.builds(
    Large,
    st.sampled_from(["bytes", "QByteArray", "array"]),
    st.sampled_from([SEGMENT_SIZE, SEGMENT_SIZE + 1, 100_000]),
    st.integers(0, 255),
)
SMALL = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.binary(max_size=40)
    | st.dates()
)
VALUES = st.recursive(
    SMALL | LARGE,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=5) | st.integers(0, 9), inner, max_size=3)
    ),
    max_leaves=6,
)
PACKETS = st.lists(VALUES, max_size=4).map(lambda values: [40, *values])
STREAMS = st.lists(st.lists(PACKETS, min_size=1, max_size=4), max_size=4)


def same(a: Any, b: Any) -> bool:
    """Equal and of the same type, arrays too."""
    if type(a) is not type(b):
        return False
    if isinstance(a, numpy.ndarray):
        return a.dtype == b.dtype and numpy.array_equal(a, b)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return bool(a == b)


@settings(max_examples=150, deadline=None)
@given(STREAMS, st.lists(st.integers(0, 400_000) | st.integers(0, 400), max_size=12))
@example([[[40, Large("array"), Large("bytes", 40_000), Large("QByteArray", 50_000)]]], [])
@example([[[40, [Large("array")], Large("bytes", 40_000)]]], [])
@example([[[40, Large("bytes"), [Large("array"), {1: Large("bytes", byte=8)}]]]], [60, 99])
def test_packets_arrive_as_they_were_sent(frames, places):
    frames = real(frames)
    receiver = Receiver()
    got = receiver.feed(*cut(stream(*frames), places))
    assert same(got, [HELLO, *(packet for packets in frames for packet in packets)])
    assert not receiver.reader.incomplete


def test_large_values_are_segments_and_small_ones_are_not():
    data, segments = Encoder().pack([40, b"x" * (SEGMENT_SIZE - 1)])
    assert segments is None
    assert len(data) > SEGMENT_SIZE
    data, segments = Encoder().pack([40, b"x" * SEGMENT_SIZE, QByteArray(b"y" * SEGMENT_SIZE)])
    assert len(data) < 50
    assert [len(buffer) for _, buffer in segments] == [SEGMENT_SIZE, SEGMENT_SIZE]


def test_a_mutable_array_arrives_writable_and_its_own():
    sent = numpy.zeros(10_000)
    got = Receiver().feed(stream([[40, sent, sent]]))[1]
    got[1][:] = 5
    assert got[2].sum() == 0 and sent.sum() == 0


def test_a_failed_pack_leaves_nothing_behind():
    encoder = Encoder()
    for wrong in ([b"x" * SEGMENT_SIZE, object()], [[1, 2, {3: 2**64}]], ["\ud800"]):
        with pytest.raises(CannotCross):
            encoder.pack([40, *wrong])
        with pytest.raises(Exception):  # noqa: B017 - whatever msgpack raises
            encoder.packPlain([40, *wrong])
    data, segments = encoder.pack([41, "fine"])
    assert segments is None
    assert msgpack.unpackb(data) == [41, "fine"]
    assert encoder.packPlain([42]) == msgpack.packb([42])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (2**64, "an integer of more than 64 bits"),
        (-(2**63) - 1, "an integer of more than 64 bits"),
        ("\udc80 name", "a lone surrogate"),
        (object(), "'object' cannot cross"),
        (lambda: 0, "'function' cannot cross"),
        (memoryview(b"abcd")[::2], r"not contiguous .* tobytes\(\)"),
    ],
)
def test_what_cannot_cross_is_said_in_words(value, words):
    for nested in (value, [value], {"k": (value,)}):
        with pytest.raises(CannotCross, match=words):
            Encoder().pack([40, nested])


def test_values_that_hold_themselves():
    loop: list[Any] = []
    loop.append(loop)
    knot: dict[str, Any] = {}
    knot["t"] = (knot,)
    for value in (loop, knot):
        with pytest.raises(CannotCross, match="nested"):
            Encoder().pack([40, value])


# What a peer may send


def rejected(data: bytes, limits: Limits | None = None) -> ProtocolError:
    """The error with which a receiver ends, in its own words."""
    receiver = Receiver(limits)
    receiver.feed(PREAMBLE, frame([HELLO]))
    try:
        receiver.feed(data)
    except Exception as error:
        return receiver.decoder.explain(error)
    raise AssertionError(f"was accepted: {receiver.packets[1:]!r:.200}")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"\x91" * 1100 + b"\x01", "nested too deeply"),
        (b"\x91" * 100_000 + b"\x01", "nested too deeply"),
        (b"\x81\x01" * 1100 + b"\x01", "nested too deeply"),
        (msgpack.packb([40, "cut off"])[:-1], "ends in the middle of a packet"),
        (b"\x93\x28", "ends in the middle of a packet"),
        (b"\xc1", "cannot be read"),
        (b"\x92\x28\xa3\xed\xa0\x80", "not valid UTF-8"),
        (b"\x92\x28\xa2\xff\xfe", "not valid UTF-8"),
        # Sizes that are announced and never come
        (b"\x92\x28\xdb\xff\xff\xff\xff", "ends in the middle of a packet"),
        (b"\x92\x28\xc6\xff\xff\xff\xff", "ends in the middle of a packet"),
        (b"\x92\x28\xc9\xff\xff\xff\xff\x05", "cannot be read: .*exceeds max_ext_len"),
        (b"\x92\x28\xdd\xff\xff\xff\xff", "cannot be read: .*exceeds max_array_len"),
        (b"\x92\x28\xdf\xff\xff\xff\xff", "cannot be read: .*exceeds max_map_len"),
        (b"\x92\x28\x81\x90\x01", "cannot be read: unhashable"),
        (b"\x92\x28\xd4\x01\x0e", "no segment left for it"),
        (b"\x92\x28\xd5\x02\xc1\xc1", "a value of kind TUPLE cannot be read"),
    ],
)
def test_bodies_that_are_no_packets(body, words):
    tracemalloc.start()
    try:
        error = rejected(rawFrame(body))
        assert tracemalloc.get_traced_memory()[1] < 4 * MIB
    finally:
        tracemalloc.stop()
    assert isinstance(error, InvalidData)
    with pytest.raises(InvalidData, match=words):
        raise error


def test_values_within_values_have_a_limit():
    inner = msgpack.packb(1)
    for _ in range(150):
        inner = msgpack.packb(msgpack.ExtType(2, b"\x91" + inner))
    error = rejected(plainFrame([40]) + rawFrame(b"\x92\x28" + inner))
    assert "nested more than 100 deep" in str(error)
    error = rejected(frame([[40, ((((1,),),),)]]), limits=Limits(maxDepth=3))
    assert "nested more than 3 deep" in str(error)


def test_limits_of_sizes_are_arguments():
    small = Limits(maxString=20, maxItems=7, maxFrame=4000)
    fits = [40, "x" * 20, [1, 2, 3, 4, 5, 6, 7], ("x" * 20, {1, 2, 3, 4, 5, 6, 7})]
    assert Receiver(small).feed(stream([fits]))[1] == fits
    for wrong in ("x" * 21, ("x" * 21,)):
        assert "exceeds max_str_len(20)" in str(rejected(frame([[40, wrong]]), small))
    for wrong in ([0] * 8, set(range(8)), tuple(range(8))):
        assert "exceeds max_array_len(7)" in str(rejected(frame([[40, wrong]]), small))
    assert "exceeds max_map_len(7)" in str(rejected(frame([[40, dict.fromkeys(range(8))]]), small))


def test_a_segment_that_nobody_refers_to():
    table = struct.pack("<Q", 1 << 56 | 5)
    body = msgpack.packb([40])
    error = rejected(header(len(body), 1) + table + body + b"spare")
    assert "a segment that no packet refers to" in str(error)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_body_is_packets_or_an_error_in_words(body):
    receiver = Receiver()
    receiver.feed(PREAMBLE, frame([HELLO]))
    try:
        receiver.feed(rawFrame(body))
    except Exception as error:
        explained = Decoder.explain(error)
        assert isinstance(explained, ProtocolError)
        assert str(explained)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_changed_stream_is_packets_or_an_error_in_words(data):
    valid = bytearray(
        stream([[40, b"x" * SEGMENT_SIZE, (1, "two", {3: 4.5})], [41, QPoint(1, 2)]], [[42, {1}]])
    )
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, 120) | st.integers(len(valid) - 40, len(valid) - 1))
        valid[place] = data.draw(st.integers(0, 255))
    receiver = Receiver(Limits(maxFrame=4 * MIB))
    words = "accepted"
    tracemalloc.start()
    try:
        receiver.feed(bytes(valid))
    except Exception as error:
        words = str(Decoder.explain(error))
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert words
    assert peak < 16 * MIB


# Interruptions


def test_iteration_goes_on_where_another_feed_interrupted_it():
    """A slot that runs a nested event loop: its packets come after those before it, once each."""
    decoder = Decoder(Limits())
    reader = FrameReader(Limits())
    chunks = [
        frame([[50, "a", b"1" * SEGMENT_SIZE], [51, "b", b"2" * SEGMENT_SIZE], [52]]),
        frame([[53, "c", b"3" * SEGMENT_SIZE], [51, "d"]]),
        frame([[54, b"4" * SEGMENT_SIZE, b"5" * SEGMENT_SIZE]]),
    ]
    got: list[Any] = []
    depths: list[int] = []

    def receive(data: bytes, depth: int) -> None:
        for each in reader.feed(memoryview(data)):
            decoder.feed(each)
        for packet in decoder.packets:
            got.append([value[:1] if isinstance(value, bytes) else value for value in packet])
            depths.append(depth)
            if packet[0] == 51:
                receive(chunks.pop(0), depth + 1)
        decoder.checkComplete()

    receive(PREAMBLE + frame([HELLO]), 0)
    del got[:], depths[:]
    receive(chunks.pop(0), 0)
    assert got == [
        [50, "a", b"1"],
        [51, "b", b"2"],
        [52],
        [53, "c", b"3"],
        [51, "d"],
        [54, b"4", b"5"],
    ]
    assert depths == [0, 0, 1, 1, 1, 2]
