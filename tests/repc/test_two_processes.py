"""Classes of a RepFile on both ends of a connection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Q_ARG, QMetaObject, QUrl

from pyside_ro import (
    QRemoteObjectAbstractPersistedStore,
    QRemoteObjectHost,
    QRemoteObjectNode,
    QRemoteObjectReplica,
    RepFile,
)
from tests.behaviour.support import QUIET, dropped, failure, finished, valid
from tests.helpers import PeerProcess, QmlStage, Recorder, unique_local_url, wait_until
from tests.repc.hosts import FILES, WEATHER, changed, library, weather

State = QRemoteObjectReplica.State


@pytest.fixture(scope="module")
def host(qapp: Any) -> Iterator[PeerProcess]:
    with PeerProcess(weather, url=unique_local_url(), env=QUIET) as process:
        yield process


@pytest.fixture
def node(qapp: Any) -> Iterator[QRemoteObjectNode]:
    made = QRemoteObjectNode()
    yield made
    dropped(made)


@pytest.fixture(scope="module")
def rep() -> RepFile:
    return RepFile(WEATHER)


def test_before_and_after_the_source(
    host: PeerProcess, node: QRemoteObjectNode, rep: RepFile
) -> None:
    cls = rep.replica["WeatherStation"]
    station = node.acquire(cls)
    assert isinstance(station, cls) and station.state() is State.Default
    assert (station.interval, station.temperature, station.name) == (60, -1.5, 'Mount "Hood"')
    assert station.last == rep.pod["Reading"](0, 0, "") and station.history == {}
    assert station.total == 2**64 - 1
    seen = Recorder(station.lastChanged, station.intervalChanged)
    node.connectToNode(host.info["url"])
    valid(station)
    assert station.last == rep.pod["Reading"](21.5, 1000, "roof")
    assert type(station.last) is rep.pod["Reading"] and station.samples == 7
    assert seen.calls == [(0, (station.last,))], "only what differs from the default is told"


def test_what_the_source_changes(host: PeerProcess, node: QRemoteObjectNode, rep: RepFile) -> None:
    station = node.acquire(rep.replica["WeatherStation"])
    node.connectToNode(host.info["url"])
    valid(station)
    measured, history = Recorder(station.measured), Recorder(station.historyChanged)
    host.ask("measure", 3.25, "cellar")
    reading = rep.pod["Reading"](3.25, 5, "cellar")
    assert measured.wait() == [reading] and type(measured.values[0]) is type(reading)
    assert history.values == [{"cellar": [reading]}] and station.last == reading
    host.ask("kelvin")
    wait_until(lambda: station.trend == -1)
    assert station.trend is rep.enum["Trend"].Falling
    assert station.unit is rep.enum["Unit"].Kelvin and station.active is station.Sensors.Barometer


def test_pushing_and_writing(host: PeerProcess, node: QRemoteObjectNode, rep: RepFile) -> None:
    station = node.acquire(rep.replica["WeatherStation"])
    node.connectToNode(host.info["url"])
    valid(station)
    finished(station.pushInterval(5))
    station.heated = True
    finished(station.pushUnit(16))
    wait_until(lambda: station.heated)
    assert host.ask("told") == [5, True, 16, "Unit"]
    assert station.interval == 5 and station.unit is rep.enum["Unit"].Fahrenheit
    for name in ("interval", "temperature", "samples", "name", "last"):
        with pytest.raises(AttributeError, match=f"property '{name}' of .* is read-only"):
            setattr(station, name, 1)
    with pytest.raises(AttributeError, match=r"read-only: pushInterval\(\) asks the source"):
        station.interval = 1
    with pytest.raises(AttributeError, match=r"read-only$"):
        station.temperature = 1.0
    assert not hasattr(station, "pushTemperature") and not hasattr(station, "pushHeated")
    for value, text in (("x", "must be TrendEnum|must be UnitEnum"), (3, "not 3")):
        with pytest.raises(Exception, match=text):
            raise failure(station.pushUnit(value))


def test_slots(host: PeerProcess, node: QRemoteObjectNode, rep: RepFile) -> None:
    station = node.acquire(rep.replica["WeatherStation"])
    node.connectToNode(host.info["url"])
    valid(station)
    Reading, Extremes = rep.pod["Reading"], rep.pod["Extremes"]
    readings = [Reading(v, 1, "") for v in (3, 1, 2)]
    result = finished(station.extremes(readings, station.Sensor.Barometer))
    assert result == Extremes(readings[1], readings[0]) and type(result.lowest) is Reading
    result = finished(station.extremes(readings, station.Sensor.Barometer, 1))
    assert result.highest == readings[0]
    assert "no <Sensor.Hygrometer" in str(failure(station.extremes([], station.Sensor.Hygrometer)))
    assert finished(station.counts()) == {"roof": 3}
    alarms = Recorder(station.alarm)
    finished(station.reset())
    finished(station.reset(hard=True))
    assert [args for _, args in alarms.calls] == [("reset", 0), ("reset", 1)]
    constant = Recorder(station.nameChanged)
    finished(station.calibrate())
    assert (station.temperature, station.name) == (0.5, "calibrated") and len(constant) == 1


def test_slots_that_nobody_wrote(host: PeerProcess, node: QRemoteObjectNode, rep: RepFile) -> None:
    lazy = node.acquire(rep.replica["WeatherStation"], "lazy")
    node.connectToNode(host.info["url"])
    valid(lazy)
    assert "NotImplementedError: Lazy.calibrate() is not implemented" in str(
        failure(lazy.calibrate())
    )


def test_a_dynamic_replica(host: PeerProcess, node: QRemoteObjectNode, rep: RepFile) -> None:
    lazy: Any = node.acquireDynamic("lazy")
    node.connectToNode(host.info["url"])
    valid(lazy)
    assert lazy.last == rep.pod["Reading"](0.0, 0, "")
    lazy.interval = 61  # as in Qt: its source has a setter
    wait_until(lambda: lazy.interval == 61)
    with pytest.raises(AttributeError, match="read-only"):
        lazy.samples = 3
    typed = node.acquire(rep.replica["WeatherStation"], "lazy")
    assert typed.isReplicaValid() and typed.interval == 61


def test_an_object_within(peer: Any, node: QRemoteObjectNode) -> None:
    process = peer(library, url=unique_local_url())
    rep = RepFile((FILES / "library.rep").read_text(encoding="utf-8"))
    replica = node.acquire(rep.replica["Library"])
    assert replica.librarian is None
    node.connectToNode(process.info["url"])
    valid(replica)
    member = replica.librarian
    assert isinstance(member, QRemoteObjectReplica) and replica.owner is member
    wait_until(lambda: member.loans == 3)
    seen, lost = Recorder(member.loansChanged), Recorder(replica.librarianChanged)
    process.ask("pushLoans", 4)
    assert seen.wait() == [4] and member.loans == 4
    with pytest.raises(AttributeError, match="read-only"):
        replica.librarian = member
    process.ask("lose")
    assert lost.wait() == [None] and replica.librarian is None and replica.owner is member


def test_a_source_whose_interface_changed(peer: Any, node: QRemoteObjectNode) -> None:
    process = peer(changed, url=unique_local_url())
    old = RepFile(
        "class VersionedThing { PROP(int level = 1) PROP(int kept) SIGNAL(done(bool ok))"
        " SLOT(int twice(int a)) }"
    )
    thing = node.acquire(old.replica["VersionedThing"])
    told: list[str] = []
    thing.stateChanged.connect(lambda *_: told.append(node.errorString()))
    node.connectToNode(process.info["url"])
    assert thing.waitForSource(10_000) is False
    assert thing.state() is State.SignatureMismatch
    text = node.errorString()
    assert told == [text]  # in the slot that hears of it, too
    for part in (
        "'VersionedThing'",
        "property level is 'double, writable, levelChanged(double)' at the source, expected 'int,",
        "property extra is new at the source",
        "signal done(bool) is missing at the source",
        "slot stop() is new at the source",
        "slot pushLevel(int) has the arguments (double) at the source",
    ):
        assert part in text
    assert "kept" not in text and "twice" not in text
    assert thing.level == 1, "the default stays"


def test_in_one_process(qapp: Any, node: QRemoteObjectNode) -> None:
    rep = RepFile("class Together { PROP(QUrl where) PROP(int n = 1) SIGNAL(hop(int n)) }")
    source = rep.source["Together"]()
    host = QRemoteObjectHost(unique_local_url())
    assert host.enableRemoting(source)
    replica = node.acquire(rep.replica["Together"])
    node.connectToNode(host.hostUrl())
    valid(replica)
    hops = Recorder(replica.hop)
    source.where = QUrl("http://localhost/")
    source.hop.emit(4)
    assert hops.wait() == [4] and replica.where == QUrl("http://localhost/")
    dropped(host)


def test_persisted_properties(qapp: Any) -> None:
    class Store(QRemoteObjectAbstractPersistedStore):
        def __init__(self, values: list[Any]) -> None:
            super().__init__()
            self.values = values

        def saveProperties(self, repName: str, repSig: Any, values: list[Any]) -> None:
            self.values = values

        def restoreProperties(self, repName: str, repSig: Any) -> list[Any]:
            return self.values

    rep = RepFile(
        "POD KeptPod(int a) ENUM KeptEnum { X, Y } class Kept { PROP(KeptEnum e PERSISTED)"
        " PROP(int n = 1 PERSISTED) PROP(KeptPod p PERSISTED) PROP(int other = 2) }"
    )
    kept = (rep.enum["KeptEnum"].Y, 7, rep.pod["KeptPod"](5))
    store = Store(list(kept))
    node = QRemoteObjectNode()
    node.setPersistedStore(store)
    replica = node.acquire(rep.replica["Kept"])
    assert (replica.e, replica.n, replica.p, replica.other) == (*kept, 2)
    dropped(node)


def test_in_qml(qml: QmlStage, host: PeerProcess, node: QRemoteObjectNode, rep: RepFile) -> None:
    station = node.acquire(rep.replica["WeatherStation"], "lazy")
    root: Any = qml.load(
        "import QtQml\nQtObject { property QtObject s; property int unit: s.unit;"
        " property bool kelvin: s.unit === 17; property int flags: s.active;"
        " function push(to) { s.pushUnit(to) } }",
        s=station,
    )
    assert (root.property("unit"), root.property("flags")) == (17, 5)
    assert root.property("kelvin") is True and station.unit is rep.enum["Unit"].Kelvin
    node.connectToNode(host.info["url"])
    valid(station)
    QMetaObject.invokeMethod(root, "push", Q_ARG("QVariant", 16))
    wait_until(lambda: root.property("unit") == 16)
    assert station.unit is rep.enum["Unit"].Fahrenheit and root.property("kelvin") is False
