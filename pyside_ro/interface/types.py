"""Qt's type names: what PySide calls them, their defaults, and whether a value fits one.

Knows Qt's value types by name; imports QtGui only when somebody already has.
"""

from __future__ import annotations

import copy
import enum
import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Property, QByteArray, QMetaType, QObject, QUrl

__all__ = [
    "INTEGERS",
    "canCross",
    "declared",
    "declaredProperty",
    "defaultValue",
    "define",
    "fit",
    "fresh",
    "hasGetter",
    "isWrapped",
    "normalized",
]

#: Names that PySide gives to the same thing in different places.
_ALIASES = {
    "PySide::PyObjectWrapper": "PyObject",
    "QList<QVariant>": "QVariantList",
    "QMap<QString,QVariant>": "QVariantMap",
    "QList<QString>": "QStringList",
    "long long": "qlonglong",
    "longlong": "qlonglong",
    "unsigned int": "uint",
    "unsigned long long": "qulonglong",
    "void": "",
}
_DECLARED: dict[str, Any] = {
    "bool": bool,
    "int": int,
    "double": float,
    "QString": str,
    "QVariantList": list,
    "QVariantMap": dict,
    "PyObject": object,
    "QByteArray": QByteArray,
    "QUrl": QUrl,
}
#: The integer types, with the smallest and the largest value that each holds.
INTEGERS = {
    "int": (-(2**31), 2**31 - 1),
    "uint": (0, 2**32 - 1),
    "short": (-(2**15), 2**15 - 1),
    "ushort": (0, 2**16 - 1),
    "long": (-(2**63), 2**63 - 1),
    "ulong": (0, 2**64 - 1),
    "qlonglong": (-(2**63), 2**63 - 1),
    "qulonglong": (0, 2**64 - 1),
    "qsizetype": (-(2**63), 2**63 - 1),
    "char": (-128, 255),
    "uchar": (0, 255),
}
_CHARACTERS = ("char", "schar", "uchar", "signed char", "unsigned char")
#: What QML calls ``list<Something>``.
_QML_LIST = "QQmlListProperty<"
#: Types that QMetaType knows and PySide cannot convert.
_UNKNOWN = ("QVariantPair", "QVariantHash")
_EMPTY: dict[str, Callable[[], object]] = {
    "bool": bool,
    "double": float,
    "float": float,
    "QString": str,
    "QVariantList": list,
    "QVariantMap": dict,
    "QVariantHash": dict,
    "QStringList": list,
    "QByteArray": QByteArray,
    **dict.fromkeys(INTEGERS, int),
}


#: Types that other rooms define (the enums and PODs of .rep files, and templates of them): name
#: -> a function that gives a value of the type, or raises TypeError; and one that gives the empty
#: value.
_defined: dict[str, tuple[Callable[[Any], Any], Callable[[], Any]]] = {}


#: Those of them whose values are numbers as well.
_numbers: set[str] = set()


def define(
    name: str, convert: Callable[[Any], Any], empty: Callable[[], Any], isNumber: bool = False
) -> None:
    """Have `fit` and `defaultValue` know the type `name`; `isNumber`: its values are ints."""
    _defined[name] = convert, empty
    if isNumber:
        _numbers.add(name)


def normalized(name: str) -> str:
    """The one name used for a type here, on every platform and by every PySide6."""
    return _ALIASES.get(name, name)


def canCross(name: str) -> bool:
    """Whether values of this type can travel: pointers cannot, but to QObjects in properties."""
    return not name.endswith("*")


def declared(name: str) -> Any:
    """What to give to PySide's Signal, Slot and Property for this type: a type or a name."""
    found = _DECLARED.get(name)
    if found is not None:
        return found
    if name.endswith("*"):
        return QObject  # a replica of that object
    if name.startswith(_QML_LIST):
        return list
    if name in _CHARACTERS:
        return int  # PySide crashes on anything but a number in a signal of these
    if name in INTEGERS or name in ("float", "QVariant", "QStringList"):
        return name
    if "<" in name:  # PySide converts few templates, and some of them wrongly
        return list if name.startswith("QList<") else "QVariant"
    if not name.startswith("Q") or name in _UNKNOWN or name in _defined:
        return "QVariant"
    # An enumeration arrives as a Python enum or a number: only QVariant holds both. The same
    # goes for types that this process knows nothing of.
    meta = QMetaType.fromName(name.encode())
    if not meta.isValid() or "::" in name:
        return "QVariant"
    return name


