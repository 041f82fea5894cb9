"""A QObject whose class was changed leaves no trace in its classes' reference counts.

Knows `pyside_ro.replica.changing`.
"""

import sys

from PySide6.QtCore import QObject, Signal

from pyside_ro.replica.changing import changeClass


class Former(QObject):
    pass


class Latter(Former):
    changed = Signal(int)


def test_changedObjectsGiveBackWhatTheyTook() -> None:
    # References to lose, so that a mistake is a failed assertion and not a crash.
    spare = [Latter] * 1000
    before = sys.getrefcount(Former), sys.getrefcount(Latter)
    kept = []
    for number in range(100):
        obj = Former()
        changeClass(obj, Latter)
        if number % 2:
            kept.append(obj)
    del obj
    kept.clear()
    assert (sys.getrefcount(Former), sys.getrefcount(Latter)) == before
    del spare


def test_changedObjectHasTheNewMembers() -> None:
    obj = Former()
    changeClass(obj, Latter)
    got: list[int] = []
    obj.changed.connect(got.append)  # type: ignore[attr-defined]
    obj.changed.emit(3)  # type: ignore[attr-defined]
    assert got == [3]
    assert obj.metaObject().indexOfSignal("changed(int)") >= 0
