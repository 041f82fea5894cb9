"""Registered dataclasses, named tuples and enums; and what they are where they are unknown."""

from __future__ import annotations

import copy
import enum
import pickle
from dataclasses import InitVar, dataclass, field
from typing import Any, NamedTuple

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyside_ro.errors import CannotCross, InvalidData
from pyside_ro.protocol.extensions import Code
from pyside_ro.protocol.records import registerType
from pyside_ro.protocol.standins import EnumRecord, Record
from pyside_ro.protocol.values import ValueDecoder, ValueEncoder
from tests.protocol.wire import Wire


@registerType
@dataclass
class Point:
    x: int
    y: float = 0.0
    tag: Any = None


@registerType(name="TheSpan")
class Span(NamedTuple):
    first: int
    last: int = 9


@registerType
@dataclass(frozen=True, slots=True)
class Locked:
    name: str
    made: str = field(init=False, default="here")
    maybe: int = None  # type: ignore[assignment]


@registerType
class Mode(enum.Enum):
    SLOW = 1
    FAST = (1, object)


@registerType
class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


@registerType
class Access(enum.Flag):
    READ = 1
    WRITE = 2


@registerType
class Word(str, enum.Enum):
    YES = "y"


class Stranger(enum.Enum):
    A = 1


class Pair(NamedTuple):
    a: int


@dataclass
class Loose:
    a: int


@given(st.integers(-(2**63), 2**63), st.floats(allow_nan=False), st.text())
def test_dataclasses_and_named_tuples(x: int, y: float, tag: str) -> None:
    value = Point(x, y, Point(1, 2, Span(x, 3)))
    assert Wire()(value) == value
    assert type(Wire()(Span(x, 3))) is Span


def test_fields_that_the_constructor_does_not_take() -> None:
    value = Locked("n")
    object.__setattr__(value, "made", "there")
    assert Wire()([value])[0].made == "there"


@pytest.mark.parametrize(
    "member",
    [*Mode, *Level, *Access, Access.READ | Access.WRITE, Access(0), Word.YES],
    ids=repr,
)
def test_enums(member: enum.Enum) -> None:
    assert Wire()({"k": (member,)})["k"][0] is member
    assert Wire()(member) is member


def test_the_unregistered_is_refused_with_what_to_do() -> None:
    for value in (Stranger.A, Pair(1), Loose(1)):
        name = type(value).__name__
        with pytest.raises(CannotCross, match=rf"{name}' cannot cross.*registerType\({name}\)"):
            ValueEncoder().default(value)


def test_registering_later_is_enough() -> None:
    @dataclass
    class Late:
        a: int

    with pytest.raises(CannotCross):
        Wire()(Late(1))
    assert registerType(Late) is Late
    assert Wire()(Late(1)) == Late(1)


def test_names_are_unique() -> None:
    with pytest.raises(ValueError, match=r"TheSpan.*Span' already; give another with name="):
        registerType(Pair, "TheSpan")
    with pytest.raises(ValueError, match="registered as 'Point' already"):
        registerType(Point, "Point2")
    assert registerType(Point) is Point
    with pytest.raises(ValueError, match="PySide6's own name"):
        registerType(Pair, "PySide6.QtCore.Qt.Key")


def test_what_cannot_be_registered() -> None:
    @dataclass
    class WithInit:
        a: InitVar[int]

    class Derived(Loose):
        pass

    with pytest.raises(TypeError, match="dataclass, a NamedTuple or an Enum"):
        registerType(int)
    with pytest.raises(TypeError, match="takes a class"):
        registerType(3)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="InitVar 'a'"):
        registerType(WithInit)
    with pytest.raises(TypeError, match="is none itself"):
        registerType(Derived)


def received(name: str, fields: list[Any], values: list[Any]) -> Any:
    return ValueDecoder().ext_hook(Code.RECORD, msgpack.packb([name, fields, values]))


def test_fields_are_checked_on_arrival() -> None:
    fields = ["x", "y", "tag"]
    assert received("Point", fields, [1, 2, 3]) == Point(1, 2, 3)
    for wrong, values, words in (
        (["x", "y"], [1, 2], r"record 'Point' lacks 'tag'"),
        ([*fields, "z"], [1, 2, 3, 4], r"has 'z', unknown here"),
        (["y", "x", "tag"], [1, 2, 3], "another order"),
        (fields, [1, 2], "3 fields, 2 values"),
        (fields, ["one", 2, 3], r"field 'x' should be int, not str \('one'\)"),
        (fields, [1, "two", 3], r"field 'y' should be float, not str"),
        (fields, [None, 2, 3], r"field 'x' should be int, not NoneType"),
    ):
        with pytest.raises(InvalidData, match=words):
            received("Point", wrong, values)


