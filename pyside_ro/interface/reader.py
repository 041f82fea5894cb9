"""Reading an interface from a QMetaObject, by Qt's rule.

Qt's rule: all that the class and its ancestors up to, not including, QObject declare; with a
``ClassInfo("RemoteObject Type")`` only what the ancestor that carries it, and those above it,
declare. Knows QMetaObject and Python's inspect; knows no wire.

Left out, because no peer may reach it: members whose name starts with an underscore, private
and protected slots of C++ classes, whatever has a pointer in its signature, except properties
that hold a QObject, and the signals that notify of them, and what ties an item of Qt Quick to its
scene.
"""

from __future__ import annotations

import inspect
import weakref
from typing import Any

from PySide6.QtCore import QByteArray, QMetaEnum, QMetaMethod, QMetaObject, QMetaType, QObject

from .definitions import definitionsOf, heldBy
from .description import EnumInfo, Interface, PropertyInfo, SignalInfo, SlotInfo
from .enums import noteEnums
from .metaobjects import askClass, askObject
from .types import canCross, isWrapped, normalized

__all__ = [
    "classInfoType",
    "className",
    "interfaceOfClass",
    "interfaceOfObject",
    "listedRoles",
    "persistedNames",
    "readInterface",
    "rolesOf",
]

_TYPE_KEY = "RemoteObject Type"
_PERSISTED_KEY = "RemoteObject Persisted"
_ROLES = "_ROLES"
#: How many properties, methods and enums QObject itself has. Numbers, as its metaobject may be
#: lost like any other.
_PROPERTIES, _METHODS, _ENUMS = askClass(
    QObject, lambda meta: (meta.propertyCount(), meta.methodCount(), meta.enumeratorCount())
)
_cache: weakref.WeakKeyDictionary[Any, Interface] = weakref.WeakKeyDictionary()
_names: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()
_types: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()
_roles: weakref.WeakKeyDictionary[Any, dict[str, list[str]]] = weakref.WeakKeyDictionary()


def interfaceOfObject(obj: QObject) -> Interface:
    """The interface of a living object: its class's, or its own when QML defined it.

    For a Python class the metaobject of the class is read, never the instance's: connecting a
    signal to an undecorated method gives the instance a layer that holds the method as a slot.
    """
    cls: Any = type(obj)
    if _plain(obj, cls):
        return interfaceOfClass(cls)
    return askObject(obj, lambda meta: _read(meta, cls))


def interfaceOfClass(cls: Any) -> Interface:
    """The interface that instances of a QObject subclass have."""
    found = _cache.get(cls)
    if found is None:
        # A class made from a .rep file says more of its types than a metaobject can.
        found = _cache[cls] = getattr(cls, "_ro_interface", None) or readInterface(cls)
        noteEnums(cls, found)
    return found


def readInterface(cls: Any) -> Interface:
    """The interface that the metaobject of a QObject subclass tells of."""
    return askClass(cls, lambda meta: _read(meta, cls))


def classInfoType(obj: QObject) -> str:
    """The value of ``ClassInfo("RemoteObject Type")``, or '' (the naming rule's second step)."""
    cls: Any = type(obj)
    if not _plain(obj, cls):
        return askObject(obj, _typeInfo)
    found = _types.get(cls)
    if found is None:
        found = _types[cls] = askClass(cls, _typeInfo)
    return found


def _plain(obj: QObject, cls: type) -> bool:
    """Whether an object's metaobject has the name that its class's has.

    That of an instance that QML defined, or whose undecorated methods were connected, may differ.
    """
    found = _names.get(cls)
    if found is None:
        found = _names[cls] = askClass(cls, _name)
    return found == askObject(obj, _name)


def _name(meta: QMetaObject) -> str:
    return str(meta.className())


def persistedNames(cls: Any) -> set[str]:
    """The properties that a class, or one that it inherits from, marks as PERSISTED.

    ``@ClassInfo({"RemoteObject Persisted": "speed gear"})`` is the mark: names and spaces.
    """
    marks = [value for key, value in askClass(cls, _infos) if key == _PERSISTED_KEY]
    return {name for mark in marks for name in mark.split()}


def listedRoles(obj: QObject, name: str) -> list[str]:
    """The roles that an object's class lists for a property that holds a model, by their names.

    ``@ClassInfo(TABLE_ROLES="display|edit")`` lists those of the property `table`, as in Qt;
    without it the list is empty.
    """
    cls: Any = type(obj)
    if not _plain(obj, cls):
        return _listed(askObject(obj, _infos)).get(name.upper(), [])
    return rolesOf(cls, name)


def rolesOf(cls: Any, name: str) -> list[str]:
    """The roles that a class lists so for a property."""
    found = _roles.get(cls)
    if found is None:
        found = _roles[cls] = _listed(askClass(cls, _infos))
    return found.get(name.upper(), [])


def _infos(meta: QMetaObject) -> list[tuple[str, str]]:
    infos = [meta.classInfo(index) for index in range(meta.classInfoCount())]
    return [(str(info.name()), str(info.value())) for info in infos]


def _listed(infos: list[tuple[str, str]]) -> dict[str, list[str]]:
    return {
        key.removesuffix(_ROLES): [role for role in value.split("|") if role]
        for key, value in infos
        if key.endswith(_ROLES)
    }


def className(obj: QObject) -> str:
    """The readable name of an object's class: without what QML appends to it."""
    return askObject(obj, _readableName)


def _readableName(meta: QMetaObject) -> str:
    name = str(meta.className())
    for mark in ("_QMLTYPE_", "_QML_"):
        name = name.split(mark)[0]
    return name


