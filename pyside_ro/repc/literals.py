"""A Python value as .rep text: defaults that a declaration in Python gives.

Knows enums, records and PySide6's value types by what they say of themselves.
"""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QByteArray

from ..errors import RepError
from .syntax import Value

__all__ = ["Given", "constructor", "keysOf", "repText"]


@dataclass(frozen=True)
class Given(Value):
    """A default that is a Python value already; its text is made when somebody wants it."""

    kind: str = field(default="given", init=False)
    given: Any = field(default=None, hash=False)

    def __str__(self) -> str:
        return repText(self.given)


def keysOf(value: enum.Enum) -> list[str]:
    """The keys that an enum's value is, or a flag's value is made of; none for another number."""
    cls: Any = type(value)
    if not isinstance(value, enum.Flag):
        return [value.name] if value.name in cls.__members__ else []
    wanted = int(value.value)
    names: list[str] = []
    made = 0
    for name, member in cls.__members__.items():
        bits = int(member.value)
        if bits == wanted:
            return [name]
        if bits and bits & wanted == bits and made | bits != made:
            names.append(name)
            made |= bits
    return names if made == wanted else []


def constructor(value: Any) -> tuple[Any, ...]:
    """What a value of PySide6's is made of again: the arguments of its class.

    Raises RepError for a class that does not say so.
    """
    cls: Any = type(value)
    if cls.__name__ == "QColor":
        form = cls.NameFormat.HexRgb if value.alpha() == 255 else cls.NameFormat.HexArgb
        arguments: tuple[Any, ...] = (value.name(form),) if value.isValid() else ()
    else:
        try:
            made, arguments, *state = value.__reduce__()
        except TypeError:
            made, arguments, state = None, (), []
        if made is not cls or state:
            raise RepError(f"nothing tells what {value!r:.80} is made of")
    if cls(*arguments) != value:
        raise RepError(f"{cls.__name__}{arguments!r:.80} is not {value!r:.80} again")
    return arguments


def repText(value: Any) -> str:
    """A default's value as .rep has it. Raises RepError when .rep cannot say it."""
    if value is None:
        return "nullptr"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, enum.Enum):
        return _enumText(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        text = repr(value)
        if text == "nan":
            raise RepError(".rep has no word for nan")
        return text.replace("inf", "1e999")
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bytes | bytearray | QByteArray):
        try:
            raw = value.data() if isinstance(value, QByteArray) else value
            return json.dumps(bytes(raw).decode(), ensure_ascii=False)
        except UnicodeDecodeError:
            raise RepError(f"{value!r:.80} is no text in UTF-8") from None
    if isinstance(value, dict):
        pairs = [f"{{{repText(key)}, {repText(item)}}}" for key, item in value.items()]
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, tuple) and hasattr(value, "_ro_kinds"):
        return f"{type(value).__name__}({', '.join(map(repText, value))})"
    if isinstance(value, list | tuple):
        return f"{{{', '.join(map(repText, value))}}}"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(map(repText, value)))}}}"
    if type(value).__module__.startswith("PySide6."):
        return f"{type(value).__name__}({', '.join(map(repText, constructor(value)))})"
    raise RepError(f"{value!r:.80} cannot be written in a .rep file")


def _enumText(value: Any) -> str:
    cls = type(value)
    names = keysOf(value)
    if not names:
        return str(int(value.value))
    # Some names are words of Python, which .rep has as well.
    words = ("None", "True", "False")
    return " | ".join(f"{cls.__name__}::{name}" if name in words else name for name in names)
