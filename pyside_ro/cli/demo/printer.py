"""The demo's printer: an ordinary QObject that knows nothing of being shared.

A print job is a slot call that is accepted (it returns the job's number) or refused (it raises);
ink, paper, status and queue change for everybody who watches.
"""

from __future__ import annotations

from typing import TypedDict

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot

__all__ = ["INKS", "Job", "Printer", "PrinterError"]

INKS = ("cyan", "magenta", "yellow", "black")
_USE = {"cyan": 0.9, "magenta": 1.3, "yellow": 0.6, "black": 0.8}  # % a page
_TRAY = 100  # sheets
_QUEUE = 4  # jobs that wait or print
_KEPT = 8  # jobs that are told of, finished ones included
_LOW = 5.0  # %: below this, no job is taken


class Job(TypedDict):
    """A print job as clients see it. `state` is waiting, printing, done or cancelled."""

    id: int
    title: str
    pages: int
    printed: int
    state: str


class PrinterError(Exception):
    """Why a job was refused."""


class Printer(QObject):
    """An office printer with four inks, one tray and a queue."""

    statusChanged = Signal(str)
    inkChanged = Signal(dict)
    paperChanged = Signal(int)
    jobsChanged = Signal(list)
    jobFinished = Signal(int, str, arguments=["id", "title"])

    def __init__(self, parent: QObject | None = None, pageTime: int = 320) -> None:
        super().__init__(parent)
        self._status = "ready"
        self._ink = {"cyan": 71.0, "magenta": 46.0, "yellow": 88.0, "black": 63.0}
        self._paper = 64
        self._jobs: list[Job] = []
        self._next_id = 1
        self._timer = QTimer(self, interval=pageTime)
        self._timer.timeout.connect(self._print_page)

    @Slot(str, int, result=int)
    def submit(self, title: str, pages: int) -> int:
        """Print `pages` pages: returns the job's number, or raises PrinterError (refused)."""
        title = title.strip()[:60]
        if not title:
            raise PrinterError("a job needs a title")
        if pages < 1:
            raise PrinterError(f"{pages} pages is not something to print")
        active = self._active()
        if len(active) >= _QUEUE:
            raise PrinterError(f"the queue is full ({_QUEUE} jobs)")
        promised = sum(job["pages"] - job["printed"] for job in active)
        if pages > self._paper - promised:
            left = max(0, self._paper - promised)
            raise PrinterError(f"not enough paper: {left} sheets left, {pages} needed")
        scarce = min(self._ink, key=lambda colour: self._ink[colour])
        if self._ink[scarce] < _LOW:
            raise PrinterError(f"out of {scarce} ink")
        job = Job(id=self._next_id, title=title, pages=pages, printed=0, state="waiting")
        self._next_id += 1
        self._jobs = [job, *self._jobs]
        self._changed()
        if not self._timer.isActive():
            self._timer.start()
        return job["id"]

    @Slot(int, result=bool)
    def cancel(self, jobId: int) -> bool:
        """Take a job out of the queue: False when there is no such job any more."""
        for job in self._active():
            if job["id"] == jobId:
                job["state"] = "cancelled"
                self._changed()
                return True
        return False

    @Slot()
    def refill(self) -> None:
        """Put in paper and new ink."""
        self._ink = dict.fromkeys(INKS, 100.0)
        self._paper = _TRAY
        self.inkChanged.emit(self._ink)
        self.paperChanged.emit(self._paper)

    @Slot(int, result=float)
    def estimate(self, pages: int) -> float:
        """Seconds until a job of `pages` pages, submitted now, would be done."""
        waiting = sum(job["pages"] - job["printed"] for job in self._active())
        return round((waiting + pages) * self._timer.interval() / 1000, 1)

    def _active(self) -> list[Job]:
        """The jobs that are not over, the one that prints (the oldest) first."""
        return [job for job in reversed(self._jobs) if job["state"] in ("waiting", "printing")]

    def _print_page(self) -> None:
        active = self._active()
        if not active:
            self._timer.stop()
            return
        job = active[0]
        job["state"] = "printing"
        job["printed"] += 1
        self._paper = max(0, self._paper - 1)
        self._ink = {c: round(max(0.0, left - _USE[c]), 1) for c, left in self._ink.items()}
        if job["printed"] >= job["pages"]:
            job["state"] = "done"
            for following in active[1:2]:
                following["state"] = "printing"
        self.inkChanged.emit(self._ink)
        self.paperChanged.emit(self._paper)
        self._changed()
        if job["state"] == "done":
            self.jobFinished.emit(job["id"], job["title"])

    def _changed(self) -> None:
        """Tell of the queue and of the status that follows from it."""
        active = self._active()
        over = [job for job in self._jobs if job not in active]
        kept = {job["id"] for job in active} | {j["id"] for j in over[: _KEPT - len(active)]}
        self._jobs = [job for job in self._jobs if job["id"] in kept]
        self.jobsChanged.emit(self.property("jobs"))
        status = "ready"
        if active:
            status = "printing" if active[0]["state"] == "printing" else "warming up"
        if status != self._status:
            self._status = status
            self.statusChanged.emit(status)

    @Property(str, notify=statusChanged)
    def status(self) -> str:
        """ready, warming up or printing."""
        return self._status

    @Property(dict, notify=inkChanged)
    def ink(self) -> dict[str, float]:
        """What is left of each ink, in per cent."""
        return self._ink

    @Property(int, notify=paperChanged)
    def paper(self) -> int:
        """Sheets in the tray."""
        return self._paper

    @Property(int, constant=True)
    def tray(self) -> int:
        """Sheets that the tray holds."""
        return _TRAY

    @Property(list, notify=jobsChanged)
    def jobs(self) -> list[Job]:
        """The queue and the last jobs that are over, the newest first (see `Job`)."""
        return [job.copy() for job in self._jobs]
