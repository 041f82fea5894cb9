"""The source and the replica class of a .rep class.

Knows PySide's Property, Signal and Slot, and interfaces. A source class holds its properties'
values; its slots are for a subclass to override. A replica class has the names, for
`QRemoteObjectNode.acquire`; its members come from the interface when it is acquired.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import (
    ClassInfo,
    Property,
    QAbstractItemModel,
    QMetaObject,
    QObject,
    Signal,
    SignalInstance,
)
from PySide6.QtCore import Slot as QtSlot

from ..interface import (
    EnumInfo,
    Interface,
    PropertyInfo,
    SignalInfo,
    SlotInfo,
    askMembers,
    readInterface,
)
from ..interface.types import declared, declaredProperty, fresh
from ..replica import QRemoteObjectReplica
from .checking import pushName
from .definitions import typesUsed
from .kinds import Kind, fitStrictly
from .syntax import Argument, Class, Model, Modifier, Prop, Slot

__all__ = [
    "SETTABLE",
    "Source",
    "Statement",
    "argumentNames",
    "byName",
    "forms",
    "heldClass",
    "notOverridden",
    "replicaClass",
    "sourceClass",
]

#: Modifiers with which the source's own Python code may set the property.
SETTABLE = (Modifier.READPUSH, Modifier.READWRITE, Modifier.SOURCEONLYSETTER)


def _fixed(cls: type, names: list[str]) -> list[str]:
    """Those of a class's properties that cannot be written."""

    def found(meta: QMetaObject) -> list[str]:
        props = [meta.property(meta.indexOfProperty(name)) for name in names]
        return [name for name, prop in zip(names, props, strict=True) if not prop.isWritable()]

    return askMembers(cls, found)


class Source(QObject):
    """The base of source classes made from .rep classes."""

    _ro_interface: Interface
    _ro_rep: Class
    _ro_defaults: dict[str, Any] = {}
    _ro_kinds: dict[str, Kind] = {}
    _ro_enums: dict[str, Any] = {}
    #: Has what peers give to slots, and what these give back, held to the types of the .rep.
    _ro_fit = staticmethod(fitStrictly)

    def __init__(self, *args: Any, **named: Any) -> None:
        # Before QObject's: that one may be given properties by name.
        self._ro_values = {name: fresh(value) for name, value in self._ro_defaults.items()}
        known = [name for name in named if name in self._ro_values]
        given = {name: named.pop(name) for name in _fixed(type(self), known)} if known else {}
        super().__init__(*args, **named)
        for name, value in given.items():  # CONSTANT and READONLY, which QObject cannot set
            self._setProperty(name, value)

    @classmethod
    def get_enum(cls, name: str) -> Any:
        """The Python enum of an ENUM or FLAG of the class. Raises KeyError.

        As the classes of PySide6's RepFile have it.
        """
        return _getEnum(cls, name)

    def _setProperty(self, name: str, value: Any) -> None:
        """Set a property's value, whatever its modifier, and tell the replicas; for subclasses.

        Raises TypeError when the value is not of the property's type.
        """
        if name not in self._ro_values:
            raise AttributeError(f"{type(self).__name__} has no property {name!r}")
        kind = self._ro_kinds[name]
        try:
            value = kind.convert(value)
        except (TypeError, OverflowError) as error:
            raise type(error)(f"{type(self).__name__}.{name} {error}") from None
        old = self._ro_values[name]
        if type(old) is type(value) and old == value:
            return
        self._ro_values[name] = value
        getattr(self, f"{name}Changed").emit(value)

    def _signal(self, index: int) -> SignalInstance:
        """The signal of that number in the interface: one name may have several."""
        info = self._ro_interface.signals[index]
        found: Any = getattr(self, info.name)
        if sum(other.name == info.name for other in self._ro_interface.signals) > 1:
            types = tuple(map(declared, info.types))
            found = found[types if len(types) != 1 else types[0]]
        instance: SignalInstance = found
        return instance


def _getEnum(cls: Any, name: str) -> Any:
    if name not in cls._ro_enums:
        raise KeyError(f"Enum '{name}' not found")
    return cls._ro_enums[name]


@dataclass
class Statement:
    """The class statement that a class is made of, where somebody wrote one in Python.

    `namespace` is its body without the declarations, `functions` the functions of its slots, and
    `make` its metaclass's way to make a class of a name, bases and a namespace.
    """

    name: str
    bases: tuple[type, ...]
    make: Any
    namespace: dict[str, Any] = field(default_factory=dict)
    functions: dict[str, Any] = field(default_factory=dict)


def argumentNames(arguments: tuple[Argument, ...]) -> tuple[str, ...]:
    """The arguments' names; one without a name is called by its place: arg1."""
    given = [argument.name for argument in arguments]
    names = []
    for index, name in enumerate(given):
        made = name or f"arg{index + 1}"
        while not name and made in given:
            made += "_"
        names.append(made)
    return tuple(names)


