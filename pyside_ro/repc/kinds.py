"""What a C++ type of a .rep file is in Python: its name in an interface, its values, its checks.

Knows Qt's types and the enums and PODs of the file; makes no classes.
"""

from __future__ import annotations

import enum
import functools
import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..interface.types import INTEGERS, defaultValue, fit
from ..protocol.records import registeredType
from .syntax import TypeName

__all__ = ["Kind", "Scope", "UnknownType", "fitStrictly"]


class UnknownType(Exception):
    """A type that nothing is known of, in words."""


@dataclass(frozen=True)
class Kind:
    """A type. `name` is what interfaces call it; `annotation` what Python does.

    `convert` gives a value of it from what was given, or raises TypeError or OverflowError.
    `what` is its Python class where it is an enum, a record or a class of Qt.
    """

    name: str
    annotation: str
    convert: Callable[[Any], Any]
    empty: Callable[[], Any]
    what: type | None = None
    items: tuple[Kind, ...] = ()

    @property
    def classes(self) -> list[type]:
        """The Python classes in it: `what`, or those of a template's arguments."""
        inner = [cls for item in self.items for cls in item.classes]
        return inner if self.what is None else [self.what, *inner]

    @property
    def isDefinedHere(self) -> bool:
        """Whether `interface.types` cannot know it."""
        if self.what is None:
            return "<" in self.name
        return not self.what.__module__.startswith("PySide6.")


#: Other names of C++'s and Qt's plain types.
_SAME = {
    "qint8": "schar",
    "signed char": "schar",
    "quint8": "uchar",
    "unsigned char": "uchar",
    "qint16": "short",
    "short int": "short",
    "signed short": "short",
    "signed short int": "short",
    "quint16": "ushort",
    "unsigned short": "ushort",
    "unsigned short int": "ushort",
    "qint32": "int",
    "signed": "int",
    "signed int": "int",
    "quint32": "uint",
    "unsigned": "uint",
    "unsigned int": "uint",
    "long int": "long",
    "signed long": "long",
    "signed long int": "long",
    "unsigned long": "ulong",
    "unsigned long int": "ulong",
    "qint64": "qlonglong",
    "long long": "qlonglong",
    "long long int": "qlonglong",
    "signed long long": "qlonglong",
    "signed long long int": "qlonglong",
    "quint64": "qulonglong",
    "unsigned long long": "qulonglong",
    "unsigned long long int": "qulonglong",
    "size_t": "qulonglong",
    "std::size_t": "qulonglong",
    "qintptr": "qlonglong",
    "quintptr": "qulonglong",
    "qreal": "double",
    "long double": "double",
    "std::string": "QString",
    "std::u16string": "QString",
    "QChar": "QString",
    "QJsonObject": "QVariantMap",
    "QJsonArray": "QVariantList",
    "QJsonValue": "QVariant",
    **{
        f"{prefix}{sign}int{bits}_t": name
        for prefix in ("", "std::")
        for sign, bits, name in (
            *(("", 8, "schar"), ("", 16, "short"), ("", 32, "int"), ("", 64, "qlonglong")),
            *(("u", 8, "uchar"), ("u", 16, "ushort"), ("u", 32, "uint"), ("u", 64, "qulonglong")),
        )
    },
}
_PLAIN = {
    "bool": "bool",
    "double": "float",
    "float": "float",
    "QString": "str",
    "QVariant": "Any",
    "PyObject": "Any",
    "QVariantList": "list[Any]",
    "QVariantMap": "dict[str, Any]",
    "QVariantHash": "dict[str, Any]",
    "QStringList": "list[str]",
    **dict.fromkeys((*INTEGERS, "schar"), "int"),
}
_LISTS = ("QList", "QVector", "QQueue", "QStack", "std::vector", "std::list", "std::deque")
_SETS = ("QSet", "std::set", "std::unordered_set")
_MAPS = ("QMap", "QHash", "std::map", "std::unordered_map")
_PAIRS = ("QPair", "std::pair", "std::tuple")
_CANONICAL = {
    "QList<QVariant>": "QVariantList",
    "QList<QString>": "QStringList",
    "QMap<QString,QVariant>": "QVariantMap",
    "QHash<QString,QVariant>": "QVariantHash",
}


