"""The interface of an object: properties, signals, slots, enums, read from a QMetaObject.

Knows Qt's metaobjects and nothing of wires or nodes; does no I/O.
"""

from .description import EnumInfo, Interface, PropertyInfo, SignalInfo, SlotInfo, TypeInfo
from .metaobjects import askMembers, askObject
from .reader import (
    classInfoType,
    className,
    interfaceOfClass,
    interfaceOfObject,
    listedRoles,
    persistedNames,
    readInterface,
    rolesOf,
)

__all__ = [
    "EnumInfo",
    "Interface",
    "PropertyInfo",
    "SignalInfo",
    "SlotInfo",
    "TypeInfo",
    "askMembers",
    "askObject",
    "classInfoType",
    "className",
    "interfaceOfClass",
    "interfaceOfObject",
    "listedRoles",
    "persistedNames",
    "readInterface",
    "rolesOf",
]
