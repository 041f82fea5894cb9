"""What interfaces say of the records and enums that they use; no connection."""

from __future__ import annotations

import dataclasses
import enum
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, Generic, Literal, NamedTuple, Optional, TypeVar, Union

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Property, QObject, QPointF, Slot

from pyside_ro import Interface, RepFile, interfaceOf, registerType
from pyside_ro.errors import InvalidData
from pyside_ro.interface import EnumInfo, SlotInfo, TypeInfo
from pyside_ro.interface.definitions import definitionsOf

names = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=12)
numbers = st.integers(-(2**63), 2**63 - 1)
texts = st.text(max_size=20)


def parts(values: Any) -> Any:
    return st.dictionaries(names, values, max_size=5).map(lambda found: tuple(found.items()))


infos = st.one_of(
    st.builds(TypeInfo, names, st.sampled_from(["POD", "record"]), parts(texts)),
    st.builds(TypeInfo, names, st.sampled_from(["enum", "flag"]), parts(numbers | texts)),
)
someTypes = st.lists(infos, max_size=5, unique_by=lambda info: info.name).map(tuple)
BARE = Interface("Thing", slots=(SlotInfo("go"),), enums=(EnumInfo("Mode", (("On", 1),)),))


def having(*types: TypeInfo) -> Interface:
    return dataclasses.replace(BARE, types=types)


@given(someTypes, st.randoms())
def test_they_cross_and_their_order_is_nothing(types: tuple[TypeInfo, ...], random: Random) -> None:
    interface = having(*types)
    crossed = Interface.fromWire(interface.toWire())
    shuffled = having(*random.sample(types, len(types)))
    for other in (crossed, shuffled):
        assert other == interface and other.signature == interface.signature
        assert other.toWire() == interface.toWire() and not interface.differences(other)
    assert interface.shape == BARE.signature == BARE.shape
    assert (interface.signature == BARE.signature) == (not types)


@given(someTypes, infos, infos)
def test_each_change_is_another_signature(
    types: tuple[TypeInfo, ...], one: TypeInfo, other: TypeInfo
) -> None:
    other = dataclasses.replace(other, name=one.name)
    rest = [info for info in types if info.name != one.name]
    mine, source = having(*rest, one), having(*rest, other)
    assert (mine.signature == source.signature) == (one == other)
    found = mine.differences(source)
    assert found == mine.typeDifferences(source) == one.differences(other)
    assert all(one.name in line for line in found)
    if one.kind == other.kind and dict(one.parts).keys() != dict(other.parts).keys():
        assert found
    assert not mine.differences(having(*rest)), "the source does not say what it is"
    assert not having(*rest).differences(source), "this side does not"


POD = TypeInfo("Entry", "POD", (("name", "QString"), ("number", "int")))
KIND = TypeInfo("Kind", "enum", (("Home", 1), ("Work", 2)))


@pytest.mark.parametrize(
    ("mine", "kind", "others", "said"),
    [
        (POD, "POD", {"name": "QString"}, ["POD Entry: field number is missing at the source"]),
        (POD, "POD", {"number": "int", "name": "QString"}, ["another order at the source: number"]),
        (POD, "POD", {"name": "QString", "number": ""}, []),
        (POD, "record", {"name": "str", "number": "int"}, []),
        (POD, "record", {"name": "str"}, ["POD Entry: field number is missing at the source"]),
        (POD, "enum", {"name": 1}, ["type Entry is 'enum' at the source, expected 'POD'"]),
        (KIND, "flag", dict(KIND.parts), ["type Kind is 'flag' at the source, expected 'enum'"]),
        (KIND, "enum", {"Work": 2, "Home": 1}, []),
        (KIND, "enum", {"Home": 1, "Work": 3}, ["key Work is 3 at the source, expected 2"]),
        (KIND, "enum", {"Home": 1, "Wor": 2}, ["key Work is missing", "key Wor is new"]),
    ],
)
def test_in_words(mine: TypeInfo, kind: str, others: dict[str, Any], said: list[str]) -> None:
    found = having(mine).differences(having(TypeInfo(mine.name, kind, tuple(others.items()))))
    assert len(found) == len(said), found
    assert all(part in line for part, line in zip(said, found, strict=True)), found


