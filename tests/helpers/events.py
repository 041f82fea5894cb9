"""Waiting for conditions while the Qt event loop runs. Knows QtCore only."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

T = TypeVar("T")

_POLL_MS = 2
#: Longer than the slowest machine takes: a test that passes never waits for it.
_PATIENCE = 30.0


def process_events(seconds: float) -> None:
    """Let the application run for a while: only to see that something does NOT happen."""
    end = time.monotonic() + seconds
    left = seconds
    while left > 0:  # at least one turn, however busy the machine
        _turn(left)
        left = end - time.monotonic()


def wait_until(
    predicate: Callable[[], T], timeout: float = _PATIENCE, message: str | Callable[[], str] = ""
) -> T:
    """Run the event loop until predicate() is true; return what it returned.

    timeout is in seconds. Raises AssertionError with message (or the text that message() gives)
    when the time is up; an exception that predicate raises goes straight through.
    """
    end = time.monotonic() + timeout
    while True:
        result = predicate()
        if result:
            return result
        left = end - time.monotonic()
        if left <= 0:
            words = message() if callable(message) else message
            name = getattr(predicate, "__qualname__", repr(predicate))
            raise AssertionError(f"not within {timeout} s: {words or name} (last: {result!r})")
        _turn(left)


def wait_for(signal: Any, timeout: float = _PATIENCE) -> tuple[Any, ...]:
    """Run the event loop until the signal is emitted (after this call); return its arguments."""
    seen: list[tuple[Any, ...]] = []

    def note(*args: Any) -> None:
        seen.append(args)

    signal.connect(note)
    try:
        wait_until(lambda: seen, timeout, f"signal {signal!r}")
    finally:
        signal.disconnect(note)
    return seen[0]


class Recorder:
    """Writes down every emission of the signals it is given.

    Recorder(obj.valueChanged, obj.moved) has `.calls`, a list of (index of the signal, args).
    With one signal `.values` is the list of its first arguments.
    """

    def __init__(self, *signals: Any) -> None:
        self.calls: list[tuple[int, tuple[Any, ...]]] = []
        for index, signal in enumerate(signals):
            signal.connect(self._note(index))

    def __len__(self) -> int:
        return len(self.calls)

    @property
    def values(self) -> list[Any]:
        """The first argument of each emission (None for a signal without arguments)."""
        return [args[0] if args else None for _, args in self.calls]

    def wait(self, count: int = 1, timeout: float = _PATIENCE) -> list[Any]:
        """Run the event loop until there were at least count emissions; return values."""
        wait_until(lambda: len(self.calls) >= count, timeout, lambda: f"{count}: {self.calls!r}")
        return self.values

    def _note(self, index: int) -> Callable[..., None]:
        def note(*args: Any) -> None:
            self.calls.append((index, args))

        return note


def _turn(left: float) -> None:
    """Block in the event loop until the next poll, with the GIL released for reader threads."""
    pause = min(_POLL_MS / 1000, left)
    if QCoreApplication.instance() is None:
        time.sleep(pause)
        return
    loop = QEventLoop()
    QTimer.singleShot(max(1, round(pause * 1000)), loop.quit)
    loop.exec()
