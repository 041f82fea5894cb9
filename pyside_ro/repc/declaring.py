"""Class statements that declare what a .rep file does: a metaclass reads them, `making` makes them.

A module is to its declarations what a file is to a .rep: a type's name is one of the enums and
records declared before in the same module, or of those that everybody knows.
"""

from __future__ import annotations

import enum
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, overload

from PySide6.QtCore import QObject

from ..errors import RepError
from ..replica import QRemoteObjectReplica
from . import classes, syntax
from .checking import check, pushName
from .classes import Statement, replicaClass
from .declarations import Declaration, Field, checkName, slotsOf
from .making import Maker
from .mistaken import mistake, refuseAny
from .syntax import Argument
from .typenames import isTypeWord, readType
from .values import BasePod, wireName

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: Any) -> Any:
        return lambda cls: cls


__all__ = ["Enum", "Pod", "Replica", "Source", "useEnum"]

Python = TypeVar("Python", bound=type)


@dataclass
class _Module:
    """What was declared in a module so far, by its names."""

    maker: Maker
    items: dict[str, Any] = field(default_factory=dict)
    #: Enums of classes that are declared before their classes, by both names.
    ahead: dict[tuple[str, str], syntax.Enum | syntax.Flag] = field(default_factory=dict)

    def file(self, cls: syntax.Class) -> syntax.File:
        """The file of a class: with it, all that it may need."""
        found = self.items.values()
        return syntax.File(
            (cls,),
            tuple(item for item in found if isinstance(item, syntax.Pod)),
            tuple(item for item in found if isinstance(item, syntax.Enum)),
            tuple(item for item in found if isinstance(item, syntax.Flag)),
            self.maker.scope.uses,
        )


_modules: dict[str, _Module] = {}


def _module(name: str, where: str = "") -> _Module:
    found = _modules.setdefault(name, _Module(Maker(_complainer(name))))
    found.maker.complain = _complainer(f"{name}.{where}" if where else name)
    return found


def _complainer(where: str) -> Any:
    def complain(message: str, _: Any) -> NoReturn:
        raise RepError(message, where)

    return complain


def useEnum(name: str) -> None:
    """Have this module know an enum of C++ that it does not declare (USE_ENUM): it is an int."""
    if not isinstance(name, str):
        raise TypeError(f"useEnum() takes an enum's name, as in 'Books::Shelf', not {name!r:.80}")
    for part in name.split("::"):
        checkName(part or "''", f"useEnum({name!r:.80})")
    scope = _module(sys._getframe(1).f_globals["__name__"]).maker.scope
    if name not in scope.uses:
        scope.uses += (name,)


@overload
def Enum(
    cls: Python, /, *, scoped: bool = False, type: str = "", of: str = "", name: str = ""
) -> Python: ...
@overload
def Enum(
    *, scoped: bool = False, type: str = "", of: str = "", name: str = ""
) -> Callable[[Python], Python]: ...
def Enum(
    cls: Any = None, /, *, scoped: bool = False, type: str = "", of: str = "", name: str = ""
) -> Any:
    """Declare an IntEnum (ENUM), or an IntFlag (FLAG), that stands outside of classes.

    Those in a declared class need it only to say what C++ has of them: `scoped` is an ``enum
    class``, `type` the type that it is stored in. `of` and `name` are for an enum that a class
    called `of` has, but others need before that class.
    """

    def decorate(cls: Any) -> Any:
        stored = readType(type) if type else None
        checkName(of, "Enum()")
        checkName(name, "Enum()")
        place = cls.__qualname__.rpartition("<locals>.")[2]
        module = _module(cls.__module__, place)
        called = name or cls.__name__
        cls.__name__ = called
        cls._ro_declared = syntax.Enum(called, _keys(called, cls, module), scoped, stored)
        if "." in place:
            return cls  # the class around it declares it
        ahead = [item for (inside, _), item in module.ahead.items() if inside == of]
        everything = ahead if of else module.items.values()
        known = [item for item in everything if isinstance(item, syntax.Enum)]
        enums, flags = _enumData({called: cls}, known, module)
        found: syntax.Enum | syntax.Flag = flags[0] if flags else enums[0]
        others = [item for item in known if item.name != called]
        file = syntax.File(enums=(*others, *enums), flags=tuple(flags))
        check(file, module.maker.complain)
        made = module.maker.enums(enums, flags, of, {called: cls}, others)
        if of:
            module.ahead[of, called] = found
        else:
            module.items[called] = found
        return made[called]

    return decorate if cls is None else decorate(cls)


def _keys(name: str, cls: Any, module: _Module) -> tuple[tuple[str, int], ...]:
    if not isinstance(cls, type) or not issubclass(cls, enum.IntEnum | enum.IntFlag):
        module.maker.complain(f"{name}: an IntEnum or an IntFlag is expected, not {cls!r:.80}", cls)
    return tuple((key, int(member)) for key, member in cls.__members__.items())


