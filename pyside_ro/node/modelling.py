"""Sharing models, and acquiring them: by their names, and as what properties hold.

Knows hosts, nodes and the models' room; `host` and `node` have the methods.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QItemSelectionModel, QObject, QThread
from shiboken6 import isValid

from ..errors import ErrorCode
from ..interface import className, listedRoles
from ..models import (
    ModelAdapter,
    ModelLink,
    QAbstractItemModelReplica,
    Role,
    givenRoles,
    modelInterface,
    numbersOf,
    unknownRoles,
)
from ..replica import QRemoteObjectDynamicReplica, QRemoteObjectReplica, ReplicaState
from ..replica.replica import keepFromQml
from ..source import Source, courierTo
from .location import QtRemoteObjects

if TYPE_CHECKING:
    from .host import QRemoteObjectHostBase
    from .node import QRemoteObjectNode

__all__ = [
    "SharedAdapter",
    "acquireModel",
    "cacheSize",
    "heldModel",
    "isModelType",
    "modelOf",
    "shareModel",
]

_State = QRemoteObjectReplica.State
_CACHE_SIZE = "QTRO_NODES_CACHE_SIZE"


def shareModel(
    host: QRemoteObjectHostBase,
    model: QObject,
    name: str,
    roles: Sequence[Role],
    selectionModel: QItemSelectionModel | None,
    **sharing: Any,
) -> bool:
    """See QRemoteObjectHostBase.enableRemoting."""
    if not isinstance(model, QAbstractItemModel):
        raise TypeError(
            f"enableRemoting() with roles takes a QAbstractItemModel, not {model!r:.80}"
        )
    numbers, unknown = numbersOf(model, givenRoles(roles, "enableRemoting(): roles"))
    if unknown:
        raise ValueError(
            f"enableRemoting(): roles: the model '{name}' ({className(model)}) "
            f"{unknownRoles(model, unknown)}"
        )
    if not name:
        return host._refuse(
            ErrorCode.MissingObjectName,
            f"enableRemoting: the model {type(model).__name__} has no name: give one",
        )
    if selectionModel is not None and selectionModel.model() != model:
        return host._refuse(
            ErrorCode.NoError,
            f"enableRemoting: the selection model of '{name}' belongs to another model",
        )
    adapter = ModelAdapter(model, numbers, selectionModel)
    _adopt(model, adapter)
    if host.enableRemoting(adapter, name, **sharing):
        return True
    SharedAdapter(adapter).end()
    return False


def _adopt(model: QAbstractItemModel, adapter: ModelAdapter) -> None:
    """Have the adapter live where the model does, and end with it."""
    thread = QObject.thread(model)
    if thread == QThread.currentThread():
        adapter.setParent(model)
        return
    adapter.moveToThread(thread)
    courierTo(thread).post(adapter.setParent, model)


class SharedAdapter:
    """What is shared in the place of a model: its adapter."""

    def __init__(self, adapter: ModelAdapter) -> None:
        self._adapter = adapter

    def original(self) -> QObject | None:
        """The model."""
        return self._adapter._model() if isValid(self._adapter) else None

    def heldBy(self, holder: Source, property: int) -> None:
        """Share the roles that this property's class lists, too."""
        model = self._adapter._model()
        if model is not None and isValid(model):
            # Later: it tells replicas, and a packet is being made.
            holder.inbox.post(self._adapter.offer, _rolesFor(holder, property, model))

    def end(self) -> None:
        """An adapter has no other use."""
        if isValid(self._adapter):
            self._adapter.end()


class _SharedReplica:
    """What is shared in the place of a model's replica: another replica of the same source."""

    def __init__(self, model: QAbstractItemModelReplica) -> None:
        self._model = weakref.ref(model)
        self.replica = QRemoteObjectDynamicReplica(model._ro)
        self.replica._letNodeGo()

    def original(self) -> QObject | None:
        """The model's replica."""
        return self._model()

    def heldBy(self, holder: Source, property: int) -> None:
        """Its source has decided on the roles."""

    def end(self) -> None:
        """Nobody else has it."""
        if isValid(self.replica):
            self.replica._ro.leave(self.replica)
            self.replica.deleteLater()


def heldModel(
    model: QAbstractItemModel, holder: Source, property: int
) -> tuple[QObject, SharedAdapter | _SharedReplica] | None:
    """What to share for a model that a property holds: an object, and how that stands for it.

    None when it is a replica of which nobody knows yet what it has.
    """
    if isinstance(model, QAbstractItemModelReplica):
        if model._ro.state not in (_State.Valid, _State.Suspect):
            return None
        through = _SharedReplica(model)
        return through.replica, through
    adapter = ModelAdapter(model, _rolesFor(holder, property, model))
    _adopt(model, adapter)
    return adapter, SharedAdapter(adapter)


def _rolesFor(holder: Source, property: int, model: QAbstractItemModel) -> list[int]:
    """The roles of a model that a property's class lists; none: all."""
    obj = holder.reference()
    name = holder.interface.properties[property].name
    listed = listedRoles(obj, name) if obj is not None and isValid(obj) else []
    numbers, unknown = numbersOf(model, listed)
    if unknown:
        holder.family.tellOnce(
            f"{holder.path}.{name}: of the roles that its class lists, the model "
            f"{type(model).__name__} {unknownRoles(model, unknown)}"
        )
    return numbers


def acquireModel(
    node: QRemoteObjectNode,
    name: str,
    action: Any,
    rolesHint: Sequence[Role],
) -> QAbstractItemModelReplica:
    """See QRemoteObjectNode.acquireModel."""
    if not isinstance(name, str):
        raise TypeError(f"acquireModel() takes the name of a model, not {name!r:.80}")
    hints = givenRoles(rolesHint, "acquireModel(): rolesHint")
    link = node._replica(ModelLink, name, modelInterface())
    if link._ro.link is not None:
        link._ro.link.flush()  # the host can answer while the model is made
    prefetch = action == QtRemoteObjects.InitialAction.PrefetchData
    return QAbstractItemModelReplica(link, prefetch, hints, cacheSize())


def isModelType(typeName: str) -> bool:
    """Whether a host's object of this type is a model."""
    return typeName == modelInterface().name


def modelOf(state: ReplicaState) -> QAbstractItemModelReplica | None:
    """A new model for a source that a property holds; None when it is known to be no model."""
    if not state.expect(modelInterface()):
        return None
    link = ModelLink(state)
    link._letNodeGo()
    model = QAbstractItemModelReplica(link, False, (), cacheSize())
    keepFromQml(model)
    return model


def cacheSize() -> int:
    text = os.environ.get(_CACHE_SIZE, "")
    return int(text) if text.isdecimal() else 1000
