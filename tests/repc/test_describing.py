"""The .rep text of classes that hold objects of others: it has those as well, and parses alone."""

from __future__ import annotations

import enum
from typing import Any

import pytest
from PySide6.QtCore import ClassInfo, Property, QAbstractItemModel, QObject, QTimer, Signal

from pyside_ro import RepError, RepFile, interfaceOf, rep
from pyside_ro.repc.describing import repOfClass


class DescribedLidSource(rep.Source):
    class Kind(enum.IntEnum):
        Flat = 0
        Round = 1

    angle: int = rep.Property("int", default=3)
    box: QObject | None = rep.Child("DescribedBox")


class DescribedItem(rep.Pod):
    kind: DescribedLidSource.Kind = rep.Field("DescribedLid::Kind")


class DescribedPlain(QObject):
    """Written for Qt, not for .rep."""

    lidChanged = Signal(QObject)
    partsChanged = Signal()

    def _lid(self) -> DescribedLidSource | None: ...

    def _next(self) -> DescribedPlain: ...

    def _timer(self) -> QTimer: ...

    def _rows(self) -> Any: ...

    def _set(self, value: Any) -> None: ...

    lid = Property(QObject, _lid, notify=lidChanged)
    again = Property(QObject, _lid, _set, notify=partsChanged)
    following = Property(QObject, _next, notify=partsChanged)
    timer = Property(QObject, _timer, constant=True)
    rows = Property(QAbstractItemModel, _rows, constant=True)


decorate: Any = ClassInfo
DescribedPlain = decorate(ROWS_ROLES="display|edit")(DescribedPlain)  # type: ignore[misc]


class DescribedBoxSource(rep.Source):
    lid: QObject | None = rep.Child("DescribedLid")
    spare: QObject | None = rep.Child("DescribedLid")
    items: list[DescribedItem] = rep.Property("QList<DescribedItem>", rep.READONLY)
    plain: QObject | None = rep.Child("DescribedPlain")
    owner: QObject | None = rep.Child("QObject")
    stranger: QObject | None = rep.Child("DescribedNobody")


class DescribedBox(rep.Replica, describedBy=DescribedBoxSource): ...


BOX = """\
class DescribedBox
{
    CLASS lid(DescribedLid)
    CLASS spare(DescribedLid)
    PROP(QList<DescribedItem> items READONLY)
    CLASS plain(DescribedPlain)
    CLASS owner(QObject)
    CLASS stranger(DescribedNobody)
};
"""
LID = """\
class DescribedLid
{
    ENUM Kind { Flat = 0, Round = 1 }
    PROP(int angle = 3)
    CLASS box(DescribedBox)
};
"""
PLAIN = """\
class DescribedPlain
{
    CLASS lid(DescribedLid)
    CLASS again(DescribedLid)
    CLASS following(DescribedPlain)
    CLASS timer(QObject)
    MODEL rows(display, edit)
};
"""
POD = "POD DescribedItem(DescribedLid::Kind kind)\n"


def blocks(text: str) -> list[str]:
    """The text without its notes: the records, and each class."""
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("//")]
    return "".join(lines).split("\n\n")


def test_a_text_has_the_classes_of_what_is_held(qapp: Any) -> None:
    text = repOfClass(DescribedBoxSource)
    # Each once, before the class that holds it; the lid holds the box again, which is open.
    assert blocks(text) == [POD.rstrip(), LID.rstrip(), PLAIN.rstrip(), BOX]
    assert "// DescribedNobody: no such class is known here\n" in text
    assert "// DescribedPlain: again: replicas can set it, in .rep they cannot\n" in text
    file = RepFile(text)
    for source in (DescribedBoxSource, DescribedLidSource):
        name = interfaceOf(source).name
        assert interfaceOf(file.source[name]) == interfaceOf(source)
        assert interfaceOf(file.source[name]).defaults == interfaceOf(source).defaults
    for name, source in file.source.items():
        again = RepFile(repOfClass(source))
        assert {*again.source} == {*file.source}, name
        for each in again.source.values():
            assert interfaceOf(each) == interfaceOf(file.source[each._ro_rep.name])


def test_a_class_of_python_holds_one_of_rep(qapp: Any) -> None:
    found = blocks(repOfClass(DescribedPlain))
    assert found == [POD.rstrip(), BOX.rstrip(), LID.rstrip(), PLAIN]
    made = interfaceOf(RepFile(repOfClass(DescribedPlain)).source["DescribedPlain"])
    mine = interfaceOf(DescribedPlain)
    assert [(p.name, p.type) for p in made.properties] == [
        (p.name, p.type) for p in mine.properties
    ]


def test_a_pointer_and_an_enum_of_another_class(qapp: Any) -> None:
    text = """
    class DescribedInner { PROP(int a) }
    class DescribedKinds { ENUM Kind { A, B } }
    class DescribedOuter { PROP(DescribedInner *inner) SLOT(void f(QList<DescribedKinds::Kind> k)) }
    class DescribedOther { PROP(int a) }
    """
    file = RepFile(text)
    again = RepFile(repOfClass(file.source["DescribedOuter"]))
    assert [*again.source] == ["DescribedInner", "DescribedKinds", "DescribedOuter"]
    for name, source in again.source.items():
        assert interfaceOf(source) == interfaceOf(file.source[name])
    assert [*RepFile(repOfClass(file.source["DescribedInner"])).source] == ["DescribedInner"]


def test_a_long_chain(qapp: Any) -> None:
    count = 1500
    links = [f"class DescribedLink{i} {{ CLASS n(DescribedLink{i + 1}) }}" for i in range(count)]
    file = RepFile("\n".join([*links, f"class DescribedLink{count} {{}}"]))
    again = RepFile(repOfClass(file.source["DescribedLink0"]))
    assert [*again.source] == [f"DescribedLink{i}" for i in range(count, -1, -1)]


def test_what_rep_has_no_words_for(qapp: Any) -> None:
    class Nameless(rep.Source, typeName="DescribedNameless"):
        anything: Any = rep.Property("QVariant", default=object())

    class Holder(rep.Source, typeName="DescribedHolder"):
        inner: QObject | None = rep.Child("DescribedNameless")

    text = repOfClass(Holder)
    assert "// class DescribedNameless is left out: DescribedNameless.anything: <obj" in text
    assert "DescribedHolder" in (made := RepFile(text).source) and "DescribedNameless" not in made
    with pytest.raises(RepError, match=r"DescribedNameless\.anything: <object object"):
        repOfClass(Nameless)
