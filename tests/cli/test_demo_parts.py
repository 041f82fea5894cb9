"""The parts of the demo in this process: the world, the two sources, both windows on a host."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMetaObject, QObject, QUrl
from PySide6.QtQml import QQmlApplicationEngine

import pyside_ro
from pyside_ro import QRemoteObjectHost, interfaceOf
from pyside_ro.cli.demo import town
from pyside_ro.cli.demo.drive import Drive
from pyside_ro.cli.demo.gps import GpsReceiver
from pyside_ro.cli.demo.monitor import Monitor
from pyside_ro.cli.demo.printer import Printer, PrinterError
from pyside_ro.cli.demo.sky import Fix, skyAt
from pyside_ro.cli.demo.tally import Tally
from pyside_ro.cli.demo.widgets.window import WidgetsWindow
from tests.helpers import Recorder, process_events, wait_until

QML = Path(pyside_ro.__file__).parent / "cli" / "demo" / "qml" / "Main.qml"


def test_the_bus_drives_as_buses_do() -> None:
    drive = Drive()
    assert 200 < drive.lapTime < 900
    before = drive.at(0)
    for tenth in range(1, int(drive.lapTime * 10) + 20):
        now = drive.at(tenth / 10)
        way = math.dist(now.point, before.point)
        # No jumps, also not from one round to the next; the speed is the one it goes at.
        assert way == pytest.approx(now.speed / 10, abs=0.25)
        assert 0.5 < now.speed < 17
        assert abs((now.heading - before.heading + 180) % 360 - 180) < 12
        before = now


def test_the_fix_changes_on_the_way() -> None:
    drive = Drive()
    skies = [skyAt(t, drive.at(t).point) for t in range(0, 900, 3)]
    assert {Fix.Dgps, Fix.RtkFloat, Fix.RtkFixed} <= {sky.fix for sky in skies}
    assert all(sky.used == sum(s >= 27 for s in sky.signals) for sky in skies)


def test_degrees_and_metres() -> None:
    for point in (*town.STOPS.values(), town.Point(0, 0)):
        assert town.toMetres(*town.toDegrees(point)) == pytest.approx(point, abs=1e-5)


def test_the_receiver(qapp: Any) -> None:
    gps: Any = GpsReceiver()
    [history] = interfaceOf(gps).slots
    assert (history.name, history.names) == ("history", ("seconds",))
    moves = Recorder(gps.positionChanged)
    gps.interval = 10
    gps.start()
    moves.wait(5)
    track = gps.history(30)
    assert len(track) == 31
    last = town.toMetres(*track[-1])
    assert math.dist(last, town.toMetres(gps.latitude, gps.longitude)) < 60
    for seconds in (-1, 601):
        with pytest.raises(ValueError, match="takes 0 to 600"):
            gps.history(seconds)


def test_the_printer(qapp: Any) -> None:
    printer: Any = Printer(pageTime=1)
    done = Recorder(printer.jobFinished)
    inks = Recorder(printer.inkChanged)
    states = Recorder(printer.statusChanged)
    assert printer.submit(" Tickets ", 3) == 1
    assert printer.submit("Maps", 2) == 2
    assert printer.cancel(2)
    assert not printer.cancel(2)
    done.wait()
    assert done.calls == [(0, (1, "Tickets"))]
    assert [job["state"] for job in printer.jobs] == ["cancelled", "done"]
    assert printer.paper == 61
    assert len(inks) == 3
    assert states.values == ["warming up", "printing", "ready"]
    with pytest.raises(PrinterError, match="61 sheets left, 62 needed"):
        printer.submit("Book", 62)
    with pytest.raises(PrinterError, match="title"):
        printer.submit("  ", 1)
    with pytest.raises(PrinterError, match="0 pages"):
        printer.submit("Nothing", 0)
    for title in "abcd":
        printer.submit(title, 1)
    with pytest.raises(PrinterError, match="the queue is full"):
        printer.submit("e", 1)
    done.wait(5)
    printer.submit("Ink", 30)
    done.wait(6)
    with pytest.raises(PrinterError, match="out of magenta ink"):
        printer.submit("More", 1)
    printer.refill()
    assert (printer.paper, set(printer.ink.values())) == (100, {100.0})


def test_tallies_add_up() -> None:
    one, two = Tally(updates=3, accepted=1), Tally(updates=4, refused=2)
    for milliseconds in (1.0, 9.0):
        one.trip(milliseconds)
    two.trip(2.0)
    total = Tally.together([one, Tally.fromJson(two.toJson())])
    assert (total.updates, total.calls, total.latency()) == (7, 3, (2.0, 9.0))


@pytest.fixture
def shared(qapp: Any, local_url: str) -> Iterator[tuple[QRemoteObjectHost, GpsReceiver, Any]]:
    """A host with the demo's sources in this process."""
    gps, printer = GpsReceiver(), Printer(pageTime=5)
    host = QRemoteObjectHost(local_url)
    assert host.enableRemoting(gps, "gps")
    assert host.enableRemoting(printer, "printer")
    yield host, gps, printer
    host.close()


