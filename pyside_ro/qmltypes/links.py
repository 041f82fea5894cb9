"""What an object of QML is connected to, let go at its end. Knows signals."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject

__all__ = ["Links"]


class Links:
    """Connections of `owner` to others, who may live for ever."""

    def __init__(self, owner: QObject) -> None:
        self._links: list[tuple[Any, Any]] = []
        owner.destroyed.connect(partial(_cut, self._links))

    def connect(self, signal: Any, function: Any) -> None:
        """Connect, and remember it."""
        signal.connect(function)
        self._links.append((signal, function))

    def cut(self) -> None:
        """Disconnect all."""
        _cut(self._links)

    def forget(self) -> None:
        """The others are gone."""
        self._links.clear()


def _cut(links: list[tuple[Any, Any]], *_: object) -> None:
    for signal, function in links:
        try:
            signal.disconnect(function)
        except RuntimeError:
            continue  # its object was deleted
    links.clear()
