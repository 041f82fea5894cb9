"""Sharing models, and acquiring them.

Knows hosts, nodes and the models' room; `host` and `node` have the methods.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QAbstractItemModel, QItemSelectionModel, QObject, QThread
from shiboken6 import isValid

from ..errors import ErrorCode
from ..models import ModelAdapter, ModelLink, QAbstractItemModelReplica, modelInterface
from ..replica import ReplicaState
from ..source import Mailbox
from .location import QtRemoteObjects

if TYPE_CHECKING:
    from .host import QRemoteObjectHostBase
    from .node import QRemoteObjectNode

__all__ = ["acquireModel", "isModel", "modelOf", "shareModel", "standingFor"]

_CACHE_SIZE = "QTRO_NODES_CACHE_SIZE"


def shareModel(
    host: QRemoteObjectHostBase,
    model: QObject,
    name: str,
    roles: Sequence[int],
    selectionModel: QItemSelectionModel | None,
    **sharing: Any,
) -> bool:
    """See QRemoteObjectHostBase.enableRemoting."""
    if not isinstance(model, QAbstractItemModel):
        raise TypeError(
            f"enableRemoting() with roles takes a QAbstractItemModel, not {model!r:.80}"
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
    adapter = ModelAdapter(model, roles, selectionModel)
    _adopt(model, adapter)
    if host.enableRemoting(adapter, name, **sharing):
        return True
    adapter._ro_ended()
    return False


def _adopt(model: QAbstractItemModel, adapter: ModelAdapter) -> None:
    """Have the adapter live where the model does, and end with it."""
    thread = QObject.thread(model)
    if thread == QThread.currentThread():
        adapter.setParent(model)
        return
    adapter.moveToThread(thread)
    courier = Mailbox()
    courier.moveToThread(thread)
    adapter._courier = courier  # type: ignore[attr-defined]
    courier.post(adapter.setParent, model)


def standingFor(obj: QObject) -> QObject:
    """What is shared of an object that a property holds: of a model an adapter, of all roles."""
    if not isinstance(obj, QAbstractItemModel):
        return obj
    adapter = ModelAdapter(obj, [])
    _adopt(obj, adapter)
    return adapter


def modelOf(state: ReplicaState) -> QAbstractItemModelReplica | None:
    """The model by which values stand for a source; None when that is no model."""
    interface = state.interface
    if interface is None or interface.signature != modelInterface().signature:
        return None
    link = state.stand() if state.stand is not None else None
    model = link._model() if isinstance(link, ModelLink) and isValid(link) else None
    if model is None or not isValid(model):
        link = ModelLink(state)
        link._letNodeGo()
        model = QAbstractItemModelReplica(link, cacheSize=_cacheSize())
        state.stand = weakref.ref(link)
    return cast("QAbstractItemModelReplica", model)


def isModel(shared: object, obj: QObject) -> bool:
    """Whether what is shared stands for this model."""
    return isinstance(shared, ModelAdapter) and shared._model() is obj


def acquireModel(
    node: QRemoteObjectNode,
    name: str,
    action: Any,
    rolesHint: Sequence[int],
) -> QAbstractItemModelReplica:
    """See QRemoteObjectNode.acquireModel."""
    if not isinstance(name, str):
        raise TypeError(f"acquireModel() takes the name of a model, not {name!r:.80}")
    link = node._replica(ModelLink, name, modelInterface())
    prefetch = action == QtRemoteObjects.InitialAction.PrefetchData
    return QAbstractItemModelReplica(link, prefetch, rolesHint, _cacheSize())


def _cacheSize() -> int:
    text = os.environ.get(_CACHE_SIZE, "")
    return int(text) if text.isdecimal() else 1000
