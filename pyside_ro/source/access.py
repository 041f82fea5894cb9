"""Reading, writing and calling the members of a living QObject, however it was defined.

A Python class's properties and slots are reached as Python attributes, a C++ class's through
PySide's wrappers, those of an object that QML defined through its metaobject. Knows PySide.
"""

from __future__ import annotations

import enum
import inspect
import sys
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeAlias

from PySide6.QtCore import Q_ARG, Q_RETURN_ARG, QMetaObject, QMetaProperty, QObject, Qt

from ..interface import PropertyInfo, SlotInfo, askObject
from ..interface.types import fit, hasGetter
from .javascript import inJavaScript, javaScriptInvoker

__all__ = ["converter", "invoker", "reader", "resultConverter", "unknownType", "writer"]

#: Gives a value as one of the type of that name, or raises TypeError or OverflowError.
Fit: TypeAlias = Callable[[Any, str], Any]


#: What was found in classes, which hardly change: each source asks for each of its properties.
_properties: weakref.WeakKeyDictionary[type, dict[str, Any]] = weakref.WeakKeyDictionary()


def _pythonProperty(cls: type, name: str) -> Any:
    known = _properties.setdefault(cls, {})
    if name not in known:
        found = inspect.getattr_static(cls, name, None)
        known[name] = found if hasGetter(found) else None
    return known[name]


def reader(obj: QObject, info: PropertyInfo) -> Callable[[QObject], Any]:
    """A function that reads the property from the object."""
    found = _pythonProperty(type(obj), info.name)
    getter = found.fget if found is not None else None
    if getter is not None:
        return getter  # type: ignore[no-any-return]
    if info.type.startswith("QQmlListProperty<"):
        return _listReader(info.name)
    prop = askObject(obj, lambda meta: meta.property(meta.indexOfProperty(info.name)))
    if prop.isEnumType():
        return _enumReader(prop)
    return _objectReader(prop) if info.type.endswith("*") else prop.read


def unknownType(error: Exception) -> bool:
    """Whether a property could not be read because PySide knows no Python for its type."""
    return isinstance(error, RuntimeError) and str(error).startswith("Can't find converter")


def _enumReader(prop: QMetaProperty) -> Callable[[QObject], Any]:
    """A C++ enum, which PySide gives as a number when it cannot tell which."""
    found = prop.enumerator()
    kind: Any = None
    for module in ("QtCore", "QtGui", "QtWidgets", "QtNetwork"):
        scope = getattr(sys.modules.get(f"PySide6.{module}"), str(found.scope()), None)
        kind = getattr(scope, str(found.enumName()), None) or kind
    if not (isinstance(kind, type) and issubclass(kind, enum.Enum)):
        return prop.read

    def read(obj: QObject) -> Any:
        value = prop.read(obj)
        if type(value) is int:
            with suppress(ValueError):
                return kind(value)
        return value

    return read


def _objectReader(prop: QMetaProperty) -> Callable[[QObject], Any]:
    """A property whose type may be a Python class that is a QML type: only QtQml converts it."""

    def read(obj: QObject) -> Any:
        try:
            return prop.read(obj)
        except RuntimeError:
            from PySide6.QtQml import QQmlProperty

            return QQmlProperty(obj, str(prop.name())).read()

    return read


def _listReader(name: str) -> Callable[[QObject], Any]:
    """QML's ``list<Something>``, which PySide's QMetaProperty cannot read."""
    from PySide6.QtQml import QQmlProperty

    def read(obj: QObject) -> list[QObject]:
        # A QQmlListReference. Its own constructor refuses items (PySide6 6.11).
        found: Any = QQmlProperty(obj, name).read()
        return [found.at(index) for index in range(found.size())]

    return read


def writer(obj: QObject, info: PropertyInfo) -> Callable[[QObject, Any], None]:
    """A function that writes the property; it raises when the object refuses."""
    name, kind = info.name, info.type
    if _pythonProperty(type(obj), name) is not None:

        def writePython(target: QObject, value: Any) -> None:
            setattr(target, name, fit(value, kind))

        return writePython

    def write(target: QObject, value: Any) -> None:
        if not QObject.setProperty(target, name, fit(value, kind)):
            raise TypeError(f"{value!r:.80} was refused as {kind}")

    return write


def invoker(obj: QObject, info: SlotInfo) -> Callable[..., Any]:
    """A function that calls the slot on an object given first."""
    name = info.name
    if inJavaScript(obj, name):
        return javaScriptInvoker(info)
    for attribute in (name, name + "_"):  # PySide calls print() and raise() print_ and raise_
        if callable(getattr(obj, attribute, None)):
            return _caller(attribute)
    types = info.types

    def invoke(target: QObject, *args: Any) -> Any:
        direct = Qt.ConnectionType.DirectConnection
        pairs = [Q_ARG(t, a) for t, a in zip(types, args, strict=True)]
        if info.result:
            return QMetaObject.invokeMethod(target, name, direct, Q_RETURN_ARG(info.result), *pairs)
        QMetaObject.invokeMethod(target, name, direct, *pairs)
        return None

    return invoke


def _caller(attribute: str) -> Callable[..., Any]:
    def call(target: QObject, *args: Any) -> Any:
        return getattr(target, attribute)(*args)

    return call


def converter(info: SlotInfo, fits: Fit = fit) -> Callable[[list[Any]], list[Any]]:
    """A function that fits arguments from a peer to the slot's types, or raises TypeError."""
    types, names = info.types, info.names

    def convert(args: list[Any]) -> list[Any]:
        if len(args) != len(types):
            raise TypeError(f"{info.signature} takes {len(types)} arguments, {len(args)} given")
        fitted = []
        for index, (value, kind) in enumerate(zip(args, types, strict=True)):
            try:
                fitted.append(fits(value, kind))
            except (TypeError, OverflowError) as error:
                named = f" ({names[index]})" if index < len(names) else ""
                raise type(error)(f"argument {index + 1}{named} {error}") from None
        return fitted

    return convert


def resultConverter(info: SlotInfo, fits: Fit) -> Callable[[Any], Any]:
    """A function that fits what the slot gave to the type of its result, or raises TypeError."""
    kind = info.result

    def convert(result: Any) -> Any:
        if not kind:
            return None
        try:
            return fits(result, kind)
        except (TypeError, OverflowError) as error:
            raise TypeError(f"the result {error}") from None

    return convert
