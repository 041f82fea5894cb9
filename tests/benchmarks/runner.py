"""Runs the cases: a server and a client process for each sample, the sides in turn.

Knows how child processes are started, heard and stopped, and that either may crash or hang.
Nothing of what they measure.
"""

import contextlib
import itertools
import json
import os
import queue
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtNetwork import QLocalServer

from .cases import Case
from .child import PROFILE

ROOT = Path(__file__).resolve().parents[2]
STARTUP = 20.0
"""Seconds that a child may take to start, on top of what a case may take."""
_numbers = itertools.count(1)


class Failed(Exception):
    """A sample that could not be taken, and why."""


class Child:
    """A child process that says one line of JSON at a time and ends with its standard input."""

    def __init__(self, role: str, arguments: list[str], profile: Path | None) -> None:
        environment = os.environ.copy()
        # The peer warns on every touch of a replica that is not valid yet: not its speed.
        environment["QT_LOGGING_RULES"] = "qt.remoteobjects.warning=false"
        environment.pop(PROFILE, None)
        if profile:
            environment[PROFILE] = str(profile)
        self._role = role
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"tests.benchmarks.{role}", *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(b"")

    def said(self, timeout: float, beside: "Child | None" = None) -> dict[str, Any]:
        """Its next line. Failed when it ends, says `failed`, or takes longer than `timeout`
        seconds, or when the process `beside` it ends meanwhile."""
        end = time.monotonic() + timeout
        while True:
            try:
                line = self._lines.get(timeout=0.2)
            except queue.Empty:
                if beside and beside.ended():
                    raise Failed(beside.fate()) from None
                if time.monotonic() > end:
                    raise Failed(f"{self._role}: no answer within {timeout:g} s") from None
                continue
            if not line:
                self._process.wait(5)
                raise Failed(self.fate())
            try:
                message: dict[str, Any] = json.loads(line)
            except ValueError:
                continue
            if "failed" in message:
                raise Failed(f"{self._role}: {message['failed']}")
            return message

    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def ended(self) -> bool:
        """Whether it has ended."""
        return self._process.poll() is not None

    def fate(self) -> str:
        """How it ended, with its last complaint."""
        code = self._process.poll()
        how = f"ended with {code}"
        if code is not None and code < 0:
            how = f"died of {signal.Signals(-code).name}"
        return f"{self._role} {how}{self.complaint()}"

    def complaint(self) -> str:
        """ ": " and the last line that it wrote to standard error; "" when there is none."""
        self._errors.seek(0)
        lines = self._errors.read()[-4000:].decode(errors="replace").strip().splitlines()
        # PySide's words on a wrong call: the error itself stands some lines above the last.
        named = [line for line in lines if "Error:" in line] or lines
        return f": {named[-1].strip()[:200]}" if named else ""

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        assert self._process.stdin and self._process.stdout
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(5)
        self._process.stdout.close()
        self._errors.close()


def sample(
    case: Case, side: str, transport: str, quick: bool, profiles: Path | None = None
) -> dict[str, float]:
    """Takes one sample: figures by metric. Failed when that is not possible."""
    name = f"pyside-ro-benchmark-{os.getpid()}-{next(_numbers)}"
    url = f"local:{name}" if transport == "local" else "tcp://127.0.0.1:0"
    size = "quick" if quick else "full"
    count = str((case.quick if quick else case.full).get("count", 0))

    def profile(role: str) -> Path | None:
        return profiles / f"{case.key}.{transport}.{side}.{role}.txt" if profiles else None

    try:
        with Child("server", [side, url, case.share, count], profile("server")) as server:
            at = server.said(STARTUP)["url"]
            with Child("client", [side, at, case.key, size], profile("client")) as client:
                limit = 2 * case.timeout + STARTUP
                try:
                    said = client.said(limit, beside=server)
                except Failed as failure:
                    blame = server.complaint()
                    raise Failed(f"{failure}{f'; server{blame}' if blame else ''}") from None
                figures: dict[str, float] = said["figures"]
                return figures
    finally:
        if transport == "local":
            # What a process leaves behind that had to be killed.
            QLocalServer.removeServer(name)


@dataclass
class Samples:
    """What one side gave for one case on one transport."""

    figures: list[dict[str, float]] = field(default_factory=list)
    failed: str = ""
    cannot: str = ""

    def values(self, metric: str) -> list[float]:
        return [figures[metric] for figures in self.figures if metric in figures]

    def median(self, metric: str) -> float | None:
        values = self.values(metric)
        return statistics.median(values) if values else None


@dataclass
class Result:
    """One case on one transport, all sides."""

    case: Case
    transport: str
    sides: dict[str, Samples]


def run(
    cases: Iterable[Case],
    sides: dict[str, str],
    transports: Iterable[str],
    rounds: int,
    quick: bool,
    told: Callable[[str], None],
    profiles: Path | None = None,
) -> list[Result]:
    """Runs every case on each transport, `rounds` times, one side after the other.

    `sides` says why a side cannot run at all ("" if it can); `told` hears of each sample.
    """
    results = []
    for case, transport in (
        (case, transport) for case in cases for transport in transports if _has(case, transport)
    ):
        samples = {
            side: Samples(cannot=reason or case.cannot.get(side, ""))
            for side, reason in sides.items()
        }
        for turn in range(min(rounds, case.maxRounds)):
            # A B, then B A: so that neither always has the second place.
            for side in list(samples)[:: -1 if turn % 2 else 1]:
                taken = samples[side]
                if taken.cannot or (taken.failed and not taken.figures):
                    continue
                try:
                    figures = sample(case, side, transport, quick, profiles)
                except Failed as failure:
                    taken.failed = str(failure)
                    told(f"{case.key} {transport} {side}: failed: {failure}")
                else:
                    taken.figures.append(figures)
                    words = ", ".join(f"{key} {value:,.6g}" for key, value in figures.items())
                    told(f"{case.key} {transport} {side}: {words}")
        results.append(Result(case, transport, samples))
    return results


def _has(case: Case, transport: str) -> bool:
    return transport in case.transports
