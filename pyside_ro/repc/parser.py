"""Parsing: .rep text to the data of `syntax`, or a RepError that says where and why not.

Knows the grammar (rep.lark) and lark.
"""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput, VisitError

from ..errors import RepError
from .messages import CPP_WORDS, explain, fail
from .syntax import (
    Argument,
    Child,
    Class,
    Enum,
    File,
    Flag,
    Model,
    Modifier,
    Pod,
    Prop,
    Signal,
    Slot,
    TypeName,
    Value,
)

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "parse", "parseType"]

#: Characters in a file, and templates (or lists in a default) within each other.
MAX_LENGTH = 1_000_000
MAX_DEPTH = 32

#: What no number of an enum has more of; Python itself refuses some thousands.
_DIGITS = 100

_MODIFIERS = frozenset(("PERSISTED", *(modifier.value for modifier in Modifier)))

#: The types made of C++'s own words, each with its words in the order of the alphabet.
_BUILTINS = frozenset(
    " ".join(sorted(words.split()))
    for words in (
        *("void", "bool", "wchar_t", "char16_t", "char32_t", "float", "double", "long double"),
        *(f"{sign}{kind}" for sign in ("", "signed ", "unsigned ") for kind in ("char", "int")),
        *(
            f"{sign}{kind}{end}"
            for sign in ("", "signed ", "unsigned ")
            for kind in ("short", "long", "long long")
            for end in ("", " int")
        ),
        *("signed", "unsigned"),
    )
)


class _Problem(Exception):
    """Something is wrong at a token."""

    def __init__(self, token: Token, message: str) -> None:
        super().__init__(message)
        self.token = token
        self.message = message


def _name(token: Token) -> str:
    if token.value in CPP_WORDS:
        raise _Problem(token, f"found {token.value!r}, a keyword of C++, expected a name")
    if token.value in _MODIFIERS:
        raise _Problem(token, f"found {token.value!r}, a word of .rep, expected a name before it")
    return str(token.value)


def _line(token: Token) -> int:
    return token.line or 0


def _kept(children: Any, kind: Any) -> tuple[Any, ...]:
    return tuple(child for child in children if isinstance(child, kind))


