"""Views of a replica beside views of the source's twin: both are to show the same picture.

The other process and the test each have a `Painted` model and do the same to it, so that whatever
a view of the replica paints can be compared, pixel by pixel, with one that needs no other process.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractItemView, QListView, QTableView, QTreeView

from pyside_ro import QRemoteObjectHost
from tests.behaviour.support import share
from tests.helpers import PeerSide, wait_until
from tests.models.sources import ROOT
from tests.models.trees import TreeModel

Role = Qt.ItemDataRole
ROLES = [
    int(role)
    for role in (
        Role.DisplayRole,
        Role.EditRole,
        Role.DecorationRole,
        Role.BackgroundRole,
        Role.ForegroundRole,
        Role.TextAlignmentRole,
        Role.CheckStateRole,
    )
]
COLOURS = [QColor(c) for c in ("#c81e1e", "#1e7d32", "#1e3ac8", "#b8860b")]
PALE = [QColor(c) for c in ("#fde2e2", "#e2f4e4", "#e2e6fd", "#fbf2dc")]
#: What may be done to a model, by name.
DEEDS = (
    "insert",
    "remove",
    "move",
    "change",
    "changeAll",
    "enable",
    "insertColumn",
    "removeColumn",
    "moveColumn",
    "turnRound",
    "beginAnew",
    "rename",
)


class Painted(TreeModel):
    """A tree whose items have squares, backgrounds, check boxes, and text at the right."""

    def data(self, index: Any, role: int = 0) -> Any:
        if not index.isValid():
            return None
        number, column = int(self.item(index).name[1:]), index.column()
        if role == Role.DecorationRole and column == 0:
            return COLOURS[number % 4]
        if role == Role.BackgroundRole and column == 1:
            return PALE[number % 4]
        if role == Role.ForegroundRole and number % 3 == 0:
            return COLOURS[2]
        if role == Role.TextAlignmentRole and column == 1:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Role.CheckStateRole and column == 0:
            return Qt.CheckState.Checked if number % 2 else Qt.CheckState.Unchecked
        return super().data(index, role)


class Rows(QAbstractTableModel):
    """Any number of rows, computed; counts those that are read."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.rows = rows
        self.read: set[int] = set()

    def rowCount(self, parent: Any = ROOT) -> int:
        return 0 if parent.isValid() else self.rows

    def columnCount(self, parent: Any = ROOT) -> int:
        return 0 if parent.isValid() else 3

    def data(self, index: Any, role: int = 0) -> Any:
        self.read.add(index.row())
        if role == Role.DisplayRole:
            return f"{index.row() * 7 % 1009}:{index.column()}"
        return PALE[index.row() % 4] if role == Role.BackgroundRole else None


def grown(model: Painted) -> Painted:
    """A model with forty items, of which each has two below it."""
    model.insert([], 0, 40, 2)
    return model


def painted_host(side: PeerSide, url: str) -> None:
    """Shares a Painted model, whose deeds are commands, and many rows."""
    model, rows, million = grown(Painted()), Rows(100_000), Rows(1_000_000)
    host: QRemoteObjectHost = share(side, url)
    assert host.enableRemoting(model, "painted", ROLES)
    assert host.enableRemoting(rows, "rows", ROLES)
    assert host.enableRemoting(million, "million", ROLES)
    for name in DEEDS:
        side.command(lambda *args, name=name: getattr(model, name)(*args), name)
    side.command(lambda: len(rows.read) + len(million.read), "read")
    side.keep(model, rows, million)


def table() -> QTableView:
    """A table view with its grid and headers."""
    return QTableView()


def tree() -> QTreeView:
    """A tree view whose rows are as high as the first, which Qt wants for many rows."""
    view = QTreeView()
    view.setUniformRowHeights(True)
    return view


def listing() -> QListView:
    """A list view, likewise."""
    view = QListView()
    view.setUniformItemSizes(True)
    return view


VIEWS: list[Callable[[], QAbstractItemView]] = [table, tree, listing]


class Pair:
    """A view of a replica and one of the source's twin."""

    def __init__(
        self, make: Callable[[], Any], replica: QAbstractItemModel, twin: QAbstractItemModel
    ) -> None:
        self.replica, self.twin = replica, twin
        self.views = [make(), make()]
        for view, model in zip(self.views, (replica, twin), strict=True):
            view.resize(460, 420)
            # The one that has the focus would make an item current by itself.
            view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            view.setModel(model)
            view.show()

    def both(self, deed: Callable[[Any, QAbstractItemModel], object]) -> None:
        """Do something to both views, given with their models."""
        for view in self.views:
            deed(view, view.model())

    def pictures(self) -> list[QImage]:
        """What they show."""
        return [view.grab().toImage() for view in self.views]

    def same(self, what: str = "") -> None:
        """Wait until both show the same."""

        def equal() -> bool:
            mine, theirs = self.pictures()
            return mine == theirs

        def kept() -> str:
            names = [
                f"{tempfile.gettempdir()}/{type(self.views[0]).__name__}-{side}.png"
                for side in "ab"
            ]
            for picture, name in zip(self.pictures(), names, strict=True):
                picture.save(name)
            return f"{what}: the pictures differ, see {' and '.join(names)}"

        wait_until(equal, message=kept)

    def close(self) -> None:
        """Take the views from their models, and away."""
        for view in self.views:
            view.close()
            view.setModel(None)
            view.deleteLater()
