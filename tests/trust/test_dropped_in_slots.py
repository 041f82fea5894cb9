"""Nodes and hosts that end in a slot, while their own sockets emit the signal that called it."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Property, QEventLoop, QObject, QTimer, Signal, Slot
from shiboken6 import delete

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, sslConfiguration
from tests.helpers import PeerProcess, PeerSide, process_events, unique_local_url, wait_until
from tests.trust.certificates import Pki

Peer = Callable[..., PeerProcess]


class Lamp(QObject):
    """Has a member of each kind."""

    litChanged = Signal(bool)
    flashed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._lit = False
        self.onSlot: Callable[[], None] = lambda: None

    def setLit(self, lit: bool) -> None:
        self._lit = lit
        self.onSlot()
        self.litChanged.emit(lit)

    lit = Property(bool, lambda self: self._lit, setLit, notify=litChanged)

    @Slot(result=int)
    def flash(self) -> int:
        self.onSlot()
        for number in range(3):
            self.flashed.emit(number)
        return 7


def within(call: Callable[[], None]) -> None:
    """Call it in an event loop of its own, as a dialog does."""
    loop = QEventLoop()
    QTimer.singleShot(0, call)
    QTimer.singleShot(30, loop.quit)
    loop.exec()


class Client:
    """A program's client, which lets go of all it has."""

    def __init__(self, url: Any, tls: dict[str, str] | None) -> None:
        self.node: Any = QRemoteObjectNode(
            sslConfiguration=sslConfiguration(**tls) if tls else None
        )
        self.node.connectToNode(url)
        self.replica: Any = self.node.acquire("lamp")
        self.ended = weakref.ref(self.node)

    def drop(self) -> None:
        self.node = self.replica = None

    def delete(self) -> None:
        node, self.node, self.replica = self.node, None, None
        if node is not None:
            delete(node)

    def forget(self) -> None:
        """Be garbage that the collector finds in a moment."""
        self.node.mine = self
        self.drop()
        gc.collect()


HOW: dict[str, Callable[[Client], None]] = {
    "dropped": Client.drop,
    "deleted": Client.delete,
    "collected": Client.forget,
    "dropped in a dialog": lambda client: within(client.drop),
    "deleted in a dialog": lambda client: within(client.delete),
}


def clients(side: PeerSide, url: str, hostTls: dict[str, str], tls: dict[str, str]) -> None:
    """Each way, in each slot that a node's socket may call."""
    settings = sslConfiguration(**hostTls) if hostTls else None
    lamp = Lamp()

    def host() -> Any:
        made = QRemoteObjectHost(url, sslConfiguration=settings)
        assert made.enableRemoting(lamp, "lamp"), made.errorString()
        return made

    for how, end in HOW.items():
        for where in ("initialized", "stateChanged", "signal", "property", "result", "lost"):
            server = host()
            client = Client(server.hostUrl(), tls)

            def once(*_: Any, client: Client = client, end: Any = end) -> None:
                if client.node is not None:
                    end(client)

            if where in ("initialized", "stateChanged"):
                getattr(client.replica, where).connect(once)
            else:
                wait_until(client.replica.isReplicaValid)
                if where == "signal":
                    client.replica.flashed.connect(once)
                    client.replica.flash()
                elif where == "property":
                    client.replica.litChanged.connect(once)
                    client.replica.lit = not lamp.lit
                elif where == "result":
                    client.replica.flash().add_done_callback(once)
                else:
                    client.replica.stateChanged.connect(once)
                    server.close()
            del once
            wait_until(lambda client=client: client.ended() is None, message=f"{how}, {where}")
            side.event("survived", how, where)
            server.close()
    side.ready()


def hosts(side: PeerSide, url: str, hostTls: dict[str, str], tls: dict[str, str]) -> None:
    """A host that ends in what a client calls."""
    settings = sslConfiguration(**hostTls) if hostTls else None
    for how in ("dropped", "deleted", "dropped in a dialog", "deleted in a dialog"):
        for where in ("slot", "setter"):
            lamp = Lamp()
            server: list[Any] = [QRemoteObjectHost(url, sslConfiguration=settings)]
            ended = weakref.ref(server[0])
            assert server[0].enableRemoting(lamp, "lamp"), server[0].errorString()
            client = Client(server[0].hostUrl(), tls)
            wait_until(client.replica.isReplicaValid)

            def end(how: str = how, server: list[Any] = server) -> None:
                def now() -> None:
                    host = server.pop()
                    if how.startswith("deleted"):
                        delete(host)

                if server:
                    within(now) if how.endswith("dialog") else now()

            lamp.onSlot = end
            call = client.replica.flash() if where == "slot" else None
            if where == "setter":
                client.replica.lit = True
            wait_until(lambda ended=ended: ended() is None, message=f"{how}, {where}")
            wait_until(lambda client=client: not client.replica.isReplicaValid())
            assert call is None or call.isFinished()
            side.event("survived", how, where)
    side.ready()


def dialogs(side: PeerSide, url: str, hostTls: dict[str, str], tls: dict[str, str]) -> None:
    """Nothing ends but the connection, and a slot that hears of it opens a dialog."""
    lamp = Lamp()
    server: list[Any] = []
    settings = sslConfiguration(**hostTls) if hostTls else None
    for end in (QRemoteObjectHost.close, delete):
        server.append(QRemoteObjectHost(url, sslConfiguration=settings))
        assert server[-1].enableRemoting(lamp, "lamp"), server[-1].errorString()
        client = Client(server[-1].hostUrl(), tls)
        wait_until(client.replica.isReplicaValid)
        shown: list[bool] = []

        def show(*_: Any, shown: list[bool] = shown) -> None:
            if not shown:
                shown.append(True)
                within(lambda: None)
                shown.append(False)

        client.replica.stateChanged.connect(show)
        end(server[-1])
        wait_until(lambda shown=shown: len(shown) == 2)
        process_events(0.05)
        client.drop()
        side.event("survived")
    side.ready()


@pytest.mark.parametrize("what", [clients, hosts, dialogs], ids=lambda what: what.__name__)
@pytest.mark.parametrize("scheme", ["local", "tcp", "tls", "ws", "wss"])
def test_the_process_survives(peer: Peer, pki: Pki, scheme: str, what: Any) -> None:
    secure = scheme in ("tls", "wss")
    process = peer(
        what,
        url=unique_local_url() if scheme == "local" else f"{scheme}://127.0.0.1:0",
        hostTls=pki.files("host") if secure else {},
        tls=pki.files(authority="ca") if secure else {},
        allow_stderr=["a call failed and nobody asked for its result"],
        timeout=60,
    )
    assert len(process.events) == {clients: 30, hosts: 8, dialogs: 2}[what]
