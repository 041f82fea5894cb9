"""Python's own small values: numbers, dates and times, UUIDs; and sets and tuples.

Each has a fixed layout, big-endian. Knows the standard library only.
"""

from __future__ import annotations

import struct
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from msgpack import ExtType

from ..errors import InvalidData
from .extensions import DECODERS, ENCODERS, Code, Reader, Writer, extension

__all__: list[str] = []

_COMPLEX = struct.Struct(">dd")
_DATE = struct.Struct(">HBB")
_TIME = struct.Struct(">BBBIB")
_DATETIME = struct.Struct(">HBBBBBIB")
_TIMEDELTA = struct.Struct(">iii")
_OFFSET = struct.Struct(">cq")
_NO_OFFSET = -(1 << 63)
_MICROSECOND = timedelta(microseconds=1)
_ZONE_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-")


def _packDatetime(value: datetime, _: Writer) -> ExtType:
    data = _DATETIME.pack(
        value.year,
        value.month,
        value.day,
        value.hour,
        value.minute,
        value.second,
        value.microsecond,
        value.fold,
    )
    if (zone := value.tzinfo) is not None:
        data += _packZone(zone, value.utcoffset(), value.tzname())
    return extension(6, data)


def _readDatetime(data: bytes, _: Reader) -> datetime:
    zone = None if len(data) == 12 else _readZone(data[12:])
    year, month, day, hour, minute, second, micro, fold = _DATETIME.unpack_from(data)
    return datetime(year, month, day, hour, minute, second, micro, zone, fold=fold)


def _packTime(value: time, _: Writer) -> ExtType:
    data = _TIME.pack(value.hour, value.minute, value.second, value.microsecond, value.fold)
    if (zone := value.tzinfo) is not None:
        data += _packZone(zone, value.utcoffset(), value.tzname())
    return extension(Code.TIME, data)


def _readTime(data: bytes, _: Reader) -> time:
    zone = None if len(data) == 8 else _readZone(data[8:])
    hour, minute, second, micro, fold = _TIME.unpack_from(data)
    return time(hour, minute, second, micro, zone, fold=fold)


def _packZone(zone: tzinfo, offset: timedelta | None, name: str | None) -> bytes:
    micros = _NO_OFFSET if offset is None else offset // _MICROSECOND
    if isinstance(zone, ZoneInfo) and zone.key:
        return _OFFSET.pack(b"z", micros) + zone.key.encode()
    if micros == 0 and zone is timezone.utc:
        return _OFFSET.pack(b"o", 0)
    # Any other class of tzinfo (dateutil, pytz) keeps the instant, as a fixed offset.
    return _OFFSET.pack(b"o", micros) + (name or "").encode()


def _readZone(data: bytes) -> tzinfo | None:
    kind, micros = _OFFSET.unpack_from(data)
    name = data[9:].decode()
    if kind == b"z":
        # Checked before ZoneInfo sees it: a key is a file's path, or a package's, to it.
        if all(part and _ZONE_LETTERS.issuperset(part) for part in name.split("/")):
            try:
                return ZoneInfo(name)
            except (ValueError, OSError, LookupError, ImportError):
                pass  # Not in this machine's database: its offset keeps the instant.
    elif kind != b"o":
        raise InvalidData(f"a time zone of unknown kind {kind!r}")
    if micros == _NO_OFFSET:
        return None
    if not name:
        return timezone.utc if micros == 0 else timezone(micros * _MICROSECOND)
    zone = timezone(micros * _MICROSECOND)
    return zone if zone.tzname(None) == name else timezone(micros * _MICROSECOND, name)


def _packDate(value: date, _: Writer) -> ExtType:
    return extension(Code.DATE, _DATE.pack(value.year, value.month, value.day))


def _readDate(data: bytes, _: Reader) -> date:
    return date(*_DATE.unpack(data))


def _packTimedelta(value: timedelta, _: Writer) -> ExtType:
    data = _TIMEDELTA.pack(value.days, value.seconds, value.microseconds)
    return extension(Code.TIMEDELTA, data)


def _readTimedelta(data: bytes, _: Reader) -> timedelta:
    return timedelta(*_TIMEDELTA.unpack(data))


def _packComplex(value: complex, _: Writer) -> ExtType:
    return extension(Code.COMPLEX, _COMPLEX.pack(value.real, value.imag))


def _readComplex(data: bytes, _: Reader) -> complex:
    return complex(*_COMPLEX.unpack(data))


def _packUuid(value: UUID, _: Writer) -> ExtType:
    return extension(Code.UUID, value.bytes)


def _packDecimal(value: Decimal, _: Writer) -> ExtType:
    return extension(Code.DECIMAL, str(value).encode())


def _packTuple(value: tuple[Any, ...], writer: Writer) -> ExtType:
    return extension(2, writer.nest([*value]))


def _packSet(value: set[Any], writer: Writer) -> ExtType:
    return extension(Code.SET, writer.nest([*value]))


def _packFrozenset(value: frozenset[Any], writer: Writer) -> ExtType:
    return extension(Code.FROZENSET, writer.nest([*value]))


def _readItems(data: bytes, reader: Reader) -> list[Any]:
    items = reader.unnest(data)
    if type(items) is not list:
        raise InvalidData("a tuple or set without its elements")
    return items


def _readTuple(data: bytes, reader: Reader) -> tuple[Any, ...]:
    items = reader.unnest(data)
    if type(items) is not list:
        raise InvalidData("a tuple without its elements")
    return tuple(items)


ENCODERS.update(
    {
        datetime: _packDatetime,
        date: _packDate,
        time: _packTime,
        timedelta: _packTimedelta,
        complex: _packComplex,
        UUID: _packUuid,
        Decimal: _packDecimal,
        tuple: _packTuple,
        set: _packSet,
        frozenset: _packFrozenset,
    }
)
DECODERS.update(
    {
        int(Code.DATETIME): _readDatetime,
        int(Code.DATE): _readDate,
        int(Code.TIME): _readTime,
        int(Code.TIMEDELTA): _readTimedelta,
        int(Code.COMPLEX): _readComplex,
        int(Code.UUID): lambda data, _: UUID(bytes=data),
        int(Code.DECIMAL): lambda data, _: Decimal(data.decode("ascii")),
        int(Code.TUPLE): _readTuple,
        int(Code.SET): lambda data, reader: set(_readItems(data, reader)),
        int(Code.FROZENSET): lambda data, reader: frozenset(_readItems(data, reader)),
    }
)