def _enumData(
    written: dict[str, Any], known: list[syntax.Enum], module: _Module
) -> tuple[list[syntax.Enum], list[syntax.Flag]]:
    """What .rep has of these Python enums; a flag is of the enum that has its keys."""
    enums: list[syntax.Enum] = []
    flags: list[syntax.Flag] = []
    for name, cls in written.items():
        data = vars(cls).get("_ro_declared") or syntax.Enum(name, _keys(name, cls, module))
        if not issubclass(cls, enum.Flag):
            enums.append(replace(data, name=name))
            continue
        of = next((item.name for item in (*enums, *known) if item.keys == data.keys), "")
        if not of:
            told = f"{name}: a flag is of an enum, and none before it has the same keys"
            module.maker.complain(told, data)
        flags.append(syntax.Flag(name, of))
    return enums, flags


def _enumsOf(
    namespace: dict[str, Any], inside: str, module: _Module
) -> tuple[list[syntax.Enum], list[syntax.Flag], dict[str, Any]]:
    """Take the enums out of a class's body."""
    written = {
        name: value
        for name, value in namespace.items()
        if isinstance(value, type)
        and issubclass(value, enum.Enum)
        and _isOfClass(value, f"{inside}.{name}", namespace)
    }
    for name in written:
        del namespace[name]
    enums, flags = _enumData(written, [], module)
    # That of an enum which came before its class is kept there.
    enums = [_enumOf(module.ahead.get((inside, item.name)), item) for item in enums]
    return enums, flags, written


def _isOfClass(cls: type, name: str, namespace: dict[str, Any]) -> bool:
    """Whether an enum in a class's body is the class's own, not another's under one more name."""
    known = wireName(cls)
    if known or cls.__module__ != namespace["__module__"]:
        return known == name
    if "." in cls.__qualname__.rpartition("<locals>.")[2]:
        return cls.__qualname__.startswith(f"{namespace['__qualname__']}.")
    # One that was not made by a class statement has no place; nor is it found in the module.
    return getattr(sys.modules.get(cls.__module__), cls.__name__, None) is not cls


def _enumOf(ahead: Any, item: syntax.Enum) -> syntax.Enum:
    return ahead if isinstance(ahead, syntax.Enum) else item


def _take(namespace: dict[str, Any]) -> list[Any]:
    """Take the declarations out of a class's body: the data, with overloads of a signal each."""
    found: list[Any] = []
    for attribute, value in [*namespace.items()]:
        if isinstance(value, Declaration):
            del namespace[attribute]
            first = value.items[0]
            # What a module names so because its attribute cannot be, has underscores behind it.
            if (
                isinstance(first, syntax.Signal)
                and isTypeWord(first.name)
                and attribute.rstrip("_") != first.name
            ):
                raise TypeError(
                    f"{attribute}: Signal() takes arguments by name, as in size={first.name!r}"
                )
            found += [replace(item, name=item.name or attribute) for item in value.items]
    return found


_QObjectType: Any = type(QObject)


class _Meta(_QObjectType):
    """Takes arguments in the class statement, which QObject's metaclass refuses."""

    def __init__(
        self, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **_: Any
    ) -> None:
        super().__init__(name, bases, namespace)


def _placed(name: str, namespace: dict[str, Any]) -> dict[str, Any]:
    """A class's body with what a class statement writes there, and a call of type() does not."""
    module = sys._getframe(2).f_globals.get("__name__", "__main__")
    return {"__module__": module, "__qualname__": name, **namespace}


def _declared(cls: type) -> list[Any]:
    """The data of what a class, or those that it derives from, were declared with."""
    return [vars(base)["_ro_rep"] for base in cls.__mro__ if "_ro_rep" in vars(base)]


def _isRoot(cls: type) -> bool:
    return "_ro_isRoot" in vars(cls)


