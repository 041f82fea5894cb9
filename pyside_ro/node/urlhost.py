"""The host that is made with its URL, and may use a registry elsewhere.

Knows what all hosts are, and what is special to ``local:`` addresses.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtNetwork import QLocalServer, QSslConfiguration

from ..protocol.limits import Limits
from ..transport import isGiven
from ..transport.local import ServerOptions
from .host import QRemoteObjectHostBase

__all__ = ["QRemoteObjectHost"]


class QRemoteObjectHost(QRemoteObjectHostBase):
    """A node that shares objects at a URL (QRemoteObjectHost)."""

    hostUrlChanged = Signal()

    def __init__(
        self,
        address: QUrl | str | QObject | None = None,
        /,
        registryAddress: QUrl | str | QObject | None = None,
        allowedSchemas: QRemoteObjectHostBase.AllowedSchemas = (
            QRemoteObjectHostBase.AllowedSchemas.BuiltInSchemasOnly
        ),
        parent: QObject | None = None,
        *,
        hostUrl: QUrl | str | None = None,
        registryUrl: QUrl | str | None = None,
        heartbeatInterval: int = 0,
        limits: Limits | None = None,
        sslConfiguration: QSslConfiguration | None = None,
        **properties: Any,
    ) -> None:
        if isinstance(address, QObject):
            address, parent = None, address
        if isinstance(registryAddress, QObject):
            registryAddress, parent = None, registryAddress
        super().__init__(
            parent,
            heartbeatInterval=heartbeatInterval,
            limits=limits,
            sslConfiguration=sslConfiguration,
            **properties,
        )
        url = hostUrl if hostUrl is not None else address
        if url is not None and isGiven(url):
            self.setHostUrl(url, allowedSchemas)
        registry = registryUrl if registryUrl is not None else registryAddress
        if registry is not None and isGiven(registry):
            self.setRegistryUrl(registry)

    def setHostUrl(
        self,
        hostAddress: QUrl | str,
        allowedSchemas: QRemoteObjectHostBase.AllowedSchemas = (
            QRemoteObjectHostBase.AllowedSchemas.BuiltInSchemasOnly
        ),
    ) -> bool:
        """See QRemoteObjectHostBase.setHostUrl; emits hostUrlChanged."""
        if not super().setHostUrl(hostAddress, allowedSchemas):
            return False
        self.hostUrlChanged.emit()
        return True

    @staticmethod
    def setLocalServerOptions(options: QLocalServer.SocketOption) -> None:
        """Who may connect to ``local:`` hosts that start to listen from now on.

        By default only processes of the same user (QRemoteObjectHost::setLocalServerOptions).
        """
        ServerOptions.value = options
