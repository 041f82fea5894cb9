"""What things are called in a module made of a .rep file: imports, enums of classes, members.

Names that Python cannot have, or that would hide another in their class, get another one.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Sequence
from typing import Any

from ..errors import RepError
from .kinds import Kind
from .making import normal
from .repfile import RepFile
from .syntax import Class, Enum, Flag, Pod
from .writing import importLine

__all__ = ["Names"]

#: Names of Python, or imported, that the body of a class may use.
_USED = ("rep", "enum", "Any", "SignalInstance", "QObject", "QAbstractItemModel", "builtins")
#: Names that ruff finds hard to tell from numbers.
_AMBIGUOUS = ("l", "O", "I")


class Names:
    """The names of one module; `enter` a class before its body is written."""

    def __init__(self, rep: RepFile, file: str) -> None:
        self.rep = rep
        self.pods = rep._file.pods
        self.classes = [normal(cls) for cls in rep._file.classes]
        sources = [source.__name__ for source in rep.source.values()]
        self.exported = [*rep.enum, *rep.pod, *sources, *rep.replica]
        containers: tuple[Pod | Class, ...] = (*self.pods, *self.classes)
        nested = {item.name for cls in containers for item in cls.enumerations}
        for name in (*self.exported, *nested):
            told = f"a module cannot have {name!r}"
            if keyword.iskeyword(name):
                raise RepError(f"{told}, a word of Python: use RepFile", file)
            if self.exported.count(name) > 1:
                raise RepError(f"{told} twice: use RepFile", file)
        #: What no import and no member may be called.
        self.taken = {*self.exported, *nested}
        #: The rules of ruff that names of the file break.
        self.ignored: set[str] = set()
        #: The enums of classes that records, or classes before theirs, need.
        self.ahead = self._ahead()
        self._names: dict[str, set[str]] = {}
        self._modules: dict[str, str] = {}
        #: The class statement whose body is written.
        self.statement = ""
        self._own: dict[type, str] = {}
        self._members: set[str] = set()
        self._hiding: set[str] = set()

    def _ahead(self) -> dict[type, tuple[Class, Enum | Flag]]:
        first: dict[str, int] = {}
        containers: tuple[Pod | Class, ...] = (*self.pods, *self.classes)
        for index, cls in enumerate(containers):
            for type_ in cls.types:
                for kind in _within(self.rep._scope.kind(type_, cls.name)):
                    first.setdefault(kind.name, index)
        found: dict[type, tuple[Class, Enum | Flag]] = {}
        for index, cls in enumerate(self.classes, len(self.pods)):
            items = cls.enumerations
            early = {i.name for i in items if first.get(f"{cls.name}::{i.name}", index) < index}
            early |= {flag.enum for flag in cls.flags if flag.name in early}
            for item in items:
                if item.name in early:
                    found[self.rep.source[cls.name].get_enum(item.name)] = cls, item
        return found

    def enter(
        self, statement: str, made: Any, members: Sequence[str], kinds: Iterable[Kind]
    ) -> None:
        """Go into the body of the class `made`, with these members, which mentions these types."""
        self.statement = statement
        self._own = {cls: name for name, cls in made._ro_enums.items()}
        self._members = set(members)
        self._hiding = {*self.taken, *_USED}
        for kind in kinds:
            for inner in _within(kind):
                if inner.what is not None and inner.what.__module__.startswith("PySide6."):
                    self._hiding.add(inner.what.__qualname__.partition(".")[0])
                if inner.annotation.startswith("set["):
                    self._hiding.add("set")

    # Imports

    def uses(self, module: str, name: str) -> str:
        """Import a name; gives what it is called here."""
        local = f"_{name}" if name in self.taken else name
        shown = name if local == name else f"{name} as {local}"
        self._names.setdefault(module, set()).add(shown)
        return local

    def module(self, name: str) -> str:
        """Import a module of the standard library; gives what it is called here."""
        return self._modules.setdefault(name, f"_{name}" if name in self.taken else name)

    @property
    def ro(self) -> str:
        """What `pyside_ro.rep` is called here."""
        return self.uses("pyside_ro", "rep")

    def any(self) -> str:
        """What `typing.Any` is called here."""
        return self.uses("typing", "Any")

    def imports(self) -> list[list[str]]:
        """The lines that import: of the standard library, and others."""
        standard = [
            f"import {name}" if local == name else f"import {name} as {local}"
            for name, local in sorted(self._modules.items())
        ]
        others: list[str] = []
        for module in sorted(self._names, key=str.lower):
            lines = standard if module == "typing" else others
            lines.append(importLine(module, self._names[module]))
        return [standard, others]

    # Members and classes

    def note(self, name: str, rule: str) -> None:
        """Have ruff let a name pass that it would not."""
        if name in _AMBIGUOUS:
            self.ignored.add(rule)

    def attribute(self, name: str) -> str:
        """What a member is called in its class's body, where it must not hide what others need."""
        found = name
        while keyword.iskeyword(found) or found in self._hiding:
            found += "_"
        while found != name and found in self._members:
            found += "_"
        self.note(found, "E741")
        return found

    def called(self, cls: type) -> str:
        """What a class is called where it is written now; '' when it has no name there."""
        if cls in self._own:
            return self._own[cls]
        if cls.__module__.startswith("PySide6."):
            first, dot, rest = cls.__qualname__.partition(".")
            return f"{self.uses(cls.__module__, first)}{dot}{rest}"
        if cls in self.ahead:
            owner, item = self.ahead[cls]
            return f"_{owner.name}_{item.name}"
        hidden = self._own.values()
        pods = self.rep.pod.items()
        for name, found in (*self.rep.enum.items(), *pods):
            if found is cls:
                return "" if name in hidden else name
        sources = [(source.__name__, source) for source in self.rep.source.values()]
        for name, holder in (*sources, *pods):
            for inner, found in holder._ro_enums.items():
                if found is cls and name not in hidden and vars(holder).get(inner) is cls:
                    return f"{name}.{inner}"
        return ""

    def annotation(self, kind: Kind, most: int) -> str:
        """What Python calls a type where it is written now; Any where that is too long."""
        before = {module: set(names) for module, names in self._names.items()}
        modules = dict(self._modules)
        found = self._annotation(kind)
        if len(found) > most:
            self._names, self._modules = before, modules
            return self.any()
        return found

    def _annotation(self, kind: Kind) -> str:
        plain, _, rest = kind.annotation.partition("[")
        if kind.items:
            inner = ", ".join(map(self._annotation, kind.items))
            return f"{self._builtin(plain)}[{inner}]"
        if kind.what is not None:
            return self.called(kind.what) or self.any()
        if plain == "Any":
            return self.any()
        if not rest:
            return self._builtin(plain)
        parts = [part.strip("] ") for part in rest.split(",")]
        inner = ", ".join(self.any() if p == "Any" else self._builtin(p) for p in parts)
        return f"{self._builtin(plain)}[{inner}]"

    def _builtin(self, name: str) -> str:
        if name in self._members or name in self.taken:
            return f"{self.module('builtins')}.{name}"
        return name


def _within(kind: Kind) -> Iterable[Kind]:
    """A type, and those in its template or of its record's fields."""
    yield kind
    for item in (*kind.items, *getattr(kind.what, "_ro_kinds", ())):
        yield from _within(item)
