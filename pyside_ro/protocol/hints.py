"""Whether a value is what a field's annotation says; for records, at both ends.

Knows Python's typing. An annotation that cannot be checked, or not for certain, is not.
"""

from __future__ import annotations

import numbers
import types
import typing
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias, cast

from .standins import Opaque, Record

__all__ = ["Check", "checkOf"]

#: Gives what is wrong: where in the value, what was expected, what was found; or None.
Check: TypeAlias = Callable[[Any], "tuple[str, str, Any] | None"]

_SIMPLE: dict[Any, tuple[type, ...]] = {
    int: (int, numbers.Integral),
    float: (float, int, numbers.Real),
    str: (str,),
    bool: (bool,),
    bytes: (bytes, bytearray, memoryview),
    None: (type(None),),
    type(None): (type(None),),
}
#: What is built again as just this type, wherever it comes from.
_MODULES = ("datetime", "decimal", "uuid", "PySide6")


def checkOf(hint: Any, isRegistered: Callable[[type], bool]) -> Check | None:
    """The check of an annotation; None when there is nothing that can be said for certain."""
    simple = _SIMPLE.get(hint) if hint is None or isinstance(hint, type) else None
    if simple is not None:
        return _instance(simple, _name(hint))
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _union(hint, [checkOf(argument, isRegistered) for argument in arguments])
    if origin is typing.Annotated:
        return checkOf(arguments[0], isRegistered)
    if origin is typing.Literal:
        return lambda value: None if value in arguments else ("", _name(hint), value)
    if origin in (list, set, frozenset):
        return _all(origin, checkOf(arguments[0], isRegistered))
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return _all(tuple, checkOf(arguments[0], isRegistered))
        return _places(hint, [checkOf(argument, isRegistered) for argument in arguments])
    if origin is dict:
        return _items(*(checkOf(argument, isRegistered) for argument in arguments))
    if isinstance(hint, type) and (
        hint in (list, dict, tuple, set, frozenset)
        or isRegistered(hint)
        or hint.__module__.partition(".")[0] in _MODULES
    ):
        # What is of a type that is unknown here is as good.
        return _instance((hint, Record, Opaque), _name(hint))
    return None


def _name(hint: Any) -> str:
    if hint is None or hint is type(None):
        return "None"
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return " | ".join(map(_name, typing.get_args(hint)))
    return (
        hint.__name__
        if isinstance(hint, type) and not typing.get_args(hint)
        else str(hint).replace("typing.", "")
    )


def _instance(kinds: tuple[type, ...], expected: str) -> Check:
    isBool = bool in kinds

    def check(value: Any) -> tuple[str, str, Any] | None:
        if isinstance(value, kinds) or (isBool and type(value).__name__ in ("bool_", "bool")):
            return None
        return "", expected, value

    check.byType = True  # type: ignore[attr-defined]
    return check


def _union(hint: Any, checks: list[Check | None]) -> Check | None:
    if None in checks:
        return None
    known = [check for check in checks if check is not None]

    def check(value: Any) -> tuple[str, str, Any] | None:
        found = [each(value) for each in known]
        if None in found:
            return None
        # Within the one alternative that it was meant to be, if there is one.
        deep = [problem for problem in found if problem is not None and problem[0]]
        return deep[0] if len(deep) == 1 else ("", _name(hint), value)

    return check


def _all(kind: type, element: Check | None) -> Check:
    byType = getattr(element, "byType", False)

    def check(value: Any) -> tuple[str, str, Any] | None:
        if not isinstance(value, kind):
            return "", kind.__name__, value
        if element is None:
            return None
        elements = cast("Iterable[Any]", value)
        if byType:  # of many alike, one says it all
            kinds = {type(item): item for item in elements}
            if all(element(item) is None for item in kinds.values()):
                return None
        for place, item in enumerate(elements):
            problem = element(item)
            if problem is not None:
                return f"[{place}]{problem[0]}", *problem[1:]
        return None

    return check


def _places(hint: Any, checks: list[Check | None]) -> Check:
    def check(value: Any) -> tuple[str, str, Any] | None:
        if not isinstance(value, tuple) or len(value) != len(checks):
            return "", _name(hint), value
        for place, (each, item) in enumerate(zip(checks, value, strict=True)):
            problem = each(item) if each is not None else None
            if problem is not None:
                return f"[{place}]{problem[0]}", *problem[1:]
        return None

    return check


def _items(key: Check | None, item: Check | None) -> Check:
    def check(value: Any) -> tuple[str, str, Any] | None:
        if not isinstance(value, dict):
            return "", "dict", value
        for name, held in value.items():
            problem = key(name) if key is not None else None
            if problem is not None:
                return f" has a key that{problem[0]}", *problem[1:]
            problem = item(held) if item is not None else None
            if problem is not None:
                return f"[{name!r:.40}]{problem[0]}", *problem[1:]
        return None

    return check
