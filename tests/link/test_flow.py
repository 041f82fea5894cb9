"""Flow control over a conduit in memory: when frames are written, kept, shrunk, and given up."""

from __future__ import annotations

import numpy
import pytest
from PySide6.QtCore import QByteArray

from pyside_ro.link import FULL
from pyside_ro.link.outgoing import HIGH_WATER
from pyside_ro.protocol.limits import Limits
from tests.helpers import process_events, wait_until
from tests.protocol.streams import plainFrame

KIB = 1024


def test_small_packets_wait_for_the_event_loop_and_share_a_frame(fake):
    f = fake()
    before = len(f.conduit.writes)
    f.send([40, 1], [41, 2], [42, 3])
    assert len(f.conduit.writes) == before
    wait_until(lambda: f.sent())
    assert f.sent() == [[40, 1], [41, 2], [42, 3]]
    assert len(f.conduit.writes) == before + 1


def test_a_full_frame_is_written_at_once_in_a_tight_loop(fake):
    f = fake()
    before = len(f.conduit.writes)
    for number in range(2000):
        f.send([40, number, "x" * 200])
    # No event loop has run: the loop itself has written all but the last, unfinished frame.
    written = f.conduit.writes[before:]
    assert len(written) == len(f.conduit.sent) // FULL > 5
    assert all(FULL < len(frame) < FULL + 300 for frame in written)
    wait_until(lambda: len(f.sent()) == 2000)
    assert [packet[1] for packet in f.sent()] == list(range(2000))


def test_answers_go_out_with_the_batch_that_asked(fake):
    f = fake(handlers={50: lambda packet: f.send([60, packet[1]])})
    before = len(f.conduit.writes)
    f.arrive(plainFrame([50, 1], [50, 2]) + plainFrame([50, 3]))
    assert len(f.conduit.writes) == before + 1
    assert f.sent() == [[60, 1], [60, 2], [60, 3]]


def test_nothing_is_written_above_the_high_water_mark(fake):
    f = fake()
    f.conduit.room = 0
    for number in range(40):
        f.send([40, number, "x" * FULL])
    assert HIGH_WATER <= f.conduit.kept < HIGH_WATER + 2 * FULL
    assert f.link.outgoing.size > 30 * FULL
    # Written again as the device runs empty, never far above the mark.
    while f.conduit.kept:
        f.conduit.take(100 * KIB)
        assert f.conduit.kept < HIGH_WATER + 2 * FULL
    wait_until(lambda: len(f.sent()) == 40)
    assert [packet[1] for packet in f.sent()] == list(range(40))
    assert f.link.outgoing.size == 0


def test_small_frames_do_not_overtake_what_waits(fake):
    f = fake()
    f.conduit.room = 0
    f.send([40, b"x" * 2_000_000])
    f.send([41])
    process_events(0.02)
    f.send([42, b"y" * 100_000], [43])
    process_events(0.02)
    while f.conduit.kept:
        f.conduit.take(100 * KIB)
    assert [packet[0] for packet in f.sent()] == [40, 41, 42, 43]


def test_segments_are_written_in_blocks_below_the_mark(fake):
    f = fake()
    f.conduit.room = 0
    f.send([40, b"x" * 10_000_000])
    assert f.conduit.kept < 2 * HIGH_WATER
    while f.conduit.kept:
        f.conduit.take(300 * KIB)
        assert f.conduit.kept < 2 * HIGH_WATER
    assert f.sent() == [[40, b"x" * 10_000_000]]


@pytest.mark.parametrize("room", [float("inf"), 0, 50_000, 250_000])
def test_values_arrive_as_they_were_when_they_were_sent(fake, room):
    f = fake()
    f.conduit.room = room
    array = numpy.zeros(500_000, "u1")
    text = bytearray(b"a" * 100_000)
    shared = QByteArray(b"q" * 300_000)
    f.send([40, array, text, shared, memoryview(text)])
    array[:] = 1
    text[:] = b"b" * len(text)
    shared.fill(ord("r"))
    f.send([41, array])
    array[:] = 2
    process_events(0.02)
    while f.conduit.kept:
        f.conduit.take(100 * KIB)
    first, second = f.sent()
    assert first[1].sum() == 0
    assert bytes(first[2]) == b"a" * 100_000 == bytes(first[4])
    assert first[3] == QByteArray(b"q" * 300_000)
    assert second[1].sum() == 500_000


