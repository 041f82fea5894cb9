"""Python classes as QML types: which there are, and how an instance lives and ends.

Knows QtQml. The decorators have the names of QtQml's own, by which pyside6-metaobjectdump finds
the types; unlike those they register nothing before `registerElements`.
"""

from __future__ import annotations

from typing import Any, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtQml import QJSEngine, QJSValue, qmlRegisterSingletonType, qmlRegisterType

__all__ = [
    "MAJOR",
    "MINOR",
    "SUFFIX",
    "URI",
    "MadeByQml",
    "QmlElement",
    "QmlSingleton",
    "registerElements",
]

URI = "PySideRO"
MAJOR, MINOR = 1, 0
#: What the class of QML's own instances has behind its name, which must be nobody else's.
SUFFIX = "_PySideRO"

_Type = TypeVar("_Type", bound=type)
_elements: list[type] = []
_singletons: list[type] = []
_callbacks: list[Any] = []

#: The instances that QML made and has not deleted.
_living: dict[int, QObject] = {}


class MadeByQml(type(QObject)):  # type: ignore[misc]
    """The class of classes that only QML instantiates: an instance lives until QML deletes it.

    PySide never releases what it creates for QML: each instance's Python half would stay for
    ever. It gets None here, and the instance is kept, and released, by us.
    """

    #: What to make an instance of instead: it makes itself one of this class.
    _ro_bare: type | None = None

    def __call__(cls, *args: Any, **named: Any) -> None:
        made: QObject = type(QObject).__call__(cls._ro_bare or cls, *args, **named)
        key = id(made)
        _living[key] = made
        made.destroyed.connect(lambda: _living.pop(key, None))


def QmlElement(cls: _Type) -> _Type:
    """Make a class a QML type of this module."""
    _elements.append(cls)
    return cls


def QmlSingleton(cls: _Type) -> _Type:
    """Make a class, decorated by `QmlElement` as well, a singleton of each engine."""
    _singletons.append(cls)
    return cls


def registerElements() -> None:
    """Tell QML of all types; once."""
    while _elements:
        cls: Any = _elements.pop(0)
        name = cls.__name__
        if cls in _singletons:
            # As a JavaScript value. A singleton type makes QML refuse every object that is
            # assigned to a property of type QtObject (PySide6 6.11).
            qmlRegisterSingletonType(URI, MAJOR, MINOR, name, _kept(_maker(cls)))
        else:
            made = MadeByQml(f"{name}{SUFFIX}", (cls,), {"__module__": cls.__module__})
            qmlRegisterType(made, URI, MAJOR, MINOR, name)


def _kept(callback: Any) -> Any:
    """PySide keeps no reference to it."""
    _callbacks.append(callback)
    return callback


def _maker(cls: Any) -> Any:
    def make(engine: QJSEngine) -> QJSValue:
        made: QObject = cls(engine)  # it ends with the engine
        return engine.newQObject(made)

    return make
