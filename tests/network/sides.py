"""The other processes of the registry's tests. Know pyside_ro's public names, and its patience."""

from __future__ import annotations

import asyncio
import dataclasses
import enum
from typing import NamedTuple

from PySide6.QtCore import Property, QEnum, QObject, QStringListModel, Qt, Signal, Slot

from pyside_ro import (
    Caller,
    QRemoteObjectHost,
    QRemoteObjectNode,
    QRemoteObjectRegistryHost,
    registerType,
)
from pyside_ro.node import connection
from tests.helpers import PeerSide


class Counter(QObject):
    """A value, and a slot with a result."""

    valueChanged = Signal(int)

    def __init__(self, value: int = 0) -> None:
        super().__init__()
        self._value = value

    def _get(self) -> int:
        return self._value

    @Slot(int)
    def setValue(self, value: int) -> None:
        if value != self._value:
            self._value = value
            self.valueChanged.emit(value)

    value = Property(int, _get, setValue, notify=valueChanged)

    @Slot(int, int, result=int)
    def add(self, a: int, b: int) -> int:
        if a < 0:
            raise ValueError("too small")
        return a + b


class Room(QObject):
    """Who is here: its slots know who calls."""

    membersChanged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._members: dict[Caller, str] = {}

    members = Property(list, lambda self: sorted(self._members.values()), notify=membersChanged)

    @Slot(str, result=bool)
    def join(self, name: str, *, caller: Caller | None = None) -> bool:
        assert caller is not None and caller.connected
        if caller in self._members:
            return False
        self._members[caller] = name
        caller.onGone(lambda: self._leave(caller))
        self.membersChanged.emit()
        return True

    def _leave(self, caller: Caller) -> None:
        assert not caller.connected
        del self._members[caller]
        self.membersChanged.emit()


def hasty() -> None:
    """Have lost connections made again after 100 ms at most: for loops of many short rounds."""
    connection._LAST_RETRY = 100  # type: ignore[misc]


def registry_host(side: PeerSide, url: str, heartbeat: int = 0) -> None:
    """A registry."""
    host = QRemoteObjectRegistryHost(url, heartbeatInterval=heartbeat)
    assert host.hostUrl().isValid(), host.errorString()
    side.keep(host)
    side.ready(url=host.hostUrl().toString())


def counter_host(
    side: PeerSide,
    url: str,
    registry: str,
    names: list[str],
    value: int = 0,
    heartbeat: int = 0,
) -> None:
    """A host with counters that knows a registry."""
    if heartbeat:
        hasty()
    host = QRemoteObjectHost(url, registry, heartbeatInterval=heartbeat)
    assert host.hostUrl().isValid(), host.errorString()
    counters = {name: Counter(value) for name in names}

    @side.command
    def enable(name: str) -> bool:
        return host.enableRemoting(counters.setdefault(name, Counter(value)), name)

    @side.command
    def disable(name: str) -> bool:
        return host.disableRemoting(counters[name])

    @side.command
    def setValue(name: str, to: int) -> None:
        counters[name].setValue(to)

    @side.command
    def subscribers(name: str) -> int:
        return len(host._sources[name].links)

    for name in names:
        assert enable(name)
    side.keep(host, counters)
    side.ready(url=host.hostUrl().toString())


def room_host(side: PeerSide, url: str) -> None:
    """A host with a room."""
    host, room = QRemoteObjectHost(url), Room()
    host.enableRemoting(room, "room")
    side.command(lambda: room.members, "members")
    side.keep(host, room)
    side.ready(url=host.hostUrl().toString())


def member(side: PeerSide, url: str, name: str) -> None:
    """Someone in the room."""
    node = QRemoteObjectNode()
    node.connectToNode(url)
    room = node.acquireDynamic("room")
    assert room.waitForSource(10_000)
    answers = [room.join(name), room.join(name)]
    assert answers[1].waitForFinished(10_000)
    side.keep(node, room)
    side.ready(answers=[call.returnValue() for call in answers])


def client(side: PeerSide, registry: str, names: list[str], heartbeat: int = 0) -> None:
    """A client that knows only the registry, and is ready when all it wants is there."""
    if heartbeat:
        hasty()
    node = QRemoteObjectNode(registry, heartbeatInterval=heartbeat)
    replicas = [node.acquireDynamic(name) for name in names]
    for replica in replicas:
        assert replica.waitForSource(10_000), node.errorString()
    side.command(lambda: [(r.state().name, r.value) for r in replicas], "seen")
    side.keep(node, *replicas)
    side.ready(values=[replica.value for replica in replicas])


def proxy_host(
    side: PeerSide,
    url: str,
    registry: str,
    inner: str = "",
    only: str = "",
    reverse: bool = False,
    heartbeat: int = 0,
) -> None:
    """The middle: a registry at `url` that shares what the registry at `registry` has."""
    if heartbeat:
        hasty()
    host = QRemoteObjectRegistryHost(url, heartbeatInterval=heartbeat)
    assert host.hostUrl().isValid(), host.errorString()
    assert host.proxy(registry, inner, lambda name, _: name.startswith(only)), host.errorString()
    if reverse:
        assert host.reverseProxy(), host.errorString()
    side.command(lambda: sorted(host._sources), "shares")
    side.command(lambda name: len(host._sources[name].links), "subscribers")
    side.keep(host)
    side.ready(url=host.hostUrl().toString())