def test_an_enum_of_the_class() -> None:
    later = dataclasses.replace(BARE, enums=(EnumInfo("Mode", (("On", 2),)),))
    assert BARE.differences(later) == ["enum Mode: key On is 2 at the source, expected 1"]
    assert not BARE.memberDifferences(later)
    assert not BARE.differences(dataclasses.replace(BARE, enums=()))


class DefinedShade(enum.Flag):
    Light = 1
    Dark = 2


class DefinedTone(enum.Enum):
    Low = "l"
    High = (1, 2)
    Deep = True
    Far = 2**70


class DefinedSpot(NamedTuple):
    at: QPointF
    when: date


@dataclass
class DefinedScene:
    shade: DefinedShade
    spots: dict[str, list[DefinedSpot]]
    maybe: Optional[Union[int, str]]  # noqa: UP045, UP007
    same: str | None | int  # noqa: RUF036
    way: Literal["b", "a"]
    rest: Any
    odd: QObject
    lost: Nowhere  # noqa: F821
    next: DefinedScene | None = None


@dataclass
class DefinedNobody:
    """Registered by nobody."""

    tone: DefinedTone


for _cls in (DefinedShade, DefinedTone, DefinedSpot, DefinedScene):
    registerType(_cls)


class DefinedStage(QObject):
    @Slot(object, "QVariantList")
    def show(self, scene: DefinedScene, nobody: list[DefinedNobody], *, caller: Any = None) -> None:
        """Holds a scene."""

    @Property(object, constant=True)
    def tone(self) -> DefinedTone | None:
        return None

    def private(self, other: DefinedShade) -> None:
        """Is no slot."""


def test_of_a_class_with_annotations() -> None:
    interface = interfaceOf(DefinedStage)
    found = {info.name: info for info in interface.types}
    assert [*found] == ["DefinedScene", "DefinedShade", "DefinedSpot", "DefinedTone"]
    assert dict(found["DefinedScene"].parts) == {
        "shade": "DefinedShade",
        "spots": "dict[str, list[DefinedSpot]]",
        "maybe": "None | int | str",
        "same": "None | int | str",
        "way": "Literal['a', 'b']",
        "rest": "Any",
        "odd": "QObject",
        "lost": "",
        "next": "DefinedScene | None",
    }
    assert found["DefinedSpot"].parts == (("at", "QPointF"), ("when", "date"))
    assert found["DefinedShade"] == TypeInfo("DefinedShade", "flag", (("Light", 1), ("Dark", 2)))
    assert dict(found["DefinedTone"].parts) == {
        "Low": "'l'",
        "High": "",
        "Deep": "True",
        "Far": str(2**70),
    }
    assert Interface.fromWire(interface.toWire()) == interface
    assert interfaceOf(DefinedStage()) is interface, "read once"


T = TypeVar("T")


@dataclass
class DefinedBox(Generic[T]):
    item: T


class _Answering(type):
    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return name


@dataclass
class DefinedAnswer(metaclass=_Answering):
    number: int


def test_of_generics_literals_and_classes_that_answer_to_every_name() -> None:
    for cls in (DefinedBox, DefinedAnswer):
        registerType(cls)
    box, answer = TypeInfo("DefinedBox", "record", (("item", ""),)), definitionsOf([DefinedAnswer])
    assert answer == (TypeInfo("DefinedAnswer", "record", (("number", "int"),)),)
    assert definitionsOf([DefinedBox]) == (box,)
    assert definitionsOf([list[DefinedBox[DefinedAnswer]]]) == (box, *answer)
    [tone] = definitionsOf([Literal[DefinedTone.Low, 3, "x"]])
    assert tone.name == "DefinedTone"