def test_fields_are_checked_at_the_sender_too() -> None:
    with pytest.raises(CannotCross, match=r"'Point': field 'x' should be int, not str"):
        Wire()(Point("one"))  # type: ignore[arg-type]
    assert Wire()(Locked("n")).maybe is None


def test_one_annotation_that_names_nothing_leaves_the_others_checked() -> None:
    @registerType
    @dataclass
    class Halfway:
        far: Distance  # type: ignore[name-defined]  # noqa: F821
        steps: list[int]
        count: int

    fields = ["far", "steps", "count"]
    assert received("Halfway", fields, ["any", [1], 2]) == Halfway("any", [1], 2)
    with pytest.raises(InvalidData, match="field 'count' should be int"):
        received("Halfway", fields, [0, [1], "two"])
    with pytest.raises(InvalidData, match="field 'steps"):
        received("Halfway", fields, [0, ["one"], 2])


def test_a_constructor_that_refuses() -> None:
    @registerType
    @dataclass
    class Picky:
        a: Any

        def __post_init__(self) -> None:
            if self.a == 13:
                raise KeyError("no thirteen")

    with pytest.raises(InvalidData, match="'Picky' refuses its values: KeyError"):
        received("Picky", ["a"], [13])


def test_enum_members_unknown_here() -> None:
    hook = ValueDecoder().ext_hook
    with pytest.raises(InvalidData, match="'Level' has no member 'TOP' here"):
        hook(Code.ENUM, msgpack.packb(["Level", "TOP", 3]))
    with pytest.raises(InvalidData, match="'Access'"):
        hook(Code.ENUM, msgpack.packb(["Access", None, 64]))


def test_an_unknown_record_is_readable_and_goes_on_unchanged() -> None:
    value = received("Shot", ["x", "y"], [1, (2)])
    assert isinstance(value, Record)
    assert (repr(value), value.x, value.typeName) == ("Shot(x=1, y=2)", 1, "Shot")
    assert value._asdict() == {"x": 1, "y": 2}
    assert value == Record("Shot", ["x", "y"], [1, 2]) != Record("Shot", ["x", "y"], [1, 3])
    assert len({value, Record("Shot", ["x", "y"], [1, 2])}) == 1
    with pytest.raises(AttributeError, match="Shot has no field 'z'; it has: x, y"):
        _ = value.z
    with pytest.raises(AttributeError, match="immutable"):
        value.x = 3
    with pytest.raises(TypeError):
        hash(Record("Shot", ["x"], [[]]))
    assert Wire()((value,)) == (value,)
    assert copy.deepcopy(value) == value == pickle.loads(pickle.dumps(value))
    # What a proxy sends on is what it got.
    body = msgpack.packb(["Point", ["x", "y", "tag"], [1, 2.0, None]])
    assert ValueEncoder().default(Record("Point", ["x", "y", "tag"], [1, 2.0, None])).data == body  # type: ignore[attr-defined]


def test_an_unknown_enum_is_readable_and_goes_on_unchanged() -> None:
    data = msgpack.packb(["Gear", "FIRST", 1])
    value = ValueDecoder().ext_hook(Code.ENUM, data)
    assert isinstance(value, EnumRecord)
    assert (repr(value), value.name, value.value) == ("Gear.FIRST", "FIRST", 1)
    assert ValueEncoder().default(value).data == data  # type: ignore[attr-defined]
    assert {value: 1} == {copy.copy(value): 1}


def test_records_that_are_none() -> None:
    data: Any
    for data in (["P"], ["P", 1, 2], ["P", [1], [2]], ["P", ["a", "a"], [1, 2]], 3, [1, [], []]):
        with pytest.raises(InvalidData):
            ValueDecoder().ext_hook(Code.RECORD, msgpack.packb(data))
    for data in (["E"], ["E", 1, 1], ["E", "A", []], None):
        with pytest.raises(InvalidData):
            ValueDecoder().ext_hook(Code.ENUM, msgpack.packb(data))
