"""Stand-ins: what a value arrives as when its own type is not known, or not there, at this end.

They can be read, compared and sent on unchanged, so a program in the middle needs no types.
Knows nothing of the types themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from msgpack import ExtType, packb

from ..errors import CannotCross
from .extensions import ENCODERS, Buffer, Code, Writer, extension

__all__ = ["EnumRecord", "Opaque", "Record"]


class _Frozen:
    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable: cannot set {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable: cannot delete {name!r}")


class Record(_Frozen):
    """A dataclass or named tuple of a type that is not registered here; our own.

    Its fields are attributes; one called like a member of this class is only in `_asdict()`.
    """

    __slots__ = ("_fields", "_typeName", "_values")

    _fields: tuple[str, ...]
    _typeName: str
    _values: tuple[Any, ...]

    def __init__(self, typeName: str, fields: Sequence[str], values: Sequence[Any]) -> None:
        if len(fields) != len(values):
            raise ValueError(f"{typeName}: {len(fields)} fields, {len(values)} values")
        if len(set(fields)) != len(fields):
            raise ValueError(f"{typeName}: a field appears twice")
        object.__setattr__(self, "_typeName", typeName)
        object.__setattr__(self, "_fields", tuple(fields))
        object.__setattr__(self, "_values", tuple(values))

    @property
    def typeName(self) -> str:
        """The name under which the sender registered the type."""
        return self._typeName

    def _asdict(self) -> dict[str, Any]:
        """Give the fields as a new dict."""
        return dict(zip(self._fields, self._values, strict=True))

    def __getattr__(self, name: str) -> Any:
        # Dunder names are asked for by copy and pickle before the slots are set.
        if not name.startswith("_") or not name.endswith("_"):
            fields = object.__getattribute__(self, "_fields")
            if name in fields:
                return self._values[fields.index(name)]
            raise AttributeError(
                f"{self._typeName} has no field {name!r}; it has: {', '.join(fields) or 'none'}"
            )
        raise AttributeError(name)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._typeName, self._fields, self._values)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return (self._typeName, self._fields, self._values) == (
            other._typeName,
            other._fields,
            other._values,
        )

    def __hash__(self) -> int:
        return hash((self._typeName, self._fields, self._values))

    def __repr__(self) -> str:
        fields = zip(self._fields, self._values, strict=True)
        return f"{self._typeName}({', '.join(f'{name}={value!r}' for name, value in fields)})"


class EnumRecord(Record):
    """A member of an enum that is not registered, or has no such member, here; our own.

    `name` and `value` are the member's own; a combination of flags may have no name (None), a
    value that is not a number or str arrives as None.
    """

    __slots__ = ()

    def __init__(self, typeName: str, name: str | None, value: Any) -> None:
        super().__init__(typeName, ("name", "value"), (name, value))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._typeName, *self._values)

    def __repr__(self) -> str:
        name, value = self._values
        return f"{self._typeName}.{name}" if name else f"{self._typeName}({value!r})"


class Opaque(_Frozen):
    """A value that this end cannot build, for the `reason` given; our own.

    `typeName` is what it is at the sender. It can be kept, compared and sent on.
    """

    __slots__ = ("_body", "_code", "_data", "reason", "typeName")

    typeName: str
    reason: str
    _code: int
    _data: bytes
    _body: tuple[int, Buffer] | None

    def __init__(
        self,
        typeName: str,
        reason: str,
        code: int,
        data: bytes,
        body: tuple[int, Buffer] | None = None,
    ) -> None:
        set_ = object.__setattr__
        set_(self, "typeName", typeName)
        set_(self, "reason", reason)
        set_(self, "_code", code)
        set_(self, "_data", bytes(data))
        set_(self, "_body", body)

    def __reduce__(self) -> tuple[Any, ...]:
        return Opaque, (self.typeName, self.reason, self._code, self._data, self._body)

    def _key(self) -> tuple[Any, ...]:
        return self._code, self._data, self._body and bytes(self._body[1])

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Opaque) else NotImplemented

    def __hash__(self) -> int:
        return hash((self._code, self._data))

    def __repr__(self) -> str:
        return f"<{self.typeName}: {self.reason}>"


def _packRecord(value: Record, writer: Writer) -> ExtType:
    data = writer.nest([value._typeName, list(value._fields), list(value._values)])
    return extension(Code.RECORD, data)


def _packEnumRecord(value: EnumRecord, _: Writer) -> ExtType:
    return extension(Code.ENUM, packb([value._typeName, *value._values]))


def _packOpaque(value: Opaque, writer: Writer) -> ExtType:
    if value._code == Code.SEGMENT:
        raise CannotCross(f"{value!r} cannot be sent on")
    if value._body is None:
        return extension(value._code, value._data)
    kind, body = value._body
    return writer.buffer(value._code, value._data, body, kind)


ENCODERS.update({Record: _packRecord, EnumRecord: _packEnumRecord, Opaque: _packOpaque})
