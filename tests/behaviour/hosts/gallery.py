"""A host with one source of each kind of API, that does as the test asks."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from tests.behaviour import sources
from tests.behaviour.support import share
from tests.helpers import PeerSide


class Emitter(QObject):
    fired = Signal(int)


def gallery(side: PeerSide, url: str) -> None:
    counter = sources.Counter(5)
    gauge = sources.Gauge()
    kinds = sources.Kinds()
    forms = sources.Forms()
    connected = sources.Kinds()
    emitter = Emitter()
    emitter.fired.connect(connected.undecorated)
    timer = QTimer()
    timer.timeout.connect(connected._private)
    derived = sources.Derived()
    colliding = sources.Colliding()
    smart = sources.SmartLamp()
    host = share(
        side,
        url,
        counter=counter,
        gauge=gauge,
        kinds=kinds,
        forms=forms,
        connected=connected,
        derived=derived,
        colliding=colliding,
        smart=smart,
    )
    side.keep(emitter, timer)
    for function in (counter.setValue, counter.tick, counter.storm, gauge.move, kinds.setStatus):
        side.command(function)
    side.command(forms.sendAll)
    side.command(colliding.emitAll)
    side.command(lambda: counter._value, "value")
    side.command(lambda: counter.reads, "reads")
    side.command(lambda n: kinds.modeChanged.emit(n), "emitMode")

    @side.command
    def unshare(name: str) -> bool:
        found: dict[str, Any] = {"counter": counter, "gauge": gauge}
        return host.disableRemoting(found[name])
