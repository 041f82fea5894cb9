"""A verb that runs until it is told to stop: signals, the log, and what a service manager asks.

Knows processes, signals and logging; of the package only what a host is.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys

from PySide6.QtCore import QCoreApplication

from pyside_ro import QRemoteObjectHostBase, QRemoteObjectNode, logToPython
from pyside_ro.cli.exits import Mistake, Unreachable
from pyside_ro.cli.interrupts import Interrupts

__all__ = ["Service", "listening", "notify"]


class Service:
    """While entered, SIGTERM and SIGINT end `run`, after which the verb ends with exit code 0.

    The library's messages, from info on, go to stderr; under systemd with their priority.
    """

    def __init__(self) -> None:
        self.app = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
        self.log = logging.getLogger("pyside_ro")
        self._interrupts = Interrupts(signal.SIGINT, signal.SIGTERM)

    def __enter__(self) -> Service:  # noqa: PYI034 - typing.Self is newer than 3.10
        self._interrupts.__enter__()
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_Lines())
        self.log.addHandler(handler)
        self.log.setLevel(logging.INFO)
        self.log.propagate = False
        # Who sets the rules wants to read what Qt's logging says.
        if "pyside_ro" not in os.environ.get("QT_LOGGING_RULES", ""):
            logToPython()
        return self

    def __exit__(self, *_: object) -> None:
        self._interrupts.__exit__()

    def run(self, host: QRemoteObjectHostBase) -> None:
        """Say that `host` listens, serve until a signal comes, and take leave of the clients."""
        url = host.hostUrl().toString()
        print(url, flush=True)
        notify(f"READY=1\nSTATUS=listening at {url}")
        if not self._interrupts.seen:
            self.app.exec()
        notify("STOPPING=1")
        self.log.info("stopping")
        self.log.setLevel(logging.WARNING)  # that every connection ends now is no news
        host.close("the service was stopped")
        self.app.processEvents()


def listening(host: QRemoteObjectHostBase, done: bool) -> None:
    """End the verb unless the host did what it was told: in words, with the right exit code."""
    if done:
        return
    codes = QRemoteObjectNode.ErrorCode
    if host.lastError() in (codes.HostUrlInvalid, codes.NoError):
        raise Mistake(host.errorString())
    raise Unreachable(host.errorString())


def notify(state: str) -> None:
    """Tell the service manager that started this process, if there is one (sd_notify)."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    family = getattr(socket, "AF_UNIX", None)
    if not address or family is None:
        return
    if address.startswith("@"):  # an abstract name
        address = "\0" + address[1:]
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as manager:
            manager.sendto(state.encode(), address)
    except OSError as error:
        logging.getLogger("pyside_ro").warning("NOTIFY_SOCKET cannot be written: %s", error)


class _Lines(logging.Formatter):
    """One line a message; for the journal with the priority before it (sd-daemon's)."""

    _PRIORITIES = {logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}

    def __init__(self) -> None:
        self._journal = "JOURNAL_STREAM" in os.environ
        super().__init__("%(message)s" if self._journal else "%(levelname)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """See logging.Formatter.format."""
        text = super().format(record)
        if not self._journal:
            return text
        priority = self._PRIORITIES.get(record.levelno, 6)
        # systemd takes each line for a message of its own.
        return "\n".join(f"<{priority}>{line}" for line in text.splitlines())
