"""A host that says on the network that it is there.

Knows hosts, what they announce, and the thread that does it.
"""

from __future__ import annotations

import platform
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from shiboken6 import isValid

from .. import log
from ..errors import ErrorCode
from . import mdns
from .announced import addressesOf, announcement, interfacesFor
from .listening import notListening
from .weakly import weakly

if TYPE_CHECKING:
    from zeroconf.asyncio import AsyncZeroconf

    from .host import QRemoteObjectHostBase

__all__ = ["Advertisement", "startAdvertising"]

#: What a label of DNS holds, less what makes it unique, in bytes.
_MAX_NAME = 50


class Advertisement:
    """One host's record on the network, from `startAdvertising` to `stop`."""

    def __init__(self, name: str, identity: str, worker: mdns.Worker) -> None:
        self.name = name
        #: By which the host's own node knows it again.
        self.id = identity
        self._worker = worker

    def stop(self) -> None:
        """Take it back; the network hears of it at once."""
        self._worker.stop()


def startAdvertising(
    host: QRemoteObjectHostBase, name: str, interfaces: Sequence[str] | None
) -> bool:
    """See QRemoteObjectHostBase.advertise."""

    def refuse(text: str, code: ErrorCode = ErrorCode.NoError) -> bool:
        return host._refuse(code, f"advertise: {text}")

    if host._advertisement is not None:
        return refuse(
            f"the host is advertised as '{host._advertisement.name}' already, call "
            "stopAdvertising() first"
        )
    url = host.hostUrl()
    if url.isEmpty():
        code = ErrorCode.OperationNotValidOnClientNode
        return refuse(notListening(host), code)
    if not url.host() or url.port() <= 0:
        return refuse(
            f"'{url.toString()}' is of this machine only: a host at a tcp://, tls://, ws:// or "
            "wss:// address can be found by others"
        )
    problem = mdns.missing()
    if problem:
        return refuse(problem)
    addresses = addressesOf(url.host())
    if not addresses:
        return refuse(f"'{url.host()}' has no address here")
    application = QCoreApplication.applicationName() or "pyside_ro"
    name = name or host.objectName() or f"{application} at {platform.node()}"
    identity = secrets.token_hex(8)
    try:
        text = announcement(url, name, identity, getattr(host, "_sharedKey", None) is not None)
        service = mdns.service(
            _label(name, identity), f"pyside-ro-{identity}", addresses, url.port(), text
        )
    except Exception as error:
        return refuse(f"'{name:.60}': {error}")

    async def work(network: AsyncZeroconf) -> None:
        # Its label is unique: nobody has to be asked whether it has the same.
        await (await network.async_register_service(service, cooperating_responders=True))

    inbox, told = host._inbox, weakly(host._notAdvertised)

    def failed(error: Exception) -> None:
        inbox.post(told, error)

    if interfaces is None:
        interfaces = interfacesFor(addresses)
    worker = mdns.Worker(interfaces, work, failed)
    host.destroyed.connect(worker.stop)
    host._advertisement = Advertisement(name, identity, worker)
    worker.start()
    return True


def tellFailed(host: QRemoteObjectHostBase, error: Exception) -> None:
    """The advertisement ended by itself."""
    if not isValid(host) or host._advertisement is None:
        return
    name, host._advertisement = host._advertisement.name, None
    text = f"'{name}' is not advertised: {error or type(error).__name__}"
    log.io.warning("%s", text)
    host._report(ErrorCode.NoError, text)


def _label(name: str, identity: str) -> str:
    """The name as one label of DNS, which its dots would part, and a unique one.

    Two hosts may have one name, and asking whether one has it already is no use on one machine:
    the answer reaches any one of the programs that share mDNS's port.
    """
    kept = "".join(c if c.isprintable() and c != "." else "-" for c in name)
    return f"{kept.encode()[:_MAX_NAME].decode(errors='ignore').strip()} {identity[:8]}"
