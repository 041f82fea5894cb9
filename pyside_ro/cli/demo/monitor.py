"""What both demo windows show: the two replicas, how the link is doing, the track so far.

Knows the node and the replicas, no window. The widgets window takes typed replicas (they have
their API before the host is there), the QML window dynamic ones: QML remembers the properties of
an object as it first saw it, so it gets null until a replica is initialized.
"""

from __future__ import annotations

import time as clock
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot

from pyside_ro import (
    ConnectionLost,
    QRemoteObjectNode,
    QRemoteObjectPendingCall,
    QRemoteObjectReplica,
    RemoteError,
    interfaceOf,
)
from pyside_ro.cli.demo import town
from pyside_ro.cli.demo.gps import GpsReceiver
from pyside_ro.cli.demo.printer import Printer
from pyside_ro.cli.demo.tally import Tally

__all__ = ["FIX_NAMES", "HISTORY", "LINK_TEXTS", "Monitor"]

HISTORY = 150  # seconds of track that a window begins with
LINK_TEXTS = {
    "waiting": "Waiting for host",
    "live": "Live",
    "lost": "Connection lost",
    "mismatch": "Other version",
}
FIX_NAMES = {0: "No fix", 1: "GPS", 2: "DGPS", 4: "RTK fixed", 5: "RTK float"}
_State = QRemoteObjectReplica.State


