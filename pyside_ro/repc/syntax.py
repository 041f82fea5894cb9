"""What a .rep file says, as plain data; `str()` of a file is .rep text again.

Knows the language's words and nothing of Qt or of Python classes.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TypeAlias

__all__ = [
    "Argument",
    "Child",
    "Class",
    "Enum",
    "File",
    "Flag",
    "Model",
    "Modifier",
    "Pod",
    "Prop",
    "Property",
    "Signal",
    "Slot",
    "TypeName",
    "Value",
]


class Modifier(enum.Enum):
    """Who may set a property, and how."""

    CONSTANT = "CONSTANT"
    READONLY = "READONLY"
    READPUSH = "READPUSH"
    READWRITE = "READWRITE"
    SOURCEONLYSETTER = "SOURCEONLYSETTER"


@dataclass(frozen=True)
class TypeName:
    """A C++ type. `name` is without its templates' arguments: ``QMap``, ``NS::Kind``.

    An argument that is a number is a TypeName whose name is that number.
    """

    name: str
    arguments: tuple[TypeName, ...] = ()
    const: bool = False
    #: What stands behind it: any of ``*`` and ``&``.
    suffix: str = ""
    depth: int = field(default=1, compare=False, repr=False)

    @property
    def isPointer(self) -> bool:
        """Whether it is a pointer."""
        return "*" in self.suffix

    def __str__(self) -> str:
        inner = f"<{', '.join(map(str, self.arguments))}>" if self.arguments else ""
        suffix = f" {self.suffix}" if self.suffix else ""
        return f"{'const ' if self.const else ''}{self.name}{inner}{suffix}"


@dataclass(frozen=True)
class Value:
    """A default. `kind` is

    - "number", "string" or "character": `text` is as it is written (of numbers, there may be a
      sum, or one that is shifted);
    - "named": `text` is a name, `items` what it is called with (None: it is not called);
    - "list": `items` are in braces;
    - "flags": `items` are joined with ``|``.
    """

    kind: str
    text: str = ""
    items: tuple[Value, ...] | None = None
    depth: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        depth = 1 + max((item.depth for item in self.items or ()), default=0)
        object.__setattr__(self, "depth", depth)

    def __str__(self) -> str:
        inner = [str(item) for item in self.items or ()]
        if self.kind == "flags":
            return " | ".join(inner)
        if self.kind == "list":
            return f"{{{', '.join(inner)}}}"
        return self.text if self.items is None else f"{self.text}({', '.join(inner)})"


@dataclass(frozen=True)
class Prop:
    """A property."""

    type: TypeName
    name: str
    default: Value | None = None
    modifier: Modifier = Modifier.READPUSH
    persisted: bool = False
    line: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        default = f" = {self.default}" if self.default is not None else ""
        words = [] if self.modifier is Modifier.READPUSH else [self.modifier.value]
        words += ["PERSISTED"] if self.persisted else []
        tail = f" {', '.join(words)}" if words else ""
        return f"PROP({self.type} {self.name}{default}{tail})"


@dataclass(frozen=True)
class Model:
    """A property that holds a model, with the roles that replicas see."""

    name: str
    roles: tuple[str, ...]
    line: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        return f"MODEL {self.name}({', '.join(self.roles)})"


@dataclass(frozen=True)
class Child:
    """A property that holds another object."""

    name: str
    type: TypeName
    line: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        return f"CLASS {self.name}({self.type})"


@dataclass(frozen=True)
class Argument:
    """An argument of a signal or slot, or a field of a POD; the name may be ''."""

    type: TypeName
    name: str = ""
    default: Value | None = None
    line: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        default = f" = {self.default}" if self.default is not None else ""
        return f"{self.type} {self.name}".rstrip() + default


@dataclass(frozen=True)
class Signal:
    """A signal."""

    name: str
    arguments: tuple[Argument, ...] = ()
    line: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        return f"SIGNAL({self.name}({', '.join(map(str, self.arguments))}))"


@dataclass(frozen=True)
class Slot:
    """A slot; `result` is None when it gives nothing."""

    name: str
    arguments: tuple[Argument, ...] = ()
    result: TypeName | None = None
    line: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        result = "void" if self.result is None else str(self.result)
        return f"SLOT({result} {self.name}({', '.join(map(str, self.arguments))}))"


@dataclass(frozen=True)
class Enum:
    """An enumeration; `type` is the C++ type it is stored in, if it says one."""

    name: str
    keys: tuple[tuple[str, int], ...]
    scoped: bool = False
    type: TypeName | None = None
    line: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        keys = ", ".join(f"{key} = {value}" for key, value in self.keys)
        scoped = "class " if self.scoped else ""
        kind = f" : {self.type}" if self.type is not None else ""
        return f"ENUM {scoped}{self.name}{kind} {{ {keys} }}"


@dataclass(frozen=True)
class Flag:
    """A type for combinations of an enumeration's keys."""

    name: str
    enum: str
    line: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        return f"FLAG({self.name} {self.enum})"


