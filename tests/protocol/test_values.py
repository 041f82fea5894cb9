"""Python's own values, nesting, segments, limits, and what does not cross."""

from __future__ import annotations

import socket
import uuid
from collections import Counter, OrderedDict, defaultdict
from contextlib import suppress
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QObject

from pyside_ro.errors import CannotCross, InvalidData
from pyside_ro.protocol.extensions import Code
from pyside_ro.protocol.limits import Limits
from pyside_ro.protocol.values import (
    SEGMENT_SIZE,
    Opaque,
    ValueDecoder,
    ValueEncoder,
    settled,
)
from tests.protocol.wire import Wire

ZONES = st.one_of(
    st.none(),
    st.just(timezone.utc),
    st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m))),
    st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m), "Here")),
    st.sampled_from(["Europe/Paris", "America/New_York", "UTC"]).map(ZoneInfo),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False),
    st.text(),
    st.binary(),
    st.complex_numbers(allow_nan=False),
    st.datetimes(timezones=ZONES),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.uuids(),
    st.decimals(allow_nan=False),
)
HASHABLE = st.recursive(
    SCALARS, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3), max_leaves=5
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(HASHABLE, inner, max_size=3),
        st.sets(HASHABLE, max_size=4),
        st.frozensets(HASHABLE, max_size=4),
    ),
    max_leaves=12,
)


def same(a: Any, b: Any) -> bool:
    """Equal, and of the same types all the way down."""
    if type(a) is not type(b) or a != b:
        return False
    if isinstance(a, list | tuple):
        return all(map(same, a, b))
    if isinstance(a, dict):
        return all(same(a[key], b[key]) for key in a)
    return True


@given(VALUES)
def test_values_arrive_as_they_were(value: object) -> None:
    assert same(Wire()(value), value)


@given(st.datetimes(timezones=ZONES), st.integers(0, 1))
def test_datetime_keeps_zone_and_fold(value: datetime, fold: int) -> None:
    value = value.replace(fold=fold)
    result = Wire()(value)
    assert (result, result.fold, result.tzname()) == (value, fold, value.tzname())
    assert type(result.tzinfo) is type(value.tzinfo)
    clock = value.timetz()
    assert (Wire()(clock), Wire()(clock).fold) == (clock, fold)


def test_an_unknown_zone_keeps_the_instant() -> None:
    value = datetime(2024, 7, 1, 12, tzinfo=ZoneInfo("Europe/Paris"))
    body, _ = Wire().pack(value)
    for key in (b"Europe/Pariz", b"../../../x/y", b"/etc/passwd1"):
        received = Wire().unpack(body.replace(b"Europe/Paris", key), [])
        assert received == value and received.utcoffset() == timedelta(hours=2)


def test_subclasses_arrive_as_their_base() -> None:
    class Text(str):
        pass

    class Day(date):
        pass

    for value, base in (
        (OrderedDict(a=1), dict),
        (defaultdict(list, a=[1]), dict),
        (Counter("aab"), dict),
        (Text("x"), str),
        (type("I", (int,), {})(3), int),
        (type("F", (float,), {})(3.5), float),
        (type("L", (list,), {})([1]), list),
        (type("T", (tuple,), {})((1,)), tuple),
        (type("B", (bytes,), {})(b"x"), bytes),
        (Day(2020, 1, 2), date),
    ):
        result = Wire()(value)
        assert type(result) is base and result == value


def test_buffers_arrive_as_bytes() -> None:
    for value in (bytearray(b"ab"), memoryview(b"ab")):
        assert same(Wire()(value), b"ab")
        assert same(Wire()((value,)), (b"ab",))
    assert same(Wire()(QByteArray(b"ab")), QByteArray(b"ab"))


