"""Addresses nobody else uses. Knows how Qt names the socket files of local servers."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

from PySide6.QtCore import QDir

_numbers = itertools.count()


def unique_local_url(scheme: str = "local") -> str:
    """A `local:` (or `localabstract:`) address that no other test and no other run has."""
    return f"{scheme}:pyside_ro-test-{os.getpid()}-{next(_numbers)}"


def remove_socket_file(url: str) -> None:
    """Remove the file that a killed host left behind for a `local:` address, if it is there."""
    scheme, _, name = url.partition(":")
    if scheme == "local":
        Path(QDir.tempPath(), name).unlink(missing_ok=True)