@dataclass(frozen=True)
class Pod:
    """A record. `attribute` is an export macro before its name, or ''."""

    name: str
    fields: tuple[Argument, ...]
    enums: tuple[Enum, ...] = ()
    flags: tuple[Flag, ...] = ()
    attribute: str = ""
    line: int = field(default=0, compare=False, repr=False)

    @property
    def enumerations(self) -> tuple[Enum | Flag, ...]:
        """Its enums, and then its flags."""
        return (*self.enums, *self.flags)

    @property
    def types(self) -> list[TypeName]:
        """The types that its fields mention."""
        return [field.type for field in self.fields]

    def __str__(self) -> str:
        head = f"POD {self.attribute} {self.name}" if self.attribute else f"POD {self.name}"
        fields = ", ".join(map(str, self.fields))
        if not self.enums and not self.flags:
            return f"{head}({fields})"
        inner = "".join(f"    {line}\n" for line in (*self.enumerations, fields) if line)
        return f"{head}\n{{\n{inner}}}"


Property: TypeAlias = "Prop | Model | Child"


@dataclass(frozen=True)
class Class:
    """A class. `properties` has its PROPs, MODELs and CLASSes in their order."""

    name: str
    properties: tuple[Property, ...] = ()
    signals: tuple[Signal, ...] = ()
    slots: tuple[Slot, ...] = ()
    enums: tuple[Enum, ...] = ()
    flags: tuple[Flag, ...] = ()
    attribute: str = ""
    line: int = field(default=0, compare=False, repr=False)

    @property
    def props(self) -> tuple[Prop, ...]:
        """The PROPs alone."""
        return tuple(p for p in self.properties if isinstance(p, Prop))

    @property
    def enumerations(self) -> tuple[Enum | Flag, ...]:
        """Its enums, and then its flags."""
        return (*self.enums, *self.flags)

    @property
    def types(self) -> list[TypeName]:
        """The types that its members mention."""
        functions: tuple[Signal | Slot, ...] = (*self.signals, *self.slots)
        found = [prop.type for prop in self.props]
        found += [argument.type for function in functions for argument in function.arguments]
        return found + [slot.result for slot in self.slots if slot.result is not None]

    def __str__(self) -> str:
        head = f"class {self.attribute} {self.name}" if self.attribute else f"class {self.name}"
        members = (*self.enumerations, *self.properties, *self.signals, *self.slots)
        inner = "".join(f"    {member}\n" for member in members)
        return f"{head}\n{{\n{inner}}};"


@dataclass(frozen=True)
class File:
    """A whole .rep file."""

    classes: tuple[Class, ...] = ()
    pods: tuple[Pod, ...] = ()
    enums: tuple[Enum, ...] = ()
    flags: tuple[Flag, ...] = ()
    #: The names given to USE_ENUM.
    uses: tuple[str, ...] = ()
    #: ``#include`` and the like, each a whole line.
    directives: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()

    @property
    def enumerations(self) -> tuple[Enum | Flag, ...]:
        """Its enums, and then its flags."""
        return (*self.enums, *self.flags)

    def __str__(self) -> str:
        lines = [*(f"#HEADER {line}" for line in self.header), *self.directives]
        lines += [f"USE_ENUM({name})" for name in self.uses]
        lines += map(str, (*self.enumerations, *self.pods))
        blocks = ["\n".join(lines)] if lines else []
        blocks += map(str, self.classes)
        if self.footer:
            blocks.append("\n".join(f"#FOOTER {line}" for line in self.footer))
        return "\n\n".join(blocks) + "\n"
