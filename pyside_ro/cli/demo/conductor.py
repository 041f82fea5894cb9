"""The controlling process of the demo: starts the host and both windows, watches, ends them.

Knows the children and the observer; what is printed is in `report`. It restarts nothing: kill the
host and start it again by hand to see the windows come back.
"""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
import time as clock
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from pyside_ro.cli.demo.children import Child, hasScreen
from pyside_ro.cli.demo.observer import Observer
from pyside_ro.cli.demo.report import Report
from pyside_ro.cli.interrupts import Interrupts
from pyside_ro.cli.trust import NOBODY, Trust

__all__ = ["Conductor", "defaults", "uniqueUrl"]

_START = 30.0  # seconds that everything may take to start
_END = 3.0  # seconds that everything may take to end
_PICTURES = 5.0  # seconds that the pictures may take
_WINDOWS = ("widgets", "qml")


def uniqueUrl() -> str:
    """A ``local:`` address that no other demo has."""
    return f"local:pyside-ro-demo-{os.getpid()}"


class Conductor(QObject):
    """One run of the demo."""

    def __init__(
        self,
        url: str,
        seconds: float | None,
        pictures: Path | None,
        trust: Trust = NOBODY,
    ) -> None:
        super().__init__()
        self.url = url
        self._trust = trust
        self.processes: dict[str, Child] = {}
        self.observer: Observer | None = None
        self.pictures: list[Path] = []
        self.liveSince: float | None = None
        self.problem = ""
        self.code = 0
        self._seconds = seconds
        self._folder = _writable(pictures) if pictures is not None else None
        self._awaited: set[str] = set()
        self._started = clock.monotonic()
        self._over = False
        self._report = Report(self)
        self._clock = QTimer(self, interval=100)
        self._clock.timeout.connect(self._tick)

    def run(self) -> int:
        """Run the demo to its end; the exit code."""
        with Interrupts() as interrupts, self._report:
            self._child("host", "--url", self.url)
            self._clock.start()
            QCoreApplication.exec()
            self._clock.stop()
            self._over = True
            self._report.freeze()
            if not interrupts.seen and not self.code and not self._report.broken:
                self._takePictures(interrupts)
            self._end()
        if self._report.broken:
            raise BrokenPipeError
        self._report.summary()
        return self.code

    # Beginning

    def _child(self, role: str, *arguments: str) -> None:
        child = self.processes[role] = Child(role, [*arguments, *self._trust.words()], self)
        child.said.connect(lambda event, details: self._heard(child, event, details))
        child.ended.connect(lambda: self._ended(child))
        child.start()

    def _heard(self, child: Child, event: str, details: dict[str, str]) -> None:
        if event == "listening":
            # The port that the system chose, where it was left to it.
            self.url = details["url"]
            self._report.note(f"the host (pid {child.pid}) listens at {self.url}")
            self.observer = Observer(self.url, self, **self._trust.arguments())
            for role in _WINDOWS:
                self._child(role, "--url", self.url, "--auto")
        elif event == "picture":
            self._awaited.discard(child.role)
            if details["problem"]:
                self._report.note(f"no picture of the {child.role} window: {details['problem']}")
            else:
                self.pictures.append(Path(details["path"]))
        elif event == "window":
            self._report.note(f"the {child.role} window (pid {child.pid}) is there")
        elif event == "link":
            self._report.note(f"the {child.role} window: {details['link']}")

    # The course

    def _tick(self) -> None:
        now = clock.monotonic()
        if self.liveSince is None:
            windows = [self.processes.get(role) for role in _WINDOWS]
            here = self.observer is not None and self.observer.live()
            if here and all(w is not None and w.link == "live" for w in windows):
                self.liveSince = now
            if self.liveSince is None and now - self._started > _START:
                self._fail(f"the demo did not start within {_START:.0f} s", 3)
        elif self._seconds is not None and now - self.liveSince >= self._seconds:
            QCoreApplication.quit()
        self._report.refresh()

    def _ended(self, child: Child) -> None:
        if self._over:
            return
        if child.role == "host" and self.observer is None:
            self._fail(f"the host {child.outcome}", child.code if child.clean is False else 1)
        elif child.role == "host":
            self._report.note(f"the host {child.outcome}; start it again: {self.hostCommand()}")
        elif not child.clean:
            self._fail(f"the {child.role} window {child.outcome}", 1, child)
        elif not any(self.processes[role].running for role in _WINDOWS if role in self.processes):
            QCoreApplication.quit()

    def hostCommand(self) -> str:
        """What brings the host back."""
        words = ["pyside-ro", "demo", "--role", "host", "--url", self.url, *self._trust.words()]
        return shlex.join(words)

    def _fail(self, problem: str, code: int, child: Child | None = None) -> None:
        if self.code:
            return
        child = child or self.processes["host"]
        lines = "\n".join(child.errors).strip()
        self.problem = lines if lines.startswith("error: ") else f"{problem}\n{lines}".strip()
        self.code = code or 1
        QCoreApplication.quit()

    # The end

    def _takePictures(self, interrupts: Interrupts) -> None:
        if self._folder is None:
            return
        for role in _WINDOWS:
            child = self.processes.get(role)
            if child is not None and child.running:
                self._awaited.add(role)
                child.order("picture", str(self._folder / f"demo-{role}.png"))
        limit = clock.monotonic() + _PICTURES
        while self._awaited and clock.monotonic() < limit and not interrupts.seen:
            QCoreApplication.processEvents()
            clock.sleep(0.01)

    def _end(self) -> None:
        limit = clock.monotonic() + _END
        if self.observer is not None:
            self.observer.close()
        # The windows first: a host that leaves before them would make them say so.
        for roles in (_WINDOWS, ("host",)):
            for role in roles:
                if role in self.processes:
                    self.processes[role].order("stop")
            for role in roles:
                if role in self.processes:
                    self.processes[role].finish(int((limit - clock.monotonic()) * 1000))


def _writable(folder: Path) -> Path:
    """The folder, made; another one where that is not possible."""
    folder = folder.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        pass
    if os.access(folder, os.W_OK):
        return folder
    other = Path(tempfile.mkdtemp(prefix="pyside-ro-demo-"))
    print(f"{folder} cannot be written to: pictures go to {other}", file=sys.stderr)
    return other


def defaults(seconds: float | None, pictures: Path | None) -> tuple[float | None, Path | None]:
    """Without a screen a demo is short and leaves pictures; with one, nobody ends it."""
    if hasScreen():
        return seconds, pictures
    return (8.0 if seconds is None else seconds), pictures or Path("pyside-ro-demo")
