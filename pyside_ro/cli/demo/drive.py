"""How the demo's bus moves: where it is, how fast and which way, at any moment of its round.

Knows the route and the clock, nothing of Qt. The answer depends on the time alone, so a host that
was killed and started again finds the bus where it would have been.
"""

from __future__ import annotations

import bisect
import itertools
import math
from typing import NamedTuple

from pyside_ro.cli.demo.town import ROUTE, STOPS, Point

__all__ = ["Drive", "Motion"]

_STEP = 4.0  # metres between the samples of the route
_TOP_SPEED = 16.5  # m/s
_SIDEWAYS = 2.1  # m/s², what passengers bear in a bend
_ACCELERATION = 0.9  # m/s²
_BRAKING = 1.1  # m/s²
_HALT_SPEED = 1.2  # m/s at a stop: it rolls through, so that there is always something to see


class Motion(NamedTuple):
    """The bus at one moment: place, speed in m/s, heading in degrees from north, clockwise."""

    point: Point
    speed: float
    heading: float


class Drive:
    """One round of the route, worked out once: the bus slows down for bends and stops."""

    def __init__(self) -> None:
        self._line = _sampled(ROUTE, _STEP)
        speeds = self._speeds()
        self._speed = speeds
        times = [0.0]
        for i in range(len(speeds)):
            following = speeds[(i + 1) % len(speeds)]
            times.append(times[-1] + 2 * _STEP / (speeds[i] + following))
        self._times = times

    @property
    def lapTime(self) -> float:
        """Seconds for one round."""
        return self._times[-1]

    def at(self, seconds: float) -> Motion:
        """Where the bus is `seconds` after some fixed beginning (for example the epoch)."""
        rest = seconds % self.lapTime
        i = max(bisect.bisect_right(self._times, rest) - 1, 0) % len(self._line)
        j = (i + 1) % len(self._line)
        share = (rest - self._times[i]) / (self._times[i + 1] - self._times[i])
        here, there = self._line[i], self._line[j]
        point = Point(
            here.east + (there.east - here.east) * share,
            here.north + (there.north - here.north) * share,
        )
        ahead = self._line[(i + 2) % len(self._line)]
        heading = _blend(_bearing(here, there), _bearing(there, ahead), share)
        return Motion(point, self._speed[i] * (1 - share) + self._speed[j] * share, heading)

    def _speeds(self) -> list[float]:
        line, count = self._line, len(self._line)
        halts = [min(range(count), key=lambda i: math.dist(line[i], p)) for p in STOPS.values()]
        speeds = []
        for i in range(count):
            turn = _difference(
                _bearing(line[i - 4], line[i]), _bearing(line[i], line[(i + 4) % count])
            )
            bend = abs(math.radians(turn)) / (4 * _STEP)
            speeds.append(min(_TOP_SPEED, math.sqrt(_SIDEWAYS / max(bend, 1e-6))))
        for i in halts:
            speeds[i] = _HALT_SPEED
        # Twice round, so that the limits at the seam reach across it.
        for i in list(range(count)) * 2:
            reach = math.sqrt(speeds[i - 1] ** 2 + 2 * _ACCELERATION * _STEP)
            speeds[i] = min(speeds[i], reach)
        for i in list(range(count - 1, -1, -1)) * 2:
            reach = math.sqrt(speeds[(i + 1) % count] ** 2 + 2 * _BRAKING * _STEP)
            speeds[i] = min(speeds[i], reach)
        return speeds


def _sampled(line: list[Point], step: float) -> list[Point]:
    """Points every `step` metres along a closed line (the last gap is stretched to fit)."""
    lengths = [0.0]
    for a, b in itertools.pairwise(line):
        lengths.append(lengths[-1] + math.dist(a, b))
    count = int(lengths[-1] / step)
    points = []
    for k in range(count):
        distance = k * lengths[-1] / count
        i = bisect.bisect_right(lengths, distance) - 1
        share = (distance - lengths[i]) / (lengths[i + 1] - lengths[i])
        a, b = line[i], line[i + 1]
        points.append(
            Point(a.east + (b.east - a.east) * share, a.north + (b.north - a.north) * share)
        )
    return points


def _bearing(a: Point, b: Point) -> float:
    return math.degrees(math.atan2(b.east - a.east, b.north - a.north)) % 360


def _difference(a: float, b: float) -> float:
    return (b - a + 180) % 360 - 180


def _blend(a: float, b: float, share: float) -> float:
    return (a + _difference(a, b) * share) % 360
