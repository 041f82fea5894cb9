"""The trips that were."""

from typing import NamedTuple


class Trip(NamedTuple):
    """A trip: where to, and what it took."""

    place: str
    km: float
    minutes: float
    litres: float


TRIPS = (
    Trip("Now", 37.4, 31.0, 2.36),
    Trip("Garmisch", 89.6, 71.0, 5.02),
    Trip("Office", 12.8, 34.0, 1.11),
    Trip("Airport", 41.2, 38.0, 2.55),
    Trip("Lake", 23.9, 29.0, 1.17),
)
