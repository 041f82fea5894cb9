"""Frames: any cut of the stream gives the same frames; what is not a frame is refused in words."""

from __future__ import annotations

import struct
import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray

from pyside_ro.errors import LimitExceeded, ProtocolError, VersionMismatch
from pyside_ro.protocol.frames import PREAMBLE, FrameReader, frameHead, patchHeader
from pyside_ro.protocol.limits import Limits
from tests.protocol.streams import cut, header, rawFrame

MIB = 1024 * 1024
KINDS = {0: bytearray, 1: bytes, 2: QByteArray}

SEGMENTS = st.lists(st.tuples(st.sampled_from([0, 1, 2]), st.binary(max_size=300)), max_size=4)
FRAMES = st.lists(st.tuples(st.binary(max_size=200), SEGMENTS), max_size=6)
PLACES = st.lists(st.integers(0, 3000), max_size=12)


def written(frames: list[tuple[bytes, list[tuple[int, bytes]]]]) -> bytes:
    data = bytearray(PREAMBLE + rawFrame(b"first"))
    for body, segments in frames:
        data += frameHead(len(body), segments) + body
        for _, buffer in segments:
            data += buffer
    return bytes(data)


def read(reader: FrameReader, *pieces: bytes) -> list[Any]:
    return [frame for piece in pieces for frame in reader.feed(memoryview(piece))]


def refusal(*pieces: bytes, limits: Limits | None = None) -> ProtocolError:
    reader = FrameReader(limits or Limits())
    with pytest.raises(ProtocolError) as caught:
        read(reader, *pieces)
    return caught.value


def begun(limits: Limits | None = None) -> FrameReader:
    """A reader behind the first frame, where the ordinary limits hold."""
    reader = FrameReader(limits or Limits())
    assert len(read(reader, PREAMBLE + rawFrame(b"first"))) == 1
    return reader


@settings(max_examples=300, deadline=None)
@given(FRAMES, PLACES)
def test_any_pieces_give_the_same_frames(frames, places):
    reader = FrameReader(Limits())
    got = read(reader, *cut(written(frames), places))
    # Compared at the end: later pieces must not change what was given out before.
    plain = [(bytes(body), [bytes(s) for s in segments]) for body, segments in got]
    expected = [(body, [buffer for _, buffer in segments]) for body, segments in frames]
    assert plain == [(b"first", []), *expected]
    assert not reader.incomplete
    for (_, segments), (_, sent) in zip(got[1:], frames, strict=True):
        for segment, (kind, buffer) in zip(segments, sent, strict=True):
            assert type(segment) is KINDS[kind] or (not buffer and segment == b"")


def test_byte_by_byte():
    frames = [(b"body", [(0, b"array"), (1, b""), (2, b"qt")]), (b"", []), (b"x" * 70, [])]
    data = written(frames)
    reader = FrameReader(Limits())
    got = read(reader, *[data[i : i + 1] for i in range(len(data))])
    assert [bytes(body) for body, _ in got] == [b"first", b"body", b"", b"x" * 70]


def test_a_header_is_patched_into_its_room():
    frame = bytearray(8) + b"packets"
    patchHeader(frame)
    assert bytes(frame) == rawFrame(b"packets")


def test_a_stream_that_stops_in_a_frame_is_incomplete():
    for whole in (rawFrame(b"packets"), frameHead(2, [(0, b"12345")]) + b"bo" + b"12345"):
        for length in range(1, len(whole)):
            reader = begun()
            assert read(reader, whole[:length]) == []
            assert reader.incomplete, length
        reader = begun()
        assert len(read(reader, whole)) == 1
        assert not reader.incomplete


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "the peer speaks HTTP"),
        (b"GET / HTTP/1.1\r\n", "the peer speaks HTTP"),
        (
            b"\x00\x00\x00\x1c\x00\x01\x00\x00\x00\x10\x00Q\x00t\x00R\x00O\x00 \x002\x00.\x000",
            "Qt's own QtRO protocol",
        ),
        (b"\x16\x03\x01\x02\x00\x01", "the peer speaks TLS"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", r"does not speak pyside_ro \(it sent b'SSH-2.0"),
        (b"PSRX", "does not speak pyside_ro"),
        (b"\x00", "does not speak pyside_ro"),
    ],
)
def test_strangers_are_named(data, words):
    error = refusal(data)
    assert isinstance(error, VersionMismatch)
    with pytest.raises(VersionMismatch, match=words):
        raise error


@given(st.binary(min_size=4, max_size=100))
def test_random_bytes_are_strangers(data):
    if not data.startswith(PREAMBLE):
        assert isinstance(refusal(data), VersionMismatch)


