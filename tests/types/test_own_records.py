"""Records between two processes: as they were, checked, or readable where they are unknown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyside_ro import CannotCross, QRemoteObjectNode, registerType
from pyside_ro.errors import InvalidData
from pyside_ro.protocol.standins import Record
from pyside_ro.protocol.values import ValueDecoder, ValueEncoder
from tests.behaviour.support import QUIET, finished, live, shared_host
from tests.helpers import PeerProcess, wait_until
from tests.types.hosts import Leg, Position, Voyage, serve

numbers = st.integers(-(2**63), 2**63 - 1)
positions = st.builds(
    Position, numbers, st.floats(allow_nan=False), st.none() | st.text(max_size=20)
)
legs = st.builds(Leg, positions, positions)
voyages = st.recursive(
    st.builds(
        Voyage,
        st.text(max_size=20),
        st.lists(legs, max_size=4),
        st.dictionaries(st.text(max_size=8), positions, max_size=4),
        st.none() | numbers | st.floats(allow_nan=False),
    ),
    lambda inner: st.builds(
        Voyage, st.text(max_size=5), st.lists(legs, max_size=2), st.just({}), st.just(1), inner
    ),
    max_leaves=4,
)
anything = st.recursive(
    positions | legs | voyages,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        | st.tuples(inner, inner)
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def host() -> Iterator[PeerProcess]:
    """One host for all of this file."""
    with shared_host(serve, app="widgets", env=QUIET) as process:
        yield process


@pytest.fixture
def echo(host: PeerProcess, node: QRemoteObjectNode) -> Any:
    return live(node, host, "echo")


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(value=anything)
def test_records_come_back_as_they_were(echo: Any, value: Any) -> None:
    back = finished(echo.echo(value))
    assert back == value and type(back) is type(value)
    assert finished(echo.show(value)) == repr(value)


def test_records_in_a_property(echo: Any) -> None:
    value = {"a": [Position(1, 2.0)], "b": Leg(Position(1, 2.0, "here"), Position(3, 4.0))}
    echo.value = value
    wait_until(lambda: echo.value == value)
    assert type(echo.value["b"]) is Leg and echo.value["b"].start.label == "here"


def test_a_record_that_only_one_side_knows(echo: Any) -> None:
    @registerType(name="types.OnlyHere")
    @dataclass
    class OnlyHere:
        name: str
        at: Position

    value = OnlyHere("n", Position(1, 2.0))
    # The other side reads it, shows it, keeps it and gives it back.
    assert finished(echo.show(value)) == (
        "types.OnlyHere(name='n', at=Position(x=1, y=2.0, label=None))"
    )
    back = finished(echo.echo([value, {"k": value}]))
    assert back == [value, {"k": value}] and type(back[0]) is OnlyHere


def test_a_generic_record() -> None:
    """What a reader without the type gets: fields by name, equality, a repr."""
    record = Record("types.Nowhere", ["x", "at"], [1, Position(1, 2.0)])
    back = unchecked(record)
    assert type(back) is Record and back.x == 1 and back.at.y == 2.0 and back == record
    assert repr(back) == "types.Nowhere(x=1, at=Position(x=1, y=2.0, label=None))"


@registerType(name="types.Checked")
@dataclass
class Checked:
    """Every annotation that is checked; built without its constructor's say."""

    number: int = 0
    maybe: float | None = None
    either: int | str = 0
    items: list[Position] = ()  # type: ignore[assignment]
    table: dict[str, list[int]] = None  # type: ignore[assignment]
    pair: tuple[int, str] = (0, "")
    row: tuple[Position, ...] = ()
    self: Checked | None = None
    anything: Any = None


P = Position(1, 2.0)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("number", "7", "field 'number' should be int, not str ('7')"),
        ("number", 1.5, "field 'number' should be int, not float (1.5)"),
        ("maybe", "x", "field 'maybe' should be float | None, not str ('x')"),
        ("either", 2.5, "field 'either' should be int | str, not float (2.5)"),
        ("items", [P, P, 3], "field 'items[2]' should be Position, not int (3)"),
        ("items", P, "field 'items' should be list, not Position"),
        ("table", {"a": [1, "b"]}, "should be int, not str ('b')"),
        ("table", {1: [1]}, "has a key that' should be str, not int (1)"),
        ("pair", (1, 2), "field 'pair[1]' should be str, not int (2)"),
        ("pair", (1,), "should be tuple[int, str], not tuple ((1,))"),
        ("row", (P, None), "field 'row[1]' should be Position, not NoneType (None)"),
        ("self", P, "field 'self' should be"),
    ],
)
def test_fields_are_checked(echo: Any, field: str, value: Any, said: str) -> None:
    wrong = Checked(items=[])
    setattr(wrong, field, value)
    with pytest.raises(CannotCross) as caught:
        echo.echo(wrong)
    assert "record 'types.Checked'" in str(caught.value) and said in str(caught.value)
    # The same of a peer that sends it anyway.
    fields = list(Checked.__dataclass_fields__)
    values = [getattr(Checked(items=[]), name) for name in fields]
    values[fields.index(field)] = value
    with pytest.raises(InvalidData) as invalid:
        unchecked(Record("types.Checked", fields, values))
    assert said in str(invalid.value)


def unchecked(record: Record) -> Any:
    """What a peer's record is read as."""
    encoder = ValueEncoder()
    packed: Any = encoder.default(record)
    return ValueDecoder().ext_hook(packed.code, packed.data)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (["x", "y"], "lacks 'label'"),
        (["x", "y", "label", "z"], "has 'z', unknown here"),
        (["x", "y", "lable"], "lacks 'label' and has 'lable'"),
        (["y", "x", "label"], "another order"),
    ],
)
def test_missing_and_extra_fields(fields: list[str], said: str) -> None:
    with pytest.raises(InvalidData, match=said):
        unchecked(Record("types.Position", fields, [1.0] * len(fields)))


def test_good_values_pass(echo: Any) -> None:
    good = Checked(3, 1, "x", [P], {"a": [1]}, (1, "b"), (P, P), Checked(items=[]))
    good.self.table = {}  # type: ignore[union-attr]
    assert finished(echo.show(good.anything)) == "None"
    assert unchecked(Record("types.Checked", list(vars(good)), list(vars(good).values()))) == good
