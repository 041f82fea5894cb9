"""How a host makes sources: of what it shares by name, and of the objects that those hold.

Knows hosts and sources.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractItemModel, QObject
from shiboken6 import isValid

from ..interface import classInfoType, className
from ..models import READING, ModelAdapter, modelInterface
from ..protocol.extensions import Reference
from ..replica import QRemoteObjectReplica
from ..source import Family, Source, StandIn
from .modelling import SharedAdapter, heldModel

if TYPE_CHECKING:
    from .host import QRemoteObjectHostBase

__all__ = ["familyOf", "newSource", "typeNameOf"]


def typeNameOf(obj: QObject) -> str:
    """The name of an object's type: its ``RemoteObject Type``, or its source's; else ''."""
    if isinstance(obj, QRemoteObjectReplica):
        return obj._ro.interface.name if obj._ro.interface is not None else ""
    return classInfoType(obj)


def newSource(
    host: QRemoteObjectHostBase,
    obj: QObject,
    name: str,
    child: bool = False,
    standIn: StandIn | None = None,
) -> Source:
    """Make a source, with channels of its own."""
    if isinstance(obj, ModelAdapter) and standIn is None:
        standIn = SharedAdapter(obj)
    source = Source(
        obj,
        name,
        typeNameOf(obj) or className(obj),
        host._nextChannel,
        host._encoder,
        host._inbox,
        host._limits.maxPendingCalls,
        host._family,
        obj._ro.described if isinstance(obj, QRemoteObjectReplica) else None,
        child,
        standIn,
    )
    # At least one: what has no member is known by its first channel all the same.
    host._nextChannel += source.size or 1
    if source.interface.signature == modelInterface().signature:
        source.reading = READING
    return source


def familyOf(host: QRemoteObjectHostBase) -> Family:
    """The family of a host, which it does not keep alive."""
    reference = weakref.ref(host)

    def share(obj: QObject, name: str, holder: Source, property: int) -> Source | None:
        owner = reference()
        if owner is None or (isinstance(obj, QRemoteObjectReplica) and obj._ro.interface is None):
            return None
        if isinstance(obj, QAbstractItemModel):
            found = heldModel(obj, holder, property)
            if found is None:
                return None
            source = newSource(owner, found[0], name, True, found[1])
            source.manner = Reference.MODEL
        else:
            source = newSource(owner, obj, name, child=True)
        family = owner._family

        def destroyed() -> None:
            # From whatever thread it was deleted in; its address may be another object's next.
            family.forget(source)
            # Later: it may be in the middle of anything, as Python's collector is.
            source.inbox.post(deleted)

        def deleted() -> None:
            found = reference()
            if found is not None and isValid(found):
                family.deleted(source)

        source.watch(obj, destroyed)
        return source

    return Family(share)