class _SourceMeta(_Meta):
    def __new__(
        mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], /, typeName: str = ""
    ) -> Any:
        known = {id(data): base for base in bases for data in _declared(base)[:1]}
        if len(known) > 1 or (known and any(map(_isRoot, bases))):
            told = " and ".join(base.__name__ for base in known.values())
            raise TypeError(
                f"{name}: it has the interface of {told} already, and an object has one only: "
                "declare all of it in one class"
            )
        if not any(map(_isRoot, bases)):
            if bases:
                told = "declarations stand in a class with the base rep.Source"
                refuseAny(name, namespace, told, bases)
            if typeName:
                raise TypeError(f"{name}: its base has the name of the interface already")
            return super().__new__(mcs, name, bases, namespace)
        checkName(typeName, f"the typeName of {name}")
        namespace = _placed(name, namespace)
        module = _module(namespace["__module__"], namespace["__qualname__"])
        body = dict(namespace)
        inside = typeName or name.removesuffix("Source") or name
        enums, flags, written = _enumsOf(body, inside, module)
        items = _take(body)
        functions: dict[str, Any] = {}
        slots: list[syntax.Slot] = []
        for attribute, value in namespace.items():
            if wrong := mistake(attribute, value):
                module.maker.complain(wrong, value)
            if slotsOf(getattr(value, "__func__", None)):
                told = f"{attribute}: a slot is a method of its own object, not {value!r:.80}"
                module.maker.complain(told, value)
            for slot in slotsOf(value):
                slots.append(slot)
                body.pop(attribute, None)
                if functions.setdefault(slot.name, value) is not value:
                    module.maker.complain(f"the slot {slot.name!r} has two methods", slot)
        properties = tuple(i for i in items if isinstance(i, syntax.Prop | _HOLDERS))
        signals = tuple(item for item in items if isinstance(item, syntax.Signal))
        for item in items:
            if isinstance(item, Argument):
                told = f"{item.name}: a field can only be in a rep.Pod; here it is a rep.Property"
                module.maker.complain(told, item)
        cls = syntax.Class(inside, properties, signals, tuple(slots), tuple(enums), tuple(flags))
        check(syntax.File((cls,)), module.maker.complain)
        brought = {f"{item.name}Changed" for item in properties}
        brought |= {pushName(p.name) for p in cls.props if p.modifier is syntax.Modifier.READPUSH}
        for taken in brought.intersection(body):
            module.maker.complain(f"{taken!r} is a member that a property brings", cls)
        body.setdefault("__doc__", f"A source of {inside}: override its slots.")

        def make(name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> Any:
            return _QObjectType.__new__(mcs, name, bases, namespace)

        statement = Statement(name, bases, make, body, functions)
        made = module.maker.enums(enums, flags, inside, written)
        return module.maker.makeClass(cls, module.file(cls), made, statement)


_HOLDERS = syntax.Model | syntax.Child


class Source(classes.Source, metaclass=_SourceMeta):
    """The base of a class that declares what a source offers (class, in .rep).

    Its body has enums (`enum.IntEnum`, `enum.IntFlag`), `Property`, `Model`, `Child`, `Signal`
    and methods that are `Slot`. The class made of it is the one that `RepFile` makes of the same
    in .rep: with the signals and push slots of its properties, to be derived from or used as it
    is. The interface's name is the class's without ``Source`` at its end, or `typeName`, an
    argument of the class statement. Our own.

    Raises RepError for what cannot be declared.
    """

    _ro_isRoot = True

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


class _ReplicaMeta(_Meta):
    def __new__(
        mcs,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        /,
        describedBy: Any = None,
    ) -> Any:
        refuseAny(name, namespace, "declarations stand in the source, which describedBy names")

        def make(name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> Any:
            return _QObjectType.__new__(mcs, name, bases, namespace)

        if describedBy is None:
            if any(map(_isRoot, bases)):
                raise TypeError(f"{name}: which source? class {name}(rep.Replica, describedBy=...)")
            return make(name, bases, namespace)
        if not isinstance(describedBy, type) or not hasattr(describedBy, "_ro_rep"):
            raise TypeError(f"{name}: describedBy is a class made from .rep, or with rep.Source")
        return replicaClass(describedBy, Statement(name, bases, make, namespace))


class Replica(QRemoteObjectReplica, metaclass=_ReplicaMeta):
    """The base of a replica class: ``class Printer(rep.Replica, describedBy=PrinterSource)``.

    For `QRemoteObjectNode.acquire`; it has no body. What replicas have is what `describedBy`, a
    source class, declares. Our own.
    """

    _ro_isRoot = True

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


@dataclass_transform(frozen_default=True, field_specifiers=(Field,))
class _PodMeta(type):
    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> Any:
        if not any(map(_isRoot, bases)):
            return super().__new__(mcs, name, bases, namespace)
        namespace = _placed(name, namespace)
        module = _module(namespace["__module__"], namespace["__qualname__"])
        for bare in namespace.get("__annotations__", {}):
            if bare not in namespace:
                module.maker.complain(f"{name}: {bare!r} has a type and no Field()", bare)
        body = dict(namespace)
        enums, flags, written = _enumsOf(body, name, module)
        fields = _take(body)
        about = {key: body[key] for key in _ABOUT if key in body}
        for attribute, value in namespace.items():
            if wrong := mistake(attribute, value):
                module.maker.complain(wrong, value)
        rest = [key for key in body if not key.startswith("__")]
        rest += [item.name for item in fields if not isinstance(item, Argument)]
        if rest:
            told = "a POD has fields and enums only; registerType() takes other classes"
            module.maker.complain(f"{rest[0]}: {told}", name)
        pod = syntax.Pod(name, tuple(fields), tuple(enums), tuple(flags))
        check(syntax.File(pods=(pod,)), module.maker.complain)
        made = module.maker.makePod(pod, written, about)
        module.items[name] = pod
        return made


#: What of a class statement a record's class keeps. Not its annotations: the types check more.
_ABOUT = ("__module__", "__qualname__", "__doc__", "__firstlineno__")


class Pod(BasePod, metaclass=_PodMeta):
    """The base of a class that declares a record (POD): a tuple whose fields are `Field`.

    The class made of it is the one that `RepFile` makes of the same in .rep. It has no other
    members than fields and enums. Our own.

    Raises RepError for what cannot be declared.
    """

    __slots__ = ()
    _ro_isRoot = True
