"""The other process, seen from inside: what a host function of a test is given.

Knows QtCore. Lines on stdout starting with a mark of this module go to PeerProcess in the test;
everything else printed there is the program's own.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier, QTimer

READY = "READY "
REPLY = "REPLY "
EVENT = "EVENT "

_alive: list[object] = []


class PeerSide:
    """The line to the test, inside the other process. The process ends when the test says so."""

    def __init__(self) -> None:
        self._commands: dict[str, Callable[..., Any]] = {}
        self._kept: list[Any] = []
        self._rest = b""
        self._notifier: QSocketNotifier | None = None

    def keep(self, *objects: Any) -> None:
        """Hold references until the process ends (hosts, sources, replicas, windows)."""
        self._kept.extend(objects)

    def command(self, function: Callable[..., Any], name: str = "") -> Callable[..., Any]:
        """Let the test call function by name through ask() and tell(); usable as a decorator.

        Arguments and result go through JSON; what JSON does not know arrives as its repr().
        """
        self._commands[name or getattr(function, "__name__", "")] = function
        return function

    def ready(self, **info: Any) -> None:
        """Tell the test that it can go on; info is what PeerProcess.info will be."""
        _say(READY, info)

    def event(self, name: str, *args: Any) -> None:
        """Tell the test that something happened: PeerProcess.events, wait_event()."""
        _say(EVENT, [name, *args])

    def watch(self, signal: Any, name: str) -> None:
        """Send an event of this name, with the signal's arguments, for each emission."""
        signal.connect(lambda *args: self.event(name, *args))

    def _listen(self) -> None:
        self._notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(lambda *_: self._read())

    def _read(self) -> None:
        chunk = os.read(sys.stdin.fileno(), 65536)
        if not chunk:
            assert self._notifier is not None
            self._notifier.setEnabled(False)
            QCoreApplication.quit()
            return
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            # A turn of its own for each: one that blocks in a nested loop must not hold the next.
            QTimer.singleShot(0, lambda line=line: self._run(json.loads(line)))

    def _run(self, order: dict[str, Any]) -> None:
        answer: dict[str, Any] = {"id": order["id"]}
        try:
            function = self._commands.get(order["do"])
            if function is None:
                raise LookupError(f"no command {order['do']!r}; there are {list(self._commands)}")
            answer["result"] = function(*order["args"], **order["kwargs"])
        except Exception:
            answer["error"] = traceback.format_exc()
        _say(REPLY, answer)


def _say(mark: str, content: Any) -> None:
    sys.stdout.write(f"{mark}{json.dumps(content, default=repr)}\n")
    sys.stdout.flush()


def _application(kind: str) -> QCoreApplication:
    if kind == "widgets":
        from PySide6.QtWidgets import QApplication

        return QApplication(sys.argv[:1])
    if kind == "gui":
        from PySide6.QtGui import QGuiApplication

        return QGuiApplication(sys.argv[:1])
    return QCoreApplication(sys.argv[:1])


def run(target: str, kind: str, arguments: str) -> int:
    """Run the function `module:name` with a PeerSide and these JSON arguments, then Qt's loop."""
    app = _application(kind)
    module, _, name = target.partition(":")
    side = PeerSide()
    # As a script's globals are: alive until the interpreter goes. A crash then fails the test.
    _alive.extend([app, side])
    side._listen()
    function: Any = importlib.import_module(module)
    for part in name.split("."):
        function = getattr(function, part)
    kept = function(side, **json.loads(arguments))
    if isinstance(kept, QObject | list | tuple):
        side.keep(kept)
    return app.exec()
