"""The beginning and the end of a link: versions, strangers, silence, goodbyes; no socket."""

from __future__ import annotations

import pytest

from pyside_ro.errors import InvalidData, LimitExceeded, ProtocolError, VersionMismatch
from pyside_ro.protocol.limits import Limits
from pyside_ro.protocol.packets import Kind
from pyside_ro.transport import ConnectFailed
from tests.helpers import process_events, wait_until
from tests.link.fake import FakeLink
from tests.protocol.streams import (
    HELLO,
    PREAMBLE,
    Receiver,
    frame,
    header,
    plainFrame,
    rawFrame,
    stream,
)


def goodbye(f: FakeLink) -> str:
    """The reason that the peer was told, in the last packet before the end."""
    last = f.conduit.packets()[-1]
    assert last[0] == Kind.Goodbye
    return str(last[1])


def test_both_sides_say_hello_at_once(fake):
    f = fake(proven=False)
    [hello] = f.conduit.packets()
    assert hello == [1, "pyside_ro", 1, 0, {}, "mine"]
    assert not f.link.established
    f.arrive(stream()[:10])
    f.arrive(stream()[10:])
    assert f.link.established
    assert [handshake.node for handshake in f.hellos] == ["a test"]


def test_the_first_packets_may_come_with_the_handshake(fake):
    f = fake(proven=False)
    f.arrive(stream([[40, 1]], [[41, "x" * 100_000]]))
    assert [packet[0] for packet in f.handled] == [40, 41]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (PREAMBLE + plainFrame([1, "pyside_ro", 2, 0, {}, ""]), "version 2.0 .* this side 1.0"),
        (PREAMBLE + plainFrame([1, "pyside_ro", 0, 9, {}, ""]), "version 0.9 .* this side 1.0"),
        (PREAMBLE + plainFrame([1, "other", 1, 0]), "speaks 'other' 1.0"),
        (PREAMBLE + plainFrame([40, 1]), "a handshake was expected, not a packet of kind 40"),
        (PREAMBLE + plainFrame([25]), "a handshake was expected, not a packet of kind 25"),
        (PREAMBLE + plainFrame([10, 0]), "a handshake was expected"),
        (b"HTTP/1.0 200 OK\r\n", "speaks HTTP"),
        (PREAMBLE + header(100_000), "before the handshake"),
    ],
)
def test_who_does_not_speak_our_version_is_told(fake, data, words):
    f = fake(proven=False)
    f.arrive(data)
    [reason] = f.ends
    assert isinstance(reason, VersionMismatch | LimitExceeded)
    with pytest.raises(ProtocolError, match=words):
        raise reason
    assert goodbye(f) == str(reason)
    assert f.conduit.end == "closed"
    assert not f.hellos


def test_a_peer_that_says_nothing(fake):
    f = fake(proven=False, limits=Limits(handshakeTimeout=50))
    wait_until(lambda: f.ends)
    assert isinstance(f.ends[0], VersionMismatch)
    assert "sent no handshake within 0.05 s" in goodbye(f) == str(f.ends[0])


def test_a_peer_that_never_ends_its_handshake(fake):
    f = fake(proven=False, limits=Limits(handshakeTimeout=100))
    data = stream()
    for place in range(len(data) - 1):
        f.arrive(data[place : place + 1])
        process_events(0.004)
        if f.ends:
            break
    wait_until(lambda: f.ends)
    assert "no handshake within 0.1 s" in str(f.ends[0])


def test_a_proven_peer_may_be_silent(fake):
    f = fake(limits=Limits(handshakeTimeout=30))
    process_events(0.1)
    assert not f.ends


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (frame([HELLO]), ProtocolError, "a second handshake"),
        (plainFrame([-1, 2]), ProtocolError, "begins with -1, not with a channel"),
        (plainFrame(["name", 2]), ProtocolError, "begins with 'name', not with a channel"),
        (plainFrame([None]), ProtocolError, "begins with None"),
        (plainFrame([4.5]), ProtocolError, r"begins with 4\.5"),
        (plainFrame(["x" * 500]), ProtocolError, "begins with 'x{30,40}, not"),
        (plainFrame([]), ProtocolError, "an empty packet"),
        (plainFrame(7), ProtocolError, "a packet is a list, not int"),
        (plainFrame({1: 40}), ProtocolError, "a packet is a list, not dict"),
        (plainFrame([[1]]), ProtocolError, r"begins with \[1\]"),
        (plainFrame([40])[:-1] + b"\x91", InvalidData, "ends in the middle of a packet"),
        (rawFrame(b"\x91" * 2000), InvalidData, "nested too deeply"),
        (header(2**32 - 1), LimitExceeded, "4,294,967,295 bytes was announced"),
    ],
)
def test_packets_that_are_none(fake, data, kind, words):
    f = fake()
    f.arrive(data)
    [reason] = f.ends
    with pytest.raises(kind, match=words):
        raise reason
    assert goodbye(f) == str(reason)
    assert f.conduit.end == "closed"


