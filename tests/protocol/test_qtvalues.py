"""Qt's value types and PySide6's enums: round trips, streams that lie, programs without screen."""

from __future__ import annotations

import pickle
import subprocess
import sys
from contextlib import suppress
from random import Random
from typing import Any

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import (
    QBitArray,
    QByteArray,
    QCborArray,
    QCborMap,
    QCborValue,
    QDataStream,
    QDate,
    QDateTime,
    QEasingCurve,
    QIODevice,
    QJsonArray,
    QJsonDocument,
    QJsonValue,
    QKeyCombination,
    QLine,
    QLineF,
    QLocale,
    QMargins,
    QMarginsF,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QRegularExpression,
    QSize,
    QSizeF,
    Qt,
    QTime,
    QTimeZone,
    QUrl,
    QUuid,
    QVersionNumber,
)
from PySide6.QtGui import (
    QBitmap,
    QBrush,
    QColor,
    QColorSpace,
    QConicalGradient,
    QCursor,
    QFont,
    QIcon,
    QImage,
    QKeySequence,
    QLinearGradient,
    QMatrix4x4,
    QPageRanges,
    QPainterPath,
    QPalette,
    QPen,
    QPixmap,
    QPolygon,
    QPolygonF,
    QQuaternion,
    QRadialGradient,
    QRegion,
    QTextLength,
    QTransform,
    QVector2D,
    QVector3D,
    QVector4D,
)
from PySide6.QtWidgets import QSizePolicy

from pyside_ro.errors import CannotCross, InvalidData
from pyside_ro.protocol.extensions import Code
from pyside_ro.protocol.qtvalues import _SMALL, _VERSION, _modules
from pyside_ro.protocol.standins import EnumRecord, Opaque
from pyside_ro.protocol.values import ValueDecoder, ValueEncoder
from tests.protocol.wire import Wire

pytestmark = pytest.mark.usefixtures("qapp")


def pixmap(size: int = 20) -> QPixmap:
    result = QPixmap(size, size)
    result.fill(QColor("red"))
    return result


