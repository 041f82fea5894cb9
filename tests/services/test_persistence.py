"""Persisted properties: kept by a client, and back before the source is reached."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import msgpack
import pytest
from PySide6.QtCore import ClassInfo, Property, QByteArray, QObject, QPointF, QSettings, Signal

from pyside_ro import (
    QRemoteObjectAbstractPersistedStore,
    QRemoteObjectHost,
    QRemoteObjectNode,
    QRemoteObjectReplica,
    QRemoteObjectSettingsStore,
    RepFile,
    interfaceOf,
)
from pyside_ro.errors import InvalidData
from pyside_ro.protocol.stored import packStored, unpackStored
from tests.badinput.mutate import mutatedBytes
from tests.helpers import wait_until
from tests.network.support import LOG, dropped
from tests.services.sides import PersistedEngine, PersistedGear, engine_client, engine_host

Default = QRemoteObjectReplica.State.Default
RATIO = [2.5, "é/\\"]


class DictStore(QRemoteObjectAbstractPersistedStore):
    """A store in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, bytes], list[Any]] = {}
        self.saves = 0

    def saveProperties(self, repName: str, repSig: Any, values: Any) -> None:
        self.saves += 1
        self.kept[repName, bytes(repSig.data())] = list(values)

    def restoreProperties(self, repName: str, repSig: Any) -> list[Any]:
        return self.kept.get((repName, bytes(repSig.data())), [])


@pytest.fixture
def node(qapp: Any) -> Iterator[QRemoteObjectNode]:
    """A node with a store in memory."""
    found = QRemoteObjectNode(persistedStore=DictStore())
    with dropped(found):
        yield found


@pytest.fixture
def engine(qapp: Any, local_url: str) -> Iterator[PersistedEngine]:
    """An engine that is shared in this process."""
    host, source = QRemoteObjectHost(local_url), PersistedEngine()
    assert host.enableRemoting(source, "PersistedEngine")
    with dropped(host):
        yield source


def stored(speed: Any = 7, gear: Any = None, data: Any = b"") -> list[Any]:
    return [speed, gear, data]


def signature(cls: type[QObject] = PersistedEngine) -> bytes:
    return interfaceOf(cls).signature.encode()


def saved(path: Path) -> list[Any]:
    """What a file has of the engine."""
    settings = QSettings(str(path), QSettings.Format.IniFormat)
    store = QRemoteObjectSettingsStore(settings=settings)
    return store.restoreProperties("PersistedEngine", signature())


def warnings(qtlog: Any) -> list[str]:
    return [r.message for r in qtlog.records if r.matches_level("WARNING")]


def test_a_class_whose_own_enum_is_called_state(node: QRemoteObjectNode) -> None:
    rep = RepFile(
        "class PersistedDoor\n{\n    ENUM State { Shut, Open }\n"
        "    PROP(State state=Shut PERSISTED)\n    PROP(int knocks=2 PERSISTED)\n};\n"
    )
    door: Any = node.acquire(rep.replica["PersistedDoor"])
    assert (door.state, door.knocks) == (door.State.Shut, 2)


# Processes


def test_values_are_back_in_the_next_process(peer: Any, local_url: str, tmp_path: Path) -> None:
    path = str(tmp_path / "state.ini")
    host = peer(engine_host, url=local_url, allow_stderr=LOG)
    first = peer(engine_client, url=local_url, path=path)
    assert first.info["values"]["second"] == ["Default", 0, 0, None, 0]
    first.ask("connect")
    host.ask("change", "PersistedEngine", 88, 2.5)
    host.ask("change", "second", 99)
    for name, speed in (("PersistedEngine", 88), ("second", 99)):
        wait_until(lambda n=name, s=speed: first.ask("values", n)[:2] == ["Valid", s])
    first.stop()
    second = peer(engine_client, url=local_url, path=path)
    assert second.info["values"] == {
        "PersistedEngine": ["Default", 88, 0, RATIO, 80_000],
        "second": ["Default", 99, 0, None, 80_000],
    }
    host.ask("change", "second", 100)
    second.ask("connect")
    wait_until(lambda: second.ask("values", "second") == ["Valid", 100, 100, None, 80_000])
    second.ask("drop", "second")
    third = peer(engine_client, url=local_url, path=path)
    assert third.info["values"]["second"][:2] == ["Default", 100]


