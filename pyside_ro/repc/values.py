"""The Python classes of a .rep file's values: its enums, flags and PODs; each can cross.

A name stands for one type in a process, because it does so on the wire: two files that declare
it alike share the class, one that declares it otherwise is refused.
"""

from __future__ import annotations

import enum
import operator
from collections.abc import Mapping
from typing import Any

from ..protocol.records import registerType
from .kinds import Kind
from .syntax import Enum, Flag, Pod

__all__ = ["BasePod", "Conflict", "enumClass", "flagClass", "podClass", "wireName"]

#: By the name on the wire: what it was declared as, and the class made of it.
_made: dict[str, tuple[object, type]] = {}


class Conflict(Exception):
    """A name that is taken, or a type that Python cannot have, in words."""


def _remembered(name: str, description: object, told: str) -> Any:
    if name not in _made:
        return None
    other, cls = _made[name]
    if other == description:
        return cls
    raise Conflict(
        f"{told}: another .rep file of this process declares {name!r} otherwise, and it can "
        "travel as one type only; rename one of them"
    )


def _register(name: str, description: object, cls: type, told: str) -> None:
    try:
        registerType(cls, name)
    except ValueError as error:
        raise Conflict(f"{told}: {error}") from None
    _made[name] = description, cls


def _enumeration(
    base: Any, name: str, keys: tuple[tuple[str, int], ...], told: str, written: Any
) -> Any:
    description = (base, keys)
    found = _remembered(name, description, told)
    if found is None:
        short = name.rpartition(".")[2]
        try:
            found = written or base(short, list(keys), module="rep", qualname=name)
        except (TypeError, ValueError) as error:
            raise Conflict(f"{told}: {error}") from None
        _register(name, description, found, told)
    return found


def enumClass(declared: Enum, inside: str = "", written: Any = None) -> type[enum.IntEnum]:
    """The IntEnum of an ENUM in the class or POD `inside`. Raises Conflict.

    `written` is that enum where somebody wrote it in Python.
    """
    name = f"{inside}.{declared.name}" if inside else declared.name
    made: type[enum.IntEnum] = _enumeration(
        enum.IntEnum, name, declared.keys, f"ENUM {declared.name}", written
    )
    return made


def flagClass(
    declared: Flag, keys: tuple[tuple[str, int], ...], inside: str = "", written: Any = None
) -> Any:
    """The IntFlag of a FLAG for an enumeration with `keys`. Raises Conflict."""
    name = f"{inside}.{declared.name}" if inside else declared.name
    return _enumeration(enum.IntFlag, name, keys, f"FLAG {declared.name}", written)


def wireName(cls: type) -> str:
    """The name under which an enum of .rep crosses, as in ``PhoneBook.Order``; '' for others."""
    return next((name for name, (_, made) in _made.items() if made is cls), "")


class BasePod(tuple[Any, ...]):
    """The base of the records of PODs: a tuple whose fields have names and types."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()
    _field_defaults: dict[str, Any] = {}
    _ro_kinds: tuple[Kind, ...] = ()
    _ro_enums: dict[str, Any] = {}

    def __new__(cls, *values: Any, **named: Any) -> Any:
        names = cls._fields
        if named:
            rest = names[len(values) :]
            unknown = [name for name in named if name not in rest]
            if unknown:
                raise TypeError(f"{cls._signature()} got an unexpected field {unknown[0]!r}")
            values += tuple(named[name] for name in rest if name in named)
        if len(values) != len(names):
            raise TypeError(f"{cls._signature()} takes {len(names)} values, {len(values)} given")
        checked = []
        for name, kind, value in zip(names, cls._ro_kinds, values, strict=True):
            try:
                checked.append(kind.convert(value))
            except (TypeError, OverflowError) as error:
                raise TypeError(f"{cls.__name__}.{name} {error}") from None
        return tuple.__new__(cls, checked)

    @classmethod
    def _signature(cls) -> str:
        fields = zip(cls._fields, cls._ro_kinds, strict=True)
        return f"{cls.__name__}({', '.join(f'{name}: {kind.annotation}' for name, kind in fields)})"

    @classmethod
    def _ro_empty(cls) -> Any:
        return cls(*(kind.empty() for kind in cls._ro_kinds))

    @classmethod
    def _make(cls, values: Any) -> Any:
        return cls(*values)

    @classmethod
    def get_enum(cls, name: str) -> Any:
        """The Python enum of an ENUM or FLAG of the POD. Raises KeyError."""
        if name not in cls._ro_enums:
            raise KeyError(f"Enum '{name}' not found")
        return cls._ro_enums[name]

    def __repr__(self) -> str:
        fields = zip(self._fields, self, strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in fields)})"

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (*self,)

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))

    def _replace(self, **fields: Any) -> Any:
        return type(self)(**(self._asdict() | fields))


def podClass(
    pod: Pod,
    kinds: tuple[Kind, ...],
    enums: dict[str, Any],
    written: Mapping[str, Any],
) -> type:
    """The tuple subclass of a POD with these fields' types. Raises Conflict.

    `written` is what a class statement of Python says of itself: its module, its docstring.
    """
    names = tuple(field.name for field in pod.fields)
    description = tuple((name, kind.name) for name, kind in zip(names, kinds, strict=True))
    told = f"POD {pod.name}"
    found = _remembered(pod.name, description, told)
    if found is None:
        found = _podClass(pod.name, names, kinds, enums, written)
        _register(pod.name, description, found, told)
    cls: type = found
    return cls


def _podClass(
    podName: str,
    names: tuple[str, ...],
    kinds: tuple[Kind, ...],
    enums: dict[str, Any],
    written: Mapping[str, Any],
) -> Any:
    namespace: dict[str, Any] = {name: cls for name, cls in enums.items() if name not in names}
    for index, name in enumerate(names):
        namespace[name] = property(operator.itemgetter(index), doc=kinds[index].annotation)
    namespace |= {
        "__slots__": (),
        "__module__": "rep",
        "__match_args__": names,
        "_fields": names,
        "_ro_kinds": kinds,
        "_ro_enums": enums,
        **written,
    }
    made: Any = type(podName, (BasePod,), namespace)
    if not written.get("__doc__"):
        made.__doc__ = f"{made._signature()}: a record, made from a .rep file."
    return made