def image(noisy: int = 0) -> QImage:
    random = Random(1)
    result = QImage(noisy or 5, noisy or 7, QImage.Format.Format_ARGB32)
    result.fill(0)
    for at in range(noisy * noisy):
        result.setPixel(at % noisy, at // noisy, random.getrandbits(32))
    return result


def font() -> QFont:
    result = QFont("Aria", 12, 700, True)
    result.setFamilies(["Aria", "Bob"])
    return result


def path() -> QPainterPath:
    result = QPainterPath()
    result.addEllipse(0, 0, 5, 5)
    result.lineTo(9, 9)
    result.setFillRule(Qt.FillRule.WindingFill)
    return result


def bezier() -> QEasingCurve:
    curve = QEasingCurve(QEasingCurve.Type.BezierSpline)
    curve.addCubicBezierSegment(QPointF(0.1, 0.2), QPointF(0.3, 0.9), QPointF(1, 1))
    return curve


def elastic() -> QEasingCurve:
    curve = QEasingCurve(QEasingCurve.Type.InOutElastic)
    curve.setAmplitude(1.5)
    return curve


def palette() -> QPalette:
    result = QPalette()
    result.setColor(QPalette.ColorRole.Accent, QColor("red"))
    result.setBrush(QPalette.ColorRole.Window, QBrush(QRadialGradient(0, 0, 1)))
    return result


def pen() -> QPen:
    result = QPen(QBrush(QLinearGradient(0, 0, 1, 1)), 3)
    result.setDashPattern([1, 2, 3, 4])
    return result


def values() -> list[Any]:
    """One of each type at least, made when an application is there."""
    utc = QDateTime(QDate(2024, 2, 29), QTime(1, 2, 3, 4), QTimeZone.utc())
    return [
        QPoint(1, -2), QPointF(1.5, -2), QSize(3, 4), QSizeF(3.5, 4), QRect(1, 2, 3, 4), QRect(),
        QRectF(1.5, 2, 3, 4), QLine(1, 2, 3, 4), QLineF(1.5, 2, 3, 4), QMargins(1, 2, 3, 4),
        QMarginsF(1.5, 2, 3, 4), QDate(2024, 2, 29), QDate(), QTime(23, 59, 59, 999), QTime(),
        QTime(0, 0), utc, QDateTime(), utc.toOffsetFromUtc(3600), utc.toLocalTime(),
        utc.toTimeZone(QTimeZone(b"Europe/Paris")), QTimeZone(b"Europe/Paris"), QTimeZone(3600),
        QTimeZone(), QTimeZone.utc(), QTimeZone(QTimeZone.Initialization.LocalTime),
        QTimeZone(b"My/Zone", 3600, "name", "ab", QLocale.Country.France, "c"),
        QUrl("http://é.example/a?b=c#d"), QUrl(), QUuid.createUuid(), QByteArray(b"\0a"),
        QBitArray(13, True), QBitArray(), QRegularExpression("a(b+)"), QLocale("fr_FR"),
        QEasingCurve(QEasingCurve.Type.OutBounce), QEasingCurve(), elastic(), bezier(),
        QKeySequence("Ctrl+X, Ctrl+S"), QVersionNumber(1, 2, 3), QJsonValue(1.5), QJsonValue("é"),
        QJsonValue(True), QJsonValue(), QJsonDocument.fromVariant({"a": [1]}),
        QJsonArray.fromVariantList([1, "x"]), QCborValue(3), QCborArray.fromVariantList([1]),
        QCborMap.fromVariantMap({"a": 1}), QKeyCombination(Qt.Modifier.CTRL, Qt.Key.Key_A),
        QColor("red"), QColor(), QColor.fromHsvF(0.1, 0.2, 0.3, 0.4), font(), QFont(),
        QBrush(Qt.BrushStyle.Dense3Pattern), QBrush(QLinearGradient(0, 0, 1, 1)),
        QBrush(QRadialGradient(0, 0, 1)), QBrush(QConicalGradient(0, 0, 3)), pen(), QPen(),
        QPalette(), palette(), image(), QImage(), QPolygon([QPoint(1, 2)]),
        QPolygonF([QPointF(1, 2), QPointF(3, 4)]), QPolygon(), QRegion(),
        QRegion(0, 0, 5, 5) | QRegion(9, 9, 3, 3), QTransform(1, 2, 3, 4, 5, 6, 7, 8, 9),
        QMatrix4x4(*range(16)), QVector2D(1, 2), QVector3D(1, 2, 3), QVector4D(1, 2, 3, 4),
        QQuaternion(1, 2, 3, 4), path(), QPainterPath(), QTextLength(),
        QTextLength(QTextLength.Type.FixedLength, 3), QColorSpace(),
        QColorSpace(QColorSpace.NamedColorSpace.SRgb), QPageRanges.fromString("1-3,5"),
        QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding),
    ]  # fmt: skip


def pictures() -> list[Any]:
    """The types without an == of their value, and how to look at them."""
    icon = QIcon(pixmap(16))
    icon.addPixmap(pixmap(32), QIcon.Mode.Disabled, QIcon.State.On)
    return [
        pixmap(), QPixmap(), QBitmap(3, 3), icon, QIcon(), QCursor(Qt.CursorShape.WaitCursor),
        QCursor(pixmap(), 2, 3), QCursor(QBitmap(8, 8), QBitmap(8, 8), 1, 1), QBrush(pixmap()),
    ]  # fmt: skip


def test_each_type_is_tested() -> None:
    tested = {type(value).__name__ for value in values() + pictures()}
    assert set(_modules) <= tested


def test_values_arrive_as_they_were() -> None:
    for value in values():
        result = Wire()((value,))[0]
        assert type(result) is type(value)
        assert result == value, f"{value!r} arrived as {result!r}"


def test_pictures_arrive_as_they_were() -> None:
    def looks(value: Any) -> list[Any]:
        if isinstance(value, QPixmap):
            return [value.toImage().convertToFormat(QImage.Format.Format_ARGB32)]
        if isinstance(value, QBrush):
            return [value.style(), *looks(value.texture())]
        if isinstance(value, QIcon):
            found: list[Any] = [value.isNull()]
            for mode in QIcon.Mode:
                for state in QIcon.State:
                    for size in value.availableSizes(mode, state):
                        found += [mode, state, *looks(value.pixmap(size, mode, state))]
            return found
        spot = value.hotSpot()
        pixmaps = [value.pixmap(), value.bitmap(), value.mask()]
        return [value.shape(), spot, *(part for each in pixmaps for part in looks(each))]

    for value in pictures():
        result = Wire()([value])[0]
        assert type(result) is type(value) and looks(result) == looks(value), repr(value)