def resharing_host(side: PeerSide, url: str, inner: str, name: str) -> None:
    """The middle, by hand: a host at `url` that shares its replica of what is at `inner`."""
    node, host = QRemoteObjectNode(), QRemoteObjectHost(url)
    node.connectToNode(inner)
    replica = node.acquireDynamic(name)
    assert replica.waitForSource(10_000), node.errorString()
    assert host.enableRemoting(replica, name), host.errorString()
    told: list[str] = []
    host.remoteObjectAdded.connect(lambda entry: told.append("added"))
    host.remoteObjectRemoved.connect(lambda entry: told.append("removed"))
    side.command(lambda: told, "told")
    side.command(lambda: replica.state().name, "state")
    side.command(lambda: host.disableRemoting(replica), "disable")
    side.command(lambda: host.enableRemoting(replica, name), "enable")
    side.command(lambda: list(host._sources), "shares")
    side.command(replica.deleteLater, "delete")
    side.keep(node, host, replica)
    side.ready(url=host.hostUrl().toString())


@dataclasses.dataclass
class Waypoint:
    """A value that the middle knows nothing of."""

    x: int
    label: str


class Compass(enum.Enum):
    """Another one, an enum."""

    NORTH = "n"
    SOUTH = "s"


class Pin(NamedTuple):
    """And a named tuple that holds one."""

    name: str
    towards: Compass


class Atlas(QObject):
    """Values of all kinds, to see that they pass."""

    seen = Signal(object, list)

    @QEnum
    class Scale(enum.IntEnum):
        """Declared by the class."""

        City = 1
        World = 5

    def __init__(self) -> None:
        super().__init__()
        self._spot: object = None

    def _get(self) -> object:
        return self._spot

    def _set(self, spot: object) -> None:
        self._spot = spot
        self.spotChanged.emit()

    spotChanged = Signal()
    spot = Property(object, _get, _set, notify=spotChanged)

    @Slot(float, result=str)
    async def later(self, seconds: float) -> str:
        await asyncio.sleep(seconds)
        return "late"

    @Slot(object, bytes, result=object)
    def echo(self, value: object, data: bytes) -> object:
        self.seen.emit(value, [1, {"a": (2,)}])
        return [value, bytes(data)]


def atlas_host(side: PeerSide, url: str, registry: str) -> None:
    """A host with an atlas."""
    for kind in (Waypoint, Compass, Pin):
        registerType(kind)
    host, atlas = QRemoteObjectHost(url, registry), Atlas()
    assert host.enableRemoting(atlas, "atlas")
    side.keep(host, atlas)
    side.ready()


def many_hosts(side: PeerSide, registry: str, first: int, count: int) -> None:
    """Many hosts in one process, each with one source."""
    for number in range(first, first + count):
        counter = Counter(number)
        host = QRemoteObjectHost("tcp://127.0.0.1:0", registry)
        assert host.enableRemoting(counter, f"counter {number}"), host.errorString()
        side.keep(host, counter)
    side.ready()


class Motor(QObject):
    """What a vehicle holds."""

    speedChanged = Signal(int)

    def __init__(self, speed: int, parent: QObject) -> None:
        super().__init__(parent)
        self._speed = speed

    @Slot(int)
    def setSpeed(self, speed: int) -> None:
        self._speed = speed
        self.speedChanged.emit(speed)

    speed = Property(int, lambda self: self._speed, setSpeed, notify=speedChanged)

    @Slot(int, result=int)
    def twice(self, value: int) -> int:
        if value < 0:
            raise ValueError("too small")
        return 2 * value


class Vehicle(QObject):
    """Holds a motor, and later another one."""

    motorChanged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._motor = Motor(1, self)

    motor = Property(QObject, lambda self: self._motor, notify=motorChanged)

    @Slot(int)
    def swap(self, speed: int) -> None:
        old, self._motor = self._motor, Motor(speed, self)
        self.motorChanged.emit()
        old.deleteLater()


def vehicle_host(side: PeerSide, url: str, registry: str) -> None:
    """A host with a vehicle."""
    host, vehicle = QRemoteObjectHost(url, registry), Vehicle()
    assert host.enableRemoting(vehicle, "vehicle")
    side.command(lambda speed: vehicle.motor.setSpeed(speed), "setSpeed")
    side.keep(host, vehicle)
    side.ready()


def list_host(side: PeerSide, url: str, registry: str, rows: int) -> None:
    """A host with a model of a list."""
    host, model = QRemoteObjectHost(url, registry), QStringListModel()
    model.setStringList([f"row {number}" for number in range(rows)])
    assert host.enableRemoting(model, "list", [Qt.ItemDataRole.DisplayRole])

    @side.command
    def insert(row: int, text: str) -> None:
        model.insertRows(row, 1)
        model.setData(model.index(row, 0), text)

    side.command(lambda row: model.removeRows(row, 1), "remove")
    side.keep(host, model)
    side.ready()
