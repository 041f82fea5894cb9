"""A registry that is away for long, two registries, hosts that change their name, clocks that jump.

Every one with words that say what is wrong, and on which side.
"""

from __future__ import annotations

import ast
import datetime
import time
from typing import Any

import pytest
from PySide6.QtCore import QObject

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, QRemoteObjectRegistryHost
from tests.helpers import (
    ROOT,
    Recorder,
    process_events,
    unique_local_url,
    wait_until,
)
from tests.network.sides import Counter, counter_host, registry_host
from tests.network.support import LOG, State, dropped, listed, suspect, valid

Code = QRemoteObjectNode.ErrorCode


def test_the_registry_is_away_for_long(
    peer: Any, addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyside_ro.node.connection._LAST_RETRY", 20)
    registry, url, late_url, _ = addresses
    process = peer(registry_host, url=registry, allow_stderr=LOG)
    host, counter = QRemoteObjectHost(url, registry), Counter(1)
    assert host.enableRemoting(counter, "a")
    node = QRemoteObjectNode(registry)
    late = QRemoteObjectHost()
    with dropped(node, host, late):
        a = node.acquireDynamic("a")
        valid(a)
        states, errors = Recorder(a.stateChanged), Recorder(node.error, host.error)
        process.kill()
        suspect(node.registry())
        process_events(0.2)
        before = len(node.findChildren(QObject)), len(host.findChildren(QObject))
        process_events(2.0)  # a hundred attempts
        after = len(node.findChildren(QObject)), len(host.findChildren(QObject))
        assert all(new <= old + 6 for old, new in zip(before, after, strict=True)), (before, after)
        for one in (node, host):
            assert one.errorString().startswith(f"{registry}: no host listens under that name")
            assert not one.waitForRegistry(20)
        assert not errors.calls, "to be away is no error"
        # Meanwhile what is connected works, a host can start, and one can be asked for.
        counter.setValue(2)
        wait_until(lambda: a.value == 2)
        assert late.setHostUrl(late_url) and late.setRegistryUrl(registry)
        own = Counter(9)
        assert late.enableRemoting(own, "b") and host.enableRemoting(own, "c")
        b, c = node.acquireDynamic("b"), node.acquireDynamic("c")
        valid(c)
        assert b.state() is State.Uninitialized and "not found yet" in b._ro.reason
        peer(registry_host, url=registry, allow_stderr=LOG)
        valid(node.registry(), host.registry(), b)
        wait_until(lambda: listed(node) == {"a": url, "b": late_url, "c": url})
        assert b.value == 9 and not states.calls
        assert len(host._sources["a"].links) == 1


def test_two_registries_at_one_address(peer: Any, addresses: list[str]) -> None:
    registry, url, _, _ = addresses
    peer(registry_host, url=registry)
    second = QRemoteObjectRegistryHost()
    node = QRemoteObjectNode(registry)
    with dropped(second, node):
        assert not second.setRegistryUrl(registry)
        assert second.lastError() is Code.ListenFailed
        said = f"cannot listen at '{registry}': another host listens under that name"
        assert second.errorString() == said
        assert second.registry() is None
        peer(counter_host, url=url, registry=registry, names=["a"])
        a = node.acquireDynamic("a")
        valid(a)
        # It can be one elsewhere; a host cannot be in two networks, and says which it is in.
        other = unique_local_url()
        assert second.setRegistryUrl(other)
        assert not node.setRegistryUrl(other)
        assert node.lastError() is Code.RegistryAlreadyHosted
        assert f"uses the registry at '{registry}' already" in node.errorString()
        assert a.isReplicaValid()


def test_one_name_in_both_networks(peer: Any, addresses: list[str]) -> None:
    registry, url, other, other_url = addresses
    peer(registry_host, url=registry)
    peer(registry_host, url=other)
    peer(counter_host, url=url, registry=registry, names=["a"], value=1)
    peer(counter_host, url=other_url, registry=other, names=["a"], value=2)
    nodes = [QRemoteObjectNode(registry), QRemoteObjectNode(other)]
    with dropped(*nodes):
        replicas: list[Any] = [node.acquireDynamic("a") for node in nodes]
        valid(*replicas)
        assert [replica.value for replica in replicas] == [1, 2]


def test_an_object_gets_another_name(peer: Any, addresses: list[str]) -> None:
    registry, url, _, _ = addresses
    peer(registry_host, url=registry)
    host, counter = QRemoteObjectHost(url, registry), Counter(5)
    node = QRemoteObjectNode(registry)
    with dropped(node, host):
        old, new = node.acquireDynamic("old"), node.acquireDynamic("new")
        for _ in range(20):
            assert host.enableRemoting(counter, "old")
            valid(old)
            assert host.disableRemoting(counter) and host.enableRemoting(counter, "new")
            suspect(old)
            valid(new)
            assert f"{url}: the host shares it no longer" in old._ro.reason
            assert new.value == 5
            wait_until(lambda: listed(node) == {"new": url})
            assert host.disableRemoting(counter)
            suspect(new)


def test_a_host_moves_while_the_registry_watches(peer: Any, addresses: list[str]) -> None:
    registry, *places = addresses
    peer(registry_host, url=registry)
    node = QRemoteObjectNode(registry)
    counter = Counter(0)
    with dropped(node):
        a = node.acquireDynamic("a")
        for number in range(1, 21):
            host = QRemoteObjectHost(places[number % 3], registry)
            counter.setValue(number)
            assert host.enableRemoting(counter, "a")
            valid(a)
            assert a.value == number and len(host._sources["a"].links) == 1
            wait_until(lambda number=number: listed(node) == {"a": places[number % 3]})
            host.close("moving house")
            host.deleteLater()
            suspect(a)
            assert "moving house" in a._ro.reason
        wait_until(lambda: set(node._connections) == {registry}, message="left behind")


def test_a_new_host_registers_before_the_old_one_is_known_to_be_gone(
    peer: Any, addresses: list[str]
) -> None:
    registry, url, other, _ = addresses
    peer(registry_host, url=registry, heartbeat=1000, allow_stderr=LOG)
    old = peer(counter_host, url=url, registry=registry, names=["a"], value=1, allow_stderr=LOG)
    node = QRemoteObjectNode(registry)
    with dropped(node):
        wait_until(lambda: listed(node) == {"a": url})
        # Its process is there before: to start one may take longer than two heartbeats.
        new = peer(counter_host, url=other, registry=registry, names=[], value=2, allow_stderr=LOG)
        old.freeze()
        assert new.ask("enable", "a")
        wait_until(lambda: f"'{url}' has registered that name" in new.stderr)
        # Within two heartbeats the frozen one has lost its name, and does not get it back.
        wait_until(lambda: listed(node) == {"a": other})
        old.thaw()
        wait_until(lambda: f"'{other}' has registered that name" in old.stderr)
        a = node.acquireDynamic("a")
        valid(a)
        assert a.value == 2


#: Modules and names that tell the time of day; durations are measured with monotonic clocks.
WALL = {("time", "time"), ("time", "time_ns"), ("datetime", "now"), ("datetime", "utcnow")}
WALL |= {("date", "today"), ("QDateTime", "currentDateTime"), ("QTime", "currentTime")}
WALL |= {("QDateTime", "currentMSecsSinceEpoch"), ("QDateTime", "currentDateTimeUtc")}
#: These show the time to people, or hold a certificate's dates against it.
MAY = {"cli", "transport/secure.py", "qmltypes/form/log.py"}


def test_nothing_measures_with_the_clock_on_the_wall() -> None:
    found = []
    for path in sorted((ROOT / "pyside_ro").rglob("*.py")):
        where = path.relative_to(ROOT / "pyside_ro")
        if where.parts[0] in MAY or where.as_posix() in MAY:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "time":
                found += [f"{where}: from time import {name.name}" for name in node.names]
            if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
                continue
            if (node.value.id, node.attr) in WALL:
                found.append(f"{where}:{node.lineno}: {node.value.id}.{node.attr}")
    assert not found


def test_a_clock_that_jumps_changes_nothing(
    peer: Any, addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    registry, url, _, _ = addresses
    # A living peer is given up only by a machine that stands still for so long.
    peer(registry_host, url=registry, heartbeat=1000)
    host = peer(counter_host, url=url, registry=registry, names=["a"])
    node = QRemoteObjectNode(registry, heartbeatInterval=1000)
    real = time.time

    class Jumping(datetime.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime.datetime:
            return datetime.datetime.fromtimestamp(time.time(), tz)

    with dropped(node):
        a = node.acquireDynamic("a")
        valid(a)
        states = Recorder(a.stateChanged)
        monkeypatch.setattr(datetime, "datetime", Jumping)
        for jump in (3600.0, -3600.0, 86400.0 * 400, -real()):
            monkeypatch.setattr(time, "time", lambda jump=jump: real() + jump)
            call = a.add(1, 2).setTimeout(5000)
            assert call.waitForFinished(5000) and call.returnValue() == 3
            process_events(0.6)
            host.ask("setValue", "a", int(jump) % 1000)
            wait_until(lambda jump=jump: a.value == int(jump) % 1000)
        assert not states.calls
