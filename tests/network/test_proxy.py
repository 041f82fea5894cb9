"""Proxies: a node that stands in two networks shares one in the other."""

from __future__ import annotations

from typing import Any

from pyside_ro import (
    QRemoteObjectHost,
    QRemoteObjectNode,
    QRemoteObjectRegistryHost,
    RemoteError,
    registerType,
)
from tests.helpers import (
    Recorder,
    process_events,
    wait_until,
)
from tests.network.sides import (
    Counter,
    Waypoint,
    atlas_host,
    counter_host,
    proxy_host,
    registry_host,
)
from tests.network.support import LOG, dropped, listed, suspect, valid


def inner_network(peer: Any, urls: dict[str, str], names: list[str]) -> Any:
    peer(registry_host, url=urls["registry"], allow_stderr=LOG)
    return peer(
        counter_host,
        url=urls["host"],
        registry=urls["registry"],
        names=names,
        value=7,
        allow_stderr=True,
    )


def test_values_calls_and_errors_pass_through(peer: Any, urls: dict[str, str]) -> None:
    host = inner_network(peer, urls, ["in a", "out"])
    middle = peer(
        proxy_host,
        url=urls["middle"],
        registry=urls["registry"],
        only="in",
        allow_stderr=LOG,
    )
    node = QRemoteObjectNode(urls["middle"])
    with dropped(node):
        a, typed = node.acquireDynamic("in a"), node.acquire(Counter, "in a")
        valid(a, typed)
        assert a.value == typed.value == 7
        assert listed(node) == {"in a": urls["middle"]}
        changes = Recorder(a.valueChanged)
        host.ask("setValue", "in a", 8)
        assert changes.wait() == [8] and a.value == 8
        typed.value = 9
        assert changes.wait(2) == [8, 9] and a.value == 9
        call, wrong = a.add(1, 2), a.add(-1, 2)
        assert call.waitForFinished(5000) and call.returnValue() == 3
        assert not wrong.waitForFinished(5000)
        error = wrong.exception()
        assert isinstance(error, RemoteError)
        assert (error.typeName, error.message) == ("ValueError", "too small")
        # Enabled and disabled later on.
        assert host.ask("enable", "in b")
        b = node.acquireDynamic("in b")
        valid(b)
        host.ask("disable", "in b")
        suspect(b)
        wait_until(lambda: middle.ask("shares") == ["Registry", "in a"])
        assert host.ask("enable", "in b")
        valid(b)
        # Killed and back.
        host.kill()
        suspect(a, b)
        wait_until(lambda: not listed(node))
        peer(
            counter_host, url=urls["host"], registry=urls["registry"], names=["in b", "in a"],
            value=1, allow_stderr=LOG,
        )  # fmt: skip
        valid(a, b, typed)
        assert a.value == 1


def test_types_that_the_middle_does_not_know_pass_through(peer: Any, urls: dict[str, str]) -> None:
    registerType(Waypoint)
    peer(registry_host, url=urls["registry"])
    peer(atlas_host, url=urls["host"], registry=urls["registry"])
    peer(proxy_host, url=urls["middle"], registry=urls["registry"])
    node = QRemoteObjectNode(urls["middle"])
    with dropped(node):
        atlas = node.acquireDynamic("atlas")
        valid(atlas)
        seen, changed = Recorder(atlas.seen), Recorder(atlas.spotChanged)
        data = bytes(100_000)
        call = atlas.echo(Waypoint(1, "one"), data)
        assert call.waitForFinished(5000), call.exception()
        value, returned = call.returnValue()
        assert value == Waypoint(1, "one") and bytes(returned) == data
        seen.wait()
        assert seen.calls == [(0, (Waypoint(1, "one"), [1, {"a": (2,)}]))]
        atlas.spot = Waypoint(2, "two")
        changed.wait()
        assert atlas.spot == Waypoint(2, "two")


def test_both_directions_without_circles_and_the_middle_restarts(
    peer: Any, urls: dict[str, str]
) -> None:
    inner_network(peer, urls, ["mine"])
    arguments = {
        "url": urls["middle"],
        "registry": urls["registry"],
        "inner": urls["inner"],
        "reverse": True,
        "allow_stderr": LOG,
    }
    outer = QRemoteObjectHost(urls["outer"], urls["middle"])
    theirs = Counter(3)
    assert outer.enableRemoting(theirs, "theirs")
    inside = QRemoteObjectNode(urls["registry"])
    with dropped(outer, inside):
        mine, again = outer.acquireDynamic("mine"), inside.acquireDynamic("theirs")
        initialized = Recorder(mine.initialized), Recorder(again.initialized)
        for number in range(5):
            middle = peer(proxy_host, **arguments)
            valid(mine, again)
            assert mine.value == 7 and again.value == 3
            wait_until(lambda: len(listed(outer)) == len(listed(inside)) == 2)
            process_events(0.1)
            assert listed(outer) == {"mine": urls["middle"], "theirs": urls["outer"]}
            assert listed(inside) == {"mine": urls["host"], "theirs": urls["inner"]}
            assert [len(recorder) for recorder in initialized] == [number + 1] * 2
            call = again.add(number, 1)
            assert call.waitForFinished(5000) and call.returnValue() == number + 1
            middle.kill()
            suspect(mine, again)


def test_the_inner_registry_restarts_and_what_is_shared_stays(
    peer: Any, urls: dict[str, str]
) -> None:
    first = peer(registry_host, url=urls["registry"])
    peer(counter_host, url=urls["host"], registry=urls["registry"], names=["a"])
    peer(proxy_host, url=urls["middle"], registry=urls["registry"])
    node = QRemoteObjectNode(urls["middle"])
    with dropped(node):
        a = node.acquireDynamic("a")
        valid(a)
        states = Recorder(a.stateChanged)
        first.kill()
        peer(registry_host, url=urls["registry"])
        process_events(1.0)
        call = a.add(1, 1)
        assert call.waitForFinished(5000) and not states.calls


def test_what_cannot_be_a_proxy_says_why(qapp: Any, urls: dict[str, str]) -> None:
    host, bare = QRemoteObjectHost(urls["host"]), QRemoteObjectHost()
    registry = QRemoteObjectRegistryHost(urls["middle"])
    with dropped(host, bare, registry):
        assert not host.reverseProxy() and "proxy() first" in host.errorString()
        assert not host.proxy("nonsense:a") and "no address" in host.errorString()
        assert not bare.proxy(urls["registry"]) and "setHostUrl" in bare.errorString()
        assert not host.proxy(urls["registry"], urls["middle"]), "taken"
        assert "cannot listen" in host.errorString()
        assert host.proxy(urls["registry"])
        assert not host.proxy(urls["registry"]) and "already" in host.errorString()
        assert not host.reverseProxy() and "hostUrl" in host.errorString()
        replica = host.acquireDynamic("nothing")
        assert not host.enableRemoting(replica, "x") and "not initialized" in host.errorString()
        assert registry.proxy(urls["registry"], urls["inner"])
        assert registry.reverseProxy()
        assert not registry.reverseProxy() and "already" in registry.errorString()
