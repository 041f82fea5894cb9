"""What a grammar cannot say: no name twice, no name that Python or a QObject cannot have.

Knows the data of `syntax`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from ..errors import RepError
from .syntax import Class, Enum, File, Flag, Modifier, Pod, Prop, Signal, Slot

__all__ = ["Complain", "check", "complainer", "pushName"]

Complain = Callable[[str, Any], NoReturn]

#: Names by which Qt itself calls or manages a QObject.
_QOBJECT = frozenset(
    ("event", "eventFilter", "timerEvent", "childEvent", "customEvent", "connectNotify")
    + ("disconnectNotify", "metaObject", "staticMetaObject", "deleteLater", "destroyed")
    + ("objectName", "setObjectName", "objectNameChanged", "parent", "setParent", "children")
    + ("property", "setProperty", "sender", "receivers", "thread", "moveToThread", "connect")
    + ("disconnect", "signalsBlocked", "blockSignals", "emit", "get_enum")
)
#: A property is three members of an interface, and those are limited.
_MAX_MEMBERS = 3_000
#: As many as an interface may have.
_MAX_ARGUMENTS = 100
_TUPLE = frozenset(("count", "index", "get_enum"))


def pushName(name: str) -> str:
    """The name of the slot by which a replica asks for a property's change."""
    return f"push{name[0].upper()}{name[1:]}"


def complainer(text: str, file: str) -> Complain:
    """A function that raises a RepError about a declaration, with its line."""
    lines = text.split("\n")

    def complain(message: str, about: Any) -> NoReturn:
        line = about.line
        source = lines[line - 1].rstrip("\r") if 0 < line <= len(lines) else ""
        found = re.search(rf"\b{re.escape(about.name)}\b", source)
        raise RepError(message, file, line, found.start() + 1 if found else 1, source)

    return complain


def check(file: File, complain: Complain) -> None:
    """Raise RepError for what no class can be made of."""
    _unique("", (*file.classes, *file.pods, *file.enumerations), complain)
    _checkFlags(file.enums, file.flags, complain)
    for enum in file.enums:
        _checkKeys(enum, complain)
    for pod in file.pods:
        _checkPod(pod, complain)
    for cls in file.classes:
        _checkClass(cls, complain)


def _unique(where: str, items: Iterable[Any], complain: Complain) -> None:
    seen: dict[str, Any] = {}
    for item in items:
        _checkName(item, complain)
        first = seen.setdefault(item.name, item)
        if first is not item:
            at = f", first on line {first.line}" if first.line else ""
            complain(f"{where}{item.name!r} is declared twice{at}", item)


def _twice(names: Iterable[str]) -> str:
    """The first name that comes again, or ''."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""


def _checkName(item: Any, complain: Complain) -> None:
    if item.name.startswith("_"):
        complain(f"{item.name!r}: what starts with an underscore is private, and not shared", item)


def _checkFlags(enums: Iterable[Enum], flags: Iterable[Flag], complain: Complain) -> None:
    known = dict.fromkeys(enum.name for enum in enums)
    for flag in flags:
        if flag.enum not in known:
            there = ", ".join(known) or "none is declared here"
            complain(f"FLAG {flag.name}: no ENUM {flag.enum!r} ({there})", flag)


def _checkKeys(enum: Enum, complain: Complain) -> None:
    keys = [key for key, _ in enum.keys]
    if twice := _twice(keys):
        complain(f"ENUM {enum.name} has the key {twice!r} twice", enum)
    for key, value in enum.keys:
        if not -(2**63) <= value < 2**63:
            complain(f"ENUM {enum.name}: {key} = {value} does not fit into 64 bits", enum)
        if key.startswith("_") or key in ("mro", "name", "value"):
            complain(f"ENUM {enum.name}: a Python enum can have no key {key!r}", enum)


def _checkPod(pod: Pod, complain: Complain) -> None:
    _unique(f"POD {pod.name}: ", pod.enumerations, complain)
    _checkFlags(pod.enums, pod.flags, complain)
    for enum in pod.enums:
        _checkKeys(enum, complain)
    names = [field.name for field in pod.fields]
    if twice := _twice(names):
        complain(f"POD {pod.name} has the field {twice!r} twice", pod)
    for name in names:
        if name.startswith("_") or name in _TUPLE:
            complain(f"POD {pod.name}: a tuple can have no field {name!r}", pod)


def _checkClass(cls: Class, complain: Complain) -> None:
    where = f"class {cls.name}: "
    # A slot is one for each default that can be left out, and one more.
    defaults = sum(arg.default is not None for slot in cls.slots for arg in slot.arguments)
    members = len(cls.properties) + len(cls.signals) + len(cls.slots) + defaults
    if members > _MAX_MEMBERS:
        complain(f"{where}{members:,} members; a class may have {_MAX_MEMBERS:,} at most", cls)
    _unique(where, (*cls.properties, *cls.enumerations), complain)
    _checkFlags(cls.enums, cls.flags, complain)
    for enum in cls.enums:
        _checkKeys(enum, complain)
    taken: dict[str, str] = {item.name: "a property" for item in cls.properties}
    taken |= {item.name: "an enum" for item in cls.enums}
    taken |= {item.name: "a flag" for item in cls.flags}
    for item in cls.properties:
        _checkMember(item, where, complain)
        pushed = isinstance(item, Prop) and item.modifier is Modifier.READPUSH
        names = [(f"{item.name}Changed", "signal"), *([(pushName(item.name), "slot")] * pushed)]
        for name, kind in names:
            if name in taken:
                complain(
                    f"{where}{name!r} is {taken[name]}, and the {kind} that {item.name!r} brings",
                    item,
                )
            taken[name] = f"the {kind} that {item.name!r} brings"
    overloads: set[tuple[str, tuple[str, ...]]] = set()
    kinds: dict[str, str] = {}
    functions: tuple[Signal | Slot, ...] = (*cls.signals, *cls.slots)
    for member in functions:
        kind = "a signal" if isinstance(member, Signal) else "a slot"
        _checkFunction(member, where, complain)
        other = taken.get(member.name) or kinds.setdefault(member.name, kind)
        if other != kind:
            complain(f"{where}{member.name!r} is {kind}, and {other} as well", member)
        form = (member.name, tuple(str(argument.type) for argument in member.arguments))
        if form in overloads:
            complain(f"{where}{kind[2:]} {member.name!r} is declared twice", member)
        overloads.add(form)


def _checkMember(member: Any, where: str, complain: Complain) -> None:
    _checkName(member, complain)
    if member.name in _QOBJECT:
        complain(f"{where}{member.name!r} cannot be a member: a QObject needs that name", member)


def _checkFunction(member: Signal | Slot, where: str, complain: Complain) -> None:
    _checkMember(member, where, complain)
    if len(member.arguments) > _MAX_ARGUMENTS:
        count = len(member.arguments)
        complain(f"{where}{member.name!r}: {count:,} arguments; {_MAX_ARGUMENTS} at most", member)
    names = [argument.name for argument in member.arguments if argument.name]
    if twice := _twice(names):
        complain(f"{where}{member.name!r} has the argument {twice!r} twice", member)
    optional = False
    for argument in member.arguments:
        if argument.type.name == "void":
            complain(f"{where}{member.name!r} has an argument of type void", member)
        if optional and argument.default is None:
            complain(f"{where}{member.name!r}: {argument.name!r} needs a default as well", member)
        optional = argument.default is not None
