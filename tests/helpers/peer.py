"""The other process, seen from the test: start, talk to, freeze, kill and always reap it.

Knows subprocess and this package's waiting; not pyside_ro.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

from tests.helpers.events import wait_until
from tests.helpers.side import EVENT, READY, REPLY

ROOT = Path(__file__).resolve().parents[2]

_RUN = "import sys; from tests.helpers import side; sys.exit(side.run(*sys.argv[1:]))"
_START_SECONDS = 30.0
_STOP_SECONDS = 30.0


class PeerError(AssertionError):
    """A command failed in the other process, or that process failed; carries its output."""


class PeerProcess:
    """A Python program in another process.

    target is a module-level function (called there as target(PeerSide, **kwargs) under an
    application of the kind `app`: "core", "gui" or "widgets"), or the path of a script, which
    gets `args` as its command line, or None for `python *args` as it stands.

    The constructor returns when a function called PeerSide.ready(). A script is waited for only
    with ready=True (until it prints a line `READY {json}`).

    At its end the process must have exited by itself with code 0 (a script may die of the
    SIGTERM that stop() sends) and stderr must be empty, but for lines that match one of the
    regular expressions in allow_stderr (True: anything goes). env adds to the environment.
    Every wait runs this process's Qt event loop; timeouts are in seconds.
    """

    def __init__(
        self,
        target: Callable[..., Any] | str | Path | None,
        *,
        args: Sequence[str] = (),
        app: str = "core",
        env: dict[str, str] | None = None,
        cwd: Path | str | None = None,
        ready: bool | None = None,
        allow_stderr: Sequence[str] | bool = (),
        timeout: float = _START_SECONDS,
        **kwargs: Any,
    ) -> None:
        self.allow_stderr = allow_stderr
        self.info: dict[str, Any] = {}
        self.events: list[list[Any]] = []
        self.lines: list[str] = []
        self._errors: list[str] = []
        self._replies: dict[int, dict[str, Any]] = {}
        self._numbers = itertools.count()
        self._is_ready = False
        self._expected_death = False
        self._is_script = not callable(target)
        if callable(target):
            name = f"{target.__module__}:{target.__qualname__}"
            command = ["-c", _RUN, name, app, json.dumps(kwargs)]
        else:
            if kwargs:
                raise TypeError(f"a script takes args=[...], not {sorted(kwargs)}")
            command = [*([str(target)] if target is not None else []), *args]
        self.name = " ".join(part for part in command if part != _RUN)
        self._process = subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            cwd=cwd or ROOT,
            env=_environment(env or {}),
        )
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._readers = [
            self._reader(self._process.stdout, self._take),
            self._reader(self._process.stderr, self._errors.append),
        ]
        if ready if ready is not None else not self._is_script:
            try:
                self._until(lambda: self._is_ready, timeout, "ready")
            except BaseException:
                self._reap()
                raise

    def __enter__(self) -> PeerProcess:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.stop()
        else:
            self._reap()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def stdout(self) -> str:
        """What it printed so far, without this helper's own lines."""
        return "".join(self.lines)

    @property
    def stderr(self) -> str:
        """What it printed on stderr so far."""
        return "".join(self._errors)

    @property
    def returncode(self) -> int | None:
        """Its exit code; None while it runs; minus the signal's number if one killed it."""
        return self._process.poll()

    def tell(self, command: str, *args: Any, **kwargs: Any) -> int:
        """Have a command run over there and do not wait; returns a number for answer()."""
        number = next(self._numbers)
        line = json.dumps({"id": number, "do": command, "args": args, "kwargs": kwargs})
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return number

    def answer(self, number: int, timeout: float = _STOP_SECONDS) -> Any:
        """The result of a command that tell() started; PeerError if it raised."""
        self._until(lambda: number in self._replies, timeout, f"the answer to command {number}")
        reply = self._replies.pop(number)
        if "error" in reply:
            raise PeerError(f"in {self.name}:\n{reply['error']}")
        return reply["result"]

    def ask(self, command: str, *args: Any, **kwargs: Any) -> Any:
        """Have a command run over there and return its result; PeerError if it raised."""
        return self.answer(self.tell(command, *args, **kwargs))

    def wait_event(self, name: str, count: int = 1, timeout: float = _STOP_SECONDS) -> list[Any]:
        """Wait until PeerSide.event(name, ...) came count times; the last one's arguments."""

        def seen() -> list[list[Any]]:
            return [event for event in list(self.events) if event[0] == name]

        self._until(lambda: len(seen()) >= count, timeout, f"event {name!r}, {count} times")
        return seen()[count - 1][1:]

    def wait_output(self, pattern: str, timeout: float = _START_SECONDS) -> re.Match[str]:
        """Wait until its stdout matches a regular expression; the match."""
        self._until(lambda: re.search(pattern, self.stdout), timeout, f"output {pattern!r}")
        match = re.search(pattern, self.stdout)
        assert match is not None
        return match

    def wait_exit(self, timeout: float = _START_SECONDS) -> int:
        """Wait until it ends by itself; its exit code. stop() then checks stderr only."""
        wait_until(
            lambda: self._process.poll() is not None, timeout, lambda: self._report("no exit")
        )
        self._expected_death = True
        for reader in self._readers:
            reader.join(_STOP_SECONDS)
        return self._process.returncode

    def freeze(self) -> None:
        """SIGSTOP: it stays connected and does nothing, as a hung program would."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT: go on after freeze()."""
        os.kill(self.pid, signal.SIGCONT)

    def interrupt(self) -> None:
        """SIGINT, as Ctrl-C gives."""
        os.kill(self.pid, signal.SIGINT)

    def kill(self) -> None:
        """SIGKILL, and wait: the crash of a program. stderr is still checked by stop()."""
        self._expected_death = True
        self._reap()

    def rss(self) -> int:
        """Its resident memory, in bytes."""
        import psutil

        return int(psutil.Process(self.pid).memory_info().rss)

    def stop(self, timeout: float = _STOP_SECONDS) -> None:
        """End it as an ordinary program ends, then check exit code and stderr. May be repeated."""
        if self._process.poll() is None:
            self.thaw()
            if self._is_script:
                self._process.terminate()
            self._close_stdin()
            try:
                wait_until(lambda: self._process.poll() is not None, timeout)
            except AssertionError:
                self._reap()
                raise PeerError(self._report(f"did not end within {timeout} s")) from None
        self._reap()
        self._check()

    def _check(self) -> None:
        code = self._process.returncode
        fine = (0, -signal.SIGTERM) if self._is_script else (0,)
        if code not in fine and not self._expected_death:
            raise PeerError(self._report(f"ended with exit code {code}"))
        if self.allow_stderr is True:
            return
        allowed = [re.compile(pattern) for pattern in self.allow_stderr or ()]
        bad = [
            line
            for line in self._errors
            if line.strip() and not any(pattern.search(line) for pattern in allowed)
        ]
        if bad:
            raise PeerError(self._report("wrote to stderr"))

    def _until(self, predicate: Callable[[], Any], timeout: float, what: str) -> None:
        def done() -> bool:
            if predicate():
                return True
            if self._process.poll() is not None:
                for reader in self._readers:
                    reader.join(_STOP_SECONDS)
                if predicate():
                    return True
                code = self._process.returncode
                raise PeerError(self._report(f"ended with exit code {code} before: {what}"))
            return False

        wait_until(done, timeout, lambda: self._report(f"no {what}"))

    def _reap(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._close_stdin()
        for reader in self._readers:
            reader.join(_STOP_SECONDS)
        for stream in (self._process.stdout, self._process.stderr):
            assert stream is not None
            stream.close()

    def _close_stdin(self) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
        except BrokenPipeError:
            pass

    def _take(self, line: str) -> None:
        if line.startswith(REPLY):
            reply = json.loads(line[len(REPLY) :])
            self._replies[reply["id"]] = reply
        elif line.startswith(EVENT):
            self.events.append(json.loads(line[len(EVENT) :]))
        elif line.startswith(READY):
            self.info = json.loads(line[len(READY) :])
            self._is_ready = True
        else:
            self.lines.append(line)

    @staticmethod
    def _reader(stream: IO[str], take: Callable[[str], None]) -> threading.Thread:
        def read() -> None:
            for line in stream:
                take(line)

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        return thread

    def _report(self, what: str) -> str:
        return (
            f"the other process ({self.name}): {what}\n"
            f"--- its stdout\n{self.stdout}--- its stderr\n{self.stderr}---"
        )


def _environment(extra: dict[str, str]) -> dict[str, str]:
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUNBUFFERED": "1",
        "PYTHONFAULTHANDLER": "1",
        "PYTHONIOENCODING": "utf-8",
        "QT_QPA_PLATFORM": "offscreen",
        "QT_FORCE_STDERR_LOGGING": "1",
        **extra,
    }
