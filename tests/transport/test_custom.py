"""Transports that a user writes: the example of docs/transports.md, and defective ones."""

from __future__ import annotations

import re
from typing import Any

import pytest
from PySide6.QtCore import QObject, QUrl

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, QRemoteObjectReplica
from pyside_ro.transport import (
    Conduit,
    ConnectFailed,
    Listener,
    Transport,
    registerTransport,
)
from tests.helpers import ROOT, wait_until
from tests.transport.devices import Counter

pytestmark = pytest.mark.usefixtures("table")

State = QRemoteObjectReplica.State
ErrorCode = QRemoteObjectNode.ErrorCode


@pytest.fixture
def plain() -> dict[str, Any]:
    text = (ROOT / "docs" / "transports.md").read_text()
    [code] = [
        each for each in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "Plain" in each
    ]
    names: dict[str, Any] = {}
    exec(compile(code, "docs/transports.md", "exec"), names)
    return names


def test_the_example_of_the_documentation(qapp: Any, plain: dict[str, Any]) -> None:
    node, counter = QRemoteObjectNode(), Counter()
    assert node.connectToNode("plain:one")
    replica = node.acquireDynamic("counter")
    wait_until(lambda: "nobody listens" in node.errorString())
    for number in range(1, 4):
        host = QRemoteObjectHost("plain:one")
        assert host.hostUrl() == QUrl("plain:one")
        other = QRemoteObjectHost()
        assert not other.setHostUrl("plain:one")
        assert "already" in other.errorString()
        counter.setValue(number)
        assert host.enableRemoting(counter, "counter")
        wait_until(lambda number=number: replica.state() is State.Valid and replica.value == number)
        data = bytes(3_000_000)
        call = replica.echo(data)
        wait_until(call.isFinished)
        assert call.result() == data
        host.close("maintenance")
        wait_until(lambda: replica.state() is State.Suspect)
        assert "maintenance" in node.errorString()
    assert not plain["listeners"]


def test_registering_what_cannot_be(qapp: Any) -> None:
    with pytest.raises(TypeError, match="takes a Transport"):
        registerTransport("x", object())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="is no URL scheme"):
        registerTransport("Up Per", Broken())


class Deaf(Conduit):
    """Breaks in `open`."""

    def open(self) -> None:
        raise RuntimeError("no antenna")

    def write(self, data: Any) -> int:
        return len(data)

    def shut(self, linger: bool) -> None:
        pass


class Broken(Transport):
    """Breaks wherever it is asked."""

    def listener(self, parent: QObject) -> Listener:
        raise RuntimeError("no mast")

    def conduit(self, url: QUrl, parent: QObject) -> Conduit:
        if url.path() == "made":
            return Deaf()
        raise RuntimeError("no wire")


@pytest.mark.parametrize(("path", "words"), [("made", "no antenna"), ("unmade", "no wire")])
def test_a_transport_that_raises_is_reported_and_tried_again(
    qapp: Any, path: str, words: str
) -> None:
    registerTransport("broken", Broken())
    host, node = QRemoteObjectHost(), QRemoteObjectNode()
    assert not host.setHostUrl("broken:x")
    assert host.lastError() is ErrorCode.ListenFailed
    assert "the transport raised RuntimeError: no mast" in host.errorString()
    assert node.connectToNode(f"broken:{path}")
    said = f"broken:{path}: the transport raised RuntimeError: {words}"
    assert node.errorString() == said
    assert node._connections[f"broken:{path}"]._retry.isActive()


def test_what_the_base_class_keeps(qapp: Any) -> None:
    conduit = Deaf()
    heard: list[Any] = []
    conduit.onReady = lambda: heard.append("ready")
    conduit.onClosed = lambda reason: heard.append(str(reason))
    conduit.received(b"abc")
    conduit.received(memoryview(b"def"))
    assert conduit.bytesAvailable() == 6
    assert conduit.read(4) == b"abcd"
    assert conduit.read(100) == b"ef"
    conduit.maxReceived = 10
    conduit.received(bytes(11))
    conduit.ended(ConnectFailed("again"))
    conduit.received(b"late")
    assert heard == ["ready", "ready", "the peer sent 11 bytes unasked"]
