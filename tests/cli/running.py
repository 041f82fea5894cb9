"""Runs the command line as a user does. Knows subprocess and where the project is."""

from __future__ import annotations

import codecs
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers import ROOT

COMMAND = [sys.executable, "-m", "pyside_ro"]


def environment(**extra: str) -> dict[str, str]:
    """The environment of a user without a screen, with plain output."""
    found = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    found.pop("QT_LOGGING_RULES", None)
    return {
        **found,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "QT_QPA_PLATFORM": "offscreen",
        "QT_QUICK_BACKEND": "software",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "COLUMNS": "100",
        **extra,
    }


def run(
    *arguments: str, timeout: float = 60.0, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `pyside-ro` with these arguments to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=cwd,
        env=environment(),
        check=False,
    )


class Running:
    """A `pyside-ro` that runs; its stdout can be waited for."""

    def __init__(self, *arguments: str, cwd: Path | None = None, **env: str) -> None:
        self.output = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env=environment(**env),
        )

    def wait_output(self, pattern: str, timeout: float = 40.0) -> re.Match[str]:
        """Read on until what was printed so far matches a regular expression."""
        end = time.monotonic() + timeout
        assert self.process.stdout is not None
        stdout = self.process.stdout.fileno()
        while (match := re.search(pattern, self.output)) is None:
            left = end - time.monotonic()
            assert left > 0, f"no {pattern!r} in:\n{self.output}"
            if select.select([stdout], [], [], left)[0]:
                chunk = os.read(stdout, 65536)
                assert chunk, f"ended without {pattern!r}:\n{self.output}\n{self.finish()}"
                self.output += self._decoder.decode(chunk)
        return match

    def interrupt(self) -> None:
        """SIGINT, as Ctrl-C gives."""
        self.process.send_signal(signal.SIGINT)

    def terminate(self) -> None:
        """SIGTERM, as a service manager gives."""
        self.process.terminate()

    def finish(self, timeout: float = 40.0) -> tuple[int, str]:
        """Wait for the end: the exit code and what it printed on stderr."""
        rest, errors = self.process.communicate(timeout=timeout)
        self.output += self._decoder.decode(rest)
        return self.process.returncode, errors.decode()


@contextmanager
def running(*arguments: str, cwd: Path | None = None, **env: str) -> Iterator[Running]:
    """A `pyside-ro` that is killed, if need be, at the end of the block."""
    found = Running(*arguments, cwd=cwd, **env)
    try:
        yield found
    finally:
        if found.process.poll() is None:
            found.process.kill()
        found.process.communicate()


@contextmanager
def demo_host(url: str) -> Iterator[Running]:
    """The demo's host at `url`, listening."""
    with running("demo", "--role", "host", "--url", url) as host:
        host.wait_output(r"sharing 'gps' and 'printer' at (\S+)")
        yield host
