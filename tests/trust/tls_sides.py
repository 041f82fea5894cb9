"""The other process of the tests of TLS."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot

from pyside_ro import (
    Limits,
    QRemoteObjectHost,
    QRemoteObjectNode,
    QRemoteObjectRegistryHost,
    sslConfiguration,
)
from tests.helpers import PeerSide

#: What a host may write when a client that goes on trying comes to its end within a handshake.
INTERRUPTED = "the client closed the connection during the TLS handshake"


class Gauge(QObject):
    """Shared over TLS."""

    valueChanged = Signal(int)
    ticked = Signal(int)
    block = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._value = 0

    @Property(int, notify=valueChanged)
    def value(self) -> int:
        return self._value

    @Slot(int)
    def setValue(self, value: int) -> None:
        self._value = value
        self.valueChanged.emit(value)

    @Slot(int, int, result=int)
    def add(self, a: int, b: int) -> int:
        return a + b

    @Slot(object, result=object)
    def echo(self, value: object) -> object:
        return value

    @Slot(int)
    def tick(self, count: int) -> None:
        for number in range(count):
            self.ticked.emit(number)

    def flood(self, count: int, size: int) -> None:
        for number in range(count):
            self.block.emit(bytes([number % 256]) * size)


def _watched(side: PeerSide, node: QRemoteObjectNode) -> None:
    node.error.connect(lambda code: side.event("error", code.name))
    side.command(node.errorString, "errorString")
    side.command(lambda: node.lastError().name, "lastError")


def gauge_host(
    side: PeerSide,
    url: str = "tls://127.0.0.1:0",
    tls: dict[str, Any] | None = None,
    limits: dict[str, int] | None = None,
    registryUrl: str | None = None,
    name: str = "gauge",
) -> None:
    """A host that shares a gauge; `tls` is for sslConfiguration."""
    host = QRemoteObjectHost(
        url,
        sslConfiguration=sslConfiguration(**tls) if tls is not None else None,
        limits=Limits(**(limits or {})),
        registryUrl=registryUrl,
    )
    gauge = Gauge()
    assert host.enableRemoting(gauge, name), host.errorString()
    _watched(side, host)
    side.command(gauge.setValue)
    side.command(gauge.flood)
    side.command(lambda: len(host._clients), "clients")
    side.command(lambda **tls: host.setSslConfiguration(sslConfiguration(**tls)), "renew")
    side.keep(host, gauge)
    side.ready(url=host.hostUrl().toString())


def registry_host(side: PeerSide, tls: dict[str, Any], url: str = "tls://127.0.0.1:0") -> None:
    """A registry."""
    registry = QRemoteObjectRegistryHost(url, sslConfiguration=sslConfiguration(**tls))
    _watched(side, registry)
    side.keep(registry)
    side.ready(url=registry.hostUrl().toString())


def gauge_client(side: PeerSide, url: str, tls: dict[str, Any]) -> None:
    """A client that says when its replica is there."""
    node = QRemoteObjectNode(sslConfiguration=sslConfiguration(**tls))
    node.connectToNode(url)
    replica = node.acquireDynamic("gauge")
    replica.initialized.connect(lambda: side.event("initialized"))
    _watched(side, node)
    side.keep(node, replica)
    side.ready()


def proxy_host(
    side: PeerSide, registryUrl: str, tls: dict[str, Any], url: str = "tls://127.0.0.1:0"
) -> None:
    """A host that shares what another registry's network has."""
    host = QRemoteObjectHost(url, sslConfiguration=sslConfiguration(**tls))
    assert host.proxy(registryUrl), host.errorString()
    _watched(side, host)
    timer = QTimer()
    side.keep(host, timer)
    side.ready(url=host.hostUrl().toString())
