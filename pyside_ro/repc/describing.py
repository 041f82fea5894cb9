"""The .rep text of a class that exists: the way back from an interface.

What .rep cannot say is said in comments.
"""

from __future__ import annotations

import enum
from typing import Any

from ..errors import RepError
from ..interface import PropertyInfo, interfaceOfClass, persistedNames, rolesOf
from ..interface.comparing import anyAlike
from .checking import check, complainer, pushName
from .kinds import Scope, UnknownType
from .parser import parse, parseType
from .related import declaredFile, heldClassOf, inOrder
from .syntax import (
    Argument,
    Child,
    Class,
    Enum,
    File,
    Flag,
    Model,
    Modifier,
    Prop,
    Property,
    Signal,
    Slot,
    TypeName,
)

__all__ = ["repOfClass"]

_QVARIANT = TypeName("QVariant")


def repOfClass(cls: Any) -> str:
    """The .rep text of a QObject subclass; of one that a .rep file made, what that file says.

    With the classes of the objects that it holds, so that it says all that there is to say.
    Raises RepError when the class's name is none in .rep.
    """
    order, missing = inOrder(cls)
    notes = [f"{name}: no such class is known here" for name in missing]
    files: list[File] = []
    for each in order:
        name, own = interfaceOfClass(each).name, list[str]()
        try:
            file = declaredFile(each) or _Describer(each, own).file()
            _speakable(file)
        except RepError as error:
            if each is cls:
                raise
            notes.append(f"class {name} is left out: {error.message}")
        else:
            files.append(file)
            notes += own if each is cls else [f"{name}: {note}" for note in own]
    text = "".join(f"// {' '.join(note.split())}\n" for note in notes) + str(_merged(files))
    _checked(text)
    return text


def _speakable(file: File) -> None:
    """Raise RepError for what was declared in Python, and what .rep has no words for."""
    for cls in file.classes:
        for item in (*cls.properties, *cls.slots):
            try:
                str(item)
            except RepError as error:  # a default that was given in Python
                raise RepError(f"{cls.name}.{item.name}: {error.message}") from None
    _checked(str(file))  # it may have names that .rep cannot have


def _merged(files: list[File]) -> File:
    """One file of several: a name stands for one type in a process."""

    def all_(name: str) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(item for file in files for item in getattr(file, name)))

    return File(all_("classes"), all_("pods"), all_("enums"), all_("flags"), all_("uses"))


class _Describer:
    """Describes a class that no .rep file made; adds to the `notes` what .rep cannot say."""

    def __init__(self, cls: Any, notes: list[str]) -> None:
        self.cls = cls
        self.interface = interfaceOfClass(cls)
        self.persisted = persistedNames(cls)
        self.notes = notes
        self.scope = Scope()
        #: Slots and signals that a property brings with it.
        self.brought: set[tuple[str, str]] = set()

    def file(self) -> File:
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
        return File((cls,))

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

    def _property(self, info: PropertyInfo) -> Property:
        push = f"{pushName(info.name)}({info.type})"
        changed = anyAlike(f"{info.name}Changed({info.type})")
        notify = self.interface.signals[info.notify].signature if info.notify >= 0 else ""
        signatures = [signal.signature for signal in self.interface.signals]
        alike = [each for each in signatures if anyAlike(each) == changed]
        if info.constant:
            modifier = Modifier.CONSTANT
        elif info.writable and any(slot.signature == push for slot in self.interface.slots):
            modifier = Modifier.READPUSH
            self.brought.add(("slot", push))
        else:
            modifier = Modifier.READWRITE if info.writable else Modifier.READONLY
        if notify:
            self.brought.add(("signal", notify))
            if notify not in alike:
                self.notes.append(f"{info.name}: its signal is {notify}, in .rep it is {changed}")
        elif alike or not info.constant:  # a constant property needs none (see asAtSource)
            self.brought.update(("signal", each) for each in alike)
            self.notes.append(f"{info.name}: it has no signal, in .rep it has {changed}")
        if not info.type.endswith("*"):
            kind = self._type(info.type)
            return Prop(kind, info.name, None, modifier, info.name in self.persisted)
        if info.writable:
            self.notes.append(f"{info.name}: replicas can set it, in .rep they cannot")
        if info.type == "QAbstractItemModel*":
            return Model(info.name, tuple(rolesOf(self.cls, info.name)))
        held = heldClassOf(self.cls, info.name)
        return Child(info.name, TypeName(interfaceOfClass(held).name if held else "QObject"))

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