class Monitor(QObject):
    """The client half of the demo, the same for both windows."""

    linkChanged = Signal()
    gpsChanged = Signal()
    printerChanged = Signal()
    answerChanged = Signal()
    stopChanged = Signal()
    #: The track as the receiver tells it on each connection: [east, north] in metres.
    trackLoaded = Signal(list)
    #: One more point of it.
    trackGrew = Signal(float, float)

    def __init__(self, url: str, typed: bool, parent: QObject | None = None, **trust: Any) -> None:
        super().__init__(parent)
        self.tally = Tally()
        self._url = url
        self._link = "waiting"
        self._answer, self._answer_good = "", True
        self._stop = ""
        self._counted: set[str] = set()
        self.node = QRemoteObjectNode(self, **trust)
        self.usable = self.node.connectToNode(url)
        self._gps: Any
        self._printer: Any
        if typed:
            self._gps = self.node.acquire(GpsReceiver, "gps")
            self._printer = self.node.acquire(Printer, "printer")
        else:
            self._gps = self.node.acquireDynamic("gps")
            self._printer = self.node.acquireDynamic("printer")
        self._gps.initialized.connect(self._gps_ready)
        self._printer.initialized.connect(self._printer_ready)
        for replica in (self._gps, self._printer):
            replica.stateChanged.connect(self._follow)

    # The replicas

    def _gps_ready(self) -> None:
        if self._count("gps", self._gps):
            self._gps.positionChanged.connect(self._moved)
            self._gps.stopPassed.connect(self._passed)
        self.gpsChanged.emit()
        # The track so far: a slot that returns a list, asked for on every connection.
        self._ask(self._gps.history(HISTORY), self._load_track)

    def _printer_ready(self) -> None:
        self._count("printer", self._printer)
        self.printerChanged.emit()

    def _count(self, name: str, replica: Any) -> bool:
        """Count what the replica hears, from its first initialization on: True then."""
        if name in self._counted:
            return False
        self._counted.add(name)

        def hear(*_: object) -> None:
            self.tally.updates += 1

        for signal in interfaceOf(replica).signals:
            getattr(replica, signal.name).connect(hear)
        return True

    def _follow(self, *states: object) -> None:
        found = [QRemoteObjectReplica.state(r) for r in (self._gps, self._printer)]
        link = "waiting"
        if _State.SignatureMismatch in found:
            link = "mismatch"
        elif _State.Suspect in found:
            link = "lost"
        elif all(state is _State.Valid for state in found):
            link = "live"
        if link != self._link:
            self._link = link
            self.linkChanged.emit()

    def _load_track(self, track: list[list[float]]) -> None:
        self.trackLoaded.emit([list(town.toMetres(*place)) for place in track])

    def _moved(self) -> None:
        self.trackGrew.emit(*town.toMetres(self._gps.latitude, self._gps.longitude))

    def _passed(self, name: str) -> None:
        self._stop = name
        self.stopChanged.emit()

    # Calls

    def _ask(self, call: QRemoteObjectPendingCall, done: Any) -> None:
        """Have `done` called with the result, if there is one."""
        started = clock.perf_counter()

        def answered(finished: QRemoteObjectPendingCall) -> None:
            error = finished.exception()
            if isinstance(error, ConnectionLost):
                self.tally.failed += 1
                return
            self.tally.trip((clock.perf_counter() - started) * 1000)
            self.tally.other += 1
            if error is None:
                done(finished.returnValue())

        call.add_done_callback(answered)

    @Slot(str, int)
    def submit(self, title: str, pages: int) -> None:
        """Send the printer a job; `answer` says what came of it."""
        if self._link != "live":
            self._say(False, "Not sent: there is no connection")
            return
        started = clock.perf_counter()

        def answered(call: QRemoteObjectPendingCall) -> None:
            error = call.exception()
            if error is not None and not isinstance(error, RemoteError):
                self.tally.failed += 1
                self._say(False, "Lost: the connection broke")
                return
            self.tally.trip((clock.perf_counter() - started) * 1000)
            if error is None:
                self.tally.accepted += 1
                self._say(True, f"Accepted: “{title}” is job {call.returnValue()}")
            else:
                self.tally.refused += 1
                self._say(False, f"Refused: {error.message}")

        self._printer.submit(title, pages).add_done_callback(answered)

    @Slot()
    def refill(self) -> None:
        """Have paper and ink put into the printer."""
        if self._link == "live":
            self._ask(self._printer.refill(), lambda _: self._say(True, "Paper and ink refilled"))

    def _say(self, good: bool, text: str) -> None:
        self._answer_good, self._answer = good, text
        self.answerChanged.emit()

    # For the windows

    @Property(QObject, notify=gpsChanged)
    def gps(self) -> Any:
        """The receiver's replica; None until it is initialized."""
        return self._gps if QRemoteObjectReplica.isInitialized(self._gps) else None

    @Property(QObject, notify=printerChanged)
    def printer(self) -> Any:
        """The printer's replica; None until it is initialized."""
        return self._printer if QRemoteObjectReplica.isInitialized(self._printer) else None

    @Property(str, notify=linkChanged)
    def link(self) -> str:
        """waiting, live, lost or mismatch."""
        return self._link

    @Property(str, notify=linkChanged)
    def linkText(self) -> str:
        """The same for people."""
        return LINK_TEXTS[self._link]

    @Property(str, notify=answerChanged)
    def answer(self) -> str:
        """What came of the last call, in words; empty before the first."""
        return self._answer

    @Property(bool, notify=answerChanged)
    def answerGood(self) -> bool:
        """Whether that was what one hoped for."""
        return self._answer_good

    @Property(str, notify=stopChanged)
    def lastStop(self) -> str:
        """The stop that was passed last; empty before the first."""
        return self._stop

    @Property(str, constant=True)
    def url(self) -> str:
        """Where the host is."""
        return self._url

    @Property(dict, constant=True)
    def map(self) -> dict[str, Any]:
        """The town, for a canvas: lists of lines, each a list of [east, north] in metres."""

        def lines(found: list[list[town.Point]]) -> list[list[list[float]]]:
            return [[list(point) for point in line] for line in found]

        return {
            "streets": lines(town.STREETS),
            "blocks": lines(town.BLOCKS),
            "parks": lines(town.PARKS),
            "mainRoads": lines(town.MAIN_ROADS),
            "coast": lines([town.COAST])[0],
            "river": lines([town.RIVER])[0],
            "riverWidth": town.RIVER_WIDTH,
            "stops": [{"name": n, "at": list(p)} for n, p in town.STOPS.items()],
            "labels": [{"text": t, "at": list(p)} for t, p in town.LABELS.items()],
        }
