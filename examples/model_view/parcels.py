"""A model of parcels in depots. Knows no remote objects."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

__all__ = ["ROLES", "Parcels"]

Role = Qt.ItemDataRole
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
#: What is shared.
ROLES = [
    Role.DisplayRole,
    Role.EditRole,
    Role.DecorationRole,
    Role.ForegroundRole,
    Role.TextAlignmentRole,
]

HEADERS = ("parcel", "to", "kg", "state", "way", "note")
PARCEL, TO, KG, STATE, WAY, NOTE = range(6)
CITIES = [
    "Athens",
    "Berlin",
    "Bergen",
    "Dublin",
    "Geneva",
    "Hamburg",
    "Istanbul",
    "Kraków",
    "Lisbon",
    "Madrid",
    "Munich",
    "Nantes",
    "Oslo",
    "Prague",
    "Riga",
    "Seville",
    "Tallinn",
    "Vienna",
    "Warsaw",
    "Zürich",
]


class State(IntEnum):
    """What becomes of a parcel, in this order."""

    posted, sorted, loaded, delayed, delivered = range(5)


COLOURS = [QColor(c) for c in ("#94a3b8", "#38bdf8", "#6366f1", "#f59e0b", "#22c55e")]
INKS = [QColor(c) for c in ("#64748b", "#0284c7", "#4338ca", "#b45309", "#15803d")]
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(eq=False, slots=True)
class Parcel:
    """One row; `way` is in percent."""

    number: int
    to: str
    weight: float
    state: State
    way: int
    note: str = ""


def stateAt(way: int) -> State:
    """What a parcel is after so many percent of its way; now and then one is delayed."""
    if way >= 97:
        return State.delivered
    if random.random() < 0.07:
        return State.delayed
    return State(min(2, way // 25))


class Parcels(QAbstractItemModel):
    """Depots with their parcels below them; what happens to these, happens in `live`."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._made = 0
        each = count // len(CITIES)
        self._depots = [[self._new() for _ in range(each)] for _ in CITIES]

    def _new(self, way: int | None = None) -> Parcel:
        self._made += 1
        way = random.randrange(101) if way is None else way
        weight = round(random.lognormvariate(0.9, 0.8), 1)
        return Parcel(self._made, random.choice(CITIES), weight, stateAt(way), way)

    # What a model is. A parcel's internalId is the number of its depot, from 1 on; a depot's is 0.

    def rowCount(self, parent: Index = ROOT) -> int:
        if not parent.isValid():
            return len(self._depots)
        if parent.internalId() or parent.column():
            return 0
        return len(self._depots[parent.row()])

    def columnCount(self, parent: Index = ROOT) -> int:
        return len(HEADERS)

    def index(self, row: int, column: int, parent: Index = ROOT) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index | None = None) -> Any:  # type: ignore[override]
        if index is None:
            return super().parent()
        depot = index.internalId() if index.isValid() else 0
        return self.createIndex(depot - 1, 0, 0) if depot else QModelIndex()

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if role != Role.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return HEADERS[section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.column() == NOTE and index.internalId():
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = index.column()
        if role == Role.TextAlignmentRole:
            return RIGHT if column == KG else None
        if not index.internalId():
            if role != Role.DisplayRole or column not in (PARCEL, STATE):
                return None
            parcels = self._depots[index.row()]
            return CITIES[index.row()] if column == PARCEL else f"{len(parcels):,} parcels"
        parcel = self._depots[index.internalId() - 1][index.row()]
        if role == Role.DecorationRole:
            return COLOURS[parcel.state] if column == PARCEL else None
        if role == Role.ForegroundRole:
            return INKS[parcel.state] if column == STATE else None
        if role not in (Role.DisplayRole, Role.EditRole):
            return None
        return (
            f"P-{parcel.number:06}",
            parcel.to,
            f"{parcel.weight:.1f}",
            parcel.state.name,
            parcel.way,
            parcel.note,
        )[column]

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        if index.column() != NOTE or not index.internalId() or role != Role.EditRole:
            return False
        self._depots[index.internalId() - 1][index.row()].note = str(value)
        self.dataChanged.emit(index, index)
        return True

    # What happens

    def live(self) -> None:
        """A moment in the life of parcels: most get on, some are new, urgent, or move house."""
        for _ in range(60):
            self._getOn(random.randrange(len(CITIES)), 5_000)
        for depot in range(len(CITIES)):
            self._getOn(depot, 40)
            if random.random() < 0.15:
                self._arrive(depot, random.randrange(4, 9))
            if random.random() < 0.10:
                self._move(depot, random.randrange(12, 30), depot, random.randrange(4))
        if random.random() < 0.5:
            one, other = random.sample(range(len(CITIES)), 2)
            self._move(one, random.randrange(40), other, random.randrange(12))

    def _getOn(self, depot: int, among: int) -> None:
        parcels, above = self._depots[depot], self.index(depot, 0)
        row = random.randrange(min(among, len(parcels)))
        parcel = parcels[row]
        if parcel.state is not State.delivered:
            parcel.way = min(100, parcel.way + random.randrange(1, 6))
            parcel.state = stateAt(parcel.way)
            self.dataChanged.emit(self.index(row, PARCEL, above), self.index(row, WAY, above))

    def _arrive(self, depot: int, row: int) -> None:
        self.beginInsertRows(self.index(depot, 0), row, row)
        self._depots[depot].insert(row, self._new(way=0))
        self.endInsertRows()
        self._recount(depot)

    def _move(self, depot: int, row: int, to: int, place: int) -> None:
        self.beginMoveRows(self.index(depot, 0), row, row, self.index(to, 0), place)
        parcel = self._depots[depot].pop(row)
        self._depots[to].insert(place, parcel)
        self.endMoveRows()
        parcel.note = "urgent" if depot == to else f"from {CITIES[depot]}"
        changed = self.index(place, NOTE, self.index(to, 0))
        self.dataChanged.emit(changed, changed)
        if depot != to:
            self._recount(depot)
            self._recount(to)

    def _recount(self, depot: int) -> None:
        self.dataChanged.emit(self.index(depot, STATE), self.index(depot, STATE))
