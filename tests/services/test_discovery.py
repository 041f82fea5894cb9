"""Discovery: hosts that advertise themselves on this machine's loopback, found by others."""

from __future__ import annotations

import itertools
import json
import os
import socket
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from PySide6.QtCore import QUrl

from pyside_ro import Discovery, FoundHost, QRemoteObjectHost, QRemoteObjectNode
from pyside_ro.node import mdns
from pyside_ro.node.announced import (
    addressesOf,
    announcement,
    interfacesFor,
    readAnnouncement,
)
from pyside_ro.node.mdns import Details
from tests.badinput.mutate import mutatedBytes
from tests.cli.running import run, running
from tests.helpers import Recorder, process_events, wait_until
from tests.network.support import LOG, dropped, suspect, valid
from tests.services.sides import advertising_host

zeroconf = pytest.importorskip("zeroconf")

LOOPBACK = ["127.0.0.1"]
TCP = "tcp://127.0.0.1:0"
_numbers = itertools.count()


@pytest.fixture(scope="session")
def multicast() -> None:
    """Skip where a datagram to mDNS's group does not come back on loopback."""
    address = socket.inet_aton("224.0.0.251") + socket.inet_aton("127.0.0.1")
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
            receiver.bind(("", 0))
            receiver.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, address)
            receiver.settimeout(2)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                interface = socket.inet_aton("127.0.0.1")
                sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, interface)
                sender.sendto(b"there?", ("224.0.0.251", receiver.getsockname()[1]))
            assert receiver.recv(100) == b"there?"
    except OSError as error:
        pytest.skip(f"multicast does not work on this machine's loopback: {error}")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look after the services more often than a program does."""
    monkeypatch.setattr(mdns, "CHECK", 0.3)
    monkeypatch.setattr(mdns, "_PATIENCE", 700)


@pytest.fixture
def node(qapp: Any, multicast: None, quick: None) -> Iterator[QRemoteObjectNode]:
    """A node that looks for hosts."""
    found = QRemoteObjectNode()
    with dropped(found):
        yield found


@pytest.fixture
def name() -> str:
    """A name that no other test and no other run on this machine has."""
    return f"test {os.getpid()} {next(_numbers)} é"


def named(discovery: Discovery, name: str) -> list[FoundHost]:
    return [host for host in discovery.found() if host.name == name]


def only(name: str) -> Callable[[FoundHost], bool]:
    return lambda host: host.name == name


def test_a_host_is_found_connected_to_and_gone(
    peer: Any, node: QRemoteObjectNode, name: str
) -> None:
    discovery = node.discover(only(name), interfaces=LOOPBACK)
    events = Recorder(discovery.added, discovery.removed)
    lamp = node.acquireDynamic(f"lamp of {name}")
    for how in ("close", "exit"):
        host = peer(advertising_host, url=TCP, name=name, allow_stderr=LOG)
        wait_until(lambda: named(discovery, name))
        [found] = named(discovery, name)
        assert found.url.toString() == host.info["url"]
        assert (found.needsKey, found.encrypted, found.compatible) == (False, False, True)
        assert found.urls == (found.url,)
        valid(lamp)
        host.ask("close") if how == "close" else host.stop()
        suspect(lamp)
        wait_until(lambda: not named(discovery, name))
        wait_until(lambda u=host.info["url"]: u not in node._connections)
    mine = [(kind, args) for kind, args in events.calls if args[1].name == name]
    assert [kind for kind, _ in mine] == [0, 1, 0, 1]
    assert all(isinstance(url, QUrl) and url == host.url for _, (url, host) in mine)


def test_a_host_that_was_killed_or_is_frozen_is_noticed(
    peer: Any, node: QRemoteObjectNode, name: str
) -> None:
    discovery = node.discover(interfaces=LOOPBACK)
    host = peer(advertising_host, url=TCP, name=name, ttl=2)
    wait_until(lambda: named(discovery, name))
    host.freeze()
    wait_until(lambda: not named(discovery, name), 20)
    host.thaw()
    wait_until(lambda: named(discovery, name), 20)
    host.kill()
    wait_until(lambda: not named(discovery, name), 20)
    again = peer(advertising_host, url=TCP, name=name, ttl=2)
    wait_until(lambda: named(discovery, name), 20)
    assert [str(h.url.toString()) for h in named(discovery, name)] == [again.info["url"]]
    assert not node._connections  # it was not asked to connect


def test_advertising_stops_and_starts_again(peer: Any, node: QRemoteObjectNode, name: str) -> None:
    host = peer(advertising_host, url=TCP, name=name)
    discovery = node.discover(only(name), interfaces=LOOPBACK)
    lamp = node.acquireDynamic(f"lamp of {name}")
    valid(lamp)
    host.ask("stopAdvertising")
    wait_until(lambda: not named(discovery, name))
    assert lamp.isReplicaValid()  # a connection that stands stays
    assert host.ask("advertise") is True
    wait_until(lambda: named(discovery, name))
    discovery.stop()
    assert discovery.found() == [] and lamp.isReplicaValid()


def test_names_that_are_no_labels(node: QRemoteObjectNode, name: str) -> None:
    hosts = []
    names = [f"{name}.example.org", f"{name} " + "é" * 90, f"{name}\tx"]
    discovery = node.discover(interfaces=LOOPBACK)
    for each in names:
        hosts.append(QRemoteObjectHost(TCP, objectName=each))
        assert hosts[-1].advertise()
    with dropped(*hosts):
        wait_until(lambda: named(discovery, names[0]) and named(discovery, names[1]))
    assert not named(discovery, names[2])  # nobody could show it


def test_two_hosts_of_one_name_and_one_of_ones_own(
    peer: Any, node: QRemoteObjectNode, name: str
) -> None:
    first = peer(advertising_host, url=TCP, name=name)
    discovery = node.discover(interfaces=LOOPBACK)
    wait_until(lambda: named(discovery, name))
    second = peer(advertising_host, url=TCP, name=name)
    urls = {first.info["url"], second.info["url"]}
    wait_until(lambda: {h.url.toString() for h in named(discovery, name)} == urls)
    own = QRemoteObjectHost(TCP)
    with dropped(own):
        assert own.advertise(name)
        mine = own.discover(connect=only(name), interfaces=LOOPBACK)
        wait_until(lambda: len(named(discovery, name)) == 3)
        wait_until(lambda: {h.url.toString() for h in named(mine, name)} == urls)
        assert set(own._connections) == urls
    wait_until(lambda: len(named(discovery, name)) == 2)  # it ended with its node


def test_a_host_at_every_address(peer: Any, node: QRemoteObjectNode, name: str) -> None:
    host = peer(
        advertising_host,
        url="tcp://0.0.0.0:0",
        name=name,
        interfaces=LOOPBACK,
        allow_stderr=["can be reached from other machines"],
    )
    discovery = node.discover(only(name), interfaces=LOOPBACK)
    lamp = node.acquireDynamic(f"lamp of {name}")
    valid(lamp)
    [found] = named(discovery, name)
    assert [url.host() for url in found.urls] == addressesOf("0.0.0.0")
    assert {url.port() for url in found.urls} == {QUrl(host.info["url"]).port()}
    assert "0.0.0.0" not in [url.host() for url in found.urls]


def test_the_function_that_chooses_may_raise(
    peer: Any, node: QRemoteObjectNode, name: str, qtlog: Any
) -> None:
    def choose(host: FoundHost) -> bool:
        raise ZeroDivisionError("no choice")

    discovery = node.discover(choose, interfaces=LOOPBACK)
    peer(advertising_host, url=TCP, name=name)
    wait_until(lambda: named(discovery, name))
    assert any("no choice" in record.message for record in qtlog.records)
    assert not node._connections


# Records that are not what they should be


GOOD = {
    "txtvers": "1",
    "protocol": "1.0",
    "name": "Camera",
    "id": "abc",
    "scheme": "tcp",
}


def details(port: int | None = 5005, address: str = "127.0.0.1", **text: Any) -> Details:
    items = {**GOOD, **text}
    encoded = [
        (k.encode(), v.encode() if isinstance(v, str) else v)
        for k, v in items.items()
        if v is not False
    ]
    return Details(port, (address,), tuple(encoded))


def test_a_record_and_back() -> None:
    url = QUrl("ws://127.0.0.1:5005/robot/arm")
    text = announcement(url, "Arm é", "0123", needsKey=True)
    found = readAnnouncement("x", Details(5005, ("127.0.0.1",), details(**text).text))
    assert (found.name, found.url, found.id) == ("Arm é", url, "0123")
    assert (found.needsKey, found.encrypted, found.compatible) == (True, False, True)
    with pytest.raises(ValueError, match="path is too long"):
        announcement(QUrl("ws://127.0.0.1:5005/" + "x" * 300), "a", "b", needsKey=False)
    old = readAnnouncement("x", details(protocol="77.1"))
    assert not old.compatible


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"txtvers": "2"}, "version '2'"),
        ({"txtvers": False}, "version 'none'"),
        ({"protocol": "x" * 200}, "protocol version"),
        ({"protocol": False}, "protocol version is ''"),
        ({"scheme": "local"}, "scheme 'local'"),
        ({"scheme": "javascript"}, "scheme 'javascript'"),
        ({"scheme": b"\xff\xfe"}, "not UTF-8"),
        ({"name": "a\nb"}, "name cannot be shown"),
        ({"name": "\x1b[2J"}, "name cannot be shown"),
        ({"name": "x" * 5000}, "name cannot be shown"),
        ({"path": "//evil?x=1"}, "path"),
        ({"path": "x\r\nHost: y"}, "path"),
        ({"port": 0}, "port is 0"),
        ({"port": None}, "port is None"),
        ({"address": "224.0.0.1"}, "no address"),
        ({"address": "0.0.0.0"}, "no address"),
        ({"address": "nonsense"}, "no address"),
        ({"scheme": "wss", "host": "evil.example@good.example"}, "host name"),
        ({"scheme": "wss", "host": "x" * 400}, "host name"),
    ],
    ids=repr,
)
def test_hostile_records(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        readAnnouncement("x", details(**wrong))


def test_hostile_services_are_ignored_in_words(
    peer: Any, node: QRemoteObjectNode, name: str, qtlog: Any
) -> None:
    discovery = node.discover(True, interfaces=LOOPBACK)
    network = zeroconf.Zeroconf(interfaces=LOOPBACK)
    texts: list[Any] = [
        {},
        {**GOOD, "scheme": "local"},
        {**GOOD, "path": "/" + "%" * 200, "name": b"\xff" * 200},
        {f"k{i}": "v" * 200 for i in range(30)},
        b"\xff\xff\xffgarbage that is no TXT at all",
    ]
    try:
        for number, text in enumerate(texts):
            info = zeroconf.ServiceInfo(
                mdns.SERVICE,
                f"hostile {number} {name}.{mdns.SERVICE}",
                parsed_addresses=["127.0.0.1"],
                port=5005,
                properties=text,
                server=f"hostile-{os.getpid()}.local.",
            )
            network.register_service(info, cooperating_responders=True)

        def ignored() -> set[str]:
            logged = "\n".join(r.message for r in qtlog.records)
            return {
                str(n) for n in range(len(texts)) if f"hostile {n} test {os.getpid()}" in logged
            }

        wait_until(lambda: len(ignored()) == len(texts), 20)
        assert all("is ignored" in r.message for r in qtlog.records if "hostile" in r.message)
        peer(advertising_host, url=TCP, name=name)
        wait_until(lambda: named(discovery, name))  # it goes on
        assert not [host for host in discovery.found() if "hostile" in host.name]
        assert "tcp://127.0.0.1:5005" not in node._connections
    finally:
        loop = network.loop
        network.close()
        loop.close()  # older zeroconfs leave it open


def datagrams(random: Random, name: str) -> Iterator[bytes]:
    """What somebody may send to mDNS's port: nonsense, and answers that were tampered with."""
    yield from (b"", b"\x00", b"\xff" * 12, b"\x00\x00\x84\x00" + b"\xff" * 8)
    yield b"\x00\x00\x84\x00\x00\x00\x00\x01\x00\x00\x00\x00" + b"\xc0\x0c" * 40  # name: itself
    out = zeroconf.DNSOutgoing(0x8400)
    full = f"raw {name}.{mdns.SERVICE}"
    make = zeroconf._dns
    out.add_answer_at_time(make.DNSPointer(mdns.SERVICE, 12, 1, 60, full), 0)
    out.add_answer_at_time(make.DNSService(full, 33, 1, 60, 0, 0, 5005, "raw.local."), 0)
    out.add_answer_at_time(make.DNSText(full, 16, 1, 60, b"\x09txtvers=1\xffshort"), 0)
    out.add_answer_at_time(make.DNSAddress("raw.local.", 1, 1, 60, b"\x7f\x00\x00\x01"), 0)
    [good] = out.packets()
    yield good
    for _ in range(500):
        yield mutatedBytes(random, good)[:9000]
        yield random.randbytes(random.randrange(600))


