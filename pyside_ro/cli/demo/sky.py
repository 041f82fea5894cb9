"""What the demo's GPS receiver sees of the sky: satellites, their signals, the quality of the fix.

Knows the clock and the place, nothing of Qt. Narrow streets and the trees of the parks hide part
of the sky, so the fix changes as the bus goes along.
"""

from __future__ import annotations

import math
from enum import IntEnum
from typing import NamedTuple

from pyside_ro.cli.demo.town import Point

__all__ = ["Fix", "Sky", "skyAt"]

_COUNT = 16
_USABLE = 27  # dB-Hz: weaker than this, a satellite is not used
# Where the sky is narrow: centre, radius in metres, how much is hidden (1 is all).
_HIDDEN = [
    (Point(-260, -330), 380.0, 0.62),
    (Point(-900, 440), 260.0, 0.45),
    (Point(420, 620), 300.0, 0.30),
    (Point(900, 60), 240.0, 0.38),
]


class Fix(IntEnum):
    """The quality of a fix, numbered as in the GGA sentence of NMEA 0183."""

    NoFix = 0
    Gps = 1
    Dgps = 2
    RtkFixed = 4
    RtkFloat = 5


class Sky(NamedTuple):
    """What the receiver has at one moment.

    `signals` has the strength (dB-Hz) of each satellite, `used` how many of them are strong
    enough, `hdop` the horizontal dilution of precision, `error` the likely error in metres.
    """

    signals: list[int]
    used: int
    fix: Fix
    hdop: float
    error: float


def skyAt(seconds: float, place: Point) -> Sky:
    """The sky over `place` at a time in `seconds`; the same again for the same arguments."""
    hidden = max(
        share * max(0.0, 1 - (math.dist(place, centre) / radius) ** 2)
        for centre, radius, share in _HIDDEN
    )
    signals = []
    for i in range(_COUNT):
        # Each satellite climbs and sinks in some minutes: a demo has no hours to wait.
        elevation = 0.5 + 0.5 * math.sin(seconds / (140 + 17 * i) + 2.4 * i)
        flutter = 1.4 * math.sin(seconds / 3.1 + 1.7 * i) + 0.9 * math.sin(seconds * 1.3 + i)
        low = hidden * (1.25 - elevation)  # what stands around hides the low ones first
        signals.append(max(0, round(25 + 22 * elevation - 40 * low + flutter)))
    used = sum(signal >= _USABLE for signal in signals)
    hdop = round(0.55 + 9.0 / max(used, 1) ** 1.2, 2) if used else 99.0
    if used < 4:
        fix, error = Fix.NoFix, 25.0
    elif used < 7:
        fix, error = Fix.Gps, 4.0
    elif used < 10:
        fix, error = Fix.Dgps, 1.6
    elif used < 12:
        fix, error = Fix.RtkFloat, 0.4
    else:
        fix, error = Fix.RtkFixed, 0.05
    return Sky(signals, used, fix, hdop, error)
