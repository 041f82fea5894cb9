"""Proxies on bad days: each end and the middle are killed, twenty times; circles; odd sources."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Property, QObject

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, QRemoteObjectRegistryHost, registerType
from tests.helpers import Recorder, remove_socket_file, unique_local_url, wait_until
from tests.network.sides import (
    Compass,
    Counter,
    Pin,
    Waypoint,
    atlas_host,
    counter_host,
    list_host,
    proxy_host,
    registry_host,
    vehicle_host,
)
from tests.network.support import LOG, State, dropped, listed, suspect, valid

ROUNDS = 20
NAMES = ["a", "b", "c"]

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyside_ro.node.connection._LAST_RETRY", 100)


def host_of(peer: Any, urls: dict[str, str], value: int = 0) -> Any:
    return peer(
        counter_host,
        url=urls["host"],
        registry=urls["registry"],
        names=NAMES,
        value=value,
        heartbeat=5000,
        allow_stderr=LOG,
    )


def middle_of(peer: Any, urls: dict[str, str], **more: Any) -> Any:
    return peer(
        proxy_host,
        url=urls["middle"],
        registry=urls["registry"],
        heartbeat=5000,
        allow_stderr=LOG,
        **more,
    )


def subscribers(process: Any) -> list[int]:
    return [process.ask("subscribers", name) for name in NAMES]


def test_the_middle_is_killed(peer: Any, urls: dict[str, str]) -> None:
    peer(registry_host, url=urls["registry"], allow_stderr=LOG)
    host = host_of(peer, urls)
    node = QRemoteObjectNode(urls["middle"])
    with dropped(node):
        replicas = [node.acquireDynamic(name) for name in NAMES]
        initialized = [Recorder(replica.initialized) for replica in replicas]
        for number in range(1, ROUNDS + 1):
            middle = middle_of(peer, urls)
            valid(*replicas)
            assert [len(recorder) for recorder in initialized] == [number] * 3
            assert subscribers(host) == subscribers(middle) == [1, 1, 1]
            wait_until(lambda: sorted(listed(node)) == NAMES)
            changes = Recorder(replicas[1].valueChanged)
            host.ask("setValue", "b", number)
            assert changes.wait() == [number] and replicas[1].value == number
            lost = replicas[0].add(1, 1)
            middle.kill()
            suspect(*replicas)
            assert lost.isFinished()
            wait_until(lambda: subscribers(host) == [0, 0, 0], message="the host kept the middle")


def test_the_host_behind_the_middle_is_killed(peer: Any, urls: dict[str, str]) -> None:
    peer(registry_host, url=urls["registry"], allow_stderr=LOG)
    middle = middle_of(peer, urls)
    node = QRemoteObjectNode(urls["middle"])
    with dropped(node):
        replicas = [node.acquireDynamic(name) for name in NAMES]
        initialized = [Recorder(replica.initialized) for replica in replicas]
        for number in range(1, ROUNDS + 1):
            host = host_of(peer, urls, value=number)
            valid(*replicas)
            assert [replica.value for replica in replicas] == [number] * 3
            assert [len(recorder) for recorder in initialized] == [number] * 3
            assert subscribers(host) == subscribers(middle) == [1, 1, 1]
            host.kill()
            suspect(*replicas)
            wait_until(lambda: middle.ask("shares") == ["Registry"])
            wait_until(lambda: not listed(node))


def test_a_call_that_two_hops_cannot_finish_fails_in_words(peer: Any, urls: dict[str, str]) -> None:
    peer(registry_host, url=urls["registry"], allow_stderr=LOG)
    host = peer(atlas_host, url=urls["host"], registry=urls["registry"], allow_stderr=LOG)
    middle_of(peer, urls)
    node = QRemoteObjectNode(urls["middle"])
    with dropped(node):
        atlas = node.acquireDynamic("atlas")
        valid(atlas)
        call = atlas.later(0.01)
        assert call.waitForFinished(5000) and call.returnValue() == "late"
        call = atlas.later(60.0)
        host.kill()
        wait_until(call.isFinished)
        assert call.error() is not call.Error.NoError
        said = str(call.exception())
        assert urls["host"] in said or "the host shares it no longer" in said, said
        suspect(atlas)


def test_enums_and_records_pass_a_middle_that_knows_none(peer: Any, urls: dict[str, str]) -> None:
    for kind in (Waypoint, Compass, Pin):
        registerType(kind)
    peer(registry_host, url=urls["registry"], allow_stderr=LOG)
    peer(atlas_host, url=urls["host"], registry=urls["registry"], allow_stderr=LOG)
    middle_of(peer, urls)
    node = QRemoteObjectNode(urls["middle"])
    with dropped(node):
        atlas = node.acquireDynamic("atlas")
        valid(atlas)
        assert atlas.Scale.World == 5 and atlas.Scale(1).name == "City"
        sent = [Compass.SOUTH, Pin("p", Compass.NORTH), {"way": Waypoint(1, "x")}]
        seen = Recorder(atlas.seen)
        call = atlas.echo(sent, b"")
        assert call.waitForFinished(5000), call.exception()
        assert call.returnValue() == [sent, b""]
        assert seen.wait() == [sent]
        [(_, (value, _))] = seen.calls
        assert type(value[0]) is Compass and type(value[1]) is Pin


def test_objects_that_properties_hold_pass_through(peer: Any, urls: dict[str, str]) -> None:
    peer(registry_host, url=urls["registry"], allow_stderr=LOG)
    host = peer(vehicle_host, url=urls["host"], registry=urls["registry"], allow_stderr=True)
    node = QRemoteObjectNode(urls["middle"])
    with dropped(node):
        vehicle = node.acquireDynamic("vehicle")
        for number in range(1, 6):
            middle = middle_of(peer, urls)
            valid(vehicle)
            wait_until(lambda: vehicle.motor is not None and vehicle.motor.isReplicaValid())
            host.ask("setSpeed", number)
            wait_until(lambda number=number: vehicle.motor.speed == number)
            call, wrong = vehicle.motor.twice(number), vehicle.motor.twice(-1)
            assert call.waitForFinished(5000) and call.returnValue() == 2 * number
            assert not wrong.waitForFinished(5000) and "too small" in str(wrong.exception())
            vehicle.swap(number + 100)
            wait_until(
                lambda number=number: (
                    vehicle.motor is not None
                    and vehicle.motor.isReplicaValid()
                    and vehicle.motor.speed == number + 100
                )
            )
            middle.kill()
            suspect(vehicle)


def test_a_model_passes_through(peer: Any, urls: dict[str, str]) -> None:
    peer(registry_host, url=urls["registry"], allow_stderr=LOG)
    host = peer(list_host, url=urls["host"], registry=urls["registry"], rows=50, allow_stderr=LOG)
    node = QRemoteObjectNode(urls["middle"])
    with dropped(node):
        model = node.acquireModel("list")

        def shows(row: int, text: str) -> None:
            wait_until(
                lambda: model.data(model.index(row, 0)) == text,
                message=lambda: f"{model.rowCount()} rows, {model.data(model.index(row, 0))!r}",
            )

        for number in range(1, 6):
            middle = middle_of(peer, urls)
            wait_until(lambda number=number: model.rowCount() == 49 + number)
            shows(48 + number, "row 49")
            host.ask("insert", 0, f"new {number}")
            wait_until(lambda number=number: model.rowCount() == 50 + number)
            shows(0, f"new {number}")
            shows(number, "row 0")
            host.ask("insert", 1, "short-lived")
            host.ask("remove", 1)
            shows(number, "row 0")
            assert model.rowCount() == 50 + number
            middle.kill()
            suspect(node.registry())


def test_another_object_under_the_same_name(peer: Any, urls: dict[str, str]) -> None:
    peer(registry_host, url=urls["registry"], allow_stderr=LOG)
    middle_of(peer, urls)
    host = host_of(peer, urls, value=3)
    node = QRemoteObjectNode(urls["middle"])
    with dropped(node):
        a = node.acquireDynamic("a")
        valid(a)
        host.kill()
        suspect(a)
        other = QRemoteObjectHost(urls["host"], urls["registry"])
        gauge = Gauge()
        with dropped(other):
            assert other.enableRemoting(gauge, "a")
            wait_until(lambda: a.state() is State.SignatureMismatch)
            fresh = QRemoteObjectNode(urls["middle"])
            with dropped(fresh):
                again = fresh.acquireDynamic("a")
                valid(again)
                assert again.needle == 1.5


class Gauge(QObject):
    """No counter at all."""

    needle = Property(float, lambda self: 1.5, constant=True)


def test_a_filter_that_raises_leaves_out_what_it_raised_for(
    peer: Any, urls: dict[str, str], qtlog: Any
) -> None:
    peer(registry_host, url=urls["registry"], allow_stderr=LOG)
    host_of(peer, urls, value=3)

    def choosy(name: str, typeName: str) -> bool:
        assert typeName == "Counter"
        if name == "b":
            raise LookupError("which b?")
        return True

    middle = QRemoteObjectRegistryHost(urls["middle"])
    assert middle.proxy(urls["registry"], filter=choosy)
    with dropped(middle):
        wait_until(lambda: sorted(middle._sources) == ["Registry", "a", "c"])
        said = "\n".join(record.message for record in qtlog.records)
        assert "the filter raised for 'b', it is left out" in said and "which b?" in said


@pytest.mark.parametrize("size", [2, 3])
def test_proxies_in_a_ring_do_not_keep_a_source_alive(qapp: Any, size: int) -> None:
    urls = [unique_local_url() for _ in range(2 * size + 1)]
    registries = [QRemoteObjectRegistryHost(url) for url in urls[:size]]
    middles = []
    for index in range(size):
        middles.append(QRemoteObjectHost(urls[size + index], urls[(index + 1) % size]))
        assert middles[-1].proxy(urls[index])
    host, counter = QRemoteObjectHost(urls[-1], urls[0]), Counter(7)
    nodes = [QRemoteObjectNode(url) for url in urls[:size]]
    replicas = [node.acquireDynamic("x") for node in nodes]
    with dropped(*nodes, host, *middles, *registries):
        for number in range(1, 6):
            assert host.enableRemoting(counter, "x")
            valid(*replicas)
            wait_until(lambda: all("x" in listed(node) for node in nodes))
            assert listed(nodes[0]) == {"x": urls[-1]}, "not by way of the ring"
            counter.setValue(number)
            wait_until(lambda number=number: all(r.value == number for r in replicas))
            assert host.disableRemoting(counter)
            suspect(*replicas)
            wait_until(
                lambda: (
                    not any("x" in listed(node) for node in nodes)
                    and not any("x" in middle._sources for middle in middles)
                ),
                message="it goes in circles",
            )
            suspect(*replicas)
    for url in urls:
        remove_socket_file(url)