def test_what_a_later_minor_adds_is_ignored(fake):
    f = fake(proven=False)
    hello = [1, "pyside_ro", 1, 9, {"teleport": [1, {"x": None}], "f": True}, "later", {"more": 1}]
    f.arrive(PREAMBLE + plainFrame(hello, [13], [20, "what", {}], [31, None], [40, 1]))
    assert f.handled == [[40, 1]]
    assert f.hellos[0].minor == 9
    assert not f.ends


def test_pings_are_answered(fake):
    f = fake()
    f.arrive(plainFrame([10, 5], [10], [10, "x", "y"], [11, 5], [11]))
    assert f.sent() == [[11, 5], [11], [11, "x"]]


def test_packets_after_the_end_reach_nobody(fake):
    f = fake(handlers={50: lambda packet: f.link.close(RuntimeError("enough"))})
    f.arrive(plainFrame([40, 1], [50], [40, 2], [1, "pyside_ro", 2, 0]))
    assert f.handled == [[40, 1]]
    assert [str(reason) for reason in f.ends] == ["enough"]
    assert goodbye(f) == "enough"


def test_an_error_of_a_handler_ends_the_link_once(fake):
    def fails(packet) -> None:
        raise LookupError("nothing of that kind")

    f = fake(handlers={50: fails})
    f.arrive(plainFrame([50], [50], [40]))
    assert len(f.ends) == 1
    assert "nothing of that kind" in str(f.ends[0])
    assert f.handled == []


def test_handlers_may_run_a_nested_event_loop(fake):
    def nested(packet) -> None:
        f.arrive(plainFrame([42, "inner"], [43]))
        f.handled.append("back")

    f = fake(handlers={50: nested})
    f.arrive(plainFrame([40], [50], [41]))
    assert f.handled == [[40], [41], [42, "inner"], [43], "back"]
    assert not f.ends


def test_a_bad_packet_within_a_nested_event_loop(fake):
    def nested(packet) -> None:
        f.arrive(rawFrame(b"\x91\x28\xc1"))
        f.handled.append("back")

    f = fake(handlers={50: nested})
    f.arrive(plainFrame([50], [41]))
    assert f.handled == [[41], [40], "back"]
    assert len(f.ends) == 1


def test_the_peers_reason_is_heard(fake):
    f = fake()
    f.arrive(plainFrame([12, "the till is closed"]))
    f.conduit.onClosed(ConnectFailed("the peer closed the connection"))
    [reason] = f.ends
    assert isinstance(reason, ConnectFailed)
    assert str(reason) == "the peer closed the connection: the till is closed"


def test_a_goodbye_that_is_read_with_the_end(fake):
    f = fake()
    f.conduit._incoming += plainFrame([40, "last"], [12, "the till is closed"])
    f.conduit.onClosed(ConnectFailed("the peer closed the connection"))
    assert f.handled == [[40, "last"]]
    assert "the till is closed" in str(f.ends[0])


def test_a_goodbye_about_versions_is_a_mismatch_here_too(fake):
    f = fake(proven=False)
    words = "the peer speaks version 1.0 of the protocol, this side 2.0"
    f.arrive(PREAMBLE + plainFrame([12, words, True]))
    f.conduit.onClosed(ConnectFailed("the peer closed the connection"))
    assert isinstance(f.ends[0], VersionMismatch)
    assert words in str(f.ends[0])


@pytest.mark.parametrize("farewell", [[12], [12, None], [12, ["x"]], [12, 5, "x"]])
def test_goodbyes_without_a_reason(fake, farewell):
    f = fake()
    f.arrive(plainFrame(farewell))
    f.conduit.onClosed(ConnectFailed("the peer closed the connection"))
    assert "without a reason" in str(f.ends[0])


@pytest.mark.parametrize("length", [1, 7, 8, 20, 60_000])
def test_an_end_in_the_middle_of_a_frame(fake, length):
    f = fake()
    f.arrive(frame([[40, b"x" * 50_000, "y" * 50_000]])[:length])
    f.conduit.onClosed(ConnectFailed("the peer closed the connection"))
    assert str(f.ends[0]) == "the peer closed the connection in the middle of a frame"


def test_reasons_are_of_bounded_length(fake):
    f = fake()
    f.arrive(plainFrame([12, "x" * 100_000]))
    f.conduit.onClosed(ConnectFailed("the peer closed the connection"))
    assert len(str(f.ends[0])) < 600


def test_a_peer_that_hung_up_first_does_not_replace_the_reason(fake):
    f = fake()
    f.conduit.flush = lambda: f.conduit.ended(ConnectFailed("the peer closed the connection"))
    f.link._deviceFlush = f.conduit.flush
    f.link.close(RuntimeError("enough"))
    assert [str(reason) for reason in f.ends] == ["enough"]
    assert f.conduit.end == "aborted"


def test_a_goodbye_does_not_break_a_frame_that_is_being_written(fake):
    f = fake()
    f.conduit.room = 0
    f.send([40, b"x" * 2_000_000])
    f.link.close(ConnectFailed("the host was closed"))
    f.conduit.kept = 0
    # What was written is a prefix of the stream; nothing was put in between.
    receiver = Receiver()
    assert len(receiver.feed(f.conduit.sent)) == 1
    assert receiver.reader.incomplete
