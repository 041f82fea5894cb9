"""The host of the demo: shares the receiver and the printer until it is told to end.

Knows the two sources and the host class; no client.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QTimer

from pyside_ro import QRemoteObjectHost
from pyside_ro.cli.demo.gps import GpsReceiver
from pyside_ro.cli.demo.line import ChildLine
from pyside_ro.cli.demo.loglines import LogLines
from pyside_ro.cli.demo.printer import Printer
from pyside_ro.cli.interrupts import Interrupts

__all__ = ["runHost"]

#: Asked when there is an application: Qt wants one before anybody looks for TLS.
_Trust = Callable[[], dict[str, Any]]


def runHost(url: str, child: bool, seconds: float | None = None, trust: _Trust = dict) -> int:
    """Run the host at `url`; the exit code. As a `child` it speaks JSON lines, not words.

    `trust` gives what the host is to have besides. It ends when it is told to, or after `seconds`.
    0: ended so. 2: the URL cannot be one. 3: nobody can listen there now.
    """
    app = QCoreApplication(sys.argv[:1])
    log = LogLines()
    gps, printer = GpsReceiver(), Printer()
    host = QRemoteObjectHost(objectName="demo host", **trust())
    if not host.setHostUrl(url):
        print(f"error: {host.errorString()}", file=sys.stderr, flush=True)
        return 2 if host.lastError() is host.ErrorCode.HostUrlInvalid else 3
    log.begin()
    host.enableRemoting(gps, "gps")
    host.enableRemoting(printer, "printer")
    gps.start()
    address = host.hostUrl().toString()
    if seconds is not None:
        QTimer.singleShot(round(seconds * 1000), app, app.quit)
    if child:
        line = ChildLine()
        line.ordered.connect(app.quit)
        line.ended.connect(app.quit)
        line.begin()
        line.tell("listening", url=address)
        app.exec()
    else:
        print(f"sharing 'gps' and 'printer' at {address} (Ctrl-C ends)", flush=True)
        with Interrupts():
            app.exec()
    host.close("the demo's host has ended")
    return 0