def test_a_process_that_is_killed_loses_little(peer: Any, local_url: str, tmp_path: Path) -> None:
    path = tmp_path / "state.ini"
    host = peer(engine_host, url=local_url, allow_stderr=LOG)
    for speed in (5, 6):
        client = peer(engine_client, url=local_url, path=str(path))
        client.ask("connect")
        host.ask("change", "PersistedEngine", speed)
        wait_until(lambda s=speed: saved(path)[:1] == [s])
        client.kill()
    client = peer(engine_client, url=local_url, path=str(path))
    assert client.info["values"]["PersistedEngine"][1] == 6


@pytest.mark.parametrize("damage", ["garbage", "flipped", "foreign", "empty"])
def test_a_damaged_file_is_ignored(peer: Any, local_url: str, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "state.ini"
    peer(engine_host, url=local_url)
    settings = QSettings(str(path), QSettings.Format.IniFormat)
    store = QRemoteObjectSettingsStore(settings=settings)
    name = "PersistedEngine"
    store.saveProperties(name, signature(), stored(7))
    assert store.restoreProperties(name, signature())[0] == 7
    [key] = settings.allKeys()
    if damage == "foreign":
        settings.setValue(key, [7, None, b""])
    elif damage == "flipped":
        data = bytearray(settings.value(key).data())
        data[len(data) // 2] ^= 1
        settings.setValue(key, QByteArray(bytes(data)))
    settings.sync()
    if damage in ("garbage", "empty"):
        path.write_bytes(b"\x00\xff[gar\nbage\x00%%=@ByteArray(\\x" if damage == "garbage" else b"")
    client = peer(engine_client, url=local_url, path=str(path), allow_stderr=LOG)
    assert client.info["values"][name] == ["Default", 0, 0, None, 0]
    client.ask("connect")
    wait_until(lambda: client.ask("values", name)[:2] == ["Valid", 1])
    words = {
        "garbage": "it is damaged, or in another format",
        "flipped": "its checksum is wrong, it is damaged",
        "foreign": "it is a list, which is not what this library writes",
    }
    if damage in words:
        wait_until(lambda: words[damage] in client.stderr)
    else:
        assert client.stderr == ""


# The node and its store


def test_the_api_of_a_node(qapp: Any) -> None:
    store = DictStore()
    node = QRemoteObjectNode()
    with dropped(node):
        assert node.persistedStore() is None
        node.setPersistedStore(store)
        assert node.persistedStore() is store
        node.setPersistedStore(None)
        assert node.persistedStore() is None
    with dropped(host := QRemoteObjectHost(persistedStore=store)):
        assert host.persistedStore() is store
    with pytest.raises(NotImplementedError, match="derive a class from it"):
        QRemoteObjectAbstractPersistedStore()


def test_a_store_of_ones_own(node: Any, engine: PersistedEngine, local_url: str) -> None:
    store = node.persistedStore()
    store.kept["PersistedEngine", signature()] = stored(7, PersistedGear(1.0, "x"), b"abc")
    replica = node.acquire(PersistedEngine)
    heard: list[int] = []
    replica.speedChanged.connect(heard.append)
    assert replica.state() is Default
    assert (replica.speed, replica.tempo) == (7, 0)
    assert (replica.gear, bytes(replica.data)) == (PersistedGear(1.0, "x"), b"abc")
    engine.setSpeed(7)
    node.connectToNode(local_url)
    wait_until(replica.isReplicaValid)
    assert heard == []  # it is what it was
    engine.setSpeed(8)
    engine.setSpeed(9)
    wait_until(lambda: replica.speed == 9)
    wait_until(lambda: store.kept["PersistedEngine", signature()][0] == 9)
    saves = store.saves
    engine.setTempo(4)  # not persisted
    wait_until(lambda: replica.tempo == 4)
    assert not node._persistence._keepers[0]._changed
    engine.setSpeed(10)
    wait_until(lambda: replica.speed == 10)
    replica.deleteLater()  # as Qt saves
    wait_until(lambda: not node._persistence._keepers)
    assert store.saves == saves + 1
    assert store.kept["PersistedEngine", signature()][0] == 10


def test_what_was_never_reached_is_not_saved(node: Any) -> None:
    replica = node.acquire(PersistedEngine)
    assert replica.state() is Default
    del replica
    wait_until(lambda: not node._persistence._keepers)
    assert node.persistedStore().saves == 0


def test_the_end_of_the_node_saves(engine: PersistedEngine, local_url: str) -> None:
    for end in ("collected", "deleted"):
        store = DictStore()
        node = QRemoteObjectNode(persistedStore=store)
        node.connectToNode(local_url)
        replica: Any = node.acquire(PersistedEngine)
        wait_until(replica.isReplicaValid)
        assert store.saves == 0
        if end == "deleted":
            node.deleteLater()
        del node, replica
        wait_until(lambda s=store: s.saves)
        assert store.kept["PersistedEngine", signature()][0] == 1


def test_a_store_that_raises(
    qapp: Any, engine: PersistedEngine, local_url: str, qtlog: Any
) -> None:
    class Broken(QRemoteObjectAbstractPersistedStore):
        def restoreProperties(self, repName: str, repSig: Any) -> list[Any]:
            raise OSError("the disk is gone")

    node = QRemoteObjectNode(persistedStore=Broken())
    with dropped(node):
        node.connectToNode(local_url)
        replica: Any = node.acquire(PersistedEngine)
        assert replica.speed == 0
        wait_until(replica.isReplicaValid)
        engine.setSpeed(3)
        wait_until(lambda: any("does not override saveProperties" in w for w in warnings(qtlog)))
        assert any("the disk is gone" in w and "Traceback" in w for w in warnings(qtlog))
        engine.setSpeed(4)
        wait_until(lambda: replica.speed == 4)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([1], "1 values for 3 persisted properties"),
        ([1, 2, 3, 4], "4 values for 3"),
        (["fast", None, b""], "property 'speed': must be int, not str"),
        ([2**40, None, b""], "does not fit int"),
        (None, "a list of values is expected, not None"),
        ({"speed": 1}, "a list of values is expected"),
    ],
    ids=repr,
)
def test_values_that_do_not_fit(node: Any, qtlog: Any, found: Any, words: str) -> None:
    node.persistedStore().kept["PersistedEngine", signature()] = found
    replica = node.acquire(PersistedEngine)
    assert (replica.speed, replica.gear, replica.data) == (0, None, None)
    [text] = warnings(qtlog)
    assert "'PersistedEngine'" in text and words in text


