"""The other processes of the tests of trust. Know pyside_ro's public names only."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot

from pyside_ro import (
    Caller,
    Limits,
    Peer,
    QRemoteObjectHost,
    QRemoteObjectNode,
    QRemoteObjectRegistryHost,
)
from tests.helpers import PeerSide

KEY = "a key of more than sixteen bytes"
OTHER = "another key, quite as long as that"


class Safe(QObject):
    """Something that not everybody should be able to open."""

    levelChanged = Signal(int)
    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._level = 1
        self.calls = 0

    def _get(self) -> int:
        return self._level

    def _set(self, level: int) -> None:
        if level < 0:
            raise ValueError("below the floor")
        if level != self._level:
            self._level = level
            self.levelChanged.emit(level)

    level = Property(int, _get, _set, notify=levelChanged)

    @Slot(str, result=str)
    def open(self, who: str) -> str:
        self.calls += 1
        self.opened.emit(who)
        return f"welcome, {who}"

    @Slot(result=object)
    def whoami(self, *, caller: Caller | None = None) -> Any:
        assert caller is not None
        return described(caller.peer)


def described(peer: Peer) -> dict[str, Any]:
    """A peer as plain values."""
    return {
        "address": peer.address,
        "name": peer.name,
        "scheme": peer.scheme,
        "certificate": peer.certificate,
        "proven": peer.proven,
        "pid": peer.pid,
        "uid": peer.uid,
    }


def safe_host(
    side: PeerSide,
    url: str,
    key: str | None = None,
    registry: str = "",
    limits: dict[str, int] | None = None,
    readOnly: bool = False,
    refuse: str = "",
) -> None:
    """A host with a safe; its hook refuses the nodes of one name."""
    asked: list[dict[str, Any]] = []

    def accept(peer: Peer) -> bool:
        asked.append(described(peer))
        if peer.name == "raise":
            raise LookupError("no such guest")
        return not refuse or peer.name != refuse

    host = QRemoteObjectHost(
        url,
        registry or None,
        sharedKey=key,
        accept=accept,
        objectName="vault",
        limits=Limits(**(limits or {})),
    )
    assert host.hostUrl().isValid(), host.errorString()
    errors: list[str] = []
    host.error.connect(lambda code: errors.append(f"{code.name}: {host.errorString()}"))
    safe = Safe()
    assert host.enableRemoting(safe, "safe", readOnly=readOnly)
    side.command(lambda: errors, "errors")
    side.command(lambda: asked, "asked")
    side.command(lambda: [safe._level, safe.calls], "state")
    side.command(lambda level: setattr(safe, "level", level), "setLevel")
    side.command(lambda: len(host._clients), "clients")
    side.command(lambda: [len(host._clients), len(host._unproven)], "connections")
    side.command(host.setSharedKey, "setSharedKey")
    side.keep(host, safe)
    side.ready(url=host.hostUrl().toString())


def visitor(side: PeerSide, url: str, key: str | None = None, name: str = "") -> None:
    """A client that wants the safe, and says how it goes."""
    node = QRemoteObjectNode(sharedKey=key, objectName=name)
    errors: list[str] = []
    node.error.connect(lambda code: errors.append(f"{code.name}: {node.errorString()}"))
    node.connectToNode(url)
    safe = node.acquireDynamic("safe")
    side.command(lambda: safe.isReplicaValid(), "valid")
    side.command(lambda: errors, "errors")
    side.command(lambda: safe.waitForSource(10_000), "waitForSource")
    side.command(lambda: safe.whoami(), "whoami")
    side.keep(node, safe)
    side.ready()


def keyed_registry(side: PeerSide, url: str, key: str | None = None) -> None:
    """A registry that wants a key."""
    host = QRemoteObjectRegistryHost(url, sharedKey=key)
    assert host.hostUrl().isValid(), host.errorString()
    side.keep(host)
    side.ready(url=host.hostUrl().toString())


def keyed_proxy(side: PeerSide, url: str, registry: str, key: str | None = None) -> None:
    """A host at `url` that shares what the registry's network has."""
    host = QRemoteObjectHost(url, sharedKey=key)
    assert host.proxy(registry), host.errorString()
    side.keep(host)
    side.ready(url=host.hostUrl().toString())


def many_silent(side: PeerSide, url: str, count: int, first: str = "") -> None:
    """Connections that never say anything more than `first`."""
    from tests.badinput.raw import connected

    raws = []
    for _ in range(count):
        raw = connected(url)
        raw.sendall(bytes.fromhex(first))
        raws.append(raw)
    side.keep(*raws)
    side.ready()
