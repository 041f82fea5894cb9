"""What an object of QML is connected to, let go at its end. Knows signals."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from shiboken6 import isValid

__all__ = ["Links"]


class Links:
    """Connections of `owner` to others, who may live for ever."""

    def __init__(self, owner: QObject) -> None:
        self._links: list[tuple[QObject, Any, Any]] = []
        owner.destroyed.connect(partial(_cut, self._links))

    def connect(self, other: QObject, signal: Any, function: Any) -> None:
        """Connect a signal of another object, and remember it."""
        signal.connect(function)
        self._links.append((other, signal, function))

    def cut(self) -> None:
        """Disconnect all."""
        _cut(self._links)

    def forget(self) -> None:
        """The others are gone."""
        self._links.clear()


def _cut(links: list[tuple[QObject, Any, Any]], *_: object) -> None:
    for other, signal, function in links:
        # With a signal of what was deleted PySide6 6.8 crashes.
        if isValid(other):
            try:
                signal.disconnect(function)
            except RuntimeError:
                continue  # it is being deleted
    links.clear()
