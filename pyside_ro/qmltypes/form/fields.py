"""Which control fits a type, and a value as text and back.

Knows Qt's type names and value types.
"""

from __future__ import annotations

import enum
import json
import re
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QByteArray, QDate, QDateTime, QObject, Qt, QTime, QUrl, QUuid
from PySide6.QtGui import QColor

from ...interface import EnumInfo
from ...interface.types import INTEGERS, fit
from ...protocol.records import registeredType

__all__ = ["Field", "shown"]

_MOST = 2**31 - 1
_ISO = Qt.DateFormat.ISODateWithMs
_SHOWN = 2000
_HINTS = {
    "QDate": "2025-12-31",
    "QTime": "23:59:59",
    "QDateTime": "2025-12-31T23:59:59",
    "QColor": "#rrggbb",
    "QUrl": "https://…",
    "QStringList": '["a", "b"]',
    "QVariantList": "[1, 2]",
    "QVariantMap": '{"a": 1}',
    "QVariant": '1, "text", [1, 2]',
    "PyObject": '1, "text", [1, 2]',
}
_JSON = ("QVariant", "PyObject", "QVariantList", "QVariantMap", "QStringList")
_TEXTS = ("QString", "QUrl", "QUuid", "QByteArray", "QDate", "QTime", "QDateTime")
_BYTES = (QByteArray, bytes, bytearray, memoryview)


@dataclass(frozen=True)
class Field:
    """How a value of a type is shown and entered.

    `editor` is one of: switch, number (of `low` to `high`), real, choice and flags (of
    `options`), colour, text, json, and none: it can be shown only.
    """

    type: str
    editor: str
    low: int = 0
    high: int = 0
    options: tuple[tuple[str, int], ...] = ()
    hint: str = ""

    @staticmethod
    def of(kind: str, name: str = "", enums: tuple[EnumInfo, ...] = ()) -> Field:
        """The field for a type; `name` is the member's, `enums` are those of its interface."""
        found = _enumOf(kind, name, enums)
        if found is not None:
            return Field(kind, "flags" if found.flag else "choice", options=found.keys)
        if kind == "bool":
            return Field(kind, "switch")
        if kind in INTEGERS:
            low, high = INTEGERS[kind]
            if low >= -_MOST - 1 and high <= _MOST:
                return Field(kind, "number", low, high)
            return Field(kind, "text", hint="0")
        if kind in ("double", "float"):
            return Field(kind, "real", hint="0.0")
        if kind == "QColor":
            return Field(kind, "colour", hint=_HINTS[kind])
        if kind in _TEXTS:
            return Field(kind, "text", hint=_HINTS.get(kind, ""))
        if kind in _JSON:
            return Field(kind, "json", hint=_HINTS[kind])
        return Field(kind, "none")

    def described(self) -> dict[str, Any]:
        """For QML."""
        return {
            "type": self.type,
            "editor": self.editor,
            "low": self.low,
            "high": self.high,
            "options": [{"text": key, "value": value} for key, value in self.options],
            "hint": self.hint,
        }

    def empty(self) -> Any:
        """What a control shows before anybody entered anything."""
        if self.editor == "choice":
            return self.options[0][1] if self.options else 0
        return {"switch": False, "number": 0, "flags": 0}.get(self.editor, "")

    def plain(self, value: Any) -> Any:
        """What the control takes: a bool, a number, or else text."""
        if self.editor == "switch":
            return bool(value)
        if self.editor in ("number", "choice", "flags"):
            number = value.value if isinstance(value, enum.Enum) else value
            return number if isinstance(number, int) else 0
        return self.text(value)

    def text(self, value: Any) -> str:
        """A value as text, as `parsed` takes it where it can."""
        if self.editor in ("choice", "flags"):
            return self._keys(self.plain(value))
        if self.editor == "json" and isinstance(value, str):
            return json.dumps(value, ensure_ascii=False)
        return shown(value)

    def editable(self, value: Any) -> bool:
        """Whether what `text` gives of a value can be entered again."""
        if self.editor == "none":
            return False
        if self.editor == "json":
            if value is None or isinstance(value, str):
                return True
            if _asJson(value) is None:
                return False
        elif isinstance(value, _BYTES) and not _isText(_bytesOf(value)):
            return False
        return len(self.text(value)) <= _SHOWN  # else it was cut, and the rest would be lost

    def parsed(self, entered: Any) -> Any:
        """The value that was entered. Raises ValueError, or what `fit` raises, with the reason."""
        if not isinstance(entered, str) or self.type == "QString":
            return fit(entered, self.type) if self.options == () else int(entered)
        text = entered.strip()
        if self.type in INTEGERS:
            return fit(_read(lambda: int(text, 0), f"{text!r} is no whole number"), self.type)
        if self.editor == "real":
            return _read(lambda: float(text), f"{text!r} is no number")
        if self.editor == "json":
            return _read(lambda: json.loads(text), f"{text!r} is no JSON: text stands in quotes")
        value: Any
        if self.type == "QByteArray":
            return QByteArray(entered.encode())
        if self.type == "QColor":
            value = QColor(text)
        elif self.type == "QUrl":
            return QUrl(text)
        elif self.type == "QUuid":
            value = QUuid(text)
            if value.isNull():
                raise ValueError(f"{text!r} is no UUID")
            return value
        elif self.type in ("QDate", "QTime", "QDateTime"):
            maker: Any = {"QDate": QDate, "QTime": QTime, "QDateTime": QDateTime}[self.type]
            value = maker.fromString(text, Qt.DateFormat.ISODate)
        else:
            raise ValueError(f"a {self.type} cannot be entered")
        if not value.isValid():
            raise ValueError(f"{text!r} is no {self.type[1:].lower()}, such as {self.hint}")
        return value

    def _keys(self, number: int) -> str:
        if self.editor == "choice":
            names = [key for key, value in self.options if value == number]
            return names[0] if names else str(number)
        names = [key for key, value in self.options if value and number & value == value]
        return " | ".join(names) or str(number)


