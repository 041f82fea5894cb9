"""The making of classes from the data of .rep: enums, records, sources and replicas.

Who has the data, a file's parser or the class statements of a module, comes here with it, and
gets the same classes. Knows `kinds`, `values`, `defaults` and `classes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar

from ..interface.types import define
from .checking import Complain
from .classes import Statement, replicaClass, sourceClass
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

__all__ = ["Maker", "normal"]

_NONE: Mapping[str, Any] = MappingProxyType({})
Function = TypeVar("Function", Signal, Slot)


class Maker:
    """Makes classes of data, each from what was made before it."""

    def __init__(self, complain: Complain, uses: tuple[str, ...] = ()) -> None:
        self.complain = complain
        self.scope = Scope(uses=uses)
        #: The source classes, replica classes, record classes and file-level enums, by name.
        self.source: dict[str, Any] = {}
        self.replica: dict[str, Any] = {}
        self.pod: dict[str, Any] = {}
        self.enum: dict[str, Any] = {}

    def makeAll(self, file: File) -> None:
        """Make all that a file declares, in the order in which it needs each other."""
        self.enum |= self.enums(file.enums, file.flags)
        enums = {cls.name: self.enums(cls.enums, cls.flags, cls.name) for cls in file.classes}
        for pod in file.pods:
            self.makePod(pod)
        for cls in file.classes:
            source = self.makeClass(cls, file, enums[cls.name])
            self.replica[cls.name] = replicaClass(source)

    def enums(
        self,
        enums: Iterable[Enum],
        flags: Iterable[Flag],
        inside: str = "",
        written: Mapping[str, Any] = _NONE,
        known: Iterable[Enum] = (),
    ) -> dict[str, Any]:
        """Make enums and flags of the class or POD `inside`.

        `written` are those that exist as Python classes; flags may be of `known` enums as well.
        """
        keys = {enum.name: enum.keys for enum in (*known, *enums)}
        made: dict[str, Any] = {}
        items: tuple[Enum | Flag, ...] = (*enums, *flags)
        for item in items:
            given = written.get(item.name)
            try:
                if isinstance(item, Flag):
                    made[item.name] = flagClass(item, keys[item.enum], inside, given)
                else:
                    made[item.name] = enumClass(item, inside, given)
            except Conflict as conflict:
                self.complain(str(conflict), item)
            # repc puts an enum outside of classes into a class of its own.
            full = f"{inside or f'{item.name}Enum'}::{item.name}"
            self.scope.enums[full] = made[item.name]
            self.scope.pythonNames[full] = f"{inside}.{item.name}" if inside else item.name
        return made

    def makePod(
        self,
        pod: Pod,
        written: Mapping[str, Any] = _NONE,
        namespace: Mapping[str, Any] = _NONE,
    ) -> Any:
        """Make a record class; of a class statement, the enums and what it says of itself."""
        enums = self.enums(pod.enums, pod.flags, pod.name, written)
        kinds = tuple(self._kind(field.type, pod.name, pod) for field in pod.fields)
        try:
            made = podClass(pod, kinds, enums, namespace)
        except Conflict as conflict:
            self.complain(str(conflict), pod)
        self.pod[pod.name] = self.scope.pods[pod.name] = made
        return made

    def makeClass(
        self, cls: Class, file: File, enums: dict[str, Any], written: Statement | None = None
    ) -> Any:
        """Make a source class, with its enums; `file` is what the text of it is made of."""
        cls = normal(cls)
        defaults: dict[str, Any] = {}
        for prop in cls.props:
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

        source = self.source[cls.name] = sourceClass(cls, kindOf, defaults, enums, written)
        source._ro_file = file
        source._ro_others = self.source
        return source

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


def normal(cls: Class) -> Class:
    """The class with each PROP that holds a pointer as the CLASS or MODEL that it is.

    And with the overloads of a signal or slot beside each other, where the first one stands.
    """
    properties: list[Property] = []
    for item in cls.properties:
        if not isinstance(item, Prop) or not item.type.isPointer:
            properties.append(item)
        elif item.type.name == "QAbstractItemModel":
            properties.append(Model(item.name, (), item.line))
        else:
            properties.append(Child(item.name, TypeName(item.type.name), item.line))
    return replace(
        cls,
        properties=tuple(properties),
        signals=_together(cls.signals),
        slots=_together(cls.slots),
    )


def _together(functions: tuple[Function, ...]) -> tuple[Function, ...]:
    first: dict[str, int] = {}
    for index, function in enumerate(functions):
        first.setdefault(function.name, index)
    return tuple(sorted(functions, key=lambda function: first[function.name]))
