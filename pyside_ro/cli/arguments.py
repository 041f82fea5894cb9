"""Text from the command line made into the values that a slot or a property takes.

Knows Qt's type names. A value is read as JSON where the type leaves it open, and taken as plain
text where that is what the type wants.
"""

from __future__ import annotations

import functools
import json
import operator
from collections.abc import Callable, Iterable
from typing import Any

from PySide6 import QtCore, QtGui
from PySide6.QtCore import QDate, QDateTime, Qt, QTime

from pyside_ro.cli.exits import Mistake
from pyside_ro.interface import EnumInfo

__all__ = ["signatureOf", "valueOf", "valuesOf"]

_INTEGERS = frozenset(
    ("int", "uint", "short", "ushort", "long", "ulong", "qlonglong", "qulonglong", "char", "uchar")
    + ("qsizetype", "size_t")
)
_WORDS = {"true": True, "yes": True, "on": True, "1": True} | {
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}
_TIMES: dict[str, Callable[[str], Any]] = {
    "QDateTime": lambda text: QDateTime.fromString(text, Qt.DateFormat.ISODateWithMs),
    "QDate": lambda text: QDate.fromString(text, Qt.DateFormat.ISODate),
    "QTime": lambda text: QTime.fromString(text, Qt.DateFormat.ISODateWithMs),
}


def signatureOf(slot: Any) -> str:
    """A slot or signal for people: ``submit(title: QString, pages: int) -> int``."""
    names = slot.names if len(slot.names) == len(slot.types) else [""] * len(slot.types)
    inner = ", ".join(
        f"{name}: {kind}" if name else kind for name, kind in zip(names, slot.types, strict=True)
    )
    result = getattr(slot, "result", "")
    return f"{slot.name}({inner})" + (f" -> {result}" if result else "")


def valuesOf(
    texts: list[str], overloads: list[Any], member: str, enums: Iterable[EnumInfo] = ()
) -> list[Any]:
    """The arguments for that overload of a slot which takes them; Mistake when none does."""
    fitting = [slot for slot in overloads if len(slot.types) == len(texts)]
    if not fitting:
        forms = " or ".join(signatureOf(slot) for slot in overloads)
        given = f"{len(texts)} argument{'s' * (len(texts) != 1)}"
        raise Mistake(f"{member} does not take {given}: it is {forms}")
    problem: Mistake | None = None
    for slot in fitting:
        try:
            return [
                valueOf(text, kind, f"argument {i + 1}{_named(slot, i)} of {member}", enums)
                for i, (text, kind) in enumerate(zip(texts, slot.types, strict=True))
            ]
        except Mistake as mistake:
            problem = problem or mistake
    assert problem is not None
    raise problem


def _named(slot: Any, index: int) -> str:
    name = slot.names[index] if index < len(slot.names) else ""
    return f" ({name})" if name else ""


def valueOf(text: str, kind: str, what: str, enums: Iterable[EnumInfo] = ()) -> Any:
    """`text` as a value of the Qt type `kind`; Mistake, naming `what`, when it is none.

    `enums` are those of the object's interface: their keys are taken, and their numbers.
    """

    def wrong(expected: str) -> Mistake:
        return Mistake(f"{what} must be {expected}, not '{text}'")

    if kind == "QString":
        found = _json(text)
        return found if isinstance(found, str) else text
    if kind in _INTEGERS:
        try:
            return int(text, 0)
        except ValueError:
            raise wrong(f"a whole number ({kind})") from None
    if kind in ("double", "float"):
        try:
            return float(text)
        except ValueError:
            raise wrong(f"a number ({kind})") from None
    if kind == "bool":
        if text.casefold() not in _WORDS:
            raise wrong("true or false (bool)")
        return _WORDS[text.casefold()]
    if kind in ("QVariantList", "QStringList"):
        found = _json(text)
        if not isinstance(found, list):
            raise wrong("a JSON list, for example '[1, \"two\"]'")
        return found
    if kind in ("QVariantMap", "QVariantHash"):
        found = _json(text)
        if not isinstance(found, dict):
            raise wrong("a JSON object, for example '{\"a\": 1}'")
        return found
    if kind == "QByteArray":
        return text.encode("utf-8", "surrogateescape")
    info = next((e for e in enums if e.name == kind.rpartition("::")[2]), None)
    if info is not None and "::" in kind:
        return _enumValue(text, info, wrong)
    cls = getattr(QtCore, kind, None) or getattr(QtGui, kind, None)
    if kind.startswith("Q") and kind != "QVariant" and isinstance(cls, type):
        return _qtValue(text, kind, cls, wrong)
    found = _json(text)
    return text if found is _NOTHING else found


def _enumValue(text: str, info: EnumInfo, wrong: Callable[[str], Mistake]) -> int:
    keys = dict(info.keys)
    names = text.split("|") if info.flag else [text]
    try:
        numbers = [keys[name] if name in keys else int(name, 0) for name in map(_lastPart, names)]
    except ValueError:
        several = ", or several as in A|B" if info.flag else ""
        raise wrong(f"one of {', '.join(keys)}{several} ({info.name})") from None
    return functools.reduce(operator.or_, numbers)


def _lastPart(name: str) -> str:
    return name.strip().rpartition(".")[2]


def _qtValue(text: str, kind: str, cls: type, wrong: Callable[[str], Mistake]) -> Any:
    found = _json(text)
    try:
        if kind in _TIMES:
            value = _TIMES[kind](found if isinstance(found, str) else text)
        elif isinstance(found, list):
            value = cls(*found)
        elif isinstance(found, (int, float)) and not isinstance(found, bool):
            value = cls(found)
        else:
            value = cls(found if isinstance(found, str) else text)
    except (TypeError, ValueError, OverflowError):
        raise wrong(f"a {kind}: its text, or its numbers as a JSON list") from None
    if isinstance(value, (QDateTime, QDate, QTime, QtGui.QColor)) and not value.isValid():
        raise wrong(f"a {kind}" + (", as in ISO 8601" if kind in _TIMES else ""))
    return value


_NOTHING = object()


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return _NOTHING
