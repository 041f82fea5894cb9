"""A node's connections over devices that the program made: external QIODevices and schemas.

Knows connections and devices.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from PySide6.QtCore import QIODevice, QTimer, QUrl
from PySide6.QtNetwork import QAbstractSocket
from shiboken6 import isValid

from .. import log
from ..errors import ErrorCode
from ..transport import (
    Conduit,
    ConnectFailed,
    ExternalConduit,
    Listener,
    ListenRefused,
    describe,
    unfit,
)
from .connection import Connection

if TYPE_CHECKING:
    from .node import QRemoteObjectNode

__all__ = ["ExternalListener", "SchemaHandler", "addDevice", "connectBySchema"]

#: What `registerExternalSchema` takes: given a URL, it makes a device that is connected there
#: and gives it to `addClientSideConnection`. It may return the device as well.
SchemaHandler: TypeAlias = Callable[[QUrl], Any]

#: How long a handler may take to come up with a device before it is called again, in ms.
_PATIENCE = 5000
_numbers = itertools.count(1)


def _nothing(_node: QRemoteObjectNode) -> Conduit:
    raise ConnectFailed("the device cannot be made again")


class DeviceConnection(Connection):
    """A host that is reached over one device; it ends with it."""

    def __init__(self, node: QRemoteObjectNode, device: QIODevice) -> None:
        url = QUrl()
        url.setScheme("device")
        url.setPath(f"{describe(device)} ({next(_numbers)})".replace("/", "-"))
        super().__init__(node, url, _nothing)
        node._connections[url.toString()] = self

    def take(self, device: QIODevice) -> None:
        """Speak over a device from now on."""
        self._conduit = conduit = ExternalConduit(device, self.node)
        conduit.onConnected = self._connected
        conduit.onClosed = self._failed
        conduit.open()

    def _lose(self, reason: Exception) -> None:
        ended, self._ended = self._ended, True
        super()._lose(reason)
        if isValid(self.node):
            self.node._forget(self)
        if not ended and isValid(self):
            self.discard()


class SchemaConnection(DeviceConnection):
    """A host whose URL is of an external schema: a handler makes the device, each time anew."""

    def __init__(self, node: QRemoteObjectNode, url: QUrl, handler: SchemaHandler) -> None:
        Connection.__init__(self, node, url, _nothing)
        node._connections[url.toString()] = self
        self.handler = handler
        #: Whether the handler was asked for a device that has not come yet.
        self.asked = False
        #: The device that it returned, if it did.
        self.given: Any = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(lambda: self._late())

    def open(self) -> None:
        """Ask the handler for a device."""
        if self._ended or self._conduit is not None or self.asked:
            return
        self.asked = True
        self._patience.start(_PATIENCE)
        handler = self.node._schemaHandlers.get(self.url.scheme(), self.handler)
        try:
            given = handler(QUrl(self.url))
        except Exception as error:
            name = self.url.scheme()
            log.core.exception(f"{self.url.toString()}: the handler of '{name}' raised", error)
            self._miss(f"the handler of '{name}' raised {type(error).__name__}: {error}")
            return
        if self.asked:
            self.given = given

    def hurry(self) -> None:
        """See Connection.hurry; what the handler was asked before may have failed unheard."""
        if self._conduit is None:
            self.asked = False
        super().hurry()

    def _late(self) -> None:
        self._miss(
            f"the handler of '{self.url.scheme()}' gave no device within {_PATIENCE / 1000:g} s: "
            "it has to call addClientSideConnection() with one that is connected"
        )

    def _miss(self, words: str) -> None:
        self._patience.stop()
        self.asked, self.given = False, None
        if self._conduit is None:
            self._failed(ConnectFailed(words))

    def take(self, device: QIODevice) -> None:
        """See DeviceConnection.take."""
        self._patience.stop()
        self._retry.stop()
        self.asked, self.given = False, None
        super().take(device)

    def _lose(self, reason: Exception) -> None:
        Connection._lose(self, reason)

    def end(self, reason: str) -> None:
        """See Connection.end."""
        self._patience.stop()
        super().end(reason)


def connectBySchema(node: QRemoteObjectNode, url: QUrl) -> bool:
    """Connect by a handler if there is one for this scheme; False when there is none."""
    handler = node._schemaHandlers.get(url.scheme())
    if handler is None or not url.isValid():
        return False
    connection = node._connections.get(url.toString())
    if connection is None:
        SchemaConnection(node, url, handler).open()
    return True


def addDevice(node: QRemoteObjectNode, device: QIODevice | None) -> None:
    """See QRemoteObjectNode.addClientSideConnection."""
    problem = unfit(device, node.thread())
    if problem:
        node._refuse(ErrorCode.NoError, f"addClientSideConnection: {problem}; it was ignored")
        return
    assert device is not None
    connection = _asker(node, device)
    if connection is None:
        connection = DeviceConnection(node, device)
    connection.take(device)


def _asker(node: QRemoteObjectNode, device: QIODevice) -> DeviceConnection | None:
    """The URL whose handler made a device, as far as can be told; None: nobody asked."""
    asking = [
        each
        for each in node._connections.values()
        if isinstance(each, SchemaConnection) and each.asked
    ]
    for each in asking:
        if each.given is device:
            return each
    asking = [each for each in asking if not isinstance(each.given, QIODevice)]
    if isinstance(device, QAbstractSocket):
        ports = [each for each in asking if each.url.port() == device.peerPort()]
        return ports[0] if ports else (asking[0] if len(asking) == 1 else None)
    return asking[0] if asking else None


class ExternalListener(Listener):
    """Listens nowhere: the program gives a host its connections (addHostSideConnection)."""

    def __init__(self, url: QUrl) -> None:
        super().__init__()
        self._url = QUrl(url)

    def listen(self, url: QUrl) -> None:
        """Nobody calls this."""
        raise ListenRefused("an external URL is listened to by the program itself")

    def url(self) -> QUrl:
        """The URL that the registry tells clients."""
        return QUrl(self._url)

    def close(self) -> None:
        """Nothing is open."""
