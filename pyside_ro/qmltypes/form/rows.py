"""Rows for a QML view, and how they gather what changed before they tell it.

Knows QAbstractListModel.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QByteArray, QObject, QTimer

from ...node.weakly import weakly

__all__ = ["Rows"]

_GATHERED = 30  # ms: a form need not show more than a screen does


class Rows(QAbstractListModel):
    """A list model of dicts; each key is a role."""

    roles: tuple[str, ...] = ()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[dict[str, Any]] = []
        self._timer = QTimer(self, singleShot=True, interval=_GATHERED)
        self._timer.timeout.connect(weakly(self.flush))

    def soon(self) -> None:
        """Call `flush` in a moment."""
        if not self._timer.isActive():
            self._timer.start()

    def flush(self) -> None:
        """Tell what was gathered."""

    def reset(self, rows: list[dict[str, Any]]) -> None:
        """Have these rows instead."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def tell(self, row: int, **values: Any) -> None:
        """Change some roles of a row, and tell the view."""
        if not 0 <= row < len(self.rows):
            return
        changed = [key for key, value in values.items() if self.rows[row].get(key) != value]
        self.rows[row].update(values)
        if changed:
            index = self.index(row)
            self.dataChanged.emit(index, index, [self._role(key) for key in changed])

    def _role(self, name: str) -> int:
        return 256 + self.roles.index(name)

    # QAbstractListModel

    def rowCount(self, parent: Any = None) -> int:
        """The number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def roleNames(self) -> dict[int, QByteArray]:
        """The keys of the rows."""
        return {256 + number: QByteArray(name.encode()) for number, name in enumerate(self.roles)}

    def data(self, index: Any, role: int = 0) -> Any:
        """What a row has under a role."""
        if not index.isValid() or not 0 <= role - 256 < len(self.roles):
            return None
        return self.rows[index.row()][self.roles[role - 256]]
