"""Models: QAbstractItemModel on both sides, as a source and a replica like any other.

At the source a `ModelAdapter` is shared, a QObject with slots (`sizes`, `rows`, `headers`, ...)
and signals (`rowsInserted`, `cellsChanged`, ...); at the replica a `QAbstractItemModelReplica`
follows a replica of that. There are no packets of their own. `wire` says what crosses.

A model that a property holds is shared the same way, as a child: `node.modelling` makes the adapter
for it, and the replica model that stands for it at the other side. The adapter is a child of the
model and keeps it alive no more than a share of any other object does.
"""

from .adapter import READING, ModelAdapter
from .following import ModelLink, modelInterface
from .replica import QAbstractItemModelReplica
from .roles import Role, givenRoles, numbersOf, unknownRoles

__all__ = [
    "READING",
    "ModelAdapter",
    "ModelLink",
    "QAbstractItemModelReplica",
    "Role",
    "givenRoles",
    "modelInterface",
    "numbersOf",
    "unknownRoles",
]