@pytest.mark.parametrize("announced", [2**32 - 1, 2**31, 256 * MIB + 1])
def test_a_frame_over_the_limit_is_refused_before_it_takes_memory(announced):
    reader = begun()
    tracemalloc.start()
    try:
        with pytest.raises(LimitExceeded, match=rf"{announced:,} bytes.*limit is 268,435,456"):
            read(reader, header(announced) + b"some")
        assert tracemalloc.get_traced_memory()[1] < MIB
    finally:
        tracemalloc.stop()


def test_announced_frames_take_memory_only_as_they_arrive():
    reader = begun()
    tracemalloc.start()
    try:
        read(reader, header(256 * MIB), b"x" * 1000)
        read(begun(), struct.pack("<IIQ", 4, 1, 250 * MIB) + b"body")
        assert tracemalloc.get_traced_memory()[1] < MIB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", [0, 1, 2])
@pytest.mark.parametrize("sizes", [[2**32], [2**56 - 1], [200 * MIB, 100 * MIB]])
def test_segments_over_the_limit_are_refused_before_they_take_memory(kind, sizes):
    reader = begun()
    table = struct.pack(f"<{len(sizes)}Q", *[kind << 56 | size for size in sizes])
    tracemalloc.start()
    try:
        with pytest.raises(LimitExceeded, match=r"a frame of .*Limits\.maxFrame"):
            read(reader, header(4, len(sizes)) + table + b"body" + b"x" * 100)
        assert tracemalloc.get_traced_memory()[1] < MIB
    finally:
        tracemalloc.stop()


def test_too_many_segments_and_unknown_kinds():
    with pytest.raises(LimitExceeded, match=r"5,000 segments.*4,096 \(Limits.maxSegments\)"):
        read(begun(), header(4, 5000))
    with pytest.raises(LimitExceeded, match=r"4,294,967,295 segments"):
        read(begun(), header(2**32 - 1, 2**32 - 1))
    with pytest.raises(ProtocolError, match="unknown kind"):
        read(begun(), header(1, 1) + struct.pack("<Q", 3 << 56 | 5))


def test_limits_are_arguments():
    small = Limits(maxFrame=100, maxSegments=2)
    assert len(read(begun(small), rawFrame(b"x" * 100))) == 1
    with pytest.raises(LimitExceeded, match="101 bytes was announced, the limit is 100 bytes"):
        read(begun(small), header(101))
    with pytest.raises(LimitExceeded, match="3 segments"):
        read(begun(small), header(1, 3))


def test_before_the_handshake_frames_are_small():
    assert len(read(FrameReader(Limits()), PREAMBLE + rawFrame(b"x" * 65536))) == 1
    for start in (header(65537), struct.pack("<IIQ", 10, 1, 65536)):
        error = refusal(PREAMBLE + start)
        assert "before the handshake" in str(error)
        # An empty frame proves nothing.
        error = refusal(PREAMBLE + rawFrame(b"") + start)
        assert "before the handshake" in str(error)


def test_a_large_frame_in_small_pieces_costs_no_more_than_its_size():
    reader = begun()
    size, piece = 32 * MIB, bytes(4096)
    start = time.process_time()
    got = read(reader, header(size), *[piece] * (size // len(piece)))
    # Copying what is there for each piece would copy 128 GB.
    assert time.process_time() - start < 5
    assert [len(body) for body, _ in got] == [size]


@pytest.mark.parametrize("kind", [0, 1, 2])
def test_a_segment_in_tiny_pieces_takes_little_more_than_its_size(kind):
    reader = begun()
    size = 2 * MIB
    tracemalloc.start()
    try:
        read(reader, struct.pack("<IIQ", 0, 1, kind << 56 | size))
        for _ in range(size // 8 - 1):
            # Each from a buffer of its own, as they are read from a socket.
            reader.feed(memoryview(bytearray(8)))
        assert tracemalloc.get_traced_memory()[0] < 4 * MIB
    finally:
        tracemalloc.stop()
    [(_, [segment])] = reader.feed(memoryview(b"12345678"))
    assert type(segment) is KINDS[kind]
    assert bytes(segment) == bytes(size - 8) + b"12345678"


def test_what_was_given_out_stays_as_it_was():
    reader = begun()
    [first, second] = read(reader, rawFrame(b"one")[:9], rawFrame(b"one")[9:] + rawFrame(b"two"))
    read(reader, rawFrame(b"xxx"), rawFrame(b"yyyyyyyyy")[:5], rawFrame(b"yyyyyyyyy")[5:])
    assert (bytes(first[0]), bytes(second[0])) == (b"one", b"two")