def told(monitor: Monitor, beginning: str) -> str:
    """Wait until the monitor's answer begins so."""
    wait_until(lambda: str(monitor.property("answer")).startswith(beginning))
    return str(monitor.property("answer"))


@pytest.mark.qt_warnings("propagateSizeHints")
def test_the_widgets_window(shared: Any, local_url: str) -> None:
    host, gps, printer = shared
    monitor = Monitor(local_url, typed=True)
    window = WidgetsWindow(monitor)
    window.show()
    assert window.badge.text() == "Waiting for host"
    assert not window.print.isEnabled()
    wait_until(lambda: window.badge.text() == "Live")
    wait_until(lambda: window.map._track)
    assert window.satellites.text() == f"{gps.satellites} satellites"
    gps.measure()
    wait_until(lambda: window.place.text().startswith(f"{gps.latitude:.5f}° N"))
    window.jobTitle.setText("Maps")
    window.pages.setValue(2)
    window.print.click()
    assert told(monitor, "Accepted") == "Accepted: “Maps” is job 1"
    assert window.answer.text() == "Accepted: “Maps” is job 1"
    wait_until(lambda: [job["state"] for job in window.jobs._jobs] == ["done"])
    wait_until(lambda: window.ink._paper == 62)
    window.pages.setValue(500)
    window.print.click()
    assert "62 sheets left, 500 needed" in told(monitor, "Refused")
    window.refill.click()
    told(monitor, "Paper and ink refilled")
    assert printer.paper == 100
    assert (monitor.tally.accepted, monitor.tally.refused) == (1, 1)
    host.close()
    wait_until(lambda: window.badge.text() == "Connection lost")
    assert not window.print.isEnabled()
    monitor.submit("Late", 1)
    told(monitor, "Not sent")
    window.close()
    window.deleteLater()
    monitor.node.disconnectFromNode(local_url)


@pytest.mark.qt_warnings("propagateSizeHints")
def test_the_qml_window(shared: Any, local_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    host, gps, printer = shared
    monkeypatch.setenv("QT_QUICK_BACKEND", "software")
    monitor = Monitor(local_url, typed=False)
    assert monitor.property("gps") is None
    engine = QQmlApplicationEngine()
    warnings: list[str] = []
    engine.warnings.connect(lambda found: warnings.extend(e.toString() for e in found))
    engine.setInitialProperties({"monitor": monitor})
    engine.load(QUrl.fromLocalFile(str(QML)))
    [window] = engine.rootObjects()

    def item(name: str) -> QObject:
        found = window.findChild(QObject, name)
        assert found is not None
        return found

    assert not item("print").property("enabled")
    wait_until(lambda: window.property("alive"))
    wait_until(lambda: monitor.property("gps") is not None)
    item("title").setProperty("text", "Maps")
    item("pages").setProperty("text", "2")
    QMetaObject.invokeMethod(item("print"), "click")
    assert told(monitor, "Accepted") == "Accepted: “Maps” is job 1"
    wait_until(lambda: printer.jobs[0]["state"] == "done")
    item("pages").setProperty("text", "400")
    QMetaObject.invokeMethod(item("print"), "click")
    assert "62 sheets left, 400 needed" in told(monitor, "Refused")
    QMetaObject.invokeMethod(item("refill"), "click")
    told(monitor, "Paper and ink refilled")
    gps.measure()
    seen = Recorder(monitor.trackGrew)
    gps.measure()
    seen.wait(1)
    host.close()
    wait_until(lambda: monitor.property("linkText") == "Connection lost")
    wait_until(lambda: not item("print").property("enabled"))
    window.close()  # type: ignore[attr-defined]
    engine.deleteLater()
    process_events(0.02)
    monitor.node.disconnectFromNode(local_url)
    assert warnings == []
