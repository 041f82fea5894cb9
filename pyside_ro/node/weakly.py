"""Connections that keep nobody alive.

Knows nothing of nodes. What a signal is connected to lives as long as the signal's object; a
node, and what serves it, end with their last reference, as in Qt.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

__all__ = ["weakly"]


def weakly(method: Callable[..., object], *first: Any) -> Callable[..., None]:
    """A function that calls a bound method, with `first` before its arguments, while it lives."""
    reference = weakref.WeakMethod(method)

    def call(*args: Any) -> None:
        found = reference()
        if found is not None:
            found(*first, *args)

    return call