@v_args(inline=True)
class _Builder(Transformer[Token, File]):
    """Builds the data bottom up, while lark parses: no depth of nesting can exhaust the stack."""

    def start(self, *items: Any) -> File:
        lines = [item for item in items if type(item) is str]
        marked: dict[str, list[str]] = {"#HEADER": [], "#FOOTER": []}
        directives = []
        for line in lines:
            if line[:7] in marked:
                marked[line[:7]].append(line[8:])
            else:
                directives.append(line)
        return File(
            _kept(items, Class),
            _kept(items, Pod),
            _kept(items, Enum),
            _kept(items, Flag),
            tuple(item.name for item in _kept(items, TypeName)),
            tuple(directives),
            tuple(marked["#HEADER"]),
            tuple(marked["#FOOTER"]),
        )

    def directive(self, token: Token) -> str:
        return str(token.value).rstrip()

    def class_(self, first: Token, *rest: Any) -> Class:
        attribute, name, members = _headed(first, rest)
        return Class(
            name,
            _kept(members, Prop | Model | Child),
            _kept(members, Signal),
            _kept(members, Slot),
            _kept(members, Enum),
            _kept(members, Flag),
            attribute,
            _line(first),
        )

    def prop(
        self, type_: TypeName, name: Token, default: Value | None, modifiers: list[Token]
    ) -> Prop:
        if default is not None and default.depth > MAX_DEPTH:
            raise _Problem(name, f"the default is nested deeper than {MAX_DEPTH}")
        words = [token for token in modifiers if token.value != "PERSISTED"]
        if len(words) == 2 and {word.value for word in words} == {"READONLY", "CONSTANT"}:
            words = [word for word in words if word.value == "CONSTANT"]  # as repc has it
        if len(words) > 1:
            told = " and ".join(str(word.value) for word in words)
            raise _Problem(words[1], f"found {told}, expected one of the modifiers")
        modifier = Modifier(words[0].value) if words else Modifier.READPUSH
        persisted = len(words) < len(modifiers) and any(t.value == "PERSISTED" for t in modifiers)
        return Prop(type_, _name(name), default, modifier, persisted, _line(name))

    def modifiers(self, *tokens: Token) -> list[Token]:
        return list(tokens)

    def child(self, name: Token, type_: TypeName) -> Child:
        return Child(_name(name), type_, _line(name))

    def model(self, name: Token, *roles: Token | None) -> Model:
        return Model(_name(name), tuple(map(_name, filter(None, roles))), _line(name))

    def signal(self, name: Token, arguments: tuple[Argument, ...]) -> Signal:
        return Signal(_name(name), arguments, _line(name))

    def slot(self, *parts: Any) -> Slot:
        *result, name, arguments = parts
        if result and result[0] == TypeName("void"):
            result = []
        return Slot(_name(name), arguments, result[0] if result else None, _line(name))

    def parameters(self, *arguments: Argument) -> tuple[Argument, ...]:
        return arguments

    def parameter(self, type_: TypeName, name: Token | None, default: Value | None) -> Argument:
        if name is not None and default is not None and default.depth > MAX_DEPTH:
            raise _Problem(name, f"the default is nested deeper than {MAX_DEPTH}")
        return Argument(type_, _name(name) if name is not None else "", default)

    def field(self, type_: TypeName, name: Token) -> Argument:
        return Argument(type_, _name(name), line=_line(name))

    def enum(self, *parts: Any) -> Enum:
        scoped = isinstance(parts[0], Token) and parts[0].type == "SCOPED"
        name, type_, *items = parts[scoped:] if scoped or parts[0] is not None else parts[1:]
        keys: list[tuple[str, int]] = []
        following = 0
        for item in items:
            if item is None:
                continue
            key, value = item
            keys.append((key, following if value is None else value))
            following = keys[-1][1] + 1
        if not keys:
            raise _Problem(name, f"ENUM {name.value} has no keys")
        return Enum(_name(name), tuple(keys), scoped, type_, _line(name))

    def enumerator(self, name: Token, *value: Token | None) -> tuple[str, int | None]:
        tokens = [token for token in value if token is not None]
        if not tokens:
            return _name(name), None
        digits = str(tokens[-1].value).rstrip("uUlL")
        if len(digits) > _DIGITS:
            raise _Problem(name, f"{name.value}: the number has {len(digits):,} digits")
        number = int(digits, 16) if digits[:2].lower() == "0x" else int(digits)
        return _name(name), -number if tokens[0].value == "-" else number

    def flag(self, name: Token, enum: Token) -> Flag:
        return Flag(_name(name), _name(enum), _line(name))

    def use_enum(self, name: TypeName) -> TypeName:
        return name

    def pod(self, first: Token, *rest: Any) -> Pod:
        attribute, name, members = _headed(first, rest)
        return Pod(
            name,
            _kept(members, Argument),
            _kept(members, Enum),
            _kept(members, Flag),
            attribute,
            _line(first),
        )

    def type(self, *parts: Any) -> TypeName:
        [base] = _kept(parts, TypeName)
        tokens = _kept(parts, Token)
        const = any(token.type == "CONST" for token in tokens)
        suffix = "".join(token.value for token in tokens if token.type != "CONST")
        return TypeName(base.name, base.arguments, const, suffix, base.depth)

    def base(self, *parts: Any) -> TypeName:
        if isinstance(parts[0], TypeName):
            return parts[0]
        words = [str(part.value) for part in parts]
        if " ".join(sorted(words)) not in _BUILTINS:
            raise _Problem(parts[-1], f"found '{' '.join(words)}', which is no type of C++")
        return TypeName(" ".join(words))

    def scoped(self, *parts: TypeName) -> TypeName:
        name = "::".join(map(str, parts[:-1]))
        last = parts[-1]
        full = f"{name}::{last.name}" if name else last.name
        return TypeName(full, last.arguments, depth=max(part.depth for part in parts))

    def part(self, name: Token, *arguments: Any) -> TypeName:
        given = tuple(argument for argument in arguments if argument is not None)
        depth = 1 + max((argument.depth for argument in given), default=0)
        if depth > MAX_DEPTH:
            raise _Problem(name, f"templates are nested deeper than {MAX_DEPTH}")
        return TypeName(_name(name), given, depth=depth)

    def argument(self, inner: Any) -> TypeName:
        return inner if isinstance(inner, TypeName) else TypeName(str(inner.value))

    def value(self, first: Value, *rest: Any) -> Value:
        others = _kept(rest, Value)
        operators = _kept(rest, Token)
        if all(token.value == "|" for token in operators):
            return Value("flags", items=(first, *others)) if others else first
        if any(item.kind != "number" for item in (first, *others)):
            raise _Problem(operators[0], f"found {operators[0].value!r} between what is no number")
        return Value("number", " ".join([first.text, *(str(item) for item in rest)]))

    def number(self, *tokens: Token) -> Value:
        return Value("number", "".join(str(token.value) for token in tokens))

    def string(self, *tokens: Token) -> Value:
        return Value("string", " ".join(str(token.value) for token in tokens))

    def literal(self, token: Token) -> Value:
        return Value("named", str(token.value))

    def character(self, token: Token) -> Value:
        return Value("character", str(token.value))

    def named(self, name: TypeName, values: tuple[Value, ...] | None = None) -> Value:
        return Value("named", str(name), values)

    def list(self, values: tuple[Value, ...]) -> Value:
        return Value("list", items=values)

    def values(self, *items: Value) -> tuple[Value, ...]:
        return items


def _headed(first: Token, rest: tuple[Any, ...]) -> tuple[str, str, tuple[Any, ...]]:
    """The attribute, the name and the members of a class or POD."""
    if rest and isinstance(rest[0], Token):
        return _name(first), _name(rest[0]), rest[1:]
    return "", _name(first), rest


@functools.cache
def _lark() -> Lark:
    grammar = files(__package__).joinpath("rep.lark").read_text(encoding="utf-8")
    return Lark(
        grammar,
        start=["start", "type"],
        parser="lalr",
        transformer=_Builder(),
        maybe_placeholders=True,
    )


def parse(text: str, file: str = "") -> File:
    """Parse .rep text; `file` is its name for messages. Raises RepError."""
    result: File = _parse(text, file, "start")
    return result


def parseType(text: str) -> TypeName:
    """Parse the name of a C++ type. Raises RepError."""
    result: TypeName = _parse(text, "", "type")
    return result


def _parse(text: str, file: str, start: str) -> Any:
    if len(text) > MAX_LENGTH:
        raise RepError(
            f"{len(text):,} characters; a .rep file may have {MAX_LENGTH:,} at most", file
        )
    text = text.removeprefix("\ufeff")
    try:
        parsed: Any = _lark().parse(text, start=start)
    except UnexpectedInput as error:
        patterns = {terminal.name: terminal.pattern.value for terminal in _lark().terminals}
        explain(error, text, file, patterns)
    except VisitError as error:
        if isinstance(error.orig_exc, _Problem):
            fail(error.orig_exc.token, error.orig_exc.message, text, file)
        raise
    except _Problem as problem:
        fail(problem.token, problem.message, text, file)
    return parsed