@pytest.mark.parametrize("size", [0, 1, SEGMENT_SIZE - 1, SEGMENT_SIZE, 100_000])
def test_blob_is_a_segment_from_the_threshold_on(size: int) -> None:
    wire = Wire()
    data = bytes(range(256)) * (size // 256 + 1)
    data = data[:size]
    strided = memoryview(bytes(2 * size))[::2]
    buffers: list[Any] = [data, bytearray(data), memoryview(data), QByteArray(data), strided]
    for value in buffers:
        wire.encoder.segments = []
        body = msgpack.packb([wire.encoder.blob(value)])
        assert len(wire.encoder.segments) == (size >= SEGMENT_SIZE)
        result: Any
        (result,) = wire.unpack(body, [bytes(part) for _, part in wire.encoder.segments])
        kind: Any = QByteArray if isinstance(value, QByteArray) else bytes
        assert type(result) is kind and bytes(result) == bytes(value)
    wire.encoder.blob(data)
    if size >= SEGMENT_SIZE:
        assert wire.encoder.segments[-1][1] is data, "bytes are not copied"


def test_a_wide_memoryview_counts_in_bytes() -> None:
    wire = Wire()
    wide: Any = memoryview(bytes(SEGMENT_SIZE)).cast("d")
    wire.encoder.blob(wide)
    assert [len(part) for _, part in wire.encoder.segments] == [SEGMENT_SIZE]


def test_segments_come_in_order_of_appearance() -> None:
    a, b, c = (QByteArray(bytes([n]) * SEGMENT_SIZE) for n in range(3))
    assert Wire()([a, ({"x": (b,)}, c)]) == [a, ({"x": (b,)}, c)]


def test_a_changed_qbytearray_does_not_change_its_segment() -> None:
    encoder = ValueEncoder()
    value = QByteArray(b"a" * SEGMENT_SIZE)
    encoder.default(value)
    value.fill(ord("b"))
    value.clear()
    assert bytes(encoder.segments[0][1]) == b"a" * SEGMENT_SIZE


def test_settled_segments_are_nobody_elses() -> None:
    encoder = ValueEncoder()
    changing, fixed = bytearray(SEGMENT_SIZE), bytes(SEGMENT_SIZE)
    encoder.blob(changing)
    encoder.blob(fixed)
    kept = settled(encoder.segments)
    changing[0] = 1
    assert kept[0] == (1, bytes(SEGMENT_SIZE)) and kept[1][1] is fixed


# What does not cross


def test_what_cannot_cross_is_named() -> None:
    encoder = ValueEncoder()
    with (
        socket.socket() as sock,
        pytest.raises(CannotCross, match=r"'socket.socket'.*registerType"),
    ):
        encoder.default(sock)
    with pytest.raises(CannotCross, match=r"QObject'.*enableRemoting"):
        encoder.default(QObject())
    with pytest.raises(CannotCross, match="'function'"):
        Wire()((1, [test_what_cannot_cross_is_named]))
    with pytest.raises(CannotCross, match="not contiguous"):
        Wire()((memoryview(b"abcd")[::2],))
    assert Wire(encoder._limits)((1,)) == (1,)


def test_numbers_and_characters_too_large_are_msgpacks_own_errors() -> None:
    with pytest.raises(OverflowError):
        Wire()((2**64,))
    with pytest.raises(UnicodeEncodeError):
        Wire()(("\ud800",))


def nested(depth: int) -> tuple[object, ...]:
    value: tuple[object, ...] = ()
    for _ in range(depth - 1):
        value = (value,)
    return value


def test_depth_is_limited_on_both_sides() -> None:
    limits = Limits(maxDepth=10)
    assert Wire(limits, limits)(nested(10)) == nested(10)
    with pytest.raises(CannotCross, match="nested more than 10"):
        Wire(sender=limits)(nested(11))
    with pytest.raises(InvalidData, match="nested more than 10"):
        Wire(receiver=limits)(nested(11))
    assert Wire()(nested(100)) == nested(100)


def test_a_failure_leaves_both_sides_usable() -> None:
    wire = Wire(receiver=Limits(maxDepth=10))
    for _ in range(200):
        with pytest.raises(CannotCross):
            wire.pack((((object(),),),))
        with pytest.raises(InvalidData):
            wire(nested(11))
    assert wire(nested(10)) == nested(10)


def test_a_value_that_holds_itself() -> None:
    loop: list[object] = []
    loop.append((loop,))
    with pytest.raises(CannotCross, match="holding itself"):
        Wire()(loop)
    plain: list[object] = []
    plain.append(plain)
    with pytest.raises(CannotCross, match="holding itself"):
        Wire()((plain,))


def test_strings_and_items_are_limited() -> None:
    limits = Limits(maxString=10, maxItems=20)
    assert Wire(receiver=limits)(("x" * 10,)) == ("x" * 10,)
    with pytest.raises(InvalidData, match="max_str_len"):
        Wire(receiver=limits)(("x" * 11,))
    with pytest.raises(InvalidData, match="max_array_len"):
        Wire(receiver=limits)(tuple(range(21)))


def test_segments_are_limited() -> None:
    wire = Wire(sender=Limits(maxSegments=2))
    big = QByteArray(bytes(SEGMENT_SIZE))
    assert wire((big, big)) == (big, big)
    with pytest.raises(CannotCross, match="maxSegments"):
        wire((big, big, big))


# What is received


@settings(max_examples=400)
@given(st.integers(-128, 127) | st.sampled_from([int(c) for c in Code]), st.binary(max_size=200))
@pytest.mark.qt_warnings(".*")
def test_random_extensions_only_ever_raise_invaliddata(code: int, data: bytes) -> None:
    decoder = ValueDecoder()
    decoder.segments.append(data)
    try:
        decoder.ext_hook(code, data)
    except InvalidData as error:
        assert str(error)


@settings(max_examples=300)
@given(VALUES, st.data())
@pytest.mark.qt_warnings(".*")
def test_flipped_and_cut_values_only_ever_raise_invaliddata(
    value: object, data: st.DataObject
) -> None:
    extension = ValueEncoder().default((value,))
    assert isinstance(extension, msgpack.ExtType)
    changed = bytearray(extension.data)
    at = data.draw(st.integers(0, len(changed) - 1))
    if data.draw(st.booleans()):
        changed[at] ^= data.draw(st.integers(1, 255))
    else:
        del changed[at:]
    with suppress(InvalidData):
        ValueDecoder().ext_hook(extension.code, bytes(changed))


def test_a_missing_segment_is_named() -> None:
    with pytest.raises(InvalidData, match="no segment left"):
        ValueDecoder().ext_hook(Code.SEGMENT, bytes([Code.BYTES]))


def test_an_unknown_kind_can_be_sent_on() -> None:
    stranger = ValueDecoder().ext_hook(99, b"abc")
    assert isinstance(stranger, Opaque) and "newer version" in repr(stranger)
    assert Wire()((stranger,)) == (stranger,)
    decoder = ValueDecoder()
    decoder.segments.append(b"y" * SEGMENT_SIZE)
    large = decoder.ext_hook(Code.SEGMENT, bytes([99]) + b"abc")
    assert Wire()([large]) == [large]


def test_scalars_of_the_wrong_length() -> None:
    for code in (Code.UUID, Code.DATETIME, Code.DATE, Code.TIMEDELTA, Code.COMPLEX, Code.DECIMAL):
        with pytest.raises(InvalidData, match=code.name):
            ValueDecoder().ext_hook(code, b"x")
    assert Wire()(Decimal("NaN")).is_nan()
    assert Wire()(uuid.UUID(int=3)) == uuid.UUID(int=3)
    assert Wire()(time.max) == time.max
