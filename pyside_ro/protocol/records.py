"""Dataclasses, named tuples and enums that both sides registered, and how they cross.

A record crosses as its name, its fields' names and their values; an enum's member as its name
and value. Nothing is looked up but in the table of registered types.
"""

from __future__ import annotations

import dataclasses
import enum
import typing
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar, overload

from msgpack import ExtType, packb

from ..errors import CannotCross, InvalidData, OtherVersion
from ..interface.definitions import annotationsOf, nameType
from ..interface.enums import classEnum, enumName
from .extensions import DECODERS, ENCODERS, Code, Reader, Writer, extension, fullName
from .hints import Check, checkOf
from .standins import EnumRecord, Record

__all__ = ["registerType", "registeredType"]

_T = TypeVar("_T", bound=type)

#: name -> the type's reader: of a record's fields and values, or of an enum's name and value.
_records: dict[str, Callable[[list[str], list[Any]], object]] = {}
_enums: dict[str, Callable[[str | None, Any], object]] = {}
_registered: dict[str, type] = {}
#: Enum members by their bytes on the wire, so that the usual one is one look-up.
_members: dict[bytes, object] = {}
_MAX_MEMBERS = 4096


@overload
def registerType(cls: _T, name: str | None = None) -> _T: ...
@overload
def registerType(cls: None = None, name: str | None = None) -> Callable[[_T], _T]: ...


def registerType(cls: Any = None, name: str | None = None) -> Any:
    """Let values of a dataclass, NamedTuple or Enum cross; both sides must register it.

    `name` is its name on the wire, by default the class's qualified name without its module
    ("Point", "Camera.Mode"). Gives the class back, so it is a decorator too: ``@registerType``
    or ``@registerType(name="Point")``. On arrival, the fields' names must match, and their
    values the annotations, as far as these can be checked (int, float, str, bool, bytes, Qt's types
    and registered ones, also in Optional, Union, Literal, list, tuple, set and dict); a dataclass
    is built by its own constructor. A side that has not registered the name receives a `Record`.
    What annotations of a shared class's properties and slots name is part of its interface.

    Raises TypeError for any other class, ValueError when the name is taken by another class.
    Our own; the like of qRegisterMetaType.
    """
    if cls is None:
        return lambda decorated: registerType(decorated, name)
    if not isinstance(cls, type):
        raise TypeError(f"registerType() takes a class, not {cls!r}")
    wireName = name or cls.__qualname__.rpartition("<locals>.")[2]
    if wireName.startswith("PySide6."):
        raise ValueError(f"{wireName!r} is PySide6's own name: give another with name=")
    other = _registered.get(wireName)
    if other is cls:
        return cls
    if other is not None:
        raise ValueError(
            f"{fullName(cls)!r} cannot be registered as {wireName!r}: that is"
            f" {fullName(other)!r} already; give another with name="
        )
    earlier = next((known for known, kind in _registered.items() if kind is cls), None)
    if earlier is not None:
        raise ValueError(f"{fullName(cls)!r} is registered as {earlier!r} already")
    if issubclass(cls, enum.Enum):
        _registerEnum(cls, wireName)
    elif dataclasses.is_dataclass(cls):
        _registerRecord(cls, wireName, *_dataclassFields(cls))
    elif issubclass(cls, tuple) and hasattr(cls, "_fields"):
        named: Any = cls
        _registerRecord(cls, wireName, named._fields, named._fields, named._field_defaults)
    else:
        raise TypeError(
            f"{fullName(cls)!r} cannot be registered: registerType() takes a dataclass, a"
            " NamedTuple or an Enum"
        )
    _registered[wireName] = cls
    nameType(cls, wireName)
    return cls


def registeredType(name: str) -> type | None:
    """The class that `registerType` was given under this name, or None."""
    return _registered.get(name)


