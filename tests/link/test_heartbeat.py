"""Signs of life, over a conduit in memory: asked for, given, missed."""

from __future__ import annotations

import time
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEventLoop, QTimer

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


def answering(f: FakeLink, packet: list[Any]) -> None:
    """Whatever is written, the peer answers at once: what a busy machine does changes nothing."""

    def answer() -> None:
        f.conduit._incoming += plainFrame(packet)
        QTimer.singleShot(0, f.parent, lambda: f.conduit.onReady())

    f.conduit.onWrite = answer


def first_ping(f: FakeLink) -> None:
    """Wait for it. A timer that is late is served once a turn: the second cannot have come."""
    while not pings(f):
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


class Punctual(QElapsedTimer):
    """The clock of a machine that is never late."""

    def restart(self) -> int:
        return 0


def test_a_silent_peer_is_given_up_within_two_intervals(fake, monkeypatch):
    monkeypatch.setattr("pyside_ro.link.heartbeat.QElapsedTimer", Punctual)
    start = time.monotonic()
    fake.link.setHeartbeat(200, fake.parent)
    wait_until(lambda: fake.ends)
    assert time.monotonic() - start > 0.35
    assert "no sign of life from the peer for 200 ms" in str(fake.ends[0])
    assert fake.conduit.end == "aborted"
    assert pings(fake) == 1


def test_a_peer_that_answers_is_kept(fake):
    answering(fake, [PONG, 0])
    fake.link.setHeartbeat(100, fake.parent)
    wait_until(lambda: pings(fake) >= 3 or fake.ends)
    assert not fake.ends


def test_any_packet_is_a_sign_of_life(fake):
    answering(fake, [40, 1])
    fake.link.setHeartbeat(100, fake.parent)
    wait_until(lambda: pings(fake) >= 3 or fake.ends)
    assert not fake.ends


def test_a_busy_program_does_not_give_up_a_peer_whose_answer_it_has_not_read(fake):
    fake.link.setHeartbeat(60_000, fake.parent)
    fake.link.heartbeat._beat()  # as its timer does
    wait_until(lambda: pings(fake) == 1)
    # The answer is there, but this thread had no time: the timer is served first.
    fake.conduit._incoming += plainFrame([PONG, 0])
    fake.link.heartbeat._beat()
    assert not fake.ends


def test_who_comes_late_asks_once_more(fake):
    fake.link.setHeartbeat(100, fake.parent)
    first_ping(fake)
    time.sleep(0.17)  # the answer may be on its way only now
    for _ in range(2):  # the timer, and what is written at the end of its turn
        QCoreApplication.processEvents()
        assert not fake.ends
    assert pings(fake) == 2


def test_the_interval_can_be_changed_and_switched_off(fake):
    fake.link.setHeartbeat(10_000, fake.parent)
    fake.link.setHeartbeat(30, fake.parent)
    first_ping(fake)
    fake.link.setHeartbeat(0, fake.parent)
    process_events(0.15)
    assert not fake.ends and pings(fake) == 1