def _enumOf(kind: str, name: str, enums: tuple[EnumInfo, ...]) -> EnumInfo | None:
    bare = re.split(r"::|\.", kind)[-1]
    for info in enums:
        if info.name == bare and info.keys:
            return info
    if kind == "int":
        # An enum of a Python class cannot be the type of its properties (PySide6): int is.
        for info in enums:
            if info.name.lower() == name.lower() and info.keys:
                return info
    known = registeredType(kind)
    if isinstance(known, type) and issubclass(known, enum.Enum):
        keys = tuple((item.name, item.value) for item in known if isinstance(item.value, int))
        return EnumInfo(bare, keys, issubclass(known, enum.Flag)) if keys else None
    return None


def _read(how: Any, problem: str) -> Any:
    try:
        return how()
    except ValueError:
        raise ValueError(problem) from None


def _asJson(value: Any) -> str | None:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        return None


def shown(value: Any) -> str:
    """Any value as text for people, abbreviated where it is long."""
    if isinstance(value, str):
        text = value
    elif value is None:
        text = ""
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, float):
        text = f"{value:.12g}"
    elif isinstance(value, QColor):
        form = QColor.NameFormat.HexRgb if value.alpha() == 255 else QColor.NameFormat.HexArgb
        text = value.name(form)
    elif isinstance(value, (QDate, QTime, QDateTime)):
        whole = isinstance(value, QDate) or not (
            value.msec() if isinstance(value, QTime) else value.time().msec()
        )
        text = value.toString(Qt.DateFormat.ISODate if whole else _ISO)
    elif isinstance(value, (QUrl, QUuid)):
        text = value.toString()
    elif isinstance(value, QObject):
        text = f"{value!r:.200}"
    elif isinstance(value, _BYTES):
        data = _bytesOf(value)
        text = data.decode("utf-8", "replace") if _isText(data) else repr(data[:64])
    elif isinstance(value, enum.Enum):
        text = value.name
    else:
        found = _asJson(value) if isinstance(value, (list, tuple, dict)) else None
        text = found or re.sub(r"\bPySide6\.Qt\w+\.", "", repr(value))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _bytesOf(value: Any) -> bytes:
    """All of it, or at least more than is shown."""
    return bytes(value.data() if isinstance(value, QByteArray) else value[: _SHOWN + 1])


def _isText(data: bytes) -> bool:
    try:
        return data.decode().isprintable()
    except UnicodeDecodeError:
        return False
