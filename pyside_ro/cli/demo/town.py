"""The made-up town that the demo drives through: streets, water, parks and the bus's route.

Knows points only, in metres east and north of the town's centre, and how these lie on the globe.
Both demo windows draw from here, and the GPS receiver drives here, so the track is on the roads.
"""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

__all__ = [
    "BLOCKS",
    "CENTRE",
    "COAST",
    "LABELS",
    "MAIN_ROADS",
    "PARKS",
    "RIVER",
    "RIVER_WIDTH",
    "ROUTE",
    "STOPS",
    "STREETS",
    "Point",
    "rounded",
    "toDegrees",
    "toMetres",
]


class Point(NamedTuple):
    """A place: metres `east` and `north` of the town's centre."""

    east: float
    north: float


# Where the centre lies (degrees). Open water in the Atlantic: nobody's address is on this map.
CENTRE = (47.5, -25.0)
_METRES_PER_DEGREE = 111_320.0


def toDegrees(point: Point) -> tuple[float, float]:
    """Latitude and longitude (degrees, WGS 84 near enough) of `point`."""
    latitude = CENTRE[0] + point.north / _METRES_PER_DEGREE
    shrink = math.cos(math.radians(CENTRE[0]))
    return latitude, CENTRE[1] + point.east / (_METRES_PER_DEGREE * shrink)


def toMetres(latitude: float, longitude: float) -> Point:
    """The point at `latitude` and `longitude` (degrees): the inverse of `toDegrees`."""
    shrink = math.cos(math.radians(CENTRE[0]))
    return Point(
        (longitude - CENTRE[1]) * _METRES_PER_DEGREE * shrink,
        (latitude - CENTRE[0]) * _METRES_PER_DEGREE,
    )


def rounded(corners: list[Point], radius: float, closed: bool, step: float = 6.0) -> list[Point]:
    """The line through `corners` with its corners rounded off within `radius` metres.

    Straight parts keep their two ends only; a rounded corner gets a point about every `step`
    metres. With `closed` the last corner is joined to the first, and the first point is repeated
    at the end.
    """
    count = len(corners)
    line: list[Point] = []
    for i, corner in enumerate(corners):
        if not closed and i in (0, count - 1):
            line.append(corner)
            continue
        before, after = corners[i - 1], corners[(i + 1) % count]
        reach = min(radius, math.dist(before, corner) / 2, math.dist(corner, after) / 2)
        start, end = _toward(corner, before, reach), _toward(corner, after, reach)
        steps = max(4, int(2 * reach / step))
        for k in range(steps + 1):
            t = k / steps
            line.append(
                Point(
                    (1 - t) ** 2 * start.east + 2 * t * (1 - t) * corner.east + t * t * end.east,
                    (1 - t) ** 2 * start.north + 2 * t * (1 - t) * corner.north + t * t * end.north,
                )
            )
    if closed:
        line.append(line[0])
    return line


def _toward(start: Point, target: Point, distance: float) -> Point:
    share = distance / max(math.dist(start, target), 1e-9)
    return Point(
        start.east + (target.east - start.east) * share,
        start.north + (target.north - start.north) * share,
    )


def _points(*pairs: tuple[float, float]) -> list[Point]:
    return [Point(*pair) for pair in pairs]


def _grid() -> tuple[list[list[Point]], list[list[Point]]]:
    """Side streets and city blocks: a grid turned by some degrees, with gaps like a grown town."""
    turn = math.radians(14)
    along, across = (math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))

    def at(u: float, v: float) -> Point:
        return Point(u * along[0] + v * across[0], u * along[1] + v * across[1])

    streets: list[list[Point]] = []
    blocks: list[list[Point]] = []
    rows, columns = range(-1600, 1601, 150), range(-2000, 2001, 210)
    for row, v in enumerate(rows):
        for column, u in enumerate(columns):
            mark = (row * 7 + column * 13 + row * column) % 11
            if mark != 3:
                streets.append([at(u, v), at(u + 210, v)])
            if mark not in (5, 8):
                streets.append([at(u, v), at(u, v + 150)])
            if mark not in (1, 5, 8):
                inner = 26 + 6 * (mark % 3)
                east, north = u + 210 - inner, v + 150 - inner
                blocks.append(
                    [at(u + inner, v + inner), at(east, v + inner), at(east, north)]
                    + [at(u + inner, north)]
                )
    return streets, blocks


