"""The child processes of the demo, seen from the controlling process: start, tell, hear, end.

Knows QProcess and the line (see `line`), nothing of what is shared.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from pyside_ro.cli.demo.tally import Tally

__all__ = ["Child", "hasScreen"]

_OUTPUT_KEPT = 100  # lines of stderr


def hasScreen() -> bool:
    """Whether windows can be seen here."""
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform:
        return platform.split(":")[0] not in ("offscreen", "minimal")
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class Child(QObject):
    """One process of the demo: host, widgets or qml."""

    #: It said something: the event's name and its details.
    said = Signal(str, dict)
    #: It is there no more.
    ended = Signal()

    def __init__(self, role: str, arguments: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.role = role
        self.link = ""
        self.tally = Tally()
        self.errors: list[str] = []
        self._rest = b""
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONIOENCODING", "utf-8")
        # Qt would send its messages to a journal where there is one and no terminal.
        environment.insert("QT_FORCE_STDERR_LOGGING", "1")
        if not hasScreen():
            environment.insert("QT_QPA_PLATFORM", "offscreen")
            environment.insert("QT_QUICK_BACKEND", "software")
        self._process.setProcessEnvironment(environment)
        self._process.setProgram(sys.executable)
        self._process.setArguments(["-m", "pyside_ro.cli.demo", role, "--child", *arguments])
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._read_errors)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._failed)

    @property
    def pid(self) -> int:
        """Its process id; 0 when it does not run."""
        return self._process.processId()

    @property
    def running(self) -> bool:
        """Whether it runs, or is about to."""
        return self._process.state() is not QProcess.ProcessState.NotRunning

    @property
    def outcome(self) -> str:
        """How it ended, in words."""
        if self._process.error() is QProcess.ProcessError.FailedToStart:
            return f"could not be started: {self._process.errorString()}"
        if self._process.exitStatus() is QProcess.ExitStatus.CrashExit:
            return "was killed or crashed"
        return f"ended with exit code {self._process.exitCode()}"

    @property
    def clean(self) -> bool:
        """Whether it ended as it should."""
        normal = self._process.exitStatus() is QProcess.ExitStatus.NormalExit
        return normal and self._process.exitCode() == 0

    @property
    def code(self) -> int:
        """Its exit code, once it has ended."""
        return self._process.exitCode()

    def start(self) -> None:
        """Start it."""
        self._process.start()

    def order(self, *words: str) -> None:
        """Tell it to do something."""
        if self.running:
            self._process.write(("\t".join(words) + "\n").encode())

    def finish(self, milliseconds: int) -> None:
        """Wait until it has ended; kill it if that takes longer than `milliseconds`."""
        if self.running and not self._process.waitForFinished(max(1, milliseconds)):
            self._process.kill()
            self._process.waitForFinished(1000)

    def _read(self) -> None:
        data = self._rest + bytes(self._process.readAllStandardOutput().data())
        *lines, self._rest = data.split(b"\n")
        for line in lines:
            try:
                heard: dict[str, Any] = json.loads(line)
            except ValueError:
                self.errors.append(line.decode(errors="replace"))
                continue
            event = heard.pop("event")
            self.link = heard.get("link", self.link)
            if event == "tally":
                self.tally = Tally.fromJson(heard["tally"])
            self.said.emit(event, heard)

    def _read_errors(self) -> None:
        data = bytes(self._process.readAllStandardError().data())
        self.errors = [*self.errors, *data.decode(errors="replace").splitlines()][-_OUTPUT_KEPT:]

    def _finished(self, *_: object) -> None:
        self.link = ""
        self.ended.emit()

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.ended.emit()
