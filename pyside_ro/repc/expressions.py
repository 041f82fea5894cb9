"""Defaults as Python expressions: what a module of declarations gives for ``= Red | Blue``.

Knows `kinds`, `defaults` and `layout`.
"""

from __future__ import annotations

import enum
import keyword
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QByteArray

from ..errors import RepError
from .defaults import evaluate, isEmpty
from .kinds import Kind
from .layout import Group, Joined, Node, call, pythonText
from .literals import constructor, keysOf
from .syntax import Value

__all__ = ["Namer", "emptyExpression", "expression"]

#: Gives what a class is called where the expression stands, or '' when it has no name there.
Namer = Callable[[type], str]

#: Longer combinations of flags are written as a number.
_LONG = 50


def expression(value: Value, kind: Kind, named: Namer) -> Node | None:
    """The expression for a default; None where it is what the type has without one.

    Raises RepError for what no module can say.
    """
    return None if isEmpty(value, kind) else _written(value, kind, named)


def emptyExpression(kind: Kind, named: Namer) -> Node:
    """The expression for a type's empty value."""
    empty = kind.empty()
    try:
        return _object(empty, named)
    except RepError:
        return call(named(type(empty)))


def _written(value: Value, kind: Kind, named: Namer) -> Node:
    isQt = kind.what is not None and kind.what.__module__.startswith("PySide6.")
    if isQt and not issubclass(kind.what, enum.Enum):  # type: ignore[arg-type]
        if value.kind == "string":  # as it is: it is made a QColor, a QUrl, ... of
            return _object(_plain(value, kind), named)
        made = evaluate(value, kind)
        try:
            return _object(made, named)
        except RepError:
            if not value.items:
                raise
            given = [_object(evaluate(item, _ANY), named) for item in value.items]
            return call(named(type(made)), *given)
    return _object(evaluate(value, kind), named)


def _plain(value: Value, kind: Kind) -> Any:
    isText = kind.name != "QByteArray"
    found = evaluate(value, _ANY)
    return found if isText else found.encode()


def _object(value: Any, named: Namer) -> Node:
    """An expression whose value this is, or one that is converted into it."""
    if isinstance(value, enum.Enum):
        return _member(value, named)
    if value is None or isinstance(value, bool | int):
        return repr(value)
    if isinstance(value, float):
        # No name is needed for a number that is too large.
        return repr(value).replace("inf", "1e999").replace("e+", "e")
    if isinstance(value, str | bytes):
        return pythonText(value)
    if isinstance(value, QByteArray):
        return pythonText(bytes(value.data()))
    if isinstance(value, dict):
        pairs = [(f"{_object(k, named)}: ", _object(v, named)) for k, v in value.items()]
        return Group("{", tuple(pairs), "}")
    if isinstance(value, tuple) and hasattr(value, "_ro_kinds"):
        name = named(type(value))
        items = tuple(("", _object(item, named)) for item in value)
        return Group(f"{name}(", items, ")")
    if isinstance(value, tuple | list):
        items = tuple(("", _object(item, named)) for item in value)
        return Group("(", items, ")") if isinstance(value, tuple) else Group("[", items, "]")
    if isinstance(value, set):
        nodes = sorted((_object(item, named) for item in value), key=str)
        return Group("{", tuple(("", node) for node in nodes), "}") if nodes else "set()"
    if type(value).__module__.startswith("PySide6."):
        arguments = [_object(item, named) for item in constructor(value)]
        return call(named(type(value)), *arguments)
    raise RepError(f"a module cannot have the default {value!r:.80}: use RepFile")


def _member(value: Any, named: Namer) -> Node:
    name = named(type(value))
    if not name:
        if isinstance(value.value, int):
            return repr(int(value.value))
        raise RepError(f"a module cannot have the default {value!r:.80}: use RepFile")
    keys = keysOf(value)
    if len(keys) == 1 and keyword.iskeyword(keys[0]):
        return Group(f"{name}[", (("", pythonText(keys[0])),), "]")
    parts = [f'{name}["{key}"]' if keyword.iskeyword(key) else f"{name}.{key}" for key in keys]
    if len(parts) == 1:
        return parts[0]
    joined = Joined(tuple(parts))
    return joined if parts and len(str(joined)) <= _LONG else call(name, str(int(value.value)))


_ANY = Kind("QVariant", "Any", lambda value: value, lambda: None)