STREETS, BLOCKS = _grid()

RIVER_WIDTH = 120.0
RIVER = rounded(
    _points((-2200, 700), (-1500, 560), (-820, 330), (-380, 300), (-60, 60), (240, -300))
    + _points((520, -560), (900, -900)),
    260,
    closed=False,
)
COAST = rounded(
    _points((2200, 240), (1480, 10), (1010, -330), (560, -420), (280, -700), (-260, -810))
    + _points((-700, -1120), (-800, -1700), (2400, -1700)),
    220,
    closed=True,
)
PARKS = [
    rounded(_points((90, 330), (470, 400), (560, 160), (330, 40), (140, 130)), 90, closed=True),
    rounded(_points((-1090, -90), (-740, -40), (-680, -290), (-1010, -380)), 80, closed=True),
    rounded(_points((-560, 640), (-190, 720), (-60, 980), (-640, 1010)), 90, closed=True),
    rounded(_points((1080, 500), (1500, 560), (1700, 300), (1240, 240)), 90, closed=True),
]

_ROUTE_CORNERS = _points(
    (-1180, -470), (-1260, -60), (-1160, 300), (-690, 560), (-180, 520), (120, 690), (600, 560)
) + _points(
    (960, 220), (830, -90), (360, -120), (-30, -190), (-190, -420), (-640, -380), (-840, -590)
)
ROUTE = rounded(_ROUTE_CORNERS, 120, closed=True)


def _on_route(east: float, north: float) -> Point:
    """The point of the route that is nearest: where another road meets it, or a stop is."""
    place, best = Point(east, north), ROUTE[0]
    for a, b in itertools.pairwise(ROUTE):
        length = math.dist(a, b)
        for k in range(max(1, int(length / 5)) + 1):
            found = _toward(a, b, min(length, 5.0 * k))
            if math.dist(found, place) < math.dist(best, place):
                best = found
    return best


def _branch(*pairs: tuple[float, float]) -> list[Point]:
    return rounded([_on_route(*pairs[0]), *_points(*pairs[1:])], 120, closed=False)


MAIN_ROADS = [
    _branch((-1260, -60), (-1500, -100), (-2200, -150)),
    rounded([_on_route(-1260, -60), Point(-620, 40), _on_route(-180, 520)], 120, closed=False),
    _branch((120, 690), (180, 1000), (120, 1600)),
    _branch((960, 220), (1420, 330), (2200, 470)),
    _branch((-840, -590), (-1150, -760), (-1900, -900)),
    rounded([_on_route(-30, -190), Point(70, 30), _on_route(-180, 520)], 160, closed=False),
    _branch((-690, 560), (-900, 800), (-960, 1500)),
    _branch((600, 560), (900, 760), (1500, 900), (2200, 1000)),
    ROUTE,
]
STOPS = {
    "Westgate": _on_route(-1260, -60),
    "Mill Bridge": _on_route(-900, 440),
    "University": _on_route(-180, 520),
    "North Park": _on_route(600, 560),
    "Harbour": _on_route(830, -90),
    "Old Town": _on_route(-30, -190),
    "Southern Works": _on_route(-840, -590),
}
LABELS = {
    "HARBOUR BAY": Point(860, -560),
    "OLD TOWN": Point(-440, -190),
    "NORTH PARK": Point(330, 230),
    "WEST PARK": Point(-890, -205),
    "HILLSIDE": Point(1000, 530),
    "MILL RIVER": Point(-560, 318),
}
