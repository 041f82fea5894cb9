"""Decoders are borrowed: never by two links at once, whatever a packet's handler does."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEventLoop, QTimer

from tests.helpers import wait_until
from tests.link.fake import FakeLink
from tests.protocol.streams import plainFrame


@pytest.fixture
def fakes(qapp):
    made = [FakeLink() for _ in range(2)]
    yield made
    for f in made:
        f.link.abandon()


def test_a_handler_that_runs_an_event_loop_keeps_the_decoder(fakes):
    one, other = fakes
    seen = []
    loops = []

    def wait(packet):
        seen.append(("one", packet[1]))
        if packet[1] == 1:
            loop = QEventLoop()
            loops.append(loop)
            # In the slot's own loop its link handles more, and then the other link has some.
            QTimer.singleShot(0, lambda: one.conduit._incoming.extend(plainFrame([50, 3])))
            QTimer.singleShot(60, lambda: other.arrive(plainFrame([60, 1], [60, 2])))
            QTimer.singleShot(120, loop.quit)
            loop.exec()
            assert one.link.incoming.decoder is not None

    def note(packet):
        seen.append(("other", packet[1]))
        assert one.link.incoming.decoder is not other.link.incoming.decoder

    one.link.table[50] = wait
    other.link.table[60] = note
    one.arrive(plainFrame([50, 1], [50, 2]))
    wait_until(lambda: len(seen) >= 5, message=lambda: repr(seen))
    assert seen == [("one", 1), ("one", 2), ("one", 3), ("other", 1), ("other", 2)]
    assert one.link.incoming.decoder is other.link.incoming.decoder is None
    one.arrive(plainFrame([50, 4]))
    other.arrive(plainFrame([60, 5]))
    assert seen[5:] == [("one", 4), ("other", 5)]
    assert not one.ends and not other.ends


def test_an_idle_link_keeps_no_decoder(fakes):
    for f in fakes:
        f.link.table[50] = lambda packet: None
        f.arrive(plainFrame([50, 1]))
        assert f.link.incoming.decoder is None
    frame = plainFrame([50, 2])
    fakes[0].arrive(frame[:5])
    assert fakes[0].link.incoming.decoder is None
    fakes[0].arrive(frame[5:])
    assert fakes[0].link.incoming.decoder is None and not fakes[0].ends
