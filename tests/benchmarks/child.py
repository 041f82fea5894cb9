"""What server and client processes have in common: a line to the runner, and how they end.

Knows of the runner only the pipes: standard output for one line of JSON, standard input, whose
end means "stop".
"""

import atexit
import cProfile
import json
import os
import pstats
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QMetaObject, Qt

PROFILE = "PYSIDE_RO_BENCHMARK_PROFILE"
"""The environment variable that names the file to write a profile to."""


def say(message: dict[str, object]) -> None:
    """One line of JSON for the runner."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def settle(last: bool) -> None:
    """Keeps this process on the first or the last processor that it may use (Linux).

    Left to itself the system now and then puts both processes of a ping-pong on one processor,
    where a round trip takes a third of the time: chance would decide the ratio.
    """
    if hasattr(os, "sched_setaffinity"):
        processors = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {processors[-1 if last else 0]})


def endWithInput(app: QCoreApplication, atOnce: bool = False) -> None:
    """Ends the process when its standard input is closed, be it only that the runner died."""

    # Python ends threads where they wait for it; within Qt's code that ends the process.
    within = threading.Lock()
    atexit.register(within.acquire)

    def watch() -> None:
        sys.stdin.buffer.read()
        if not atOnce:
            with within:
                QMetaObject.invokeMethod(app, "quit", Qt.ConnectionType.QueuedConnection)
            # A loop that is busy or stuck does not get to quit.
            threading.Event().wait(3)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def profiled() -> Iterator[None]:
    """Writes a cProfile of the block, by own time, to the file that `PROFILE` names, if any."""
    path = os.environ.get(PROFILE)
    if not path:
        yield
        return
    profile = cProfile.Profile()
    profile.enable()
    try:
        yield
    finally:
        profile.disable()
        with open(path, "w", encoding="utf-8") as out:
            pstats.Stats(profile, stream=out).sort_stats("tottime").print_stats(40)
