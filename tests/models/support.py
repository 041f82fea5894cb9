"""What the tests of models share: acquiring, and comparing two models cell by cell.

Knows QAbstractItemModel and pyside_ro's public names only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QAbstractTableModel,
    QModelIndex,
    Qt,
)

from pyside_ro import QAbstractItemModelReplica, QRemoteObjectNode
from tests.helpers import wait_until

HORIZONTAL, VERTICAL = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
#: Seconds that a replica may take to show what its source does.
TIMEOUT = 15.0
DISPLAY = Qt.ItemDataRole.DisplayRole


def acquired(node: QRemoteObjectNode, url: Any, name: str, *args: Any) -> QAbstractItemModelReplica:
    """A model's replica that is initialized."""
    address = getattr(url, "info", {}).get("url", url)
    assert node.connectToNode(address)
    replica = node.acquireModel(name, *args)
    wait_until(replica.isInitialized, message=lambda: repr(replica))
    return replica


def content(model: QAbstractItemModel, roles: Sequence[int], parent: Any = None) -> list[Any]:
    """All that a model shows, row by row: values, flags, and what is below."""
    above = QModelIndex() if parent is None else parent
    rows: list[Any] = []
    for row in range(model.rowCount(above)):
        cells = []
        for column in range(model.columnCount(above)):
            index = model.index(row, column, above)
            cells.append(([model.data(index, role) for role in roles], model.flags(index)))
        first = model.index(row, 0, above)
        below = content(model, roles, first) if _branches(model, first) else []
        rows.append((cells, below))
    return rows


def _branches(model: QAbstractItemModel, index: QModelIndex) -> bool:
    # PySide takes those of lists and tables for private; nothing in them has children.
    return not isinstance(model, QAbstractTableModel | QAbstractListModel) and model.hasChildren(
        index
    )


def headers(model: QAbstractItemModel) -> list[Any]:
    """The texts of all headers."""
    return [
        [model.headerData(s, HORIZONTAL, DISPLAY) for s in range(model.columnCount())],
        [model.headerData(s, VERTICAL, DISPLAY) for s in range(model.rowCount())],
    ]


def same(
    replica: QAbstractItemModel, source: QAbstractItemModel, roles: Sequence[int] = (0,)
) -> None:
    """Wait until a replica shows what its source does, all of it; that asks for it, too."""
    expected = content(source, roles), headers(source)

    def difference() -> str:
        found = content(replica, roles), headers(replica)
        return f"\nsource:  {expected}\nreplica: {found}"

    wait_until(
        lambda: (content(replica, roles), headers(replica)) == expected,
        message=difference,
        timeout=TIMEOUT,
    )
