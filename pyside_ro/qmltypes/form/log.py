"""The signals of a replica that were emitted, as rows of a form.

Knows nothing of replicas.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QTime

from .fields import shown
from .rows import Rows

__all__ = ["LogRows"]

_MOST = 200
_SHOWN = 500


class LogRows(Rows):
    """A row for each emission, the oldest first; the last 200 of them."""

    roles = ("time", "name", "values")

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._new: list[tuple[QTime, str, tuple[str, ...], tuple[Any, ...]]] = []

    def note(self, name: str, names: tuple[str, ...], values: tuple[Any, ...]) -> None:
        """Write an emission down."""
        self._new.append((QTime.currentTime(), name, names, values))
        del self._new[:-_MOST]
        self.soon()

    def clear(self) -> None:
        """Forget all."""
        self._new.clear()
        self.reset([])

    def flush(self) -> None:
        """Show what was written down."""
        new, self._new = self._new, []
        if not new:
            return
        over = len(self.rows) + len(new) - _MOST
        if over > 0 and self.rows:
            self.beginRemoveRows(QModelIndex(), 0, min(over, len(self.rows)) - 1)
            del self.rows[:over]
            self.endRemoveRows()
        first = len(self.rows)
        self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
        self.rows += [
            {
                "time": time.toString("HH:mm:ss.zzz"),
                "name": name,
                "values": _arguments(names, values),
            }
            for time, name, names, values in new
        ]
        self.endInsertRows()


def _arguments(names: tuple[str, ...], values: tuple[Any, ...]) -> str:
    known = [*names, *[""] * len(values)]
    parts = []
    for name, value in zip(known, values, strict=False):
        text = f'"{value}"' if isinstance(value, str) else shown(value)
        parts.append(f"{name}: {text}" if name else text)
    return ", ".join(parts)[:_SHOWN]
