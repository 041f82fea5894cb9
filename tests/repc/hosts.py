"""Hosts that share sources of RepFile classes; each runs in another process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from pyside_ro import QRemoteObjectHost, RepFile
from tests.helpers import PeerSide

FILES = Path(__file__).parent / "files"
WEATHER = (FILES / "weather.rep").read_text(encoding="utf-8")


def weather(side: PeerSide, url: str) -> None:
    rep = RepFile(WEATHER)
    Reading, Extremes = rep.pod["Reading"], rep.pod["Extremes"]

    class Station(rep.source["WeatherStation"]):  # type: ignore[misc]
        def __init__(self, parent: QObject | None = None) -> None:
            super().__init__(parent)
            self.last = Reading(21.5, 1000, "roof")
            self.samples = 7

        def calibrate(self) -> None:
            self._setProperty("temperature", 0.5)
            self._setProperty("name", "calibrated")

        def reset(self, hard: bool = False) -> None:
            self.alarm.emit("reset", int(hard))

        def extremes(self, readings: list[Any], sensor: Any, count: int = 10) -> Any:
            if sensor is not self.Sensor.Barometer:
                raise ValueError(f"no {sensor!r}")
            ordered = sorted(readings[:count], key=lambda reading: reading.value)
            return Extremes(ordered[0], ordered[-1])

        def counts(self) -> dict[str, int]:
            return {"roof": 3}

    class Lazy(rep.source["WeatherStation"]):  # type: ignore[misc]
        pass

    station, lazy = Station(), Lazy()
    host = QRemoteObjectHost(url)
    assert host.enableRemoting(station)  # named by its type
    assert host.enableRemoting(lazy, "lazy")

    def measure(value: float, place: str) -> None:
        station.last = Reading(value, 5, place)
        station._setProperty("history", {place: [station.last]})
        station.measured.emit(station.last)

    def kelvin() -> None:
        station.unit = rep.enum["Unit"].Kelvin
        station.active = station.Sensors.Barometer
        station._setProperty("trend", rep.enum["Trend"].Falling)

    def told() -> list[Any]:
        return [station.interval, station.heated, int(station.unit), type(station.unit).__name__]

    side.command(measure)
    side.command(kelvin)
    side.command(told)
    side.keep(host, station, lazy)
    side.ready(url=host.hostUrl().toString())


def library(side: PeerSide, url: str) -> None:
    rep = RepFile((FILES / "library.rep").read_text(encoding="utf-8"))
    source, member = rep.source["Library"](), rep.source["LibraryMember"](loans=3)
    source.librarian = source.owner = member
    host = QRemoteObjectHost(url)
    assert host.enableRemoting(source)

    def lose() -> None:
        source.librarian = None

    side.command(lose)
    side.command(member.pushLoans)
    side.keep(host, source, member)
    side.ready(url=host.hostUrl().toString())


def changed(side: PeerSide, url: str) -> None:
    """A later version of a class: a property of another type, one slot more, a signal less."""
    rep = RepFile(
        "class VersionedThing { PROP(double level = 1) PROP(int kept) PROP(int extra READONLY)"
        " SLOT(int twice(int a)) SLOT(void stop()) }"
    )
    source = rep.source["VersionedThing"]()
    host = QRemoteObjectHost(url)
    assert host.enableRemoting(source)
    side.keep(host, source)
    side.ready(url=host.hostUrl().toString())