def test_a_full_backlog_holds_the_sender_while_the_peer_reads(fake):
    f = fake(limits=Limits(maxBacklog=1_000_000, stallTimeout=123))
    f.conduit.room = 0

    def reads(milliseconds: int) -> bool:
        f.conduit.take(50 * KIB)
        return True

    f.conduit.wait = reads
    for number in range(100):
        f.send([40, number, "x" * 100_000])
        assert f.link.outgoing.size <= 1_000_000
    assert set(f.conduit.waits) == {123}
    assert not f.ends
    while f.conduit.kept:
        f.conduit.take(500 * KIB)
    assert [packet[1] for packet in f.sent()] == list(range(100))


def test_a_peer_that_reads_nothing_is_given_up_in_words(fake):
    f = fake(limits=Limits(maxBacklog=1_000_000, stallTimeout=123))
    f.conduit.room = 0
    for number in range(100):
        f.send([40, number, "x" * 100_000])
        assert f.link.outgoing.size <= 1_200_000
    assert f.conduit.waits == [123]
    assert f.conduit.end == "aborted"
    [reason] = f.ends
    assert "read nothing for 123 ms while 1 MB wait" in str(reason)
    assert f.link.closed and f.link.outgoing.size == 0


def test_no_slot_runs_in_the_middle_of_an_emission(fake):
    f = fake(limits=Limits(maxBacklog=100_000))
    f.conduit.room = 0
    seen: list[int] = []

    def reads(_: int) -> bool:
        f.arrive(plainFrame([77, 1]))
        seen.append(len(f.handled))
        f.conduit.take(500 * KIB)
        return True

    f.conduit.wait = reads
    for _ in range(5):
        f.send([40, "x" * 100_000])
    assert seen and set(seen) == {0}
    wait_until(lambda: len(f.handled) == len(seen))


def test_what_waits_shrinks_to_the_latest_of_each_property(fake):
    f = fake(limits=Limits(maxBacklog=1_000_000))
    f.link.shrinkable = lambda channel: channel in (40, 41)
    f.conduit.room = 0
    for number in range(200):
        f.send([40, number, "x" * 50_000], [41, number], [50, number])
    assert not f.conduit.waits and not f.ends
    assert f.link.outgoing.size <= 1_000_000
    f.link.flush()
    while f.conduit.kept:
        f.conduit.take(500 * KIB)
    got = f.sent()
    assert [packet[1] for packet in got if packet[0] == 50] == list(range(200))
    for channel in (40, 41):
        numbers = [packet[1] for packet in got if packet[0] == channel]
        assert numbers == sorted(numbers)
        assert numbers[-1] == 199
        assert len(numbers) < 100


def test_a_link_that_is_over_takes_no_more(fake):
    f = fake()
    f.link.close(RuntimeError("enough"))
    before = len(f.conduit.writes)
    f.send([40, "x" * 100_000], [41, b"x" * 100_000])
    # The hot path appends to the frame itself.
    f.link.out += f.encoder.packPlain([40, "x" * 100_000])
    f.link.flush()
    assert len(f.conduit.writes) == before


@pytest.mark.parametrize("size", [10, 100_000, 1_000_000])
def test_a_write_that_fails_ends_the_link(fake, size):
    f = fake()
    f.conduit.broken = True
    for _ in range(5):
        f.send([40, "x" * size], [41, b"x" * size])
        # Nothing happens to the sender in the middle of what it does.
        assert not f.ends
    wait_until(lambda: f.ends)
    assert str(f.ends[0]) == "the peer closed the connection"
    assert f.link.closed and f.conduit.end
    process_events(0.02)
    assert len(f.ends) == 1


def test_a_write_that_fails_later_ends_the_link(fake):
    f = fake()
    f.conduit.room = 0
    f.send([40, b"x" * 3_000_000])
    f.conduit.broken = True
    f.conduit.take(1_000_000)
    wait_until(lambda: f.ends)
    assert f.link.outgoing.size == 0
