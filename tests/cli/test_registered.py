"""The verbs at the URL of a registry, and of objects that have enums."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from pyside_ro import QRemoteObjectHost, QRemoteObjectRegistryHost, RepFile
from tests.cli.running import run
from tests.helpers import PeerProcess, PeerSide

VALVE = """
class RegisteredValve
{
    ENUM Way { Shut, Left }
    ENUM Alarm { Hot = 1, Dry = 2 }
    FLAG(Alarms Alarm)
    PROP(Way way = Shut READWRITE)
    PROP(Alarms alarm = Hot READWRITE)
    SLOT(QString turn(Way way))
};
"""


def valve_host(side: PeerSide) -> None:
    registry = QRemoteObjectRegistryHost("tcp://127.0.0.1:0")
    host = QRemoteObjectHost("tcp://127.0.0.1:0", registry.hostUrl())
    source: Any = RepFile(VALVE).source["RegisteredValve"]

    class Valve(source):  # type: ignore[misc]
        def turn(self, way: int) -> str:
            return str(int(way))

    free = Valve()
    assert host.enableRemoting(free, "free")
    side.keep(registry, host, free)
    side.ready(registry=registry.hostUrl().toString(), host=host.hostUrl().toString())


@pytest.fixture(scope="module")
def urls(qapp: Any) -> Iterator[dict[str, str]]:
    """The URLs of a registry and of a host in its network."""
    process = PeerProcess(valve_host)
    yield process.info
    process.stop()


def test_a_registry_lists_what_is_registered(urls: dict[str, str]) -> None:
    ended = run("list", urls["registry"])
    assert (ended.returncode, ended.stderr) == (0, "")
    assert [line.split() for line in ended.stdout.splitlines()] == [
        ["name", "type", "at"],
        ["Registry", "Registry"],
        ["free", "RegisteredValve", urls["host"]],
    ]
    assert json.loads(run("list", urls["registry"], "--json").stdout) == [
        {"name": "Registry", "type": "Registry"},
        {"name": "free", "type": "RegisteredValve", "url": urls["host"]},
    ]


def test_what_is_registered_is_reached_there(urls: dict[str, str]) -> None:
    assert "RegisteredValve" in run("show", urls["registry"], "free").stdout
    assert run("call", urls["registry"], "free", "turn", "1").stdout == "1\n"
    ended = run("show", urls["registry"], "fre")
    assert ended.returncode == 2 and "did you mean 'free'?" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        (("set", "way", "Left"), "Way.Left"),
        (("set", "way", "Way.Shut"), "Way.Shut"),
        (("set", "way", "0x1"), "Way.Left"),
        (("set", "alarm", "Hot|Dry"), "Alarms.Hot|Dry"),
        (("call", "turn", "Left"), "1"),
    ],
)
def test_enums_by_their_keys(urls: dict[str, str], arguments: tuple[str, ...], output: str) -> None:
    verb, *others = arguments
    ended = run(verb, urls["host"], "free", *others)
    assert (ended.returncode, ended.stdout) == (0, f"{output}\n"), ended


def test_keys_that_there_are_not(urls: dict[str, str]) -> None:
    ended = run("set", urls["host"], "free", "way", "Right")
    assert ended.returncode == 2
    assert ended.stderr == "error: free.way must be one of Shut, Left (Way), not 'Right'\n"
    ended = run("set", urls["host"], "free", "alarm", "Hot|Wet")
    assert "one of Hot, Dry, or several as in A|B (Alarms), not 'Hot|Wet'" in ended.stderr
