"""Transports, listeners and devices that raise: their connection ends, in words; nodes go on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from shiboken6 import isValid

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, QRemoteObjectReplica
from pyside_ro.transport import memory, registerTransport
from pyside_ro.transport.base import Conduit, Listener, Transport
from tests.helpers import wait_until
from tests.transport.devices import Counter, Stingy, pair

pytestmark = pytest.mark.usefixtures("table")

State = QRemoteObjectReplica.State
ErrorCode = QRemoteObjectNode.ErrorCode


class Brittle(memory.MemoryConduit):
    """Carries bytes in memory, until the method named `breaks` raises."""

    sound = False
    breaks = ""


def _brittle(name: str) -> Any:
    sane = getattr(memory.MemoryConduit, name)

    def method(self: Brittle, *args: Any) -> Any:
        if Brittle.breaks == name:
            raise OSError(f"{name}: no such wire")
        return sane(self, *args)

    return method


METHODS = ["write", "read", "bytesAvailable", "bytesToWrite", "flush", "shut", "abort", "close"]
for _name in METHODS:
    setattr(Brittle, _name, _brittle(_name))


class Wires(Transport):
    """One host, whose listener breaks too."""

    listening: Listener | None = None

    def listener(self, parent: Any) -> Listener:
        class Wire(Listener):
            def listen(self, url: QUrl) -> None:
                self.parent, self.where = parent, QUrl(url)
                Wires.listening = self

            def url(self) -> QUrl:
                return self.where

            def close(self) -> None:
                Wires.listening = None
                if Brittle.breaks == "listener":
                    raise OSError("listener: no such wire")

        return Wire()

    def conduit(self, url: QUrl, parent: Any) -> Conduit:
        mine = Brittle(parent, url.toString())
        listening: Any = Wires.listening
        if listening is not None:
            theirs = Brittle(listening.parent, "a client")
            mine.join(theirs)
            listening.onConnection(theirs)
        return mine

    def check(self, url: QUrl) -> str:
        if Brittle.breaks == "check":
            raise OSError("check: no such wire")
        return ""


@pytest.fixture
def wires() -> Iterator[None]:
    registerTransport("wire", Wires())
    Brittle.breaks, Wires.listening = "", None
    yield
    Brittle.breaks = ""


@pytest.mark.parametrize("name", ["write", "read", "bytesAvailable", "bytesToWrite"])
def test_a_connection_whose_transport_raises_ends_and_is_made_again(
    qapp: Any, qtlog: Any, wires: None, name: str
) -> None:
    host, counter = QRemoteObjectHost("wire:one"), Counter()
    assert host.enableRemoting(counter, "counter")
    node = QRemoteObjectNode()
    assert node.connectToNode("wire:one")
    replica = node.acquireDynamic("counter")
    wait_until(lambda: replica.state() is State.Valid, message=node.errorString)
    for number in range(1, 4):
        Brittle.breaks = name
        counter.setValue(number)  # whoever emits, or calls, is not the one to blame
        call = replica.add(1, 2)
        wait_until(lambda: replica.state() is State.Suspect)
        wait_until(call.isFinished)
        assert call.error() is not call.Error.NoError
        said = [record.message for record in qtlog.records]
        assert any(f"the transport's {name}() raised" in message for message in said)
        assert any(f"OSError: {name}: no such wire" in message for message in said)
        Brittle.breaks = ""
        wait_until(lambda: replica.state() is State.Valid)
        wait_until(lambda number=number: replica.value == number)
        assert len(host._clients) == 1


@pytest.mark.parametrize("name", ["shut", "abort", "close", "listener"])
def test_an_end_that_raises_is_an_end_all_the_same(qapp: Any, wires: None, name: str) -> None:
    host, counter = QRemoteObjectHost("wire:one"), Counter()
    assert host.enableRemoting(counter, "counter")
    node = QRemoteObjectNode()
    assert node.connectToNode("wire:one")
    replica = node.acquireDynamic("counter")
    wait_until(lambda: replica.state() is State.Valid, message=node.errorString)
    Brittle.breaks = name
    host.close()
    assert not host._clients and host.hostUrl().isEmpty()
    assert node.disconnectFromNode("wire:one")
    assert replica.state() is State.Suspect
    Brittle.breaks = ""
    assert host.setHostUrl("wire:two") and host.enableRemoting(counter, "counter")
    assert node.connectToNode("wire:two")
    wait_until(lambda: replica.state() is State.Valid)


def test_a_check_that_raises_is_a_url_that_cannot_be_used(qapp: Any, wires: None) -> None:
    node = QRemoteObjectNode()
    Brittle.breaks = "check"
    assert not node.connectToNode("wire:one")
    assert node.lastError() is ErrorCode.RegistryNotAcquired
    words = "connectToNode: 'wire:one': the transport raised OSError: check: no such wire"
    assert node.errorString() == words


class Faulty(Stingy):
    """A device in memory that breaks."""

    breaks = ""

    def write(self, data: Any) -> int:
        if self.breaks == "write":
            raise OSError("burnt")
        return super().write(data)

    def read(self, size: int) -> Any:
        if self.breaks == "read":
            raise OSError("burnt")
        return super().read(size)


@pytest.mark.parametrize("name", ["write", "read"])
@pytest.mark.parametrize("side", ["host", "node"])
def test_a_device_that_raises(qapp: Any, name: str, side: str) -> None:
    host, node, counter = QRemoteObjectHost(), QRemoteObjectNode(), Counter()
    replica = node.acquireDynamic("counter")
    for number in range(1, 4):
        mine, theirs = Faulty(bite=5000), Faulty(bite=5000)
        mine.other, theirs.other = theirs, mine
        host.addHostSideConnection(theirs)
        if number == 1:
            assert host.enableRemoting(counter, "counter")
        node.addClientSideConnection(mine)
        wait_until(lambda: replica.state() is State.Valid, message=node.errorString)
        broken = mine if side == "node" else theirs
        broken.breaks = name
        counter.setValue(number)
        call = replica.add(1, 1)
        wait_until(lambda broken=broken: not broken.isOpen())
        for device in (mine, theirs):  # in memory the other end does not hear of it
            if device.isOpen():
                device.close()
        wait_until(lambda: replica.state() is State.Suspect)
        wait_until(call.isFinished)
        wait_until(lambda: not host._clients)


def test_twenty_pairs_in_memory_one_after_another(qapp: Any) -> None:
    host, node, counter = QRemoteObjectHost(), QRemoteObjectNode(), Counter()
    replica = node.acquireDynamic("counter")
    for number in range(1, 21):
        mine, theirs = pair(5000)
        host.addHostSideConnection(theirs)
        if number == 1:
            assert host.enableRemoting(counter, "counter")
        node.addClientSideConnection(mine)
        counter.setValue(number)
        wait_until(lambda number=number: replica.state() is State.Valid and replica.value == number)
        assert len(host._clients) == len(node._connections) == 1
        assert len(host._sources["counter"].links) == 1
        [mine.close, theirs.close, mine.deleteLater, theirs.deleteLater][number % 4]()
        wait_until(lambda: replica.state() is State.Suspect or not host._clients)
        for device in (mine, theirs):  # nothing carries the end over in memory
            if isValid(device) and device.isOpen():
                device.close()
        wait_until(lambda: replica.state() is State.Suspect and not host._clients)
        assert node.errorString()
        assert not node._connections
