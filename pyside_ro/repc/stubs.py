"""Type stubs: what an editor and mypy are told of a .rep file's classes, or of a living object.

Text only; the format is that of `ruff format`, whatever the length of a line is set to.
"""

from __future__ import annotations

import ast
import enum
import keyword
from collections.abc import Iterable
from typing import Any

from ..interface import EnumInfo, Interface, TypeInfo
from ..replica import QRemoteObjectReplica
from .classes import SETTABLE, Source, byName, heldClass
from .kinds import Kind, Scope
from .layout import pythonText
from .repfile import RepFile
from .syntax import Child, Class, Model, Pod, Prop
from .writing import IGNORED, Writer

__all__ = ["objectStub", "repStub"]

#: What a stub imports.
_USED = ("enum", "builtins", "Any", "SignalInstance", "Qt")


def _usable(writer: Writer, name: str, depth: int) -> bool:
    if name.isidentifier() and not keyword.iskeyword(name):
        return True
    told = "is a word of Python" if keyword.iskeyword(name) else "is no name in Python"
    writer.add(f'# {name!r} {told}: getattr(…, "{name}")', depth)
    return False


def _ignored(base: type, name: str) -> str:
    """The comment that lets a member stand where Qt's class has one of that name."""
    return IGNORED if hasattr(base, name) else ""


def _enum(writer: Writer, info: EnumInfo, depth: int) -> None:
    base = enum.IntFlag if info.flag else enum.IntEnum
    _enumClass(writer, info.name, base, info.keys, depth)


def _enumClass(
    writer: Writer,
    name: str,
    base: type[enum.Enum],
    keys: Iterable[tuple[str, int | str]],
    depth: int,
) -> None:
    writer.modules.add("enum")
    writer.add(f"class {name}(enum.{base.__name__}):", depth)
    usable = [item for item in keys if _usable(writer, item[0], depth + 1)]
    for key, value in usable:
        writer.add(f"{key} = {_value(value)}{_ignored(base, key)}", depth + 1)
    if not usable:
        writer.add("...", depth + 1)
    writer.add("", 0)


def _value(value: int | str) -> str:
    """An enum member's value; what a definition cannot tell is left open."""
    if isinstance(value, int):
        return str(value)
    try:
        found = ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return "..."
    if isinstance(found, str):
        return pythonText(found)
    return repr(found) if isinstance(found, bool | int | float) else "..."


def _infoOf(cls: Any) -> EnumInfo:
    keys = tuple((key, int(value)) for key, value in cls.__members__.items())
    return EnumInfo(cls.__name__, keys, issubclass(cls, enum.Flag))


def _pod(writer: Writer, pod: Pod, made: Any) -> None:
    members = frozenset(field.name for field in pod.fields)
    kinds: tuple[Kind, ...] = made._ro_kinds
    types = [writer.annotation(kind.name, pod.name, members) for kind in kinds]
    told = [writer.annotation(kind.name, pod.name, frozenset()) for kind in kinds]
    # Its own enums have no name yet where its bases stand.
    inner = ", ".join("Any" if f"{pod.name}." in item else item for item in told)
    writer.uses("typing", "Any")
    writer.classWith(pod.name, f"tuple[{inner or '()'}]")
    for item in pod.enumerations:
        _enum(writer, _infoOf(made.get_enum(item.name)), 1)
    names = [field.name for field in pod.fields]
    if not any(keyword.iskeyword(name) for name in names):
        arguments = [f"{name}: {kind}" for name, kind in zip(names, types, strict=True)]
        writer.function("def __new__", ["cls", *arguments], pod.name, 1)
    for name, kind in zip(names, types, strict=True):
        if _usable(writer, name, 1):
            writer.add("@property", 1)
            writer.function(f"def {name}", ["self"], kind, 1)
    writer.function("def _replace", ["self", "**fields: Any"], pod.name, 1)
    _asDict(writer, members)
    _getEnum(writer)
    writer.add()


def _asDict(writer: Writer, members: frozenset[str]) -> None:
    mapping = "builtins.dict" if "dict" in members else "dict"
    if mapping != "dict":
        writer.modules.add("builtins")
    writer.add(f"def _asdict(self) -> {mapping}[str, Any]: ...", 1)


def _getEnum(writer: Writer) -> None:
    writer.uses("typing", "Any")
    writer.add("@classmethod", 1)
    writer.add("def get_enum(cls, name: str) -> Any: ...", 1)


