"""RepFile: classes from .rep text at run time.

Knows all of this room.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NoReturn

from ..interface.types import define
from .checking import Complain, check, complainer
from .classes import replicaClass, sourceClass
from .defaults import BadDefault, evaluate
from .kinds import Kind, Scope, UnknownType
from .syntax import (
    Child,
    Class,
    Enum,
    File,
    Flag,
    Model,
    Pod,
    Prop,
    Property,
    Signal,
    Slot,
    TypeName,
)
from .values import Conflict, enumClass, flagClass, podClass

__all__ = ["RepFile"]


class RepFile:
    """The classes that a .rep file describes (PySide6.QtRemoteObjects.RepFile).

    `content` is the text of the file, not its name. ``source["Simple"]`` is a QObject subclass
    with the properties (and their defaults), signals and ``pushX`` slots of ``class Simple``;
    its slots raise NotImplementedError until a subclass overrides them. ``replica["Simple"]`` is
    for `QRemoteObjectNode.acquire`. ``pod["Point"]`` is a tuple subclass that checks its fields'
    types. The classes' `get_enum` gives their enums.

    Beyond PySide6's: `file` names the file in errors, ``enum["Top"]`` is an enum or flag
    declared outside of the classes, and the enums of a class are its attributes as well.

    Raises RepError (a ValueError, and a RuntimeError as PySide6's is) for what is no .rep file,
    TypeError when `content` is no text.
    """

    def __init__(self, content: str, /, file: str = "") -> None:
        if not isinstance(content, str):
            raise TypeError(
                f"RepFile() takes the text of a .rep file, not {type(content).__name__}"
            )
        # Here, as lark takes its time, and who has no .rep file needs none of it.
        from .parser import parse

        self._file = parse(content, file)
        complain = complainer(content, file)
        check(self._file, complain)
        maker = _Maker(self._file, complain)
        #: The source classes, replica classes, record classes and file-level enums, by name.
        self.source: dict[str, Any] = maker.source
        self.replica: dict[str, Any] = maker.replica
        self.pod: dict[str, Any] = maker.pod
        self.enum: dict[str, Any] = maker.enum
        self._scope = maker.scope

    def __repr__(self) -> str:
        classes, pods = ", ".join(self.source), ", ".join(self.pod)
        return f"RepFile(Classes: [{classes}], PODs: [{pods}])"


class _Maker:
    """Makes the classes of one file, in the order in which they need each other."""

    def __init__(self, file: File, complain: Complain) -> None:
        self.file = file
        self.complain = complain
        self.scope = Scope(uses=file.uses)
        self.source: dict[str, Any] = {}
        self.replica: dict[str, Any] = {}
        self.pod: dict[str, Any] = {}
        self.enum = self._enums(file.enums, file.flags, "")
        classEnums = {cls.name: self._enums(cls.enums, cls.flags, cls.name) for cls in file.classes}
        for pod in file.pods:
            self._makePod(pod)
        for cls in file.classes:
            self._makeClass(cls, classEnums[cls.name])

    def _enums(
        self, enums: tuple[Enum, ...], flags: tuple[Flag, ...], inside: str
    ) -> dict[str, Any]:
        made: dict[str, Any] = {}
        keys = {enum.name: enum.keys for enum in enums}
        items: tuple[Enum | Flag, ...] = (*enums, *flags)
        for item in items:
            try:
                if isinstance(item, Flag):
                    made[item.name] = flagClass(item, keys[item.enum], inside)
                else:
                    made[item.name] = enumClass(item, inside)
            except Conflict as conflict:
                self.complain(str(conflict), item)
            # repc puts an enum outside of classes into a class of its own.
            full = f"{inside or f'{item.name}Enum'}::{item.name}"
            self.scope.enums[full] = made[item.name]
            self.scope.pythonNames[full] = f"{inside}.{item.name}" if inside else item.name
        return made

    def _makePod(self, pod: Pod) -> None:
        enums = self._enums(pod.enums, pod.flags, pod.name)
        kinds = tuple(self._kind(field.type, pod.name, pod) for field in pod.fields)
        try:
            made = podClass(pod, kinds, enums)
        except Conflict as conflict:
            self.complain(str(conflict), pod)
        self.pod[pod.name] = self.scope.pods[pod.name] = made

    def _makeClass(self, cls: Class, enums: dict[str, Any]) -> None:
        defaults: dict[str, Any] = {}
        for prop in _withoutPointers(cls).props:
            kind = self._kind(prop.type, cls.name, prop)
            if prop.default is None:
                defaults[prop.name] = kind.empty()
                continue
            try:
                defaults[prop.name] = evaluate(prop.default, kind)
            except BadDefault as error:
                self.complain(f"PROP {prop.name}: {error}", prop)
        functions: tuple[Signal | Slot, ...] = (*cls.signals, *cls.slots)
        for function in functions:
            for argument in function.arguments:
                kind = self._kind(argument.type, cls.name, function)
                if argument.default is not None:
                    try:
                        evaluate(argument.default, kind)
                    except BadDefault as error:
                        self.complain(f"{function.name}, {argument.name}: {error}", function)
            if isinstance(function, Slot) and function.result is not None:
                self._kind(function.result, cls.name, function)

        def kindOf(type_: TypeName) -> Kind:
            return self.scope.kind(type_, cls.name)

        source = sourceClass(_withoutPointers(cls), kindOf, defaults, enums)
        source._ro_file = self.file
        self.source[cls.name] = source
        self.replica[cls.name] = replicaClass(source)

    def _kind(self, type_: TypeName, inside: str, about: Any) -> Kind:
        try:
            kind = self.scope.kind(type_, inside)
        except UnknownType as error:
            self._unknown(error, about)
        if kind.isDefinedHere:
            isNumber = kind.what is not None and issubclass(kind.what, int)
            define(kind.name, kind.convert, kind.empty, isNumber)
        return kind

    def _unknown(self, error: UnknownType, about: Any) -> NoReturn:
        self.complain(f"{about.name}: {error}", about)


def _withoutPointers(cls: Class) -> Class:
    """The class with each PROP that holds a pointer as the CLASS or MODEL that it is."""
    properties: list[Property] = []
    for item in cls.properties:
        if not isinstance(item, Prop) or not item.type.isPointer:
            properties.append(item)
        elif item.type.name == "QAbstractItemModel":
            properties.append(Model(item.name, (), item.line))
        else:
            properties.append(Child(item.name, TypeName(item.type.name), item.line))
    return replace(cls, properties=tuple(properties))
