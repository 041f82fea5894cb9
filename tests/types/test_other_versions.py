"""Records and enums that the two sides registered differently: what they are in fails, no more."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

import pytest

from pyside_ro import QRemoteObjectNode, RemoteError
from pyside_ro.errors import OtherVersion
from pyside_ro.protocol import records
from tests.behaviour.support import Peer, State, failure, finished, live, own, valid
from tests.helpers import PeerProcess, Recorder, wait_until
from tests.types.hosts import Grown, Hue, laboratory


@pytest.fixture
def lab(peer: Peer, local_url: str) -> PeerProcess:
    return peer(laboratory, url=local_url, allow_stderr=["is refused: record 'types.Grown' "])


@pytest.fixture(autouse=True)
def versions(monkeypatch: pytest.MonkeyPatch) -> type:
    """This side's own classes of those names."""

    @dataclass
    class Small:
        x: int

    class Hues(enum.Enum):
        Red = 1

    for name in ("types.Grown", "types.Hue"):
        monkeypatch.delitem(records._registered, name)
    monkeypatch.setattr(records, "_records", dict(records._records))
    monkeypatch.setattr(records, "_enums", dict(records._enums))
    monkeypatch.setattr(records, "_members", {})
    monkeypatch.delitem(records.ENCODERS, Grown)
    monkeypatch.delitem(records.ENCODERS, Hue)
    monkeypatch.setattr(records, "_registered", dict(records._registered))
    records.registerType(Small, "types.Grown")
    records.registerType(Hues, "types.Hue")
    return Small


@pytest.fixture
def replica(lab: PeerProcess, node: QRemoteObjectNode) -> Any:
    return live(node, lab, "lab")


@pytest.fixture
def echo(replica: Any) -> Any:
    """Another object of the same connection, and its states."""
    found: Any = valid(replica.node().acquireDynamic("echo"))
    found.states = Recorder(found.stateChanged)
    return found


@pytest.mark.parametrize(
    ("which", "said"),
    [
        ("record", "record 'types.Grown' has 'more', unknown here"),
        ("list", "record 'types.Grown' has 'more', unknown here"),
        ("enum", "enum 'types.Hue' has no member 'Infrared' here"),
    ],
)
def test_an_answer(replica: Any, echo: Any, which: str, said: str) -> None:
    error = failure(replica.give(which))
    assert isinstance(error, OtherVersion) and said in str(error)
    assert finished(echo.echo(7)) == 7 and finished(replica.give("good")) == 3
    assert not echo.states.calls


@pytest.mark.qt_warnings("a change of lab.(value|told) is left out: record 'types.Grown'")
def test_a_change_and_a_signal(replica: Any, echo: Any) -> None:
    changes, told = Recorder(replica.valueChanged), Recorder(replica.told)
    finished(replica.set("good"))
    finished(replica.set("record"))
    assert replica.value == 3 and changes.calls == told.calls == [(0, (3,))]
    assert own(replica) is State.Valid and not echo.states.calls
    finished(replica.set("good"))
    assert told.wait(2) == [3, 3]


@pytest.mark.qt_warnings("is None here: record 'types.Grown'|is left out")
def test_a_snapshot(replica: Any, lab: PeerProcess, nodes: Any) -> None:
    finished(replica.set("list"))
    late = live(nodes(), lab, "lab")
    assert late.value == [1, {"a": None}] and finished(late.give("good")) == 3


@pytest.mark.qt_warnings("a property was not set: OtherVersion: record 'types.Grown' lacks")
def test_a_call_and_a_write(replica: Any, echo: Any, versions: type) -> None:
    error = failure(echo.show([versions(1)]))
    assert isinstance(error, RemoteError) and error.typeName == "OtherVersion"
    assert error.member == "echo.show" and "lacks 'more'" in error.message
    refused = Recorder(replica.node().propertyWriteRefused)
    echo.value = versions(1)
    wait_until(lambda: refused.calls)
    assert echo.value is None and finished(echo.echo(7)) == 7
    assert not echo.states.calls