def _typeInfo(meta: QMetaObject) -> str:
    index = meta.indexOfClassInfo(_TYPE_KEY)
    return str(meta.classInfo(index).value()) if index >= 0 else ""


def _read(meta: QMetaObject, cls: type) -> Interface:
    name = _readableName(meta)
    index = meta.indexOfClassInfo(_TYPE_KEY)
    if index >= 0:
        name = _typeInfo(meta)
        ancestor = meta.superClass()
        while ancestor is not None and ancestor.indexOfClassInfo(_TYPE_KEY) == index:
            meta, ancestor = ancestor, ancestor.superClass()
    shared = [
        prop
        for prop in map(meta.property, _properties(meta))
        if prop.isReadable()
        and not str(prop.name()).startswith("_")
        and (canCross(str(prop.typeName())) or _holdsObject(prop.metaType()))
    ]
    notifying = {prop.notifySignalIndex() for prop in shared}
    signals, slots, byMethodIndex = _readMethods(meta, cls, notifying)
    properties: dict[str, PropertyInfo] = {}
    for prop in shared:
        typeName = normalized(str(prop.typeName() or "QVariant"))
        propertyName = str(prop.name())
        # A property that a subclass declares again stands for both.
        properties[propertyName] = PropertyInfo(
            propertyName,
            typeName,
            prop.isWritable() and not prop.isConstant(),  # an older PySide says both
            prop.isConstant(),
            byMethodIndex.get(prop.notifySignalIndex(), -1),
        )
    enums = []
    for i in range(_ENUMS, meta.enumeratorCount()):
        found = meta.enumerator(i)
        keys = tuple((str(found.key(k)), _value(found, k)) for k in range(found.keyCount()))
        enums.append(EnumInfo(str(found.name()), keys, found.isFlag()))
    return Interface(
        name,
        tuple(properties.values()),
        tuple(signals),
        tuple(slots),
        tuple(enums),
        types=definitionsOf(heldBy(cls, properties, [slot.name for slot in slots])),
    )


def _value(found: QMetaEnum, index: int) -> int:
    value = int(found.value(index) or 0)
    # PySide6 6.11 keeps a negative one as the 64 bits that it is.
    return value - 2**64 if value >= 2**63 and not found.isFlag() else value


def _properties(meta: QMetaObject) -> list[int]:
    """The indexes of the properties that count.

    Without those that tie an item of Qt Quick to its scene (parent, children, anchors, what it
    is painted by): who shares a slider shares its value, and not the window around it.
    """
    found: list[int] = []
    level: QMetaObject | None = meta
    while level is not None and level.propertyCount() > _PROPERTIES:
        own = range(max(level.propertyOffset(), _PROPERTIES), level.propertyCount())
        if (
            str(level.className()).startswith("QQuick")
            and _readableName(level) == level.className()
        ):
            found += [i for i in own if not _ofScene(str(level.property(i).typeName()))]
        else:
            found += own
        level = level.superClass()
    return sorted(found)


def _ofScene(typeName: str) -> bool:
    return typeName.endswith("*") or typeName.startswith(("QQuick", "QQmlListProperty<"))


def _readMethods(
    meta: QMetaObject, cls: type, notifying: set[int]
) -> tuple[list[SignalInfo], list[SlotInfo], dict[int, int]]:
    signals: list[SignalInfo] = []
    slots: dict[str, SlotInfo] = {}
    byMethodIndex: dict[int, int] = {}
    previous: SignalInfo | None = None
    for i in range(_METHODS, meta.methodCount()):
        method = meta.method(i)
        name = _text(method.name())
        types = tuple(normalized(_text(t)) for t in method.parameterTypes())
        if name.startswith("_") or not all(
            canCross(kind) or (i in notifying and _holdsObject(method.parameterMetaType(k)))
            for k, kind in enumerate(types)
        ):
            continue
        names = tuple(_text(n) for n in method.parameterNames())
        if method.methodType() == QMetaMethod.MethodType.Signal:
            signal = SignalInfo(name, types, names if any(names) else ())
            # A C++ signal with default arguments is listed again for each shorter form, right
            # behind the full one; all are one signal.
            if (
                previous is not None
                and previous.name == name
                and previous.types[: len(types)] == types
                and not _inPython(cls, name)
            ):
                byMethodIndex[i] = len(signals) - 1
                continue
            byMethodIndex[i] = len(signals)
            signals.append(signal)
            previous = signal
        elif method.access() == QMetaMethod.Access.Public:
            if not any(names):
                names = _parameterNames(cls, name, len(types))
            result = normalized(str(method.typeName() or ""))
            slot = SlotInfo(name, types, names, result)
            slots[slot.signature] = slot
    return signals, list(slots.values()), byMethodIndex


def _holdsObject(kind: QMetaType) -> bool:
    return bool(kind.flags() & QMetaType.TypeFlag.PointerToQObject)


def _text(data: QByteArray) -> str:
    return bytes(data.data()).decode()


def _inPython(cls: type, name: str) -> bool:
    return type(inspect.getattr_static(cls, name, None)).__name__ == "Signal" and any(
        name in vars(base) for base in cls.__mro__ if not isWrapped(base)
    )


def _parameterNames(cls: type, name: str, count: int) -> tuple[str, ...]:
    function = inspect.getattr_static(cls, name, None)
    if not inspect.isfunction(function):
        return ()
    if hasattr(function, "__wrapped__") or hasattr(function, "__signature__"):
        parameters = inspect.signature(function).parameters.values()
        positional = [
            p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
        ][1:]
    else:
        # What inspect finds as well, at a fiftieth of the time.
        code = function.__code__
        positional = list(code.co_varnames[1 : code.co_argcount])
    return tuple(positional[:count]) if len(positional) >= count else ()