def test_hostile_datagrams(peer: Any, node: QRemoteObjectNode, name: str, qtlog: Any) -> None:
    discovery = node.discover(only(name), interfaces=LOOPBACK)
    peer(advertising_host, url=TCP, name=name, allow_stderr=LOG)
    lamp = node.acquireDynamic(f"lamp of {name}")
    valid(lamp)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        interface = socket.inet_aton("127.0.0.1")
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, interface)
        for count, data in enumerate(datagrams(Random(5), name)):
            sender.sendto(data, ("224.0.0.251", 5353))
            if count % 100 == 0:
                process_events(0.02)
    wait_until(lambda: any(f"raw {name}" in r.message for r in qtlog.records), 20)  # it was heard
    other = f"{name} after that"
    peer(advertising_host, url=TCP, name=other, allow_stderr=LOG)
    wait_until(lambda: named(discovery, other), 20)
    assert named(discovery, name) and discovery.errorString() == ""
    assert list(node._connections) == [named(discovery, name)[0].url.toString()]
    assert lamp.isReplicaValid()


# What cannot be


def test_what_cannot_be_advertised(qapp: Any, local_url: str) -> None:
    host = QRemoteObjectHost()
    with dropped(host):
        assert not host.advertise("x")
        assert "call setHostUrl() first" in host.errorString()
        assert host.lastError() is host.ErrorCode.OperationNotValidOnClientNode
        assert host.setHostUrl(local_url)
        assert not host.advertise("x")
        assert "of this machine only" in host.errorString()
        host.stopAdvertising()
    other = QRemoteObjectHost(TCP)
    with dropped(other):
        assert other.advertise("x")
        assert not other.advertise("y")
        assert "advertised as 'x' already" in other.errorString()


