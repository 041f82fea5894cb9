"""The registry: sources appear, are found from anywhere, and go, in any order of start."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QUrl

from pyside_ro import (
    QRemoteObjectHost,
    QRemoteObjectNode,
    QRemoteObjectRegistry,
    QRemoteObjectRegistryHost,
    QRemoteObjectSourceLocationInfo,
)
from tests.helpers import (
    Recorder,
    process_events,
    wait_until,
)
from tests.network.sides import Counter, client, counter_host, registry_host
from tests.network.support import LOG, State, dropped, listed, suspect, valid

Code = QRemoteObjectNode.ErrorCode


@pytest.mark.parametrize("order", list(itertools.permutations(("registry", "host", "client"))))
def test_any_order_of_start(order: tuple[str, ...], peer: Any, addresses: list[str]) -> None:
    registry, host, *_ = addresses
    nodes: list[QRemoteObjectNode] = []
    replicas: list[Any] = []

    def start_client() -> None:
        nodes.append(QRemoteObjectNode(registry))
        replicas.append(nodes[0].acquireDynamic("counter"))

    start: dict[str, Callable[[], object]] = {
        "registry": lambda: peer(registry_host, url=registry),
        "host": lambda: peer(counter_host, url=host, registry=registry, names=["counter"], value=7),
        "client": start_client,
    }
    for role in order:
        start[role]()
        process_events(0.1)
    with dropped(*nodes):
        valid(*replicas)
        assert replicas[0].value == 7
        assert replicas[0].add(1, 2).waitForFinished(5000)


def test_over_tcp_with_ports_that_the_system_chose(peer: Any) -> None:
    registry = peer(registry_host, url="tcp://127.0.0.1:0").info["url"]
    host = peer(counter_host, url="tcp://127.0.0.1:0", registry=registry, names=["a", "b"])
    node = QRemoteObjectNode(registryUrl=QUrl(registry))
    with dropped(node):
        a, b = node.acquireDynamic("a"), node.acquire(Counter, "b")
        valid(a, b)
        assert listed(node) == dict.fromkeys("ab", host.info["url"])
        host.kill()
        suspect(a, b)
        wait_until(lambda: not listed(node))
        # At another port.
        other = peer(counter_host, url="tcp://127.0.0.1:0", registry=registry, names=["a", "b"])
        valid(a, b)
        assert listed(node) == dict.fromkeys("ab", other.info["url"])


def test_sources_appear_and_disappear_by_themselves(peer: Any, addresses: list[str]) -> None:
    registry, url, *_ = addresses
    peer(registry_host, url=registry)
    host = peer(counter_host, url=url, registry=registry, names=["a"])
    node = QRemoteObjectNode(registry)
    changes = Recorder(node.remoteObjectAdded, node.remoteObjectRemoved)
    info = QRemoteObjectSourceLocationInfo("Counter", url)

    def changed(*expected: tuple[int, str]) -> None:
        wait_until(lambda: len(changes) >= len(expected), message=lambda: repr(changes.calls))
        assert changes.calls == [(index, ((name, info),)) for index, name in expected]
        changes.calls.clear()

    with dropped(node):
        changed((0, "a"))
        assert host.ask("enable", "b")
        changed((0, "b"))
        assert host.ask("disable", "a")
        changed((1, "a"))
        assert host.ask("enable", "a")
        changed((0, "a"))
        host.kill()
        changed((1, "b"), (1, "a"))
        peer(counter_host, url=url, registry=registry, names=["a"])
        changed((0, "a"))


def test_of_two_hosts_with_one_name_the_first_keeps_it(peer: Any, addresses: list[str]) -> None:
    registry, first_url, second_url, _ = addresses
    peer(registry_host, url=registry)
    first = peer(counter_host, url=first_url, registry=registry, names=["a"], value=1)
    node = QRemoteObjectNode(registry)
    with dropped(node):
        a = node.acquireDynamic("a")
        valid(a)
        second = peer(
            counter_host, url=second_url, registry=registry, names=["a"], value=2, allow_stderr=LOG
        )
        wait_until(lambda: "not registered" in second.stderr)
        assert f"'{first_url}' has registered that name" in second.stderr
        assert a.value == 1 and listed(node) == {"a": first_url}
        # Who connects directly finds it.
        direct = QRemoteObjectNode()
        with dropped(direct):
            direct.connectToNode(second_url)
            b = direct.acquireDynamic("a")
            valid(b)
            assert b.value == 2
        # When the first goes, the second is found.
        first.kill()
        wait_until(lambda: listed(node) == {"a": second_url})
        valid(a)
        assert a.value == 2


def test_the_registry_restarts_and_replicas_stay_valid(peer: Any, addresses: list[str]) -> None:
    registry, url, *_ = addresses
    first = peer(registry_host, url=registry)
    host = peer(counter_host, url=url, registry=registry, names=["a", "b"])
    node = QRemoteObjectNode(registry)
    with dropped(node):
        a = node.acquireDynamic("a")
        valid(a)
        states = Recorder(a.stateChanged)
        first.kill()
        suspect(node.registry())
        assert sorted(listed(node)) == ["a", "b"], "what it knew last"
        host.ask("setValue", "a", 5)
        wait_until(lambda: a.value == 5)
        late = node.acquireDynamic("b")
        valid(late)
        peer(registry_host, url=registry)
        valid(node.registry())
        wait_until(lambda: sorted(listed(node)) == ["a", "b"])
        assert a.state() is State.Valid and not states.calls
        # And it is useful again.
        peer(client, registry=registry, names=["a", "b"])


def test_a_host_that_was_moved_while_the_registry_was_away(peer: Any, addresses: list[str]) -> None:
    registry, url, other, _ = addresses
    first = peer(registry_host, url=registry)
    host = peer(counter_host, url=url, registry=registry, names=["a"], value=1)
    node = QRemoteObjectNode(registry)
    with dropped(node):
        a = node.acquireDynamic("a")
        valid(a)
        first.kill()
        host.kill()
        suspect(a)
        peer(counter_host, url=other, registry=registry, names=["a"], value=2)
        peer(registry_host, url=registry)
        valid(a)
        assert a.value == 2 and listed(node) == {"a": other}
        wait_until(lambda: set(node._connections) == {registry, other}, message="left behind")


def test_a_frozen_host_leaves_the_list_and_returns(peer: Any, addresses: list[str]) -> None:
    registry, url, *_ = addresses
    peer(registry_host, url=registry, heartbeat=200, allow_stderr=LOG)
    host = peer(counter_host, url=url, registry=registry, names=["a"], allow_stderr=LOG)
    node = QRemoteObjectNode(registry)
    with dropped(node):
        wait_until(lambda: listed(node))
        host.freeze()
        wait_until(lambda: not listed(node))
        host.thaw()
        wait_until(lambda: listed(node) == {"a": url})


def test_the_registry_host_shares_and_acquires_like_any_other(
    peer: Any, addresses: list[str], qapp: Any
) -> None:
    registry, url, *_ = addresses
    mine = QRemoteObjectRegistryHost(registry)
    own = Counter(3)
    assert mine.enableRemoting(own, "own")
    with dropped(mine):
        there = peer(counter_host, url=url, registry=registry, names=["a"])
        a, again = mine.acquireDynamic("a"), mine.acquireDynamic("own")
        valid(a, again)
        assert again.value == 3
        assert listed(mine) == {"own": registry, "a": url}
        assert mine.registryUrl() == mine.hostUrl() == QUrl(registry)
        peer(client, registry=registry, names=["own", "a"])
        mine.disableRemoting(own)
        wait_until(lambda: listed(mine) == {"a": url})
        there.kill()
        wait_until(lambda: not listed(mine))


def test_the_registry_is_a_source_like_any_other(peer: Any, addresses: list[str]) -> None:
    registry, url, *_ = addresses
    peer(registry_host, url=registry, allow_stderr=True)
    node = QRemoteObjectNode()
    with dropped(node):
        node.connectToNode(registry)
        dynamic = node.acquireDynamic("Registry")
        valid(dynamic)
        assert node.instances("Registry") == ["Registry"]
        assert dynamic.sourceLocations == {}
        entry = ("x", QRemoteObjectSourceLocationInfo("T", url))
        added, removed = Recorder(dynamic.remoteObjectAdded), Recorder(dynamic.remoteObjectRemoved)
        dynamic.addSource(entry)
        assert added.wait() == [entry]
        typed = node.acquire(QRemoteObjectRegistry)
        valid(typed)
        dynamic.removeSource(("x", QRemoteObjectSourceLocationInfo("T", "local:elsewhere")))
        dynamic.removeSource(entry)
        assert removed.wait() == [entry]
        for bad in (3, ("", entry[1]), ("x", 4), ("x" * 2000, entry[1])):
            call = dynamic.addSource(bad)
            assert not call.waitForFinished(5000)
            assert call.exception() is not None
        assert len(added) == 1


def test_two_registries_are_two_networks(peer: Any, addresses: list[str]) -> None:
    registry, url, other, _ = addresses
    peer(registry_host, url=registry)
    # A host of the first network that is the registry of a second one.
    peer(registry_host, url=other)
    peer(counter_host, url=url, registry=registry, names=["a"])
    node = QRemoteObjectNode(registry)
    stranger = QRemoteObjectNode(other)
    with dropped(node, stranger):
        node.connectToNode(other)
        a, lost = node.acquireDynamic("a"), stranger.acquireDynamic("a")
        valid(a, node.registry(), stranger.registry())
        assert listed(node) == {"a": url} and listed(stranger) == {}
        assert lost.state() is State.Uninitialized


def test_error_codes(qapp: Any, addresses: list[str]) -> None:
    registry, url, *_ = addresses
    host = QRemoteObjectRegistryHost(registry)
    node = QRemoteObjectNode(registry)
    wrong = QRemoteObjectNode("invalid:address")
    plain = QRemoteObjectHost(url)
    alone = QRemoteObjectNode()
    with dropped(host, node, wrong, plain, alone):
        assert not node.setRegistryUrl(url)
        assert node.lastError() is Code.RegistryAlreadyHosted
        assert registry in node.errorString() and node.registryUrl() == QUrl(registry)
        assert not host.setRegistryUrl(url)
        assert host.lastError() is Code.ServerAlreadyCreated
        host.close()
        assert not host.setRegistryUrl(url)
        assert host.lastError() is Code.RegistryAlreadyHosted
        assert wrong.lastError() is Code.RegistryNotAcquired and "invalid" in wrong.errorString()
        assert not wrong.waitForRegistry(10)
        assert not plain.setRegistryUrl(plain.hostUrl())
        assert plain.lastError() is Code.UnintendedRegistryHosting
        assert plain.registry() is None and plain.registryUrl().isEmpty()
        assert not alone.waitForRegistry(10) and "setRegistryUrl" in alone.errorString()
        assert alone.setRegistryUrl(url)
        assert not alone.waitForRegistry(1000)
        assert "is no registry" in alone.errorString()


def test_qt_s_orders_of_arguments(qapp: Any, addresses: list[str]) -> None:
    registry, url, other, _ = addresses
    schemas = QRemoteObjectHost.AllowedSchemas.BuiltInSchemasOnly
    parent = QRemoteObjectNode()
    made: list[QRemoteObjectNode] = [
        QRemoteObjectRegistryHost(QUrl(registry), parent),
        QRemoteObjectHost(url, registry, schemas, parent),
        QRemoteObjectHost(other, parent),
        QRemoteObjectNode(registry, parent),
        QRemoteObjectNode(parent, registryUrl=registry),
        QRemoteObjectNode(parent),
        QRemoteObjectHost(parent),
        QRemoteObjectRegistryHost(parent=parent),
    ]
    with dropped(parent):
        assert all(node.parent() is parent for node in made)
        known = [node.registryUrl().toString() for node in made]
        assert known == [registry, registry, "", registry, registry, "", "", ""]
        assert all(made[index].waitForRegistry(5000) for index in (0, 1, 3, 4))
