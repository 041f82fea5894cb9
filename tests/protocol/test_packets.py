"""Packets' own shapes: the handshake and the lines of an object list, right and wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyside_ro.errors import InvalidData, ProtocolError, VersionMismatch
from pyside_ro.protocol.packets import FIRST_CHANNEL, Handshake, Kind, ObjectEntry

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def test_the_numbers_are_the_wire():
    """Part of the wire: who changes one speaks another protocol."""
    assert {kind.name: int(kind) for kind in Kind} == {
        "Invalid": 0,
        "Handshake": 1,
        "InitPacket": 2,
        "InitDynamicPacket": 3,
        "AddObject": 4,
        "RemoveObject": 5,
        "InvokePacket": 6,
        "InvokeReplyPacket": 7,
        "PropertyChangePacket": 8,
        "ObjectList": 9,
        "Ping": 10,
        "Pong": 11,
        "Goodbye": 12,
        "Proof": 13,
        "Child": 16,
        "Update": 17,
    }
    assert FIRST_CHANNEL == 32
    assert Handshake("n").packet() == [1, "pyside_ro", 1, 0, {}, "n"]


@given(st.text(max_size=300), st.dictionaries(st.text(), st.integers()), st.integers(0, 99))
def test_a_handshake_comes_back(name, features, minor):
    sent = Handshake(name, tuple(features.items()), minor=minor)
    got = Handshake.parse(sent.packet())
    assert (got.node, dict(got.features), got.minor) == (name[:200], features, minor)


@pytest.mark.parametrize(
    ("packet", "words"),
    [
        ([1, "pyside_ro", 2, 3, {}, ""], "version 2.3.* this side 1.0.*upgrade .* on this side"),
        ([1, "pyside_ro", 0, 9], "version 0.9.*this side 1.0.*upgrade .* on the peer"),
        ([1, "QtRO", 2, 0], "the peer speaks 'QtRO' 2.0, this side 'pyside_ro' 1.0"),
        ([1, "x" * 1000, 1, 0], "the peer speaks 'x{40}' 1.0"),
        ([1], "no handshake"),
        ([1, "pyside_ro", "1", "0"], "no handshake"),
        ([2, "pyside_ro", 1, 0], "no handshake"),
        ("handshake", "no handshake"),
        (None, "no handshake"),
    ],
)
def test_other_versions_are_named(packet, words):
    with pytest.raises(VersionMismatch, match=words):
        Handshake.parse(packet)


@pytest.mark.parametrize(
    "rest", [[], [{}], [{}, "n"], [None], ["x", 5], [{1: 2, "f": [1]}, "n", "more", {}]]
)
def test_what_a_later_minor_adds_is_ignored(rest):
    got = Handshake.parse([1, "pyside_ro", 1, 7, *rest])
    assert got.minor == 7
    assert all(isinstance(name, str) for name, _ in got.features)


@given(ANYTHING)
def test_anything_else_is_refused_in_words(data):
    for packet in (data, [1, data], [1, "pyside_ro", data, data], [1, "pyside_ro", 1, data]):
        words = "accepted"
        try:
            Handshake.parse(packet)
        except ProtocolError as error:
            words = str(error)
        assert words


def test_lines_of_an_object_list():
    entry = ObjectEntry("gps", "Gps", "abc")
    assert ObjectEntry.fromWire(entry.toWire()) == entry
    assert ObjectEntry.fromWire(["gps", "Gps", "abc", "later"]) == entry
    for wrong in (None, [], ["gps"], ["gps", "Gps", 5], "gps", {"name": "gps"}):
        with pytest.raises(InvalidData, match="a malformed object list"):
            ObjectEntry.fromWire(wrong)
