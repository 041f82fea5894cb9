"""Finding hosts on the network, without a registry.

Knows nodes, what hosts announce, and the thread that listens.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, QTimer, QUrl, Signal

from .. import log
from ..source import Mailbox
from . import mdns
from .announced import FoundHost, readAnnouncement
from .weakly import weakly

if TYPE_CHECKING:
    from .node import QRemoteObjectNode

__all__ = ["Choice", "Discovery"]

#: Whether to connect to what is found: all, none, or what a function says.
Choice: TypeAlias = "bool | Callable[[FoundHost], bool]"

#: How often a search that failed is started again, and old connections are looked at, in ms.
_AGAIN = 2000
#: How many unusable records are told of.
_MAX_TOLD = 100


class Discovery(QObject):
    """The hosts that advertise themselves on the network (`QRemoteObjectNode.discover`). Our own.

    It belongs to its node and lives as long, or until `stop`. What is found is what hosts, or
    anybody who pretends to be one, say of themselves: who connects to it on trust alone uses a
    shared key or ``tls:``.
    """

    #: A host was found: its URL, and the FoundHost.
    added = Signal(QUrl, object)
    #: A host said goodbye, or does not answer any more: its URL, and the FoundHost.
    removed = Signal(QUrl, object)

    def __init__(
        self, node: QRemoteObjectNode, connect: Choice, interfaces: Sequence[str] | None
    ) -> None:
        super().__init__(node)
        self._node = weakref.ref(node)
        self._connect = connect
        self._interfaces = interfaces
        #: By the name of its record.
        self._hosts: dict[str, FoundHost] = {}
        self._refused: set[str] = set()
        #: The URLs that this connected the node to.
        self._mine: set[str] = set()
        self._errorString = ""
        self._inbox = Mailbox(self)
        self._timer = QTimer(self)
        self._timer.timeout.connect(weakly(self._tidy))
        self._timer.start(_AGAIN)
        self._worker: mdns.Worker | None = None
        self._start()

    def found(self) -> list[FoundHost]:
        """The hosts that are there now, by name."""
        return sorted(self._hosts.values(), key=lambda host: (host.name, host.url.toString()))

    def errorString(self) -> str:
        """Why nothing can be found, in words; it is tried again every few seconds."""
        return self._errorString

    def stop(self) -> None:
        """Look no longer; connections stay, and `found` is empty."""
        self._timer.stop()
        if self._worker is not None:
            self._worker.stop()
            self._worker = None
        self._hosts.clear()

    def _start(self) -> None:
        post, told, failed = self._inbox.post, weakly(self._told), weakly(self._failed)
        worker = self._worker = mdns.Worker(
            self._interfaces,
            mdns.Browser(lambda name, details: post(told, worker, name, details)),
            lambda error: post(failed, worker, error),
        )
        self.destroyed.connect(worker.stop)
        worker.start()

    def _failed(self, worker: mdns.Worker, error: Exception) -> None:
        if worker is not self._worker:
            return
        self._worker = None
        text = f"nothing can be discovered: {error or type(error).__name__}"
        if text != self._errorString:
            log.io.warning("%s", text)
        self._errorString = text

    def _told(self, worker: mdns.Worker, name: str, details: mdns.Details | None) -> None:
        if worker is not self._worker:
            return
        self._errorString = ""
        new = self._read(name, details) if details is not None else None
        old = self._hosts.get(name)
        if old == new:
            return
        if old is not None:
            del self._hosts[name]
            self._tidy()
            self.removed.emit(old.url, old)
        if new is not None:
            self._hosts[name] = new
            self._join(new)
            self.added.emit(new.url, new)

    def _read(self, name: str, details: mdns.Details) -> FoundHost | None:
        try:
            host = readAnnouncement(name, details)
        except ValueError as error:
            if name not in self._refused and len(self._refused) < _MAX_TOLD:
                self._refused.add(name)
                log.io.warning("the advertised host %.80r is ignored: %s", name, error)
            return None
        node = self._node()
        advertised = getattr(node, "_advertisement", None)
        return None if advertised is not None and host.id == advertised.id else host

    def _join(self, host: FoundHost) -> None:
        """Connect the node to a host, if that is wanted."""
        node, key = self._node(), host.url.toString()
        if node is None or key in node._connections:
            return
        try:
            wanted = self._connect(host) if callable(self._connect) else self._connect
        except Exception as error:
            log.core.exception(f"discover: the function raised for '{host.name}'", error)
            return
        if not wanted:
            return
        if not host.compatible:
            log.io.warning(
                "'%s' at %s speaks version %s of the protocol, which this node does not",
                host.name,
                key,
                host.protocol,
            )
        elif node.connectToNode(host.url):
            self._mine.add(key)

    def _tidy(self) -> None:
        """Leave what is gone; what is connected all the same stays as long as it is."""
        node = self._node()
        if node is None:
            return
        here = {host.url.toString() for host in self._hosts.values()}
        for key in self._mine - here:
            connection = node._connections.get(key)
            if connection is None or not connection.ready:
                node.disconnectFromNode(key)
                self._mine.discard(key)
        if self._worker is None:
            self._start()