def _slots(
    writer: Writer, interface: Interface, members: frozenset[str], base: type, pending: bool
) -> None:
    for name, overloads in byName(interface.slots).items():
        if not _usable(writer, name, 1):
            continue
        longest = max(overloads, key=lambda slot: len(slot.types))
        shortest = min(len(slot.types) for slot in overloads)
        optional = all(longest.types[: len(s.types)] == s.types for s in overloads)
        for slot in [longest] if optional else overloads:
            if not optional:
                writer.uses("typing", "overload")
                writer.add("@overload", 1)
            arguments = ["self"]
            for index, kind in enumerate(slot.types):
                given = slot.names[index] if index < len(slot.names) else ""
                if not given.isidentifier() or keyword.iskeyword(given):
                    given = f"arg{index + 1}"
                default = " = ..." if optional and index >= shortest else ""
                told = writer.annotation(kind, interface.name, members)
                told += " | int" if told in writer.numbers else ""
                arguments.append(f"{given}: {told}{default}")
            result = "None"
            if slot.result:
                result = writer.annotation(slot.result, interface.name, members)
            if pending:
                writer.uses("pyside_ro", "QRemoteObjectPendingCall")
                result = f"QRemoteObjectPendingCall[{result}]"
            writer.function(f"def {name}", arguments, result, 1, _ignored(base, name))


def _signals(writer: Writer, names: Iterable[str], base: type) -> None:
    for name in dict.fromkeys(names):
        if _usable(writer, name, 1):
            writer.uses("PySide6.QtCore", "SignalInstance")
            writer.add(f"{name}: SignalInstance{_ignored(base, name)}", 1)


def _attribute(writer: Writer, name: str, kind: str, settable: bool, base: type) -> None:
    if not _usable(writer, name, 1):
        return
    mark = _ignored(base, name)
    if settable:
        writer.laid(f"{name}: ", kind, "", 1)
        writer.lines[-1] += mark
    else:
        writer.add("@property", 1)
        writer.function(f"def {name}", ["self"], kind, 1, mark)


def _source(writer: Writer, cls: Class, made: Any) -> None:
    interface: Interface = made._ro_interface
    members = _members(interface)
    writer.uses("PySide6.QtCore", "QObject")
    writer.add(f"class {cls.name}Source(QObject):")
    for info in interface.enums:
        _enum(writer, info, 1)
    for item in made._ro_rep.properties:
        if isinstance(item, Prop):
            kind = writer.annotation(made._ro_kinds[item.name].name, cls.name, members)
            _attribute(writer, item.name, kind, item.modifier in SETTABLE, Source)
        else:
            held = heldClass(item).__name__
            writer.uses("PySide6.QtCore", held)
            _attribute(writer, item.name, f"{held} | None", True, Source)
    _signals(writer, [f"{item.name}Changed" for item in made._ro_rep.properties], Source)
    _signals(writer, [signal.name for signal in cls.signals], Source)
    writer.add(
        "def __init__(self, parent: QObject | None = ..., **properties: Any) -> None: ...", 1
    )
    _slots(writer, interface, members, Source, pending=False)
    writer.add("def _setProperty(self, name: str, value: object) -> None: ...", 1)
    _getEnum(writer)
    writer.add()


def _held(writer: Writer, rep: RepFile, cls: Class) -> dict[str, str]:
    """What a replica's properties that hold objects are: replicas of those."""
    found: dict[str, str] = {}
    for item in cls.properties:
        if isinstance(item, Model):
            writer.uses("PySide6.QtCore", "QAbstractItemModel")
            found[item.name] = "QAbstractItemModel | None"
        elif isinstance(item, Child):
            known = item.type.name in rep.replica
            found[item.name] = f"{item.type.name if known else 'QRemoteObjectReplica'} | None"
    return found


