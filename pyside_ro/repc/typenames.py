"""The name of a C++ type to data, without lark: what a module of declarations needs at its import.

Reads what `str()` of a `TypeName` gives, and the same with other spaces. Knows `syntax`.
"""

from __future__ import annotations

import re
from typing import NoReturn

from ..errors import RepError
from .syntax import TypeName

__all__ = ["isTypeWord", "readType"]

_TOKEN = re.compile(r"\s*([A-Za-z_]\w*|\d+|::|[<>,*&])", re.ASCII)
#: Words that make one name together: ``unsigned long long``.
_BUILTINS = frozenset(
    ("unsigned", "signed", "long", "short", "int", "char", "double", "float", "bool", "void")
)
_MAX_DEPTH = 32


def isTypeWord(text: str) -> bool:
    """Whether one word is what C++, or Qt, calls a type."""
    return text in _BUILTINS or (text[:1] == "Q" and text[1:2].isupper())


def readType(text: str) -> TypeName:
    """The type called `text`, as in ``const QMap<QString, int> &``. Raises RepError."""
    if not isinstance(text, str):
        raise TypeError(f"the name of a C++ type is expected, not {text!r:.80}")
    reader = _Reader(text)
    found = reader.type()
    if reader.next:
        reader.fail()
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[str] = []
        at, end = 0, len(text.rstrip())
        while at < end:
            match = _TOKEN.match(text, at)
            if match is None:
                self.fail()
            self.tokens.append(match[1])
            at = match.end()
        self.at = 0

    @property
    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *expected: str) -> bool:
        if self.next not in expected or not self.next:
            return False
        self.at += 1
        return True

    def fail(self) -> NoReturn:
        raise RepError(f"{self.text!r:.80} is no name of a C++ type")

    def type(self, depth: int = 0) -> TypeName:
        if depth > _MAX_DEPTH:
            raise RepError(f"{self.text!r:.80}: templates are nested deeper than {_MAX_DEPTH}")
        const = self.take("const")
        found = self.base(depth)
        const = self.take("const") or const
        suffix = ""
        while self.next in ("*", "&"):
            suffix += self.next
            self.at += 1
        return TypeName(found.name, found.arguments, const, suffix, found.depth)

    def base(self, depth: int) -> TypeName:
        words = []
        while self.next in _BUILTINS:
            words.append(self.next)
            self.at += 1
        if words:
            return TypeName(" ".join(words))
        parts = [self.part(depth)]
        while self.take("::"):
            parts.append(self.part(depth))
        name = "::".join([*map(str, parts[:-1]), parts[-1].name])
        return TypeName(name, parts[-1].arguments, depth=max(part.depth for part in parts))

    def part(self, depth: int) -> TypeName:
        name = self.next
        if not name.isidentifier():
            self.fail()
        self.at += 1
        arguments: list[TypeName] = []
        if self.take("<"):
            arguments.append(self.argument(depth))
            while self.take(","):
                arguments.append(self.argument(depth))
            if not self.take(">"):
                self.fail()
        inner = max((argument.depth for argument in arguments), default=0)
        return TypeName(name, tuple(arguments), depth=1 + inner)

    def argument(self, depth: int) -> TypeName:
        if self.next.isdigit():
            self.at += 1
            return TypeName(self.tokens[self.at - 1])
        return self.type(depth + 1)