def test_a_large_image_is_a_segment() -> None:
    wire = Wire()
    noisy = image(200)
    assert wire((noisy,))[0] == noisy
    assert [kind for kind, _ in wire.encoder.segments] == [1]


def test_the_small_ones_are_the_bytes_of_their_qdatastream() -> None:
    names = {name for _, name in _SMALL}
    for value in values():
        name = type(value).__name__
        if name not in names:
            continue
        data = QByteArray()
        stream = QDataStream(data, QIODevice.OpenModeFlag.WriteOnly)
        stream.setVersion(_VERSION)
        stream << value
        extension: Any = ValueEncoder().default(value)
        assert extension.data == bytes([len(name)]) + name.encode() + data.data()


def test_a_region_that_would_take_qt_seconds_is_refused_at_both_ends() -> None:
    wide = QRegion()
    for at in range(4097):
        wide += QRect(3 * at, 0, 1, 1)
    with pytest.raises(CannotCross, match="a region of 4097 rectangles"):
        ValueEncoder().default(wide)
    count = 65536
    head = b"".join(n.to_bytes(4, "big") for n in (8 + 16 * count, 10, count))
    with pytest.raises(InvalidData, match="a region of 65536 rectangles"):
        received("QRegion", head + bytes(16 * count))


def test_a_derived_class_arrives_as_qts() -> None:
    class Place(QPointF):
        pass

    result = Wire()(Place(1, 2))
    assert type(result) is QPointF and result == QPointF(1, 2)


@pytest.mark.parametrize(
    "make",
    [
        QtCore.QFileInfo, QtCore.QUrlQuery, QtGui.QTextFormat, QtGui.QPicture,
        QtGui.QStandardItem, QtCore.QModelIndex, QtCore.QObject, QtGui.QTextCharFormat,
        lambda: QEasingCurve(QEasingCurve.Type.TCBSpline),
    ],
)  # fmt: skip
def test_what_cannot_cross(make: Any) -> None:
    with pytest.raises(CannotCross, match="cannot cross"):
        ValueEncoder().default(make())


# Enums

MEMBERS = [
    Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop,
    Qt.AlignmentFlag(0),
    Qt.Key.Key_A,
    QtWidgets.QSizePolicy.Policy.Expanding,
    QtCore.QLocale.Language.French,
    QIODevice.OpenModeFlag.ReadWrite,
]


@pytest.mark.parametrize("member", MEMBERS, ids=repr)
def test_pyside_enums(member: Any) -> None:
    result = Wire()({member: [member]})
    assert result == {member: [member]} and type(result[member][0]) is type(member)


def enumOf(name: str, value: Any = 1) -> object:
    return ValueDecoder().ext_hook(Code.ENUM, msgpack.packb([name, "Name", value]))


@pytest.mark.parametrize(
    "name",
    [
        "PySide6.QtCore.Qt", "PySide6.QtCore.Qt.Nothing", "PySide6.QtCore", "PySide6.QtCore.Qt.",
        "PySide6.QtCore.__doc__.x", "PySide6.QtCore.QObject.deleteLater", "PySide6.Nothing.A.B",
        "PySide6.QtCore.QObject.__class__.x", "PySide6.QtCore.qVersion", "PySide6.QtTest.QTest.A",
        "PySide6.QtCore.Qt.AlignmentFlag.AlignLeft", "PySide6.QtCore.Qt.AlignmentFlag._member_map_",
    ],
)  # fmt: skip
def test_enum_names_that_lead_elsewhere_stay_records(name: str) -> None:
    assert isinstance(enumOf(name), EnumRecord)


def test_an_enum_member_of_another_qt_stays_a_record() -> None:
    result = enumOf("PySide6.QtCore.Qt.Key", 123456789)
    assert isinstance(result, EnumRecord) and result.name == "Name"


# Streams that lie


def received(name: str, body: bytes) -> object:
    return ValueDecoder().ext_hook(Code.QT, bytes([len(name)]) + name.encode() + body)