def _replica(
    writer: Writer, interface: Interface, made: Any = None, held: dict[str, str] | None = None
) -> None:
    """The class of a replica, which a .rep file made or which is a living object's."""
    nested = f"{interface.name}Source" if made is not None else ""
    readOnly = made._ro_readOnly if made is not None else frozenset()
    members = _members(interface)
    base = QRemoteObjectReplica
    writer.uses("pyside_ro", "QRemoteObjectReplica")
    writer.add(f"class {interface.name}(QRemoteObjectReplica):")
    before = len(writer.lines)
    for info in interface.enums:
        if nested:
            writer.uses("typing", "TypeAlias")
            writer.add(f"{info.name}: TypeAlias = {nested}.{info.name}", 1)
        else:
            _enum(writer, info, 1)
    for prop in interface.properties:
        kind = (held or {}).get(prop.name) or writer.annotation(prop.type, interface.name, members)
        settable = prop.writable and prop.name not in readOnly
        _attribute(writer, prop.name, kind, settable, base)
    _signals(writer, [signal.name for signal in interface.signals], base)
    _slots(writer, interface, members, base, pending=True)
    if nested:
        _getEnum(writer)
    if len(writer.lines) == before:
        writer.add("...", 1)
    writer.add()


def _members(interface: Interface) -> frozenset[str]:
    members: tuple[Any, ...] = (*interface.properties, *interface.signals, *interface.slots)
    return frozenset(member.name for member in members)


def repStub(rep: RepFile, about: str) -> str:
    """The stub of a module that has the classes of `rep` by their names; `about` is a comment."""
    writer = Writer(rep._scope)
    exported: list[str] = []
    for cls in rep.enum.values():
        _enum(writer, _infoOf(cls), 0)
        exported.append(cls.__name__)
    for pod in rep._file.pods:
        _pod(writer, pod, rep.pod[pod.name])
        exported.append(pod.name)
    for declared in rep._file.classes:
        source, replica = rep.source[declared.name], rep.replica[declared.name]
        _source(writer, declared, source)
        _replica(writer, source._ro_interface, replica, _held(writer, rep, source._ro_rep))
        exported += [source.__name__, replica.__name__]
    return writer.text(about, sorted(exported))


def objectStub(interface: Interface, about: str) -> str:
    """The stub of a replica class for an object with this interface.

    With the records and enums that its members hold, as far as the interface defines them.
    """
    scope = Scope()
    for info in interface.enums:
        full = f"{interface.name}::{info.name}"
        scope.enums[full] = enum.IntFlag if info.flag else enum.IntEnum
        scope.pythonNames[full] = info.name
    records = [each for each in interface.types if _isRecord(each, interface)]
    scope.pods |= {record.name: type(record.name, (), {}) for record in records}
    writer = Writer(scope)
    exported = [interface.name, *(record.name for record in records)]
    # Where annotations stand, these would hide it.
    taken = {*_USED, *_members(interface), *(info.name for info in interface.enums)}
    taken |= {name for record in records for name, _ in record.parts}
    for each in interface.types:
        if each.kind in ("enum", "flag") and all(map(_isName, each.name.split("."))):
            exported.append(_otherEnum(writer, each, {*taken, *exported}))
    for record in records:
        _record(writer, record)
    _replica(writer, interface)
    return writer.text(about, sorted(exported))


def _otherEnum(writer: Writer, info: TypeInfo, taken: set[str]) -> str:
    """An enum that is not the class's own; gives the name that it has in the stub.

    Who has no definition of it gets members with a name and a value (EnumRecord), and sends
    numbers: so it is no IntEnum, and arguments may be numbers as well.
    """
    name = info.name.replace(".", "_")
    while name in taken:
        name += "_"
    base: type[enum.Enum] = enum.Flag if info.kind == "flag" else enum.Enum
    # repc puts an enum outside of classes into a class of its own.
    for full in (info.name.replace(".", "::"), f"{info.name}Enum::{info.name}"):
        writer.scope.enums[full] = base
        writer.scope.pythonNames[full] = name
    if all(isinstance(value, int) for _, value in info.parts):
        writer.numbers.add(name)
    _enumClass(writer, name, base, info.parts, 0)
    return name


def _isName(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)


def _isRecord(info: TypeInfo, interface: Interface) -> bool:
    """Whether it is a record that members of an interface name, and that a class can be called."""
    return info.kind == "POD" and _isName(info.name) and info.name != interface.name


def _record(writer: Writer, info: TypeInfo) -> None:
    """A record as who has no definition of it gets it (Record)."""
    members = frozenset(name for name, _ in info.parts)
    writer.uses("typing", "Any")
    writer.add(f"class {info.name}:")
    for name, typeName in info.parts:
        kind = writer.annotation(str(typeName), info.name, members)
        _attribute(writer, name, kind, False, object)
    _asDict(writer, members)
    writer.add()