def test_a_store_that_was_deleted(engine: PersistedEngine, local_url: str) -> None:
    store = DictStore()
    node = QRemoteObjectNode(persistedStore=store)
    with dropped(node):
        node.connectToNode(local_url)
        replica: Any = node.acquire(PersistedEngine)
        store.deleteLater()
        wait_until(replica.isReplicaValid)
        del replica
        wait_until(lambda: not node._persistence._keepers)
        assert store.saves == 0


def test_marks_add_up_and_mistakes_are_told(node: Any, qtlog: Any) -> None:
    @ClassInfo({"RemoteObject Persisted": "weight nothing"})
    class PersistedHeavyEngine(PersistedEngine):
        weightChanged = Signal()
        weight = Property(float, lambda self: 1.0, notify=weightChanged)

    store = node.persistedStore()
    key = ("PersistedHeavyEngine", signature(PersistedHeavyEngine))
    store.kept[key] = [1, None, b"", 2.5]
    replica = node.acquire(PersistedHeavyEngine)
    assert (replica.speed, replica.weight) == (1, 2.5)
    [text] = warnings(qtlog)
    assert "PersistedHeavyEngine has no property 'nothing'" in text


# The settings


def test_an_interface_that_changed(qapp: Any, tmp_path: Path, qtlog: Any) -> None:
    store = QRemoteObjectSettingsStore(
        settings=QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    )
    assert store.restoreProperties("a/b", b"1" * 32) == []
    assert warnings(qtlog) == []  # nothing was saved ever
    store.saveProperties("a/b", QByteArray(b"1" * 32), [1])
    store.saveProperties("a", b"3" * 32, ["x"])
    assert store.restoreProperties("a/b", QByteArray(b"2" * 32)) == []
    [text] = warnings(qtlog)
    assert "'a/b'" in text and "its interface was another one then" in text
    assert store.restoreProperties("a/b", QByteArray(b"1" * 32)) == [1]
    assert store.restoreProperties("a", b"3" * 32) == ["x"]


