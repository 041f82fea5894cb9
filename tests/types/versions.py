"""The other process of these tests: objects whose records and enums may be of a later version.

Without ``from __future__ import annotations``: a version's classes are made within functions, and
are to be found from annotations.
"""

import dataclasses
import enum
import functools
from typing import Any

from PySide6.QtCore import Property, QEnum, QObject, Signal, Slot

from pyside_ro import QRemoteObjectHost, RepFile, registerType
from tests.helpers import PeerSide

REP = """
ENUM DepotKind { Parcel = 1, Letter = 2 }
POD DepotSize(int width, int height)
POD DepotEntry(QString name, int number, DepotKind kind, QList<DepotSize> sizes)
class Depot {
    ENUM Mood { Calm, Busy }
    PROP(DepotEntry last)
    PROP(Mood mood)
    PROP(int count = 1)
    SLOT(DepotKind kindOf(QString name))
}
class DepotShelf {
    PROP(DepotEntry last)
    PROP(int count)
}
"""
LATER_REP = (
    REP.replace("int number", "QString number")
    .replace("Letter = 2", "Letter = 3, Crate = 4")
    .replace("int height", "double height")
    .replace("Busy", "Lazy")
)


@functools.cache
def storeClass(later: bool) -> Any:
    """A class with annotated members, and an enum of its own."""
    ink: Any = enum.Enum("Ink", {"Blue": 1, "Red": 3 if later else 2})
    page: Any = dataclasses.make_dataclass("Page", ["text", ("ink", "float" if later else ink)])
    note: Any = dataclasses.make_dataclass(
        "Note", [("pages", list[page]), ("length" if later else "size", int | None, None)]
    )
    for cls in (ink, page, note):
        registerType(cls, f"depot.{cls.__name__}")

    class Store(QObject):
        """What it has crosses as PyObject."""

        count = Property(int, lambda self: 3, constant=True)
        changed = Signal()

        @QEnum
        class Heat(enum.IntEnum):
            Low = 0
            High = 9 if later else 7

        @Property(object, notify=changed)
        def newest(self) -> note:
            return note([])

        @Slot(object, result=object)
        def dye(self, color: ink) -> "ink | None":
            return color

    return Store


class Yard(QObject):
    """Holds a shelf."""

    changed = Signal()

    def __init__(self, shelf: QObject) -> None:
        super().__init__()
        self._shelf = shelf

    shelf = Property(QObject, lambda self: self._shelf, notify=changed)


def depot(side: PeerSide, url: str, registry: str = "", later: bool = False) -> None:
    """A host of "Depot", "store", and "yard", which holds a shelf."""
    rep = RepFile(LATER_REP if later else REP)
    entry, kind, size = rep.pod["DepotEntry"], rep.enum["DepotKind"], rep.pod["DepotSize"]

    def made(name: str, count: int) -> Any:
        found = rep.source[name](count=count)
        found.last = entry("box", "7" if later else 7, kind.Letter, [size(1, 2)])
        return found

    sources = made("Depot", 2), storeClass(later)(), Yard(made("DepotShelf", 5))
    host = QRemoteObjectHost(url, registry) if registry else QRemoteObjectHost(url)
    for name, source in zip(("Depot", "store", "yard"), sources, strict=True):
        assert host.enableRemoting(source, name), host.errorString()
    side.keep(host, *sources)
    side.ready(url=host.hostUrl().toString())