def forms(slot: Slot) -> list[tuple[Argument, ...]]:
    """The ways to call a slot: each default can be left out, from the last one on."""
    defaults = sum(argument.default is not None for argument in slot.arguments)
    whole = len(slot.arguments)
    return [slot.arguments[:count] for count in range(whole, whole - defaults - 1, -1)]


def sourceClass(
    cls: Class,
    kindOf: Callable[[Any], Kind],
    defaults: dict[str, Any],
    enums: dict[str, Any],
    written: Statement | None = None,
) -> Any:
    """The source class of `cls`; `kindOf` gives what a type in it is."""
    if written is None:
        written = Statement(f"{cls.name}Source", (Source,), type(QObject))
        written.namespace["__module__"] = "rep"
    name = written.name
    namespace: dict[str, Any] = {
        "__doc__": f"A source of {cls.name}, made from a .rep file: override its slots.",
        **written.namespace,
        **enums,
    }
    signals = _signals(cls, kindOf)
    for signalName, infos in byName(signals).items():
        types: list[Any] = [tuple(map(declared, info.types)) for info in infos]
        if len(infos) > 1:
            namespace[signalName] = Signal(*types)
        else:
            namespace[signalName] = Signal(*types[0], arguments=list(infos[0].names))
    kinds: dict[str, Kind] = {}
    for item in cls.properties:
        if isinstance(item, Prop):
            kinds[item.name] = kindOf(item.type)
            namespace[item.name] = _property(item, kinds[item.name], namespace)
            if item.modifier is Modifier.READPUSH:
                push = pushName(item.name)
                namespace[push] = _push(push, item.name, kinds[item.name])
        else:
            namespace[item.name] = _holder(item, namespace[f"{item.name}Changed"])
    slots = [info for slot in cls.slots for info in _slotInfos(slot, kindOf)]
    for slotName, same in byName(slots).items():
        namespace[slotName] = _slot(name, same, written.functions.get(slotName))
    namespace |= {
        "_ro_rep": cls,
        "_ro_defaults": defaults,
        "_ro_kinds": kinds,
        "_ro_enums": enums,
    }
    made = written.make(name, written.bases, namespace)
    classInfos = {"RemoteObject Type": cls.name}
    persisted = [prop.name for prop in cls.props if prop.persisted]
    if persisted:
        classInfos["RemoteObject Persisted"] = " ".join(persisted)
    for item in cls.properties:
        if isinstance(item, Model) and item.roles:
            classInfos[f"{item.name.upper()}_ROLES"] = "|".join(item.roles)
    decorate: Any = ClassInfo
    made = decorate(**classInfos)(made)
    interface = _interface(cls, made, signals, slots, kinds, defaults, enums)
    made._ro_interface = replace(interface, types=typesUsed(cls, kindOf))
    return made


def replicaClass(source: Any, written: Statement | None = None) -> Any:
    """The replica class for the source class `source`."""
    cls: Class = source._ro_rep
    if written is None:
        written = Statement(cls.name, (QRemoteObjectReplica,), type(QRemoteObjectReplica))
        written.namespace["__module__"] = "rep"
    readOnly = [
        item.name
        for item in cls.properties
        if not isinstance(item, Prop) or item.modifier is not Modifier.READWRITE
    ]
    namespace = {
        "__doc__": f"A replica of {cls.name}, made from a .rep file: node.acquire() it.",
        **written.namespace,
        "_ro_describedBy": source,
        "_ro_interface": source._ro_interface,
        "_ro_readOnly": frozenset(readOnly),
        "_ro_enums": source._ro_enums,
        "get_enum": classmethod(_getEnum),
        **source._ro_enums,
    }
    return written.make(written.name, written.bases, namespace)


def byName(infos: Iterable[Any]) -> dict[str, list[Any]]:
    """Overloads together, in the order in which their names first come."""
    found: dict[str, list[Any]] = {}
    for info in infos:
        found.setdefault(info.name, []).append(info)
    return found


def _signals(cls: Class, kindOf: Callable[[Any], Kind]) -> list[SignalInfo]:
    found = []
    for item in cls.properties:
        if isinstance(item, Prop):
            kind = kindOf(item.type).name
        else:
            kind = f"{heldClass(item).__name__}*"
        found.append(SignalInfo(f"{item.name}Changed", (kind,), (item.name,)))
    for signal in cls.signals:
        types = tuple(kindOf(argument.type).name for argument in signal.arguments)
        found.append(SignalInfo(signal.name, types, argumentNames(signal.arguments)))
    return found


def _slotInfos(slot: Slot, kindOf: Callable[[Any], Kind]) -> list[SlotInfo]:
    result = kindOf(slot.result).name if slot.result is not None else ""
    names = argumentNames(slot.arguments)
    infos = []
    for arguments in forms(slot):
        types = tuple(kindOf(argument.type).name for argument in arguments)
        infos.append(SlotInfo(slot.name, types, names[: len(arguments)], result))
    return infos


