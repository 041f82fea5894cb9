"""Qt value types that cross as their parts, because their stream cannot be trusted or is none.

QEasingCurve's stream holds a function's address; QIcon's may name a plugin and files to read;
QCursor's pixmap needs a screen; QTextLength has no stream in PySide6. Knows how to take each
apart and build it again.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from ..errors import CannotCross, InvalidData

__all__ = ["REBUILT", "Rebuilt"]


class Rebuilt(NamedTuple):
    """How one type crosses: `take` gives its parts, `make` builds it of them."""

    module: str
    take: Callable[[Any], list[Any]]
    make: Callable[..., object]
    needsScreen: bool = False


def _gui() -> Any:
    return import_module("PySide6.QtGui")


def _image(value: Any) -> Any:
    """Only an image is taken for one: what is built of it would take other types too."""
    if not isinstance(value, _gui().QImage):
        raise InvalidData(f"{type(value).__name__} where an image should be")
    return value


def _takeEasing(curve: Any) -> list[Any]:
    kind = curve.type()
    if kind.name in ("Custom", "TCBSpline"):
        raise CannotCross(
            f"a QEasingCurve of type {kind.name} cannot cross: it is made of code, or of points"
            " that Qt does not give back; use one of Qt's named types, or a BezierSpline"
        )
    points: list[float] = []
    if kind.name == "BezierSpline":
        for point in curve.toCubicSpline():
            points += (point.x(), point.y())
    return [kind.value, curve.amplitude(), curve.overshoot(), curve.period(), points]


def _makeEasing(
    kind: int, amplitude: float, overshoot: float, period: float, points: list[float]
) -> object:
    core = import_module("PySide6.QtCore")
    curveType = core.QEasingCurve.Type(kind)
    if curveType.name in ("Custom", "TCBSpline", "NCurveTypes") or len(points) % 6:
        raise InvalidData(f"an easing curve of type {curveType.name}")
    curve = core.QEasingCurve(curveType)
    # Setting what it has anyway would make it unequal to the one that was sent.
    if curve.amplitude() != amplitude:
        curve.setAmplitude(amplitude)
    if curve.overshoot() != overshoot:
        curve.setOvershoot(overshoot)
    if curve.period() != period:
        curve.setPeriod(period)
    if points and curveType.name != "BezierSpline":
        raise InvalidData("an easing curve with points that is no spline")
    for at in range(0, len(points), 6):
        x1, y1, x2, y2, x3, y3 = points[at : at + 6]
        curve.addCubicBezierSegment(
            core.QPointF(x1, y1), core.QPointF(x2, y2), core.QPointF(x3, y3)
        )
    return curve


#: The sizes that an icon without sizes of its own (SVG, theme) is drawn in.
_ICON_SIZES = (16, 24, 32, 48, 64, 128)


def _takeIcon(icon: Any) -> list[Any]:
    if icon.isNull():
        return [[]]
    gui = _gui()
    core = import_module("PySide6.QtCore")
    images = []
    for mode in gui.QIcon.Mode:
        for state in gui.QIcon.State:
            sizes = icon.availableSizes(mode, state)
            if not sizes and (mode, state) == (gui.QIcon.Mode.Normal, gui.QIcon.State.Off):
                sizes = [core.QSize(size, size) for size in _ICON_SIZES]
            for size in sizes:
                image = icon.pixmap(size, 1.0, mode, state).toImage()
                if not image.isNull():
                    images.append([mode.value, state.value, image])
    return [images]


def _makeIcon(images: list[Any]) -> object:
    gui = _gui()
    icon = gui.QIcon()
    for mode, state, image in images:
        pixmap = gui.QPixmap.fromImage(_image(image))
        icon.addPixmap(pixmap, gui.QIcon.Mode(mode), gui.QIcon.State(state))
    return icon


def _takeCursor(cursor: Any) -> list[Any]:
    shape = cursor.shape()
    if shape.name != "BitmapCursor":
        return [shape.value, [], 0, 0]
    pixmap = cursor.pixmap()
    pictures = [cursor.bitmap(), cursor.mask()] if pixmap.isNull() else [pixmap]
    spot = cursor.hotSpot()
    return [shape.value, [picture.toImage() for picture in pictures], spot.x(), spot.y()]


def _makeCursor(shape: int, images: list[Any], x: int, y: int) -> object:
    gui = _gui()
    qt = import_module("PySide6.QtCore").Qt
    if not images:
        if not 0 <= shape <= qt.CursorShape.LastCursor.value:
            raise InvalidData(f"a cursor of unknown shape {shape}")
        return gui.QCursor(qt.CursorShape(shape))
    if len(images) == 1:
        return gui.QCursor(gui.QPixmap.fromImage(_image(images[0])), x, y)
    bitmap, mask = (gui.QBitmap.fromImage(_image(image)) for image in images)
    return gui.QCursor(bitmap, mask, x, y)


def _takeLength(length: Any) -> list[Any]:
    return [length.type().value, length.rawValue()]


def _makeLength(kind: int, value: float) -> object:
    gui = _gui()
    return gui.QTextLength(gui.QTextLength.Type(kind), value)


REBUILT: dict[str, Rebuilt] = {
    "QEasingCurve": Rebuilt("QtCore", _takeEasing, _makeEasing),
    "QIcon": Rebuilt("QtGui", _takeIcon, _makeIcon, needsScreen=True),
    "QCursor": Rebuilt("QtGui", _takeCursor, _makeCursor, needsScreen=True),
    "QTextLength": Rebuilt("QtGui", _takeLength, _makeLength),
}