def _dataclassFields(cls: type) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, Any]]:
    """Give the names of all fields and of those its constructor takes, and the defaults."""
    if "__dataclass_fields__" not in cls.__dict__:
        raise TypeError(f"{fullName(cls)!r} derives from a dataclass but is none itself")
    for key, field in cls.__dataclass_fields__.items():  # type: ignore[attr-defined]
        if field._field_type is dataclasses._FIELD_INITVAR:  # type: ignore[attr-defined]
            raise TypeError(
                f"{fullName(cls)!r} cannot be registered: its InitVar {key!r} is not kept, so"
                " it could not be built again"
            )
    fields = dataclasses.fields(cls)
    defaults = {field.name: field.default for field in fields}
    return (
        tuple(field.name for field in fields),
        tuple(field.name for field in fields if field.init),
        defaults,
    )


def _checks(
    cls: type, fields: tuple[str, ...], defaults: dict[str, Any]
) -> list[tuple[int, str, Check]]:
    """Give (index, field, check) of each field whose annotation can be checked."""
    hints = annotationsOf(cls)
    checks = []
    for index, field in enumerate(fields):
        if field not in hints:
            continue
        hint = hints[field]
        if defaults.get(field, 0) is None and hint is not None:
            hint = typing.Optional[hint]  # noqa: UP045 - ``x: int = None`` is common, and meant
        check = checkOf(hint, _isRegistered)
        if check is not None:
            checks.append((index, field, check))
    return checks


def _isRegistered(cls: type) -> bool:
    return cls in _registered.values()


def _registerRecord(
    cls: Any,
    name: str,
    fields: tuple[str, ...],
    taken: tuple[str, ...],
    defaults: dict[str, Any],
) -> None:
    expected = list(fields)
    checks: list[tuple[int, str, Check]] | None = None
    # An array of three: the first two elements never change.
    head = b"\x93" + packb(name) + packb(expected)
    isTuple = issubclass(cls, tuple)
    rest = [field for field in fields if field not in taken]

    def mismatch(values: list[Any]) -> str:
        nonlocal checks
        if checks is None:  # not before: an annotation may name what comes after it
            checks = _checks(cls, fields, defaults)
        for index, field, check in checks:
            problem = check(values[index])
            if problem is not None:
                where, expected, found = problem
                return (
                    f"record {name!r}: field {field + where!r} should be {expected}, not"
                    f" {type(found).__name__} ({found!r:.60})"
                )
        return ""

    def pack(value: Any, writer: Writer) -> ExtType:
        values = [*value] if isTuple else [getattr(value, field) for field in fields]
        if problem := mismatch(values):
            raise CannotCross(f"{problem}; it cannot cross")
        return extension(13, head + writer.nest(values))

    def read(names: list[str], values: list[Any]) -> object:
        if names != expected:
            raise OtherVersion(_fieldsProblem(name, expected, names))
        if len(values) != len(expected):
            raise OtherVersion(f"record {name!r}: {len(expected)} fields, {len(values)} values")
        if problem := mismatch(values):
            raise OtherVersion(problem)
        try:
            if isTuple:
                return cls._make(values)
            given = dict(zip(fields, values, strict=True))
            result = cls(**{field: given[field] for field in taken})
            for field in rest:
                object.__setattr__(result, field, given[field])
            return result
        except Exception as error:
            raise OtherVersion(
                f"record {name!r} refuses its values: {type(error).__name__}: {error}"
            ) from error

    ENCODERS[cls] = pack
    _records[name] = read


def _fieldsProblem(name: str, expected: list[str], names: list[str]) -> str:
    parts = []
    if missing := [field for field in expected if field not in names]:
        parts.append(f"lacks {', '.join(map(repr, missing))}")
    if unknown := [field for field in names if field not in expected]:
        parts.append(f"has {', '.join(map(repr, unknown))[:200]}, unknown here")
    problem = " and ".join(parts) or "has its fields in another order"
    return f"record {name!r} {problem}: the two sides registered different versions of it"