@dataclass
class Scope:
    """Where a type's name is looked up: the enums and PODs of a file, as seen from a class."""

    #: By the names that C++ knows them by from anywhere: ``Simple::Position``, ``TopEnum::Top``.
    enums: dict[str, type[enum.Enum]] = field(default_factory=dict)
    pods: dict[str, type] = field(default_factory=dict)
    #: The names given to USE_ENUM.
    uses: tuple[str, ...] = ()
    #: What a Python module made of the file calls each enum.
    pythonNames: dict[str, str] = field(default_factory=dict)

    def kind(self, type_: TypeName, inside: str = "") -> Kind:
        """What `type_` is, seen from the class or POD `inside`. Raises UnknownType."""
        name = _SAME.get(type_.name, type_.name)
        if type_.isPointer:
            raise UnknownType(f"'{type_}': a pointer cannot travel; share the object by CLASS")
        if type_.arguments:
            return self._template(name, type_, inside)
        if name in _PLAIN:
            known = "char" if name == "schar" else name
            convert = functools.partial(fitStrictly, name=known)
            return Kind(known, _PLAIN[name], convert, lambda: defaultValue(known))
        found = self._enum(name, inside)
        if found is not None:
            return _enumKind(*found, self.pythonNames.get(found[0], found[0]))
        parts = name.split("::")
        for start in range(len(parts)):  # a namespace that #HEADER opens is not known here
            pod = self.pods.get("::".join(parts[start:]))
            if pod is not None:
                return _recordKind(pod.__name__, pod)
        return self._foreign(name)

    def _enum(self, name: str, inside: str) -> tuple[str, type[enum.Enum]] | None:
        parts = name.split("::")
        for start in range(len(parts)):
            rest = "::".join(parts[start:])
            for full in (f"{inside}::{rest}", rest, f"{rest}Enum::{rest}"):
                if full in self.enums:
                    return full, self.enums[full]
        return None

    def _template(self, name: str, type_: TypeName, inside: str) -> Kind:
        items = tuple(self.kind(argument, inside) for argument in type_.arguments)
        inner = [item.annotation for item in items]
        if name in _LISTS and len(items) == 1:
            name = f"QList<{items[0].name}>"
            known = _CANONICAL.get(name)
            return Kind(known or name, f"list[{inner[0]}]", _list(items[0]), list, items=items)
        if name in _SETS and len(items) == 1:
            name = f"QSet<{items[0].name}>"
            return Kind(name, f"set[{inner[0]}]", _set(items[0]), set, items=items)
        if name in _MAPS and len(items) == 2:
            name = f"{'QHash' if name in _MAPS[1::2] else 'QMap'}<{items[0].name},{items[1].name}>"
            known = _CANONICAL.get(name)
            annotation = f"dict[{inner[0]}, {inner[1]}]"
            return Kind(known or name, annotation, _map(*items), dict, items=items)
        if name in _PAIRS:
            name = (
                f"std::{'pair' if len(items) == 2 else 'tuple'}<{','.join(i.name for i in items)}>"
            )
            empty = lambda: tuple(item.empty() for item in items)  # noqa: E731
            annotation = f"tuple[{', '.join(inner)}]"
            return Kind(name, annotation, _tuple(items), empty, items=items)
        if name == "QFlags" and len(items) == 1:
            return items[0]
        raise UnknownType(f"nothing is known of the template '{type_}'")

    def _foreign(self, name: str) -> Kind:
        """A type that the file does not declare: Qt's, or one that the program registered."""
        qt = _qtClass(name)
        if qt is not None and issubclass(qt, enum.Enum):
            return _enumKind(name, qt, qt.__qualname__)
        if qt is not None:
            return Kind(name, name, lambda v: fit(v, name), lambda: defaultValue(name), qt)
        registered = registeredType(name) or registeredType(name.replace("::", "."))
        if registered is not None and issubclass(registered, enum.Enum):
            return _enumKind(name, registered, "Any")
        if registered is not None:
            return _recordKind(name, registered, "Any")
        if name in self.uses:
            return Kind("int", "int", lambda v: fit(v, "int"), int)
        raise UnknownType(
            f"nothing is known of the type '{name}': declare it as POD or ENUM, or register a "
            "Python class of that name with registerType() before"
        )