def test_settings_that_cannot_be_written(qapp: Any, tmp_path: Path, qtlog: Any) -> None:
    folder = tmp_path / "folder.ini"
    folder.mkdir()
    settings = QSettings(str(folder), QSettings.Format.IniFormat)
    QRemoteObjectSettingsStore(settings=settings).saveProperties("name", b"1", [1])
    [text] = warnings(qtlog)
    assert str(folder) in text and "the properties of 'name' were not saved" in text


def test_the_stored_bytes() -> None:
    values = [
        1,
        "é",
        b"x" * 100_000,
        [None, {"a": 1.5}],
        QByteArray(b"y" * 40_000),
    ]
    data = packStored(values)
    assert unpackStored(data) == values
    assert [type(v) for v in unpackStored(data)] == [type(v) for v in values]
    for bad in (
        b"",
        data[:-1],
        data[:50],
        data + b"\x00",
        b"\xc0",
        b"\x93\x01\x02\x03",
        b"nonsense",
    ):
        with pytest.raises(InvalidData):
            unpackStored(bad)
    with pytest.raises(InvalidData, match="version 2"):
        unpackStored(data[:1] + b"\x02" + data[2:])


def test_hostile_bytes_with_a_good_checksum() -> None:
    deep = b"\x91" * 100_000 + b"\xc0"
    body = msgpack.packb([1])
    contents = [
        b"",
        deep,
        b"\xdd\xff\xff\xff\xff",  # four thousand million items
        b"\xdb\xff\xff\xff\xffx",  # a text of 4 GB
        msgpack.packb([deep, []]),
        msgpack.packb([b"\x91\xdd\xff\xff\xff\xff", []]),
        msgpack.packb([body, [[[], b"x"]]]),
        msgpack.packb([body, [[99, b"x"]]]),
        msgpack.packb([body, [[0, 10**9]]]),
        msgpack.packb([body, [[0, b"nobody asks for it"]]]),
        msgpack.packb([body, 5]),
        msgpack.packb([5, []]),
        msgpack.packb([msgpack.packb({"a": 1}), []]),
    ]
    random = Random(3)
    good, _ = msgpack.unpackb(msgpack.unpackb(packStored([1, "é", QPointF(1, 2), b"x" * 99]))[2])
    for _ in range(300):
        contents.append(msgpack.packb([mutatedBytes(random, good), []]))
    for content in contents:
        try:
            found = unpackStored(msgpack.packb([1, zlib.crc32(content), content]))
        except InvalidData as error:
            assert str(error)
        else:
            assert isinstance(found, list)
            assert content in contents[13:], "only what was changed by chance may be something"