def test_what_peers_would_refuse_is_left_out() -> None:
    odd: Any = enum.Enum("DefinedOdd", {"line\nbreak": 1})
    huge: Any = enum.IntEnum("DefinedHuge", {f"k{i}": i for i in range(10_001)})
    for cls in (odd, huge):
        registerType(cls)
    assert definitionsOf([odd, huge | None, int]) == ()


def test_of_a_rep_file() -> None:
    rep = RepFile("""
        ENUM DefinedWay { Up = 1, Down = 2 }
        POD DefinedInner(DefinedWay way, QMap<QString, QList<int>> more)
        POD DefinedOuter(QString name, QList<DefinedInner> inners)
        POD DefinedUnused(int x)
        class DefinedOther { ENUM Far { A, B } }
        class DefinedThing {
            ENUM Mine { C, D }
            PROP(QMap<QString, DefinedOuter> all)
            PROP(Mine mine)
            SIGNAL(came(DefinedOther::Far far))
            SLOT(DefinedScene scene())
        }
    """)
    interface = interfaceOf(rep.source["DefinedThing"])
    assert interfaceOf(rep.replica["DefinedThing"]) is interface
    found = {info.name: info for info in interface.types}
    assert {"DefinedScene", "DefinedSpot"} < {*found}, "what a registered class has in turn"
    assert {name: info for name, info in found.items() if info.kind == "POD"} == {
        "DefinedInner": TypeInfo(
            "DefinedInner",
            "POD",
            (("way", "DefinedWayEnum::DefinedWay"), ("more", "QMap<QString,QList<int>>")),
        ),
        "DefinedOuter": TypeInfo(
            "DefinedOuter", "POD", (("name", "QString"), ("inners", "QList<DefinedInner>"))
        ),
    }
    assert found["DefinedWay"] == TypeInfo("DefinedWay", "enum", (("Up", 1), ("Down", 2)))
    assert found["DefinedOther.Far"].parts == (("A", 0), ("B", 1))
    assert [info.name for info in interface.enums] == ["Mine"] and "DefinedThing.Mine" not in found
    assert interfaceOf(rep.source["DefinedOther"]).types == ()


GOOD = ["Entry", "POD", [["name", "QString"]]]


@pytest.mark.parametrize(
    ("types", "said"),
    [
        ("text", "a list is expected"),
        ([GOOD, 1], "a list is expected|malformed"),
        ([["Entry", "POD"]], "malformed"),
        ([[b"Entry", "POD", []]], "a name is expected"),
        ([["", "POD", []]], "is no name"),
        ([["a\nb", "enum", []]], "is no name"),
        ([["Entry", "class", []]], "a type is no 'class'"),
        ([["Entry", [], []]], r"a type is no \[\]"),
        ([["Entry", "POD", {"name": "int"}]], "a list is expected"),
        ([["Entry", "POD", [["name"]]]], "malformed"),
        ([["Entry", "POD", [["name", 1.5]]]], "a number is expected"),
        ([["Entry", "POD", [["name", True]]]], "a number is expected"),
        ([["Entry", "POD", [["name", "x" * 2000]]]], "a name is expected"),
        ([["Kind", "enum", [["x" * 600, 1]]]], "is no name"),
        ([GOOD, GOOD], "'Entry', or a part of it, is defined twice"),
        ([["Kind", "enum", [["A", 1], ["A", 2]]]], "defined twice"),
        ([GOOD] * 10_001, "the limit is 10000"),
        ([["Kind", "enum", [[f"k{i}", i] for i in range(10_001)]]], "the limit is 10000"),
    ],
)
def test_malformed_ones_are_refused_in_words(types: Any, said: str) -> None:
    with pytest.raises(InvalidData, match=said):
        Interface.fromWire([*BARE.toWire(), types])


def test_an_interface_of_too_many_parts() -> None:
    with pytest.raises(InvalidData, match="of 7 parts"):
        Interface.fromWire([*BARE.toWire(), [], []])
    assert Interface.fromWire([*BARE.toWire(), []]) == BARE
