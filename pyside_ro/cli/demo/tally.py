"""What a process of the demo counts: updates it saw, calls it made, how long they took.

Knows nothing of Qt; crosses from child to controlling process as a line of JSON.
"""

from __future__ import annotations

import statistics
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Tally"]

_KEPT = 2000  # round trips that the median is taken of


@dataclass
class Tally:
    """Counts of one process, or of several together. Times are in milliseconds."""

    updates: int = 0
    accepted: int = 0
    refused: int = 0
    failed: int = 0
    other: int = 0
    slowest: float = 0.0
    trips: deque[float] = field(default_factory=lambda: deque(maxlen=_KEPT))

    @property
    def calls(self) -> int:
        """All calls that have ended, whatever came of them."""
        return self.accepted + self.refused + self.failed + self.other

    def trip(self, milliseconds: float) -> None:
        """Note how long the answer to a call took."""
        self.trips.append(milliseconds)
        self.slowest = max(self.slowest, milliseconds)

    def latency(self) -> tuple[float, float] | None:
        """The median and the longest round trip in ms; None before the first answer."""
        if not self.trips:
            return None
        return statistics.median(self.trips), self.slowest

    def toJson(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "updates": self.updates,
            "accepted": self.accepted,
            "refused": self.refused,
            "failed": self.failed,
            "other": self.other,
            "slowest": self.slowest,
            "trips": list(self.trips),
        }

    @staticmethod
    def fromJson(data: dict[str, Any]) -> Tally:
        """What `toJson` made."""
        return Tally(**{**data, "trips": deque(data["trips"], maxlen=_KEPT)})

    @staticmethod
    def together(tallies: Iterable[Tally]) -> Tally:
        """The sum of several."""
        total = Tally()
        for tally in tallies:
            total.updates += tally.updates
            total.accepted += tally.accepted
            total.refused += tally.refused
            total.failed += tally.failed
            total.other += tally.other
            total.slowest = max(total.slowest, tally.slowest)
            total.trips.extend(tally.trips)
        return total
