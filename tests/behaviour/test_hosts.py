"""Hosts and nodes: addresses, names of sources, errors with their codes and words."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from PySide6.QtCore import QObject, QUrl
from PySide6.QtNetwork import QLocalServer

from pyside_ro import (
    QRemoteObjectHost,
    QRemoteObjectNode,
    QRemoteObjectSourceLocationInfo,
)
from tests.behaviour.hosts.versions import meter
from tests.behaviour.sources import Base, Counter, Lamp, SmartLamp
from tests.behaviour.support import Peer, State, dropped, finished, live, valid
from tests.helpers import Recorder, process_events, unique_local_url, wait_until

Code = QRemoteObjectNode.ErrorCode


def ipv6() -> bool:
    import socket

    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


ADDRESSES = [
    "local",
    pytest.param(
        "localabstract", marks=pytest.mark.skipif(sys.platform != "linux", reason="Linux alone")
    ),
    "tcp://127.0.0.1:0",
    pytest.param("tcp://[::1]:0", marks=pytest.mark.skipif(not ipv6(), reason="no IPv6 here")),
    "tcp://localhost:0",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("kind", [str, QUrl])
def test_addresses(peer: Peer, node: QRemoteObjectNode, address: str, kind: Any) -> None:
    text = address if "://" in address else unique_local_url(address)
    with peer(meter, url=text) as host:
        url = QUrl(host.info["url"])
        assert url.scheme() == QUrl(text).scheme()
        if url.scheme() == "tcp":
            assert url.port() > 0, "it tells the port that was chosen"
        else:
            assert url.toString() == text
        assert node.connectToNode(kind(host.info["url"]))
        replica: Any = valid(node.acquireDynamic("meter"))
        assert finished(replica.scaled(3)) == 3


@pytest.mark.parametrize(
    "address", ["qnx:name", "nonsense://x", "http://localhost:1", "no scheme", "tcp://host:x"]
)
def test_addresses_that_make_no_sense(qapp: Any, node: QRemoteObjectNode, address: str) -> None:
    host = QRemoteObjectHost()
    errors = Recorder(host.error)
    assert host.setHostUrl(address) is False
    assert host.lastError() is Code.HostUrlInvalid
    assert errors.values == [Code.HostUrlInvalid]
    assert host.errorString() and host.hostUrl().isEmpty()
    assert node.connectToNode(address) is False
    assert node.lastError() is Code.RegistryNotAcquired and node.errorString()
    dropped(host)


def test_constructors_and_hostUrlChanged(qapp: Any, local_url: str) -> None:
    parent = QObject()
    hosts = [
        QRemoteObjectHost(local_url + "a"),
        QRemoteObjectHost(QUrl(local_url + "b"), parent),
        QRemoteObjectHost(hostUrl=local_url + "c", parent=parent, objectName="named"),
        QRemoteObjectHost(parent),
    ]
    assert [host.hostUrl().toString() for host in hosts] == [
        *(local_url + end for end in "abc"),
        "",
    ]
    assert hosts[2].objectName() == "named" and hosts[2].parent() is parent
    changes = Recorder(hosts[3].hostUrlChanged)
    assert hosts[3].setHostUrl(local_url) is True and len(changes) == 1
    assert hosts[3].setHostUrl(local_url + "d") is False
    assert hosts[3].lastError() is Code.ServerAlreadyCreated and len(changes) == 1
    named = QRemoteObjectNode(objectName="n", heartbeatInterval=500)
    assert named.objectName() == "n" and named.heartbeatInterval() == 500
    named.setName("other")
    assert named.objectName() == "other"
    for one in (*hosts, named):
        dropped(one)


def test_a_living_host_keeps_its_name(peer: Peer, local_url: str, node: QRemoteObjectNode) -> None:
    host = peer(meter, url=local_url)
    replica = live(node, host, "meter")
    second = QRemoteObjectHost()
    assert second.setHostUrl(local_url) is False
    assert second.lastError() is Code.ListenFailed and local_url in second.errorString()
    assert finished(replica.scaled(2)) == 2, "the first is unharmed"
    dropped(second)


def test_the_name_of_a_crashed_host_is_taken_over(
    peer: Peer, local_url: str, node: QRemoteObjectNode
) -> None:
    peer(meter, url=local_url).kill()
    assert QLocalServer().listen(local_url.partition(":")[2]) is False, "its file is in the way"
    second = QRemoteObjectHost(local_url)
    assert second.hostUrl().toString() == local_url, second.errorString()
    counter = Counter(4)
    assert second.enableRemoting(counter, "counter")
    assert live(node, local_url, "counter").value == 4
    dropped(second)


def test_a_port_that_is_taken(peer: Peer, node: QRemoteObjectNode) -> None:
    host = peer(meter, url="tcp://127.0.0.1:0")
    second = QRemoteObjectHost()
    assert second.setHostUrl(host.info["url"]) is False
    assert second.lastError() is Code.ListenFailed and host.info["url"] in second.errorString()
    dropped(second)


def test_the_naming_rule(qapp: Any, local_url: str, node: QRemoteObjectNode) -> None:
    host = QRemoteObjectHost(local_url)
    given, typed, named, nameless = SmartLamp(), SmartLamp(), Base(), Base()
    given.setObjectName("object name")
    typed.setObjectName("object name")
    named.setObjectName("base object")
    assert host.enableRemoting(given, "given")
    assert host.enableRemoting(typed)
    assert host.enableRemoting(named)
    errors = Recorder(host.error)
    assert host.enableRemoting(nameless) is False
    assert host.lastError() is Code.MissingObjectName and errors.values == [Code.MissingObjectName]
    assert "Base" in host.errorString()
    assert host.enableRemoting(nameless, name="given") is False
    assert "'given' is taken" in host.errorString()
    node.connectToNode(local_url)
    assert node.waitForNode(local_url, 5000)
    sources = node.connectedSources()
    assert {name: info.typeName for name, info in sources.items()} == {
        "given": "Lamp",
        "Lamp": "Lamp",
        "base object": "Base",
    }
    assert sources["given"].hostUrl == QUrl(local_url)
    assert node.instances("Lamp") == ["Lamp", "given"] and node.instances("Base") == ["base object"]
    assert node.instances("nothing") == []
    assert valid(node.acquire(Lamp)).lit is True
    dropped(host)


def test_added_and_removed(qapp: Any, local_url: str) -> None:
    host = QRemoteObjectHost(local_url)
    counter = Counter()
    events = Recorder(host.remoteObjectAdded, host.remoteObjectRemoved)
    assert host.enableRemoting(counter, "counter")
    assert host.disableRemoting(counter)
    info = QRemoteObjectSourceLocationInfo("Counter", QUrl(local_url))
    assert events.calls == [(0, (("counter", info),)), (1, (("counter", info),))]
    assert host.disableRemoting(counter) is False
    assert host.lastError() is Code.SourceNotRegistered
    assert host.enableRemoting(counter, "counter"), "again"
    dropped(host)


def test_sharing_without_an_address(qapp: Any) -> None:
    host = QRemoteObjectHost()
    errors = Recorder(host.error)
    counter = Counter()
    assert host.enableRemoting(counter, "counter") is False
    assert "setHostUrl" in host.errorString()
    assert host.disableRemoting(counter) is False
    assert errors.values == [Code.OperationNotValidOnClientNode] * 2
    assert host.lastError() is Code.OperationNotValidOnClientNode
    dropped(host)


def test_a_source_nobody_keeps_is_said_to_be_gone(qapp: Any, local_url: str, qtlog: Any) -> None:
    host = QRemoteObjectHost(local_url)
    assert host.enableRemoting(Counter(), "counter")
    process_events(0.01)
    assert any("keep a reference" in record.message for record in qtlog.records)
    dropped(host)


def test_a_host_acquires_its_own_source(qapp: Any, local_url: str) -> None:
    host = QRemoteObjectHost(local_url)
    counter = Counter(3)
    assert host.enableRemoting(counter, "counter")
    replica: Any = host.acquireDynamic("counter")
    assert replica.waitForSource(5000) and replica is not counter
    changes = Recorder(replica.valueChanged)
    counter.setValue(4)
    assert changes.wait() == [4]
    assert finished(replica.add(1, 2)) == 3
    replica.value = 9
    wait_until(lambda: counter._value == 9)
    later: Any = host.acquireDynamic("later")
    second = Counter(5)
    assert host.enableRemoting(second, "later")
    valid(later)
    assert later.value == 5
    host.disableRemoting(second)
    wait_until(lambda: later.state() is State.Suspect)
    dropped(host)


def test_a_node_of_two_hosts(peer: Peer, local_url: str, node: QRemoteObjectNode) -> None:
    peer(meter, url=local_url, value=7)
    mine = QRemoteObjectHost("tcp://127.0.0.1:0")
    counter = Counter(8)
    mine.enableRemoting(counter, "counter")
    node.connectToNode(local_url)
    node.connectToNode(mine.hostUrl())
    assert node.connectToNode(local_url) is True, "connected already"
    first, second = valid(node.acquireDynamic("meter")), valid(node.acquireDynamic("counter"))
    assert (first.value, second.value) == (7, 8)
    dropped(mine)
    wait_until(lambda: second.state() is State.Suspect)
    assert finished(first.scaled(1)) == 7
