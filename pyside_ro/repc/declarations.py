"""What stands in the body of a declared class: properties, signals, slots, fields of records.

Each gives the data of `syntax` for the name that it stands under. Makes no classes.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from ..errors import RepError
from . import syntax
from .literals import Given
from .syntax import Argument, Modifier, TypeName
from .typenames import readType

__all__ = [
    "Child",
    "Declaration",
    "Field",
    "Model",
    "Property",
    "Signal",
    "Slot",
    "checkName",
    "slotsOf",
]

Function = TypeVar("Function")

#: Stands for a default that was not given: None may be one.
_NOTHING: Any = object()


@dataclass(frozen=True)
class Declaration:
    """The data of a declaration; each item's name is '' where it is its attribute's.

    There are several when it is a signal with overloads.
    """

    items: tuple[Any, ...]


def checkName(name: Any, what: str) -> None:
    """Raise TypeError or RepError for what is no name; '' stands for the attribute's."""
    if not isinstance(name, str):
        raise TypeError(f"{what}: a name is expected, not {name!r:.80}")
    if name and not name.isidentifier():
        raise RepError(
            f"{what}: {name!r:.80} is no name, which has letters, digits and underscores only"
        )


def _typeName(type_: str, what: str) -> TypeName:
    if not isinstance(type_, str):
        raise TypeError(f"{what} takes the name of a C++ type, as in 'QList<int>', not {type_!r}")
    return readType(type_)


def _arguments(types: dict[str, str]) -> tuple[Argument, ...]:
    if not isinstance(types, dict):
        raise TypeError(f"Signal() takes arguments by name, as in size='int', not {types!r:.80}")
    for name in types:
        checkName(name, "an argument of Signal()")
    return tuple(Argument(_typeName(kind, "Signal()"), name) for name, kind in types.items())


def Property(
    type: str,
    modifier: Modifier = Modifier.READPUSH,
    *,
    default: Any = _NOTHING,
    persisted: bool = False,
    name: str = "",
) -> Any:
    """A property (PROP) of the C++ type called `type`, as in ``"QList<int>"``.

    `modifier` is one of `CONSTANT`, `READONLY`, `READPUSH`, `READWRITE` and `SOURCEONLYSETTER`;
    `default` its value before somebody sets one, which is the type's empty value without it; with
    `persisted` a node's store keeps it. `name` is the property's name where Python cannot have
    it, or where it would hide another.
    """
    value = None if default is _NOTHING else Given(given=default)
    kind = _typeName(type, "Property()")
    checkName(name, "Property()")
    if not isinstance(modifier, Modifier):
        raise TypeError(f"a modifier is expected, as rep.READONLY, not {modifier!r:.80}")
    return Declaration((syntax.Prop(kind, name, value, modifier, persisted),))


def Model(*roles: str, name: str = "") -> Any:
    """A property that holds a QAbstractItemModel (MODEL), of which replicas see these roles.

    Without any they see all. `name` as for `Property`.
    """
    checkName(name, "Model()")
    for role in roles:
        checkName(role or None, "a role of Model()")
    return Declaration((syntax.Model(name, roles),))


def Child(type: str, *, name: str = "") -> Any:
    """A property that holds another object (CLASS), of the .rep class called `type`.

    `name` as for `Property`.
    """
    checkName(name, "Child()")
    return Declaration((syntax.Child(name, _typeName(type, "Child()")),))


def Signal(*more: str | dict[str, str], **arguments: str) -> Any:
    """A signal (SIGNAL) with arguments of these names and C++ types: ``Signal(size="int")``.

    ``Signal({"size": "int"}, {"text": "QString"})`` is one that comes with either. A text before
    them is the signal's name, where Python cannot have it or where it would hide another.
    """
    names = [item for item in more if isinstance(item, str)]
    forms = [item for item in more if not isinstance(item, str)]
    for text in [name for name in names if not name.isidentifier()] or names[1:]:
        raise TypeError(f"Signal() takes arguments by name, as in size='int', not {text!r:.80}")
    if arguments or not forms:
        forms.append(arguments)
    name = names[0] if names else ""
    return Declaration(tuple(syntax.Signal(name, _arguments(form)) for form in forms))


def Field(type: str, *, name: str = "") -> Any:
    """A field of a record (POD), of the C++ type called `type`. `name` as for `Property`."""
    checkName(name, "Field()")
    return Declaration((Argument(_typeName(type, "Field()"), name),))


def Slot(
    *types: str,
    result: str = "void",
    name: str = "",
    names: list[str] | tuple[str, ...] = (),
    defaults: list[Any] | tuple[Any, ...] = (),
) -> Callable[[Function], Function]:
    """Make a method a slot (SLOT) whose arguments, after self, are of these C++ types.

    What it gives a peer is of the type `result`, or that peer is told of the TypeError.
    The arguments' names are those of the method's parameters, and so are the defaults, with
    which the slot can be called with fewer. The method raises `notOverridden` where subclasses
    are to say what it does. Several of these above a method are overloads of the slot; then each
    says its `names`, and the `defaults` of its last arguments. `name` as for `Property`.
    """
    if len(types) == 1 and callable(types[0]):
        raise TypeError("Slot is written with parentheses, also where it has no types: @rep.Slot()")
    kinds = [_typeName(kind, "Slot()") for kind in types]
    given = None if result == "void" else _typeName(result, "Slot()")
    checkName(name, "Slot()")
    for listed in (names, defaults):
        if not isinstance(listed, list | tuple):
            raise TypeError(f"Slot() takes lists of names and of defaults, not {listed!r:.80}")
    for each in names:
        checkName(each, "an argument of Slot()")
    if len(defaults) > len(names):
        raise RepError(
            f"Slot() has {len(defaults)} defaults and {len(names)} names of arguments: without "
            "names= the defaults are those of the method's parameters"
        )

    def decorate(function: Any) -> Any:
        isMethod = inspect.isfunction(function)
        if not isMethod:
            raise TypeError(f"Slot() stands above a method, not {function!r:.80}")
        known = getattr(function, "_ro_slots", [])
        own = _parameters(function)
        called, optional = list(names), list(defaults)
        if not called:
            called = [parameter.name for parameter in own]
            optional = [p.default for p in own if p.default is not inspect.Parameter.empty]
        if len(called) != len(kinds):
            raise RepError(
                f"{function.__qualname__}() has the arguments ({', '.join(called)}), and Slot() "
                f"the types ({', '.join(types)})"
            )
        first = len(kinds) - len(optional)
        arguments = [
            Argument(kind, called[i], Given(given=optional[i - first]) if i >= first else None)
            for i, kind in enumerate(kinds)
        ]
        slot = syntax.Slot(name or function.__name__, tuple(arguments), given)
        function._ro_slots = [slot, *known]
        return function

    made: Any = decorate
    made._ro_isDecorator = True  # who writes ``x = Slot()`` is told
    return made  # type: ignore[no-any-return]


def _parameters(function: Any) -> list[inspect.Parameter]:
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = inspect.signature(function).parameters.values()
    return [parameter for parameter in parameters if parameter.kind in kinds][1:]


def slotsOf(member: Any) -> list[syntax.Slot]:
    """The slots that a method was made with `Slot`; none for anything else."""
    found: list[syntax.Slot] = getattr(member, "_ro_slots", [])
    return found if inspect.isfunction(member) else []
