"""A printer with a queue and little ink, and the host that shares it."""

import argparse
import signal
import sys
from collections import deque
from dataclasses import dataclass

from PySide6.QtCore import Property, QCoreApplication, QObject, QTimer, Signal, Slot

from pyside_ro import QRemoteObjectHost

INK_PER_PAGE = 2  # percent
MS_PER_PAGE = 80


@dataclass
class Job:
    number: int
    title: str
    pages: int
    printed: int = 0


class Printer(QObject):
    """Jobs are slot calls; they are accepted with a number, or refused by raising."""

    inkChanged = Signal(int)
    statusChanged = Signal(str)
    waitingChanged = Signal(int)
    pagePrinted = Signal(int, int, int, arguments=["job", "page", "pages"])

    def __init__(self) -> None:
        super().__init__()
        self._ink, self._accepted = 40, 0
        self._queue: deque[Job] = deque()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._printPage)

    @Property(int, notify=inkChanged)
    def ink(self) -> int:
        """Percent."""
        return self._ink

    @Property(str, notify=statusChanged)
    def status(self) -> str:
        return f"printing {self._queue[0].title}" if self._queue else "ready"

    @Property(int, notify=waitingChanged)
    def waiting(self) -> int:
        """How many jobs are in the queue."""
        return len(self._queue)

    @Slot(str, int, result=int)
    def submit(self, title: str, pages: int) -> int:
        """Queue a job and return its number. What is raised here arrives at the caller."""
        if pages < 1:
            raise ValueError(f"a job of {pages} pages")
        promised = sum(job.pages - job.printed for job in self._queue) * INK_PER_PAGE
        if pages * INK_PER_PAGE > self._ink - promised:
            raise RuntimeError(f"not enough ink for {pages} pages")
        self._accepted += 1
        self._queue.append(Job(self._accepted, title, pages))
        self._timer.start(MS_PER_PAGE)
        self._tell()
        return self._accepted

    @Slot()
    def refill(self) -> None:
        self._ink = 100
        self.inkChanged.emit(self._ink)

    def _printPage(self) -> None:
        job = self._queue[0]
        job.printed += 1
        self._ink -= INK_PER_PAGE
        self.inkChanged.emit(self._ink)
        self.pagePrinted.emit(job.number, job.printed, job.pages)
        if job.printed == job.pages:
            self._queue.popleft()
            self._tell()
        if not self._queue:
            self._timer.stop()

    def _tell(self) -> None:
        self.waitingChanged.emit(self.waiting)
        self.statusChanged.emit(self.status)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:printer")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    printer = Printer()
    host = QRemoteObjectHost(options.url)
    host.enableRemoting(printer, "Printer")
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
