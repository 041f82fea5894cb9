"""How a source hears its object: a closure connected to each signal, while anybody is subscribed.

Knows sources and Qt's connections. Everything here runs in the object's thread.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import SIGNAL, QObject, Qt, SignalInstance

from .forwarding import forwarder
from .lifetime import living

if TYPE_CHECKING:
    from .source import Source

__all__ = ["Ears"]

_DIRECT = Qt.ConnectionType.DirectConnection
#: PySide's stubs give it no result.
_SIGNAL: Any = SIGNAL


class Ears:
    """The connections of one source to its object's signals."""

    def __init__(self, source: Source) -> None:
        self._source = weakref.ref(source)
        self._connections: list[tuple[Any, Callable[..., None]]] = []
        self._isOpen = False

    def prepare(self, obj: QObject) -> None:
        """Connect to an object that emits nothing until it is watched: a model's adapter.

        So that the first who asks for it does not wait for that.
        """
        if hasattr(type(obj), "_ro_watched"):
            self._connect(obj)

    def open(self, obj: QObject) -> None:
        """Listen to the object, unless that is done."""
        if self._isOpen:
            return
        self._isOpen = True
        if not self._connections:
            self._connect(obj)
        _tellWatched(obj, True)

    def close(self, forGood: bool) -> None:
        """Listen no longer."""
        source = self._source()
        obj = living(source.reference()) if source is not None else None
        wasOpen, self._isOpen = self._isOpen, False
        if obj is None:
            self._connections.clear()
            return
        if forGood or not hasattr(type(obj), "_ro_watched"):
            connections, self._connections = self._connections, []
            for signal, closure in connections:
                if isinstance(signal, SignalInstance):
                    signal.disconnect(closure)
                else:
                    QObject.disconnect(obj, signal, closure)
        if wasOpen:
            _tellWatched(obj, False)

    def _connect(self, obj: QObject) -> None:
        source = self._source()
        assert source is not None
        for index, signal in enumerate(source.interface.signals):
            closure = forwarder(source, obj, index)
            if source.mirrored or hasattr(type(obj), "_ro_interface"):
                # They may have more general types than the interface says.
                mine = cast("Any", obj)._signal(index)
                mine.connect(closure, _DIRECT)
                self._connections.append((mine, closure))
                continue
            # By signature: the one way that does for Python's, C++'s and QML's signals alike.
            wanted = _SIGNAL(signal.signature)
            # Direct: in the emitting thread, whichever it is; there the values are read and packed.
            QObject.connect(obj, wanted, closure, _DIRECT)
            self._connections.append((wanted, closure))


def _tellWatched(obj: QObject, watched: bool) -> None:
    """A model's adapter watches its model only while it is watched itself."""
    tell = getattr(type(obj), "_ro_watched", None)
    if tell is not None:
        tell(obj, watched)
