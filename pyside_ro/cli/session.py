"""One verb's visit to a host: application, node, waiting with a timeout, leaving.

Knows the node and its replicas. Every wait ends at once on Ctrl-C.
"""

from __future__ import annotations

import logging
import math
import os
import sys
import time
from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, QUrl

from pyside_ro import (
    CallTimeout,
    QRemoteObjectDynamicReplica,
    QRemoteObjectNode,
    QRemoteObjectPendingCall,
    QRemoteObjectReplica,
    QRemoteObjectSourceLocationInfo,
    RemoteError,
    logToPython,
)
from pyside_ro.cli.exits import Mistake, Refused, Unreachable, unknown
from pyside_ro.cli.interrupts import Interrupts
from pyside_ro.cli.trust import Trust, withOptions
from pyside_ro.transport import urlProblem

__all__ = ["Session", "memberNames", "quieten"]

_REGISTRY = "Registry"  # the name of a registry, and of its type
_PATIENCE = 1.0  # seconds before somebody at a terminal is told what is waited for


class _Notes(logging.Handler):
    """Keeps what the library would warn of: a verb says it in its own words."""

    def __init__(self) -> None:
        super().__init__()
        self.refusals: list[RemoteError] = []

    def emit(self, record: logging.LogRecord) -> None:
        arguments = record.args if isinstance(record.args, tuple) else ()
        self.refusals += [found for found in arguments if isinstance(found, RemoteError)]


def quieten(handler: logging.Handler | None = None) -> None:
    """Have `handler` (by default nobody) hear what the library would warn of."""
    # Who sets the rules wants to read what Qt's logging says.
    if "pyside_ro" not in os.environ.get("QT_LOGGING_RULES", ""):
        logger = logging.getLogger("pyside_ro")
        logger.addHandler(handler or logging.NullHandler())
        logger.propagate = False
        logToPython()


class Session:
    """A connection to the host at `url`, made on entering; `timeout` (seconds) is for each wait.

    Raises Mistake for a URL that cannot be one, Unreachable when nobody answers there.
    """

    def __init__(self, url: str, timeout: float, trust: Trust) -> None:
        self.url = url
        self.timeout = timeout
        self.app = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
        self.interrupts = Interrupts()
        self.node = QRemoteObjectNode(**trust.arguments())
        self.notes = _Notes()

    def __enter__(self) -> Session:  # noqa: PYI034 - typing.Self is newer than 3.10
        self.interrupts.__enter__()
        try:
            quieten(self.notes)
            self._connect()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.node.disconnectFromNode(self.url)
        self.interrupts.__exit__()

    def _connect(self) -> None:
        url = QUrl(self.url)
        if not (url.scheme() or urlProblem(url)):
            raise Mistake(
                f"'{self.url}' is no URL of a host: local:NAME or tcp://HOST:PORT is expected"
            )
        if not self.node.connectToNode(self.url):
            raise Mistake(self.node.errorString().removeprefix("connectToNode: "))
        first = min(self.timeout, _PATIENCE)
        ready = self.node.waitForNode(self.url, _milliseconds(first))
        self.interrupts.check()
        if not ready and self.timeout > first:
            if sys.stderr.isatty():
                print(f"waiting: {self.node.errorString()}", file=sys.stderr, flush=True)
            ready = self.node.waitForNode(self.url, _milliseconds(self.timeout - first))
            self.interrupts.check()
        if not ready:
            reason = self.node.errorString() or f"{self.url}: it does not answer"
            raise Unreachable(f"no connection within {self.timeout:g} s: {withOptions(reason)}")

    def objects(self) -> dict[str, QRemoteObjectSourceLocationInfo]:
        """What the host shares, and lists if it is a registry, in the order of the names."""
        shared = self.node.connectedSources()
        return dict(sorted((self._registered(shared) | shared).items()))

    def _registered(self, shared: Mapping[str, Any]) -> dict[str, QRemoteObjectSourceLocationInfo]:
        if _REGISTRY not in shared or shared[_REGISTRY].typeName != _REGISTRY:
            return {}
        node = self.node
        if node.registry() is None:
            node.setRegistryUrl(self.url)
        ready = node.waitForRegistry(_milliseconds(self.timeout))
        self.interrupts.check()
        registry = node.registry()
        return registry.sourceLocations() if ready and registry is not None else {}

    def acquire(self, name: str) -> QRemoteObjectDynamicReplica:
        """An initialized replica of the object `name`."""
        if name not in self.objects():
            raise unknown("object", name, self.url, self.objects())
        replica = self.node.acquireDynamic(name)
        ready = QRemoteObjectReplica.waitForSource(replica, _milliseconds(self.timeout))
        self.interrupts.check()
        if not ready:
            reason = self.node.errorString() or "the host did not send it"
            raise Unreachable(f"no answer about '{name}' within {self.timeout:g} s: {reason}")
        return replica

    def result(self, call: QRemoteObjectPendingCall, member: str) -> Any:
        """Wait for a call and give its result; Refused when the slot raised."""
        call.waitForFinished(_milliseconds(self.timeout))
        self.interrupts.check()
        if not call.isFinished():
            raise Unreachable(f"no answer from {member} within {self.timeout:g} s")
        error = call.exception()
        if isinstance(error, RemoteError):
            raise Refused(str(error))
        if isinstance(error, (ConnectionError, CallTimeout)):
            raise Unreachable(f"{member}: {error}")
        if error is not None:
            raise error
        return call.returnValue()

    def linger(self, until: Any, seconds: float) -> bool:
        """Let events flow until ``until()`` is true, at most for `seconds`."""
        end = time.monotonic() + seconds
        while not until():
            if time.monotonic() >= end:
                return False
            self.app.processEvents()
            self.interrupts.check()
            time.sleep(0.005)
        return True

    def run(self) -> None:
        """Run until ``app.quit()`` or Ctrl-C."""
        self.interrupts.check()
        self.app.exec()
        self.interrupts.check()


def _milliseconds(seconds: float) -> int:
    return min(math.ceil(seconds * 1000), 2**31 - 1)


def memberNames(members: Iterable[Any]) -> list[str]:
    """The names of properties, signals or slots, each once, in their order."""
    return list(dict.fromkeys(member.name for member in members))
