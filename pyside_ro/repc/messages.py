"""What a parse error says: what was found, what was expected, and the line.

Knows the grammar's terminals by their names, and lark's exceptions.
"""

from __future__ import annotations

from typing import Any, NoReturn

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from ..errors import RepError

__all__ = ["CPP_WORDS", "explain", "fail"]

_CPP = """
alignas alignof and asm auto bool break case catch char class concept const constexpr
const_cast continue decltype default delete do double dynamic_cast else enum explicit export
extern false float for friend goto if inline int long mutable namespace new noexcept not
nullptr operator or private protected public register reinterpret_cast requires return short
signed sizeof static static_assert static_cast struct switch template this thread_local throw
true try typedef typeid typename union unsigned using virtual void volatile wchar_t while xor
"""
#: The keywords of C++, which no name can be.
CPP_WORDS = frozenset(_CPP.split())

#: The grammar's terminals in words.
_WORDS = {
    "$END": "the end of the file",
    "BUILTIN": "a type",
    "CONST": "a type",
    "CHARACTER": "a value",
    "FLOAT": "a value",
    "INTEGER": "a number",
    "STRING": "a value",
    "NAME": "a name",
    "SIGN": "a number",
    "LITERAL": "a value",
    "DIRECTIVE": "a directive (#…)",
    "SCOPED": "'class'",
    "POINTER": "'*'",
    "REFERENCE": "'&'",
    "OPERATOR": "an operator",
    "MODIFIER": "a modifier (READONLY, …)",
}
_IN_CLASS = ("PROP", "CLASS", "MODEL", "SIGNAL", "SLOT")
_IN_FILE = ("POD", "USE_ENUM")


def fail(token: Token, message: str, text: str, file: str) -> NoReturn:
    """Raise RepError about a token."""
    line = token.line or 0
    raise RepError(message, file, line, token.column or 0, _sourceLine(text, line)) from None


def _sourceLine(text: str, line: int) -> str:
    lines = text.split("\n", line)[:line]
    return lines[line - 1].rstrip("\r") if len(lines) == line and line else ""


def explain(error: UnexpectedInput, text: str, file: str, patterns: dict[str, str]) -> NoReturn:
    """Raise RepError about what lark did not expect; `patterns` are the terminals' own."""
    if isinstance(error, UnexpectedToken):
        token = error.token
        if token.type == "$END":
            line = text.count("\n") + 1
            column = len(text) - text.rfind("\n")
            found, offset = "the end of the file", len(text)
        else:
            line, column, offset = error.line, error.column, token.start_pos or 0
            found = repr(str(token.value)) if len(token.value) < 60 else f"{token.value[:60]!r}…"
        expected = error.accepts or error.expected
    else:
        assert isinstance(error, UnexpectedCharacters)
        line, column, offset = error.line, error.column, error.pos_in_stream or 0
        token = Token("", text[offset])
        found = repr(text[offset])
        expected = error.allowed or set()
    message = _special(token, text, offset, expected) or (
        f"found {found}, expected {_listed(expected, patterns)}"
    )
    raise RepError(message, file, line, column, _sourceLine(text, line)) from None


def _special(token: Token, text: str, offset: int, expected: Any) -> str:
    """Words for what a list of terminals would not make clear."""
    if text.startswith("/*", offset):
        return "a comment begins here that is never closed"
    if text.startswith(('"', "'"), offset) and not token.type:
        return "a text begins here that is not closed on its line"
    if token.type == "DIRECTIVE":
        return "a directive can only stand outside of a class"
    inFile, inClass = "POD" in expected, "PROP" in expected
    if inFile and token.type in _IN_CLASS:
        return f"{token.value} can only stand in a class"
    if inClass and token.value == "class":
        return "a class cannot stand in a class"
    if inClass and token.type in _IN_FILE:
        return f"{token.value} can only stand outside of a class"
    return ""


def _listed(expected: Any, patterns: dict[str, str]) -> str:
    words = set()
    for name in expected:
        word = _WORDS.get(name) or repr(patterns.get(name, name).replace("\\", ""))
        words.add(word)
    if {"a value", "a number", "a name"} <= words:
        words -= {"a number", "a name"}
    if {"a type", "a name"} <= words:
        words -= {"a name"}
    ordered = sorted(words, key=lambda word: (word.startswith("'"), word))
    if len(ordered) == 1:
        return ordered[0]
    return f"{', '.join(ordered[:-1])} or {ordered[-1]}"
