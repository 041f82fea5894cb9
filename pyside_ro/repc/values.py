"""The Python classes of a .rep file's values: its enums, flags and PODs; each can cross.

A name stands for one type in a process, because it does so on the wire: two files that declare
it alike share the class, one that declares it otherwise is refused.
"""

from __future__ import annotations

import enum
import operator
from typing import Any

from ..protocol.records import registerType
from .kinds import Kind
from .syntax import Enum, Flag, Pod

__all__ = ["Conflict", "enumClass", "flagClass", "podClass"]

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


def _enumeration(base: Any, name: str, keys: tuple[tuple[str, int], ...], told: str) -> Any:
    description = (base, keys)
    found = _remembered(name, description, told)
    if found is None:
        short = name.rpartition(".")[2]
        try:
            found = base(short, list(keys), module="rep", qualname=name)
        except (TypeError, ValueError) as error:
            raise Conflict(f"{told}: {error}") from None
        _register(name, description, found, told)
    return found


def enumClass(declared: Enum, inside: str = "") -> type[enum.IntEnum]:
    """The IntEnum of an ENUM in the class or POD `inside`. Raises Conflict."""
    name = f"{inside}.{declared.name}" if inside else declared.name
    made: type[enum.IntEnum] = _enumeration(
        enum.IntEnum, name, declared.keys, f"ENUM {declared.name}"
    )
    return made


def flagClass(declared: Flag, keys: tuple[tuple[str, int], ...], inside: str = "") -> Any:
    """The IntFlag of a FLAG for an enumeration with `keys`. Raises Conflict."""
    name = f"{inside}.{declared.name}" if inside else declared.name
    return _enumeration(enum.IntFlag, name, keys, f"FLAG {declared.name}")


def podClass(pod: Pod, kinds: tuple[Kind, ...], enums: dict[str, Any]) -> type:
    """The tuple subclass of a POD with these fields' types. Raises Conflict."""
    names = tuple(field.name for field in pod.fields)
    description = tuple((name, kind.name) for name, kind in zip(names, kinds, strict=True))
    told = f"POD {pod.name}"
    found = _remembered(pod.name, description, told)
    if found is None:
        found = _podClass(pod.name, names, kinds, enums)
        _register(pod.name, description, found, told)
    cls: type = found
    return cls


def _podClass(
    podName: str, names: tuple[str, ...], kinds: tuple[Kind, ...], enums: dict[str, Any]
) -> Any:
    count = len(names)
    signature = ", ".join(
        f"{name}: {kind.annotation}" for name, kind in zip(names, kinds, strict=True)
    )

    def new(cls: Any, *values: Any, **named: Any) -> Any:
        if named:
            unknown = [name for name in named if name not in names[len(values) :]]
            if unknown:
                raise TypeError(f"{podName}({signature}) got an unexpected field {unknown[0]!r}")
            rest = names[len(values) :]
            values += tuple(named[name] for name in rest if name in named)
        if len(values) != count:
            raise TypeError(f"{podName}({signature}) takes {count} values, {len(values)} given")
        checked = []
        for name, kind, value in zip(names, kinds, values, strict=True):
            try:
                checked.append(kind.convert(value))
            except (TypeError, OverflowError) as error:
                raise TypeError(f"{podName}.{name} {error}") from None
        return tuple.__new__(cls, checked)

    def make(cls: Any, values: Any) -> Any:
        return cls(*values)

    def getEnum(_: Any, name: str) -> Any:
        if name not in enums:
            raise KeyError(f"Enum '{name}' not found")
        return enums[name]

    def show(self: Any) -> str:
        fields = zip(names, self, strict=True)
        return f"{podName}({', '.join(f'{name}={value!r}' for name, value in fields)})"

    def asDict(self: Any) -> dict[str, Any]:
        return dict(zip(names, self, strict=True))

    def replace(self: Any, **fields: Any) -> Any:
        return type(self)(**(asDict(self) | fields))

    namespace: dict[str, Any] = {
        "__slots__": (),
        "__module__": "rep",
        "__doc__": f"{podName}({signature}): a record, made from a .rep file.",
        "__new__": new,
        "__repr__": show,
        "__getnewargs__": lambda self: (*self,),
        "__match_args__": names,
        "_fields": names,
        "_field_defaults": {},
        "_make": classmethod(make),
        "_asdict": asDict,
        "_replace": replace,
        "_ro_kinds": kinds,
        "get_enum": classmethod(getEnum),
    }
    for index, name in enumerate(names):
        namespace[name] = property(operator.itemgetter(index), doc=kinds[index].annotation)
    namespace |= {name: cls for name, cls in enums.items() if name not in names}
    made: Any = type(podName, (tuple,), namespace)
    made._ro_empty = lambda: made(*(kind.empty() for kind in kinds))
    return made
