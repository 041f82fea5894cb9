"""A host whose sources live in, or are used from, other threads than its node's."""

from __future__ import annotations

import threading
from concurrent.futures import Future

from PySide6.QtCore import Property, QObject, QThread, QTimer, Signal, Slot

from tests.behaviour.support import share
from tests.helpers import PeerSide


class Worker(QObject):
    """Counts, and says in which thread it does what."""

    valueChanged = Signal(int)
    ticked = Signal(int)
    stormed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._value = 0
        self.reads: set[str] = set()
        self.writes: set[str] = set()

    def _getValue(self) -> int:
        self.reads.add(QThread.currentThread().objectName())
        return self._value

    def _setValue(self, value: int) -> None:
        self.writes.add(QThread.currentThread().objectName())
        self._value = value
        self.valueChanged.emit(value)

    value = Property(int, _getValue, _setValue, notify=valueChanged)

    @Slot(result=str)
    def where(self) -> str:
        return QThread.currentThread().objectName()

    @Slot(result=str)
    def fail(self) -> str:
        raise ValueError(QThread.currentThread().objectName())

    @Slot(int, result=str)
    async def later(self, value: int) -> str:
        import asyncio

        await asyncio.sleep(0.001)
        return f"{value} {QThread.currentThread().objectName()}"

    @Slot(result=str)
    def future(self) -> Future[str]:
        ended: Future[str] = Future()
        threading.Thread(target=lambda: ended.set_result("elsewhere")).start()
        return ended

    @Slot(int)
    def storm(self, count: int) -> None:
        for number in range(1, count + 1):
            self._setValue(number)
            self.ticked.emit(number)
        self.stormed.emit()


class Beat(QObject):
    """Changes at every turn of its thread's event loop, many times, when it is told to."""

    begin = Signal()
    stop = Signal()

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self.worker = worker
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._beat)
        self.begin.connect(self.start)
        self.stop.connect(self._timer.stop)

    @Slot()
    def start(self) -> None:
        self._timer.start(0)

    @Slot()
    def _beat(self) -> None:
        for _ in range(20):
            self.worker._setValue(self.worker._value + 1)
            self.worker.ticked.emit(self.worker._value)


def threads(side: PeerSide, url: str) -> None:
    QThread.currentThread().setObjectName("main")
    thread = QThread()
    thread.setObjectName("worker")
    away, home, moving = Worker(), Worker(), Worker()
    awayBeat, homeBeat = Beat(away), Beat(home)
    away.moveToThread(thread)
    awayBeat.moveToThread(thread)
    thread.start()
    share(side, url, away=away, home=home, moving=moving)
    side.keep(thread, awayBeat, homeBeat)
    sources = {"away": away, "home": home}
    beats = {"away": awayBeat, "home": homeBeat}
    stop = threading.Event()
    plain: list[threading.Thread] = []

    @side.command
    def pythonStorm(name: str, count: int) -> None:
        """Emit from a plain Python thread."""
        one = threading.Thread(target=lambda: sources[name].storm(count))
        plain.append(one)
        one.start()

    @side.command
    def pythonBeat(name: str) -> None:
        """Change for ever, from a plain Python thread."""
        worker = sources[name]

        def run() -> None:
            while not stop.is_set():
                for _ in range(20):
                    worker._value += 1
                    worker.valueChanged.emit(worker._value)
                    worker.ticked.emit(worker._value)
                stop.wait(0.0005)

        plain.append(threading.Thread(target=run))
        plain[-1].start()

    @side.command
    def beat(name: str) -> None:
        beats[name].begin.emit()

    @side.command
    def calm() -> None:
        for one in beats.values():
            one.stop.emit()
        stop.set()
        for thread in plain:
            thread.join()
        stop.clear()

    side.command(lambda name: sorted(sources[name].reads), "reads")
    side.command(lambda name: sorted(sources[name].writes), "writes")
    side.command(lambda: moving.moveToThread(thread), "move")

    def end() -> None:
        calm()
        thread.quit()
        thread.wait()

    side.command(end)
