"""Signs of life, over a conduit in memory: asked for, given, missed."""

from __future__ import annotations

import time

import pytest

from pyside_ro.protocol.packets import Kind
from tests.helpers import process_events, wait_until
from tests.link.fake import FakeLink
from tests.protocol.streams import plainFrame

PING, PONG = int(Kind.Ping), int(Kind.Pong)


@pytest.fixture
def fake(qapp):
    f = FakeLink()
    yield f
    f.link.abandon()


def pings(f: FakeLink) -> int:
    return sum(packet[0] == PING for packet in f.sent())


def test_a_silent_peer_is_given_up_within_two_intervals(fake):
    fake.link.setHeartbeat(200, fake.parent)
    start = time.monotonic()
    wait_until(lambda: fake.ends)
    assert 0.35 < time.monotonic() - start < 2
    assert "no sign of life from the peer for 200 ms" in str(fake.ends[0])
    assert fake.conduit.end == "aborted"
    assert pings(fake) == 1


def test_a_peer_that_answers_is_kept(fake):
    fake.link.setHeartbeat(30, fake.parent)
    for number in range(1, 6):
        wait_until(lambda number=number: pings(fake) == number)
        fake.arrive(plainFrame([PONG, 0]))
    assert not fake.ends


def test_any_packet_is_a_sign_of_life(fake):
    fake.link.setHeartbeat(30, fake.parent)
    for number in range(1, 6):
        wait_until(lambda number=number: pings(fake) == number)
        fake.arrive(plainFrame([40, number]))
    assert not fake.ends


def test_a_busy_program_does_not_give_up_a_peer_whose_answer_it_has_not_read(fake):
    fake.link.setHeartbeat(50, fake.parent)
    wait_until(lambda: pings(fake) == 1)
    # The answer is there, but this thread has no time: the timer is served first afterwards.
    fake.conduit._incoming += plainFrame([PONG, 0])
    time.sleep(0.12)
    process_events(0.02)
    assert not fake.ends
    fake.conduit.onReady()
    process_events(0.02)
    assert not fake.ends


def test_the_interval_can_be_changed_and_switched_off(fake):
    fake.link.setHeartbeat(10_000, fake.parent)
    fake.link.setHeartbeat(30, fake.parent)
    wait_until(lambda: pings(fake) == 1)
    fake.link.setHeartbeat(0, fake.parent)
    process_events(0.15)
    assert not fake.ends and pings(fake) == 1
