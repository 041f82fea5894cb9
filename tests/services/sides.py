"""The other processes of the tests of services. Know pyside_ro's public names only."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import ClassInfo, Property, QObject, QSettings, Signal

from pyside_ro import (
    QRemoteObjectHost,
    QRemoteObjectNode,
    QRemoteObjectSettingsStore,
    registerType,
)
from tests.helpers import PeerSide


@registerType
@dataclasses.dataclass
class PersistedGear:
    """A registered value, to be kept in a store."""

    ratio: float
    label: str


@ClassInfo({"RemoteObject Persisted": "speed gear data"})
class PersistedEngine(QObject):
    """A source, some of whose properties are kept by its clients."""

    speedChanged = Signal(int)
    tempoChanged = Signal(int)
    gearChanged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._values: dict[str, Any] = {"speed": 1, "tempo": 1, "gear": None}

    def _set(self, name: str, value: Any) -> None:
        if self._values[name] != value:
            self._values[name] = value
            signal = getattr(self, f"{name}Changed")
            signal.emit(*(() if name == "gear" else (value,)))

    def setSpeed(self, value: int) -> None:
        """Set the property."""
        self._set("speed", value)

    def setTempo(self, value: int) -> None:
        """Set the property."""
        self._set("tempo", value)

    def setGear(self, value: object) -> None:
        """Set the property."""
        self._set("gear", value)

    speed = Property(int, lambda self: self._values["speed"], setSpeed, notify=speedChanged)
    tempo = Property(int, lambda self: self._values["tempo"], setTempo, notify=tempoChanged)
    gear = Property(object, lambda self: self._values["gear"], setGear, notify=gearChanged)
    data = Property(bytes, lambda self: b"\x00\xff" * 40_000, constant=True)


def engine_host(side: PeerSide, url: str) -> None:
    """A host with two engines."""
    host = QRemoteObjectHost(url)
    engines = {name: PersistedEngine() for name in ("PersistedEngine", "second")}
    for name, engine in engines.items():
        assert host.enableRemoting(engine, name), host.errorString()

    @side.command
    def change(name: str, speed: int, ratio: float = 0.0) -> None:
        engines[name].setSpeed(speed)
        engines[name].setTempo(speed)
        if ratio:
            engines[name].setGear(PersistedGear(ratio, "é/\\"))

    side.keep(host, engines)
    side.ready()


def engine_client(side: PeerSide, url: str, path: str) -> None:
    """A client that keeps what is marked in the file `path`."""
    settings = QSettings(path, QSettings.Format.IniFormat)
    node = QRemoteObjectNode(persistedStore=QRemoteObjectSettingsStore(settings=settings))
    engines: dict[str, Any] = {
        "PersistedEngine": node.acquire(PersistedEngine),
        "second": node.acquire(PersistedEngine, "second"),
    }
    side.keep(node, engines)

    def values(name: str) -> list[Any]:
        engine = engines[name]
        gear = engine.gear
        assert gear is None or isinstance(gear, PersistedGear)
        return [
            engine.state().name,
            engine.speed,
            engine.tempo,
            gear and [gear.ratio, gear.label],
            len(engine.data or b""),
        ]

    @side.command
    def drop(name: str) -> None:
        engines.pop(name).deleteLater()

    side.command(values)
    side.command(lambda: node.connectToNode(url), "connect")
    side.ready(values={name: values(name) for name in engines})


class Lamp(QObject):
    """Something small to share."""

    changed = Signal()
    on = Property(bool, lambda self: True, notify=changed)


def advertising_host(
    side: PeerSide, url: str, name: str, ttl: int = 30, interfaces: list[str] | None = None
) -> None:
    """A host that can be found; with the time for which the others believe in it."""
    from pyside_ro.node import mdns

    mdns.TTL = ttl
    host, lamp = QRemoteObjectHost(url), Lamp()
    assert host.enableRemoting(lamp, f"lamp of {name}")
    assert host.advertise(name, interfaces=interfaces), host.errorString()
    side.command(host.stopAdvertising, "stopAdvertising")
    side.command(lambda: host.advertise(name), "advertise")
    side.command(host.close, "close")
    side.keep(host, lamp)
    side.ready(url=host.hostUrl().toString())
