"""Addresses nobody else uses. Knows how Qt names the socket files of local servers, and ports."""

from __future__ import annotations

import itertools
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QDir

_numbers = itertools.count()


def unique_local_url(scheme: str = "local") -> str:
    """A `local:` (or `localabstract:`) address that no other test and no other run has."""
    return f"{scheme}:pyside_ro-test-{os.getpid()}-{next(_numbers)}"


@contextmanager
def kept_port() -> Iterator[int]:
    """A TCP port of 127.0.0.1 for a host that goes and comes back.

    The system would give the port of a host that is gone to the next that asks, in another test.
    A socket that is bound and does not listen keeps it, and lets hosts listen: not on Windows,
    where this is 0 for the first host.
    """
    if sys.platform == "win32":
        yield 0
        return
    with socket.socket() as keeper:
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        keeper.bind(("127.0.0.1", 0))
        yield int(keeper.getsockname()[1])


def remove_socket_file(url: str) -> None:
    """Remove the file that a killed host left behind for a `local:` address, if it is there."""
    scheme, _, name = url.partition(":")
    if scheme == "local":
        Path(QDir.tempPath(), name).unlink(missing_ok=True)
