"""Python expressions laid out as `ruff format` does: on one line, or an item a line.

Text only.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

__all__ = ["WIDTH", "Group", "Joined", "Node", "call", "laid", "lead", "pythonText", "width"]

WIDTH = 88


@dataclass(frozen=True)
class Group:
    """What stands in brackets: each item with what stands before it (``name=``, ``"key": ``)."""

    open: str
    items: tuple[tuple[str, Node], ...]
    close: str

    def __str__(self) -> str:
        inner = ", ".join(f"{before}{node}" for before, node in self.items)
        single = self.open == "(" and len(self.items) == 1
        return f"{self.open}{inner}{',' if single else ''}{self.close}"

    @property
    def isSubscript(self) -> bool:
        """Whether this is ``name[key]``: a comma behind the key would make it a tuple."""
        return self.open.endswith("[") and len(self.open) > 1


@dataclass(frozen=True)
class Joined:
    """Names joined with ``|``."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return " | ".join(self.names)


Node = Group | Joined | str


def call(function: str, *arguments: Node, **named: Node) -> Group:
    """A call; the values are expressions."""
    given = [("", argument) for argument in arguments]
    given += [(f"{name}=", value) for name, value in named.items()]
    return Group(f"{function}(", tuple(given), ")")


def width(text: str) -> int:
    """How many columns a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "FW" else 1
        for c in text
    )


def laid(before: str, node: Node, after: str = "", depth: int = 0) -> list[str]:
    """The lines of an expression, between what stands before and after it."""
    line = f"{before}{node}{after}"
    indent = "    " * depth
    if isinstance(node, str) or lead(node) == str(node) or 4 * depth + width(line) <= WIDTH:
        return [indent + line]
    if isinstance(node, Joined):
        joined = f"{before}{node.names[0]}", *(f"| {name}" for name in node.names[1:])
        return [*(indent + name for name in joined[:-1]), f"{indent}{joined[-1]}{after}"]
    lines = [f"{indent}{before}{node.open}"]
    comma = "" if node.isSubscript and len(node.items) == 1 else ","
    for name, item in node.items:
        lines += laid(name, item, comma, depth + 1)
    return [*lines, f"{indent}{node.close}{after}"]


def lead(node: Node) -> str:
    """What stands on an expression's first line, wherever it is broken."""
    if isinstance(node, Group) and node.items:
        return node.open
    return node.names[0] if isinstance(node, Joined) else str(node)


def pythonText(text: str | bytes) -> str:
    """A string literal, in double quotes unless that takes more escapes."""
    prefix = "b" if isinstance(text, bytes) else ""
    shown = text.decode("latin-1") if isinstance(text, bytes) else text
    quote = "'" if shown.count('"') > shown.count("'") else '"'
    other = "".join(_escaped(c, bool(prefix)) for c in shown)
    return f"{prefix}{quote}{other.replace(quote, chr(92) + quote)}{quote}"


def _escaped(character: str, isByte: bool) -> str:
    if character in "\"'":
        return character
    if isByte and not character.isascii():
        return f"\\x{ord(character):02x}"
    return repr(character)[1:-1]