def test_without_zeroconf(qapp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "zeroconf.asyncio", None)
    host = QRemoteObjectHost(TCP)
    with dropped(host):
        assert not host.advertise()
        assert "pip install 'pyside-ro[zeroconf]'" in host.errorString()
        with pytest.raises(ImportError, match=r"pyside-ro\[zeroconf\]"):
            host.discover()


def test_without_a_network(node: QRemoteObjectNode, name: str, qtlog: Any) -> None:
    nowhere = ["192.0.2.77"]  # an address that no machine has
    discovery = node.discover(interfaces=nowhere)
    wait_until(discovery.errorString)
    assert "nothing can be discovered" in discovery.errorString()
    host = QRemoteObjectHost(TCP)
    with dropped(host):
        assert host.advertise(name, interfaces=nowhere)
        wait_until(lambda: "is not advertised" in host.errorString())
        assert host.advertise(name, interfaces=LOOPBACK)  # it may try again
        other = node.discover(interfaces=LOOPBACK)
        wait_until(lambda: named(other, name))


def test_addresses() -> None:
    assert addressesOf("127.0.0.1") == ["127.0.0.1"]
    assert addressesOf("localhost")
    assert addressesOf("no.such.host.invalid") == []
    assert interfacesFor(["127.0.0.1"]) == interfacesFor(["::1"]) == ["127.0.0.1"]
    assert interfacesFor(["192.0.2.1"]) == ["192.0.2.1"]
    assert interfacesFor(["192.0.2.1", "192.0.2.2"]) is interfacesFor(["2001:db8::1"]) is None


# The command line


def test_list_shows_the_network(peer: Any, multicast: None, name: str) -> None:
    host = peer(advertising_host, url=TCP, name=name)
    with running("registry", TCP, "--advertise", "--name", f"registry {name}") as registry:
        url = registry.wait_output(r"^(\S+)\n").group(1)
        shown = run("list", "--timeout", "3", "--json")
        assert shown.returncode == 0, shown
        hosts = {entry["name"]: entry for entry in json.loads(shown.stdout)}
        assert hosts[name] == {
            "name": name,
            "url": host.info["url"],
            "key": False,
            "tls": False,
            "objects": [f"lamp of {name}"],
            "problem": "",
        }
        assert hosts[f"registry {name}"]["url"] == url
        registry.terminate()
        code, errors = registry.finish()
        assert (code, "Traceback" in errors) == (0, False)
    shown = run("list", "--timeout", "3")
    assert shown.returncode == 0 and shown.stderr == ""
    [line] = [line for line in shown.stdout.splitlines() if name in line]
    assert line.split("  ")[0].strip() == name
    assert host.info["url"] in line and line.endswith(f"lamp of {name}")
