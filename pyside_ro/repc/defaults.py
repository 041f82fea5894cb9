"""The defaults of properties: what a .rep file writes behind ``=``, as a Python value.

C++ and, as in PySide6, Python words are understood: ``true`` and ``True``. Knows `kinds`.
"""

from __future__ import annotations

import ast
import enum
from collections.abc import Mapping
from typing import Any

from ..interface.types import INTEGERS
from .kinds import Kind
from .literals import Given
from .syntax import Value

__all__ = ["BadDefault", "evaluate", "isEmpty"]

_WORDS = {"true": True, "True": True, "false": False, "False": False}
_NOTHING = ("nullptr", "None")
#: By how much less a number can be shifted.
_BITS = 64
_TEXTS = ("QString", "QStringLiteral", "QLatin1String", "QLatin1StringView", "QAnyStringView")


class BadDefault(Exception):
    """A default that is no value of its property's type, in words."""


def evaluate(value: Value, kind: Kind) -> Any:
    """The value of type `kind` that a default stands for. Raises BadDefault."""
    if isinstance(value, Given):
        try:
            return kind.convert(value.given)
        except (TypeError, ValueError, OverflowError) as error:
            told = f"the default {value.given!r:.80} is no {kind.name}: {error}"
            raise BadDefault(told) from None
    try:
        return kind.convert(_evaluate(value, kind))
    except BadDefault:
        raise
    except (TypeError, ValueError, OverflowError) as error:
        raise BadDefault(f"the default {value} is no {kind.name}: {error}") from None


def isEmpty(value: Value, kind: Kind) -> bool:
    """Whether a default is what its type has without one: ``{}``, ``nullptr``."""
    if value.kind == "named" and value.items is None:
        return value.text in _NOTHING and value.text not in _keys(kind)
    return value.kind in ("named", "list") and value.items == ()


def _evaluate(value: Value, kind: Kind) -> Any:
    if value.kind == "number":
        return _number(value.text)
    if value.kind == "string":
        return _text(value.text, kind)
    if value.kind == "character":
        character = ast.literal_eval(value.text)
        return ord(character) if kind.name in INTEGERS else character
    if value.kind == "flags":
        result: Any = None
        for item in value.items or ():
            part = evaluate(item, kind)
            result = part if result is None else result | part
        return result
    if isEmpty(value, kind):
        return kind.empty()
    if value.items is None:
        return _named(value.text, kind)
    if value.kind == "named" and value.text in _TEXTS:
        return _evaluate(value.items[0], kind)
    return _made(value, value.items, kind)


def _number(text: str) -> int | float:
    first, *rest = text.split()
    terms = [_literal(first)]
    # As C++ and Python have it: sums before shifts, and those before |.
    operators: list[str] = []
    for operator, number in zip(rest[::2], map(_literal, rest[1::2]), strict=True):
        if operator in "+-":
            terms[-1] += number if operator == "+" else -number
        else:
            operators.append(operator)
            terms.append(number)
    shifted = [terms[0]]
    for operator, number in zip(operators, terms[1:], strict=True):
        if operator == "|":
            shifted.append(number)
        elif isinstance(number, int) and 0 <= number < _BITS:
            shifted[-1] = _bits(shifted[-1]) << number
        else:
            raise ValueError(f"shifted by {number}")
    result = shifted[0]
    for number in shifted[1:]:
        result = _bits(result) | _bits(number)
    return result


def _bits(number: float) -> int:
    """A number as bits. Raises TypeError."""
    if not isinstance(number, int):
        raise TypeError(f"{number} has no bits")
    return number


def _literal(text: str) -> int | float:
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    if digits[:2].lower() == "0x":
        return sign * int(digits.rstrip("uUlL"), 16)
    digits = digits.rstrip("uUlLfF")
    return sign * (int(digits) if digits.isdigit() else float(digits))


def _text(text: str, kind: Kind) -> Any:
    found = ast.literal_eval(f"({text})")
    return found.encode() if kind.name == "QByteArray" else found


def _named(name: str, kind: Kind) -> Any:
    keys = _keys(kind)
    # First of all: an enum may have a key None.
    if (key := name.rpartition("::")[2]) in keys:
        return keys[key]
    if name in _WORDS:
        return _WORDS[name]
    has = f": it has {', '.join(keys)}" if keys else ""
    raise BadDefault(f"the default {name} is no {kind.name}{has}")


def _keys(kind: Kind) -> Mapping[str, Any]:
    isEnum = kind.what is not None and issubclass(kind.what, enum.Enum)
    return kind.what.__members__ if isEnum else {}  # type: ignore[union-attr]


def _made(value: Value, items: tuple[Value, ...], kind: Kind) -> Any:
    """A value made of others: a list, a map of pairs, a POD, a class of Qt."""
    if kind.annotation.startswith(("list[", "set[")):
        inner = kind.items[0] if kind.items else _ANY
        return [evaluate(item, inner) for item in items]
    if kind.annotation.startswith("dict["):
        key, inner = kind.items or (_STRING, _ANY)
        pairs = [item.items or () for item in items]
        if any(len(pair) != 2 for pair in pairs):
            raise BadDefault(f"the default {value} is no {kind.name}: pairs are expected")
        return {evaluate(pair[0], key): evaluate(pair[1], inner) for pair in pairs}
    if kind.items:
        return tuple(evaluate(i, k) for i, k in zip(items, kind.items, strict=False))
    if (kinds := getattr(kind.what, "_ro_kinds", None)) and len(kinds) == len(items):
        return [evaluate(item, inner) for item, inner in zip(items, kinds, strict=True)]
    plain = [_evaluate(item, _ANY) for item in items]
    if kind.what is not None and not issubclass(kind.what, enum.Enum):
        return kind.what(*plain)
    return plain[0] if len(plain) == 1 else plain


_ANY = Kind("QVariant", "Any", lambda value: value, lambda: None)
_STRING = Kind("QString", "str", lambda value: value, str)
