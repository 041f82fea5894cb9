"""A look at the network: who advertises a host there, and what each shares.

Knows the node and its discovery.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from PySide6.QtCore import QCoreApplication

from pyside_ro import FoundHost, QRemoteObjectNode
from pyside_ro.cli.exits import Mistake, Unreachable
from pyside_ro.cli.interrupts import Interrupts
from pyside_ro.cli.session import quieten
from pyside_ro.cli.trust import NOBODY, Trust

__all__ = ["look"]


def look(seconds: float, trust: Trust = NOBODY) -> list[dict[str, Any]]:
    """Listen for so long; for each host its name, URL, what it needs, and the names it shares.

    Its "objects" are None when it let nobody in. Raises Mistake without the extra `zeroconf`,
    Unreachable when this machine has no network to listen to.
    """
    app = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
    quieten()
    node = QRemoteObjectNode(**trust.arguments())
    with Interrupts() as interrupts:
        try:
            discovery = node.discover(connect=True)
        except ImportError as error:
            raise Mistake(str(error)) from None
        end = time.monotonic() + seconds
        while time.monotonic() < end and not discovery.errorString():
            app.processEvents()
            interrupts.check()
            time.sleep(0.01)
        problem = discovery.errorString()
        hosts = [_described(node, host) for host in discovery.found()]
        discovery.stop()
    if problem:
        raise Unreachable(problem)
    return hosts


def _described(node: QRemoteObjectNode, host: FoundHost) -> dict[str, Any]:
    url = host.url.toString()
    connection = node._connections.get(url)
    ready = connection is not None and connection.ready
    problem = ""
    if not host.compatible:
        problem = f"speaks version {host.protocol} of the protocol"
    elif not ready:
        problem = connection.reason if connection is not None else "it was not connected"
    return {
        "name": host.name,
        "url": url,
        "key": host.needsKey,
        "tls": host.encrypted,
        "objects": sorted(connection.objects) if ready and connection is not None else None,
        "problem": problem,
    }
