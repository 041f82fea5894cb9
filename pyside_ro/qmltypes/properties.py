"""PySide's Property as a decorator, read-only as long as it has no setter. Knows PySide."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Property as _Property

__all__ = ["Property"]

if TYPE_CHECKING:
    Property = _Property
else:

    def Property(kind: Any, **options: Any) -> Callable[[Any], Any]:
        """Decorate a getter: PySide6 6.8's own takes the lack of a setter for one, and crashes."""
        return lambda getter: _Property(kind, getter, **options)