def _qtClass(name: str) -> Any:
    """PySide's class of that C++ name, or None: of QtCore and QtGui."""
    if not name.startswith("Q"):
        return None
    for module in ("QtCore", "QtGui"):
        found: Any = importlib.import_module(f"PySide6.{module}")
        for part in name.split("::"):
            found = getattr(found, part, None)
        if isinstance(found, type):
            return found
    return None


def _enumKind(name: str, cls: type[enum.Enum], annotation: str) -> Kind:
    isFlag = issubclass(cls, enum.Flag)

    def convert(value: Any) -> Any:
        if isinstance(value, cls):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            try:
                return cls(int(value))
            except ValueError:
                pass
        elif not isinstance(value, enum.Enum):
            raise TypeError(f"must be {name}, not {type(value).__name__}")
        raise TypeError(f"must be {name}, not {value!r:.80}")

    def empty() -> Any:
        try:
            return cls(0)  # what C++ gives
        except ValueError:
            return next(iter(cls))

    return Kind(name, annotation, convert, (lambda: cls(0)) if isFlag else empty, cls)


def _recordKind(name: str, cls: Any, annotation: str = "") -> Kind:
    def convert(value: Any) -> Any:
        if isinstance(value, cls):
            return value
        if isinstance(value, list | tuple) and hasattr(cls, "_ro_empty"):
            try:
                return cls(*value)
            except TypeError as error:
                raise TypeError(f"must be {name}: {error}") from None
        raise TypeError(f"must be {name}, not {type(value).__name__}")

    return Kind(name, annotation or name, convert, getattr(cls, "_ro_empty", lambda: None), cls)


def _each(kind: Kind, values: Any) -> list[Any]:
    converted = []
    for index, value in enumerate(values):
        try:
            converted.append(kind.convert(value))
        except (TypeError, OverflowError) as error:
            raise type(error)(f"item {index} {error}") from None
    return converted


def _list(item: Kind) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        if not isinstance(value, list | tuple) or hasattr(value, "_fields"):
            raise TypeError(f"must be list, not {type(value).__name__}")
        return _each(item, value)

    return convert


def _set(item: Kind) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        if not isinstance(value, set | frozenset | list | tuple):
            raise TypeError(f"must be set, not {type(value).__name__}")
        return set(_each(item, value))

    return convert


def _map(key: Kind, item: Kind) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        if not isinstance(value, dict):
            raise TypeError(f"must be dict, not {type(value).__name__}")
        return dict(zip(_each(key, value), _each(item, value.values()), strict=True))

    return convert


def _tuple(items: Sequence[Kind]) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        if not isinstance(value, list | tuple) or len(value) != len(items):
            raise TypeError(f"must be a tuple of {len(items)}, not {value!r:.80}")
        return tuple(kind.convert(part) for kind, part in zip(items, value, strict=True))

    return convert


_TEXT = Kind("QString", "str", lambda value: fit(value, "QString"), str)
_ANY = Kind("QVariant", "Any", lambda value: value, lambda: None)
#: What these hold is said by their names. Python's own classes call any list and any dict so, and
#: `fit` therefore does not look.
_HOLDING = {
    "QStringList": _list(_TEXT),
    "QVariantMap": _map(_TEXT, _ANY),
    "QVariantHash": _map(_TEXT, _ANY),
}


def fitStrictly(value: Any, name: str) -> Any:
    """As `fit`, for the members of a .rep class: what lists and maps hold is looked at as well."""
    return _strict(name)(value)


@functools.cache
def _strict(name: str) -> Callable[[Any], Any]:
    if name in _HOLDING:
        return _HOLDING[name]
    found = _qtClass(name) if "::" in name else None
    if found is not None and issubclass(found, enum.Enum):
        return _enumKind(name, found, found.__qualname__).convert
    return lambda value: fit(value, name)