def _property(prop: Prop, kind: Kind, namespace: dict[str, Any]) -> Any:
    name = prop.name

    def get(self: Any) -> Any:
        return self._ro_values[name]

    def set_(self: Any, value: Any) -> None:
        self._setProperty(name, value)

    options: dict[str, Any] = {"fset": set_} if prop.modifier in SETTABLE else {}
    if prop.modifier is Modifier.CONSTANT:
        options["constant"] = True
    else:
        options["notify"] = namespace[f"{name}Changed"]
    return Property(declaredProperty(kind.name), get, **options)


def heldClass(item: Any) -> Any:
    """Qt's class of what a MODEL or CLASS holds."""
    return QAbstractItemModel if isinstance(item, Model) else QObject


def _holder(item: Any, changed: Any) -> Any:
    """A property that holds a model or another object."""
    name, held = item.name, heldClass(item)

    def get(self: Any) -> Any:
        return self._ro_values.get(name)

    def set_(self: Any, value: Any) -> None:
        if value is not None and not isinstance(value, held):
            raise TypeError(
                f"{type(self).__name__}.{name} must be a {held.__name__}, "
                f"not {type(value).__name__}"
            )
        if self._ro_values.get(name) is not value:
            self._ro_values[name] = value
            getattr(self, f"{name}Changed").emit(value)

    return Property(held, get, set_, notify=changed)


def _push(push: str, name: str, kind: Kind) -> Any:
    def function(self: Any, value: Any) -> None:
        self._setProperty(name, value)

    function.__name__ = function.__qualname__ = push
    function.__doc__ = f"Set the property {name}: what replicas call."
    return QtSlot(declared(kind.name))(function)


def notOverridden(source: QObject, slot: str) -> NotImplementedError:
    """What the slot of a source class raises: that a subclass has to override it."""
    cls = type(source)
    owner = next((base for base in cls.__mro__ if "_ro_rep" in vars(base)), cls)
    return NotImplementedError(
        f"{cls.__name__}.{slot}() is not implemented: override it in a subclass of {owner.__name__}"
    )


def _slot(owner: str, infos: list[SlotInfo], function: Any = None) -> Any:
    name = infos[0].name
    if function is None:

        def function(self: Any, *_: Any) -> Any:
            raise notOverridden(self, name)

        function.__name__ = name
        function.__qualname__ = f"{owner}.{name}"
        function.__doc__ = " and ".join(info.signature for info in infos)
    for info in reversed(infos):
        result = {"result": declared(info.result)} if info.result else {}
        function = QtSlot(*map(declared, info.types), name=name, **result)(function)
    return function


def _interface(
    cls: Class,
    made: Any,
    signals: list[SignalInfo],
    slots: list[SlotInfo],
    kinds: dict[str, Kind],
    defaults: dict[str, Any],
    enums: dict[str, Any],
) -> Interface:
    """What replicas have of the class, with the types' names as the .rep file has them."""
    read = {info.name: info for info in readInterface(made).properties}
    # What of objects within objects can be shared, the metaobject's reader knows.
    left = {
        f"{i.name}Changed" for i in cls.properties if i.name not in kinds and i.name not in read
    }
    held = {f"{i.name}Changed": i.name for i in cls.properties if i.name not in kinds}
    shared = [
        replace(info, types=(read[held[info.name]].type,)) if info.name in held else info
        for info in signals
        if info.name not in left
    ]
    index = {info.name: i for i, info in enumerate(shared)}
    properties = []
    for item in cls.properties:
        notify = index.get(f"{item.name}Changed", -1)
        if isinstance(item, Prop):
            constant = item.modifier is Modifier.CONSTANT
            # As in Qt: a READPUSH property of a source can be written by a dynamic replica.
            writable = item.modifier in (Modifier.READPUSH, Modifier.READWRITE)
            kind = kinds[item.name].name
            properties.append(PropertyInfo(item.name, kind, writable, constant, notify))
        elif item.name in read:
            properties.append(replace(read[item.name], writable=False, notify=notify))
    pushes = [
        SlotInfo(pushName(prop.name), (kinds[prop.name].name,), (prop.name,))
        for prop in cls.props
        if prop.modifier is Modifier.READPUSH
    ]
    flags = {flag.name for flag in cls.flags}
    enumInfos = [
        EnumInfo(name, tuple((k, int(v)) for k, v in found.__members__.items()), name in flags)
        for name, found in enums.items()
    ]
    return Interface(
        cls.name,
        tuple(properties),
        tuple(shared),
        (*pushes, *slots),
        tuple(enumInfos),
        tuple(defaults.get(info.name) for info in properties),
    )