def _valueClass(name: str) -> type | None:
    for module in ("QtCore", "QtGui", "QtWidgets"):
        loaded = sys.modules.get(f"PySide6.{module}")
        found = getattr(loaded, name, None)
        if isinstance(found, type):
            return found
    return None


def isWrapped(cls: type) -> bool:
    """Whether a class is PySide's own, and none of Python's that derives from one."""
    return cls.__module__.startswith(("PySide6.", "shiboken6", "Shiboken"))


def hasGetter(member: object) -> bool:
    """Whether a class's member is a property with `fget` and `fset`.

    QML's ListProperty is a Property as well, and PySide crashes on its `fget`.
    """
    return isinstance(member, Property) and type(member).__name__ != "ListProperty"


def defaultValue(name: str) -> object:
    """The value of a property of this type before its source is reached: Qt's empty one."""
    if name in _defined:
        return _defined[name][1]()
    if name.startswith(_QML_LIST):
        return []
    empty = _EMPTY.get(name) or (_valueClass(name) if name.startswith("Q") else None)
    if empty is None:
        return None
    try:
        return empty()
    except Exception:  # a class that has no empty value
        return None


def declaredProperty(name: str) -> Any:
    """What to give to PySide's Property: what Python reads is the getter's own value.

    So a member of an IntEnum may be declared as the number that it is, which QML understands;
    in a signal it would arrive as nothing more than that number.
    """
    return int if name in _numbers else declared(name)


def fresh(value: Any) -> Any:
    """A copy of a value that somebody may change."""
    if isinstance(value, list | dict | set):
        return copy.deepcopy(value)
    if type(value).__module__.startswith("PySide6.") and not isinstance(value, enum.Enum):
        return copy.copy(value)
    return value


def fit(value: Any, name: str) -> Any:
    """Give `value` as an argument or property of type `name`, converted as Qt would.

    Only conversions that lose nothing are made. Raises TypeError (or OverflowError for an
    integer that is too large) with the type expected and the one found.
    """
    kind = type(value)
    if name in INTEGERS:
        if (
            isinstance(value, int)
            or _isNumpyInteger(kind)
            or (kind is float and value.is_integer())
        ):
            number = int(value)
        elif (isinstance(value, enum.Enum) or kind.__name__ == "EnumRecord") and isinstance(
            value.value, int
        ):
            number = value.value
        else:
            raise TypeError(f"must be {name}, not {kind.__name__}")
        low, high = INTEGERS[name]
        if not low <= number <= high:
            raise OverflowError(f"{number} does not fit {name} ({low} to {high})")
        return value if isinstance(value, enum.Enum) and isinstance(value, int) else number
    if name in ("double", "float"):
        if isinstance(value, int | float):
            return float(value)
        if (
            kind.__module__ == "numpy"
            and hasattr(value, "__float__")
            and not hasattr(value, "__len__")
        ):
            return float(value)
        raise TypeError(f"must be {name}, not {kind.__name__}")
    if name == "bool":
        if kind is bool or (kind is int and value in (0, 1)):
            return bool(value)
        raise TypeError(f"must be bool, not {kind.__name__}")
    if name == "QString":
        if isinstance(value, str):
            return value
        raise TypeError(f"must be str, not {kind.__name__}")
    if name in ("QVariantList", "QStringList"):
        if isinstance(value, list | tuple):
            return list(value)
        raise TypeError(f"must be list, not {kind.__name__}")
    if name in ("QVariantMap", "QVariantHash"):
        if isinstance(value, dict):
            return value
        raise TypeError(f"must be dict, not {kind.__name__}")
    if name == "QByteArray":
        if isinstance(value, bytes | bytearray | memoryview):
            return QByteArray(bytes(value))
        if kind is QByteArray:
            return value
        raise TypeError(f"must be bytes or QByteArray, not {kind.__name__}")
    if name.endswith("*"):
        if value is None or isinstance(value, QObject):
            return value
        raise TypeError(f"must be {name}, not {kind.__name__}")
    if name == "QUrl" and kind is str:
        return QUrl(value)
    if name in _defined:
        return _defined[name][0](value)
    expected = _valueClass(name) if name.startswith("Q") and name != "QVariant" else None
    if expected is not None and kind is not expected:
        try:
            return expected(value)
        except Exception:
            raise TypeError(f"must be {name}, not {kind.__name__}") from None
    return value


def _isNumpyInteger(kind: type) -> bool:
    return kind.__module__ == "numpy" and kind.__name__.startswith(("int", "uint"))