HUGE = b"\x7f\xff\xff\xff"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("QPolygon", HUGE), ("QPolygonF", HUGE), ("QVersionNumber", HUGE), ("QKeySequence", HUGE),
        ("QBitArray", b"\0\0\0\0" + HUGE), ("QUrl", HUGE), ("QRegion", HUGE), ("QLocale", HUGE),
        ("QRegion", b"\0\0\0\x08\0\0\0\x0b\0\0\0\0"), ("QImage", b"\0\0\0\1"), ("QImage", HUGE),
        ("QPainterPath", b"\0\0\0\1" + bytes(20) + HUGE + bytes(4)),
        ("QColor", b"\x09" + bytes(10)),
        ("QTimeZone", b"\0\0\0\x14" + "../../etc/".encode("utf-16-be")),
        ("QBrush", b"\x0f" + bytes(11 + 16) + HUGE), ("QPointF", bytes(15)), ("QPointF", bytes(17)),
        ("QPalette", b""), ("QFont", b""), ("QJsonDocument", b"\0\0\0\1{"), ("QColor", bytes(12)),
    ],
    ids=lambda value: value if isinstance(value, str) else value[:12].hex(),
)  # fmt: skip
def test_streams_that_lie_are_refused(name: str, body: bytes) -> None:
    with pytest.raises(InvalidData):
        received(name, body)


def test_types_not_in_the_table_are_never_built() -> None:
    for name in ("QObject", "QProcess", "QVariant", "QWidget", "qVersion", "", "é", "__class__"):
        body = name.encode()
        result = ValueDecoder().ext_hook(Code.QT, bytes([len(body)]) + body + bytes(8))
        assert isinstance(result, Opaque) and Wire()([result]) == [result]


@settings(max_examples=1500, deadline=None)
@given(st.data())
@pytest.mark.qt_warnings(".*")
def test_flipped_and_cut_streams_only_ever_raise_invaliddata(data: st.DataObject) -> None:
    if not _seeds:
        for value in values() + pictures():
            extension = ValueEncoder().default(value)
            _seeds.append((extension.code, extension.data))  # type: ignore[attr-defined]
    code, stream = data.draw(st.sampled_from(_seeds))
    changed = bytearray(stream)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(changed)))
        what = data.draw(st.sampled_from(["flip", "cut", "huge", "insert"]))
        if what == "cut":
            del changed[at:]
        elif what == "huge":
            changed[at : at + 4] = HUGE
        elif what == "insert":
            changed[at:at] = data.draw(st.binary(min_size=1, max_size=8))
        elif at < len(changed):
            changed[at] ^= data.draw(st.integers(1, 255))
    try:
        value = ValueDecoder().ext_hook(code, bytes(changed))
    except InvalidData:
        return
    # What was accepted can be looked at, and sent on or refused in words.
    assert repr(value) is not None
    with suppress(CannotCross):
        ValueEncoder().default(value)


_seeds: list[tuple[int, bytes]] = []

# Programs without a screen

HEADLESS = """
import sys, pickle
from PySide6.QtCore import QCoreApplication
from pyside_ro.protocol.values import ValueDecoder, ValueEncoder
app = QCoreApplication([])
decoder = ValueDecoder()
assert "PySide6.QtGui" not in sys.modules
for code, data in pickle.loads(bytes.fromhex(sys.argv[1])):
    value = decoder.ext_hook(code, data)
    ValueEncoder().default(value)
    print(type(value).__name__)
"""


def test_a_program_without_screen_gets_what_it_can_hold() -> None:
    sent = []
    cursor = QCursor(Qt.CursorShape.WaitCursor)
    pictures = [pixmap(), QBitmap(2, 2), QIcon(pixmap()), cursor]
    for value in (QPoint(1, 2), QColor("red"), *pictures, font(), QBrush(pixmap()), palette()):
        extension: Any = ValueEncoder().default(value)
        sent.append((extension.code, extension.data))
    program = subprocess.run(
        [sys.executable, "-c", HEADLESS, pickle.dumps(sent).hex()],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert program.returncode == 0, program.stderr
    assert program.stdout.split() == [
        "QPoint", "QColor", "QImage", "QImage", "Opaque", "Opaque", "QFont", "QBrush", "QPalette",
    ]  # fmt: skip
