"""Models: QAbstractItemModel on both sides, as a source and a replica like any other.

At the source a `ModelAdapter` is shared, a QObject with slots (`sizes`, `rows`, `headers`, ...)
and signals (`rowsInserted`, `cellsChanged`, ...); at the replica a `QAbstractItemModelReplica`
follows a replica of that. There are no packets of their own. `wire` says what crosses.

To hold a model in a property of another object: share ``ModelAdapter(model, roles, selection)``
as that child's source object, with `modelInterface()` as its interface; at the other side, when
the child's interface name is ``QAbstractItemModelAdapter``, make
``QAbstractItemModelReplica(ModelLink(state))`` of its `ReplicaState` instead of a replica. The
adapter holds no reference to the model; whoever shares it deletes it with its share.
"""

from .adapter import READING, ModelAdapter
from .following import ModelLink, modelInterface
from .replica import QAbstractItemModelReplica

__all__ = [
    "READING",
    "ModelAdapter",
    "ModelLink",
    "QAbstractItemModelReplica",
    "modelInterface",
]
