"""The .rep text of a class that exists: the way back from an interface.

What .rep cannot say is said in comments.
"""

from __future__ import annotations

import enum
from typing import Any

from ..errors import RepError
from ..interface import Interface, PropertyInfo
from .checking import check, complainer, pushName
from .kinds import Scope, UnknownType
from .parser import parse, parseType
from .syntax import Argument, Class, Enum, File, Flag, Modifier, Prop, Signal, Slot, TypeName

__all__ = ["repOfClass"]

_QVARIANT = TypeName("QVariant")


def repOfClass(cls: Any, interface: Interface, persisted: set[str]) -> str:
    """The .rep text of a QObject subclass; of one that a .rep file made, what that file says.

    Raises RepError when the class's name is none in .rep.
    """
    declared = getattr(cls, "_ro_rep", None)
    if declared is not None:
        file: File = cls._ro_file
        declared = next(other for other in file.classes if other.name == declared.name)
        for item in (*declared.properties, *declared.slots):
            try:
                str(item)
            except RepError as error:  # a default that was given in Python
                raise RepError(f"{declared.name}.{item.name}: {error.message}") from None
        text = str(File((declared,), file.pods, file.enums, file.flags, file.uses))
        _checked(text)  # what was declared in Python may have names that .rep cannot have
        return text
    return _Describer(interface, persisted).text()


class _Describer:
    def __init__(self, interface: Interface, persisted: set[str]) -> None:
        self.interface = interface
        self.persisted = persisted
        self.notes: list[str] = []
        self.scope = Scope()
        #: Slots and signals that a property brings with it.
        self.brought: set[tuple[str, str]] = set()

    def text(self) -> str:
        enums, flags = self._enums()
        properties = [self._property(info) for info in self.interface.properties]
        signals = [
            Signal(info.name, self._arguments(info))
            for info in self.interface.signals
            if ("signal", info.signature) not in self.brought
        ]
        slots = [
            Slot(info.name, self._arguments(info), self._type(info.result) if info.result else None)
            for info in self.interface.slots
            if ("slot", info.signature) not in self.brought
        ]
        cls = Class(self.interface.name)
        for name, items in (
            ("enums", enums),
            ("flags", flags),
            ("properties", properties),
            ("signals", signals),
            ("slots", slots),
        ):
            for item in items:
                cls = self._with(cls, name, item)
        notes = "".join(f"// {note}\n" for note in self.notes)
        text = notes + str(File((cls,)))
        _checked(text)
        return text

    def _with(self, cls: Class, name: str, item: Any) -> Class:
        """The class with one member more, or a note that .rep cannot have it."""
        more = Class(**{**vars(cls), name: (*getattr(cls, name), item)})
        try:
            _checked(str(File((more,))))
        except RepError as error:
            self.notes.append(f"{item} is left out: {error.message}")
            return cls
        return more

    def _enums(self) -> tuple[list[Enum], list[Flag]]:
        enums = [Enum(info.name, info.keys) for info in self.interface.enums if not info.flag]
        flags = []
        for info in self.interface.enums:
            self.scope.enums[f"{self.interface.name}::{info.name}"] = enum.IntEnum
            if not info.flag:
                continue
            of = next((other.name for other in enums if other.keys == info.keys), "")
            if not of:
                of = f"{info.name}Key"
                enums.append(Enum(of, info.keys))
            flags.append(Flag(info.name, of))
        return enums, flags

    def _property(self, info: PropertyInfo) -> Prop:
        type_ = self._type(info.type)
        push = f"{pushName(info.name)}({info.type})"
        changed = f"{info.name}Changed({info.type})"
        notify = self.interface.signals[info.notify].signature if info.notify >= 0 else ""
        if info.constant:
            modifier = Modifier.CONSTANT
        elif info.writable and any(slot.signature == push for slot in self.interface.slots):
            modifier = Modifier.READPUSH
            self.brought.add(("slot", push))
        else:
            modifier = Modifier.READWRITE if info.writable else Modifier.READONLY
        if notify == changed or info.constant:
            self.brought.add(("signal", changed))
        elif notify:
            self.brought.add(("signal", notify))
            self.notes.append(f"{info.name}: its signal is {notify}, in .rep it is {changed}")
        else:
            self.notes.append(f"{info.name}: it has no signal, in .rep it has {changed}")
        return Prop(type_, info.name, None, modifier, info.name in self.persisted)

    def _arguments(self, info: Any) -> tuple[Argument, ...]:
        names = info.names if len(info.names) == len(info.types) else ("",) * len(info.types)
        return tuple(
            Argument(self._type(kind), name) for kind, name in zip(info.types, names, strict=True)
        )

    def _type(self, name: str) -> TypeName:
        if name == "PyObject":
            return _QVARIANT
        try:
            type_ = parseType(name)
            self.scope.kind(type_, self.interface.name)
        except (RepError, UnknownType):
            note = f"{name}: nothing is known of this type, it is written as QVariant"
            if note not in self.notes:
                self.notes.append(note)
            return _QVARIANT
        short = type_.name.removeprefix(f"{self.interface.name}::")
        return TypeName(short, type_.arguments, type_.const, type_.suffix)


def _checked(text: str) -> None:
    check(parse(text), complainer(text, ""))
