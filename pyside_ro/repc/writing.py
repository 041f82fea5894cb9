"""Python text as `ruff format` has it: lines, imports, annotations.

Knows what a type of .rep is in Python (`kinds`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..errors import RepError
from .kinds import Kind, Scope, UnknownType
from .layout import WIDTH, Group, Node, laid
from .parser import parseType

__all__ = ["IGNORED", "Writer", "importLine"]

IGNORED = "  # type: ignore"
#: Names of Python that annotations use, and a member may have as well.
_BUILTINS = re.compile(r"(?<![.\w])(str|float|bytes|list|dict|set|tuple|object)\b")


class Writer:
    """Collects lines, and which imports they need."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.lines: list[str] = []
        self.imports: dict[str, set[str]] = {}
        self.modules: set[str] = set()
        #: The enums for which a number may be given as well.
        self.numbers: set[str] = set()

    def uses(self, module: str, *names: str) -> None:
        self.imports.setdefault(module, set()).update(names)

    def annotation(self, typeName: str, inside: str, members: frozenset[str]) -> str:
        """What Python calls an interface's type; Any when it is not known here."""
        try:
            kind = self.scope.kind(parseType(typeName), inside)
        except (UnknownType, RepError):
            self.uses("typing", "Any")
            return "Any"
        self._importFor(kind)
        found = kind.annotation
        if "Any" in re.findall(r"\w+", found):
            self.uses("typing", "Any")
        if members.intersection(_BUILTINS.findall(found)):
            self.modules.add("builtins")
            found = _BUILTINS.sub(r"builtins.\1", found)
        return found

    def _importFor(self, kind: Kind) -> None:
        for item in kind.items:
            self._importFor(item)
        module = kind.what.__module__ if kind.what is not None else ""
        if module.startswith("PySide6."):
            self.uses(module, kind.annotation.partition(".")[0])

    def add(self, line: str = "", depth: int = 0) -> None:
        self.lines.append("    " * depth + line if line else "")

    def laid(self, before: str, annotation: str, after: str, depth: int) -> None:
        """An annotation between what stands before and after it."""
        self.lines += laid(before, _tree(annotation), after, depth)

    def classWith(self, name: str, base: str) -> None:
        """The head of a class statement."""
        self.lines += laid("", Group(f"class {name}(", (("", _tree(base)),), ")"), ":")

    def function(
        self, head: str, arguments: Iterable[str], result: str, depth: int, mark: str = ""
    ) -> None:
        """A function; `mark` is a comment on it."""
        given = list(arguments)
        line = f"{head}({', '.join(given)}) -> {result}: ..."
        if len(line) + 4 * depth <= WIDTH:
            self.add(line + mark, depth)
            return
        self.add(f"{head}({mark}", depth)
        for argument in given:
            name, colon, rest = argument.partition(": ")
            annotation, equals, default = rest.partition(" = ")
            self.laid(f"{name}{colon}", annotation, f"{equals}{default},", depth + 1)
        self.laid(") -> ", result, ": ...", depth)

    def text(self, about: str, exported: Iterable[str]) -> str:
        standard = [f"import {module}" for module in sorted(self.modules)]
        others: list[str] = []
        for module in sorted(self.imports, key=str.lower):
            ours = standard if module == "typing" else others
            ours.append(importLine(module, self.imports[module]))
        names = [f'    "{name}",' for name in exported]
        listed = ["__all__ = [", *names, "]"] if names else ["__all__: list[str] = []"]
        top = [f"# {about}"]
        if any(IGNORED in line for line in self.lines):  # some are for other checkers than mypy
            top.append("# mypy: no-warn-unused-ignores")
        blocks = [top, standard, others, listed, self.lines]
        return "\n\n".join("\n".join(block) for block in blocks if block).rstrip("\n") + "\n"


def _tree(annotation: str) -> Node:
    """An annotation by its brackets, for `laid`."""
    name, bracket, rest = annotation.partition("[")
    if not bracket or not rest.endswith("]"):
        return annotation
    parts: list[str] = []
    depth = 0
    for part in rest[:-1].split(", "):
        if depth:
            parts[-1] += f", {part}"
        else:
            parts.append(part)
        depth += part.count("[") - part.count("]")
    return Group(f"{name}[", tuple(("", _tree(part)) for part in parts), "]")


def importLine(module: str, names: Iterable[str]) -> str:
    ordered = sorted(names, key=lambda name: (not name.isupper(), name))
    line = f"from {module} import {', '.join(ordered)}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in ordered), ")"])