def _registerEnum(cls: type[enum.Enum], name: str) -> None:
    isFlag = issubclass(cls, enum.Flag)
    cache: dict[Any, ExtType] = {}

    def pack(value: Any, _: Writer) -> ExtType:
        found = cache.get(value._value_ if isFlag else value._name_)
        return found or packMember(name, value)

    def read(member: str | None, value: Any) -> object:
        if isFlag:
            if type(value) is not int:
                raise OtherVersion(f"enum {name!r}: {value!r:.60} is no combination of its flags")
            try:
                return cls(value)
            except ValueError as error:
                raise OtherVersion(f"enum {name!r}: {error}") from None
        found = cls.__members__.get(member)  # type: ignore[arg-type]
        if found is None:
            raise OtherVersion(
                f"enum {name!r} has no member {member!r:.60} here: the two sides registered"
                " different versions of it"
            )
        return found

    for member in cls.__members__.values():
        cache[member._value_ if isFlag else member._name_] = packMember(name, member)
    ENCODERS[cls] = pack
    _enums[name] = read
    _members.clear()


def packMember(name: str, member: enum.Enum) -> ExtType:
    """Give an enum's member as it crosses; a value that is no number or str is left out."""
    value = member._value_
    if isinstance(member, enum.Flag):
        value = int(value)
    elif type(value) not in (int, str, float, bool):
        value = None
    try:
        return extension(Code.ENUM, packb([name, member._name_, value]))
    except OverflowError:
        return extension(Code.ENUM, packb([name, member._name_, None]))


def _readRecord(data: bytes, reader: Reader) -> object:
    name, fields, values = reader.unnest(data)
    if type(name) is not str or type(fields) is not list or type(values) is not list:
        raise InvalidData("a record without name, fields and values")
    read = _records.get(name)
    if read is not None:
        return read(fields, values)
    if not all(type(field) is str for field in fields):
        raise InvalidData(f"record {name!r:.80}: a field's name is not a str")
    return Record(name, fields, values)


#: Finds the reader of an enum of PySide6's own, by its full name; `qtvalues` sets it.
qtEnumReader: Callable[[str], Callable[[str | None, Any], object] | None] = lambda name: None  # noqa: E731


def memberOf(cls: type[enum.Enum], name: str, member: str | None, value: Any) -> object:
    """The member of an enum of a shared class, or of its replica's; whatever it is there."""
    if issubclass(cls, enum.Flag) and type(value) is int:
        with suppress(ValueError):
            return cls(value)
    found = cls.__members__.get(member or "")
    return EnumRecord(name, member, value) if found is None else found


def enumEncoder(cls: type[enum.Enum]) -> Callable[[Any, Writer], object] | None:
    """Give the encoder of an enum of a shared class, or of its replica's; None for others."""
    name = enumName(cls)
    return (lambda value, _: packMember(name, value)) if name else None


def _readEnum(data: bytes, reader: Reader) -> object:
    found = _members.get(data)
    if found is not None:
        return found
    name, member, value = reader.unnest(data)
    if type(name) is not str or not (member is None or type(member) is str):
        raise InvalidData("an enum's member without its names")
    if not (value is None or type(value) in (int, str, float, bool)):
        raise InvalidData(f"enum {name!r:.80}: its value is no number or str")
    read = qtEnumReader(name) if name.startswith("PySide6.") else _enums.get(name)
    if read is None:
        mine = reader.enums.get(name) or classEnum(name)
        if mine is not None:
            return memberOf(mine, name, member, value)
        # Not kept: the type may be registered, or its module imported, later.
        return EnumRecord(name, member, value)
    found = read(member, value)
    if len(_members) < _MAX_MEMBERS and not isinstance(found, EnumRecord):
        _members[data] = found
    return found


DECODERS[int(Code.RECORD)] = _readRecord
DECODERS[int(Code.ENUM)] = _readEnum
