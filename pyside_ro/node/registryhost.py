"""The registry host: a host whose first source is the registry.

Knows hosts and the registry's source.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtNetwork import QSslConfiguration

from ..errors import ErrorCode
from ..protocol.limits import Limits
from ..transport import isGiven, toUrl, urlText
from .host import QRemoteObjectHostBase
from .registry import REGISTRY, Registry

__all__ = ["QRemoteObjectRegistryHost"]


class QRemoteObjectRegistryHost(QRemoteObjectHostBase):
    """A host that also is the registry of its network (QRemoteObjectRegistryHost).

    Hosts and nodes that are given its URL as `registryUrl` find each other by it. It may share
    sources of its own. One network has one registry; a node uses one.
    """

    _urlSetter = "setRegistryUrl"

    def __init__(
        self,
        registryAddress: QUrl | str | QObject | None = None,
        parent: QObject | None = None,
        *,
        registryUrl: QUrl | str | None = None,
        heartbeatInterval: int = 0,
        limits: Limits | None = None,
        sslConfiguration: QSslConfiguration | None = None,
        **properties: Any,
    ) -> None:
        if isinstance(registryAddress, QObject):
            registryAddress, parent = None, registryAddress
        self._registrySource: Registry | None = None
        super().__init__(
            parent,
            heartbeatInterval=heartbeatInterval,
            limits=limits,
            sslConfiguration=sslConfiguration,
            **properties,
        )
        url = registryUrl if registryUrl is not None else registryAddress
        if url is not None and isGiven(url):
            self.setRegistryUrl(url)

    def setRegistryUrl(self, registryUrl: QUrl | str) -> bool:
        """Listen at `registryUrl` and be the registry (QRemoteObjectRegistryHost::setRegistryUrl).

        False, with `lastError` and `errorString`: ServerAlreadyCreated when the host listens
        already, RegistryAlreadyHosted when it was the registry before, HostUrlInvalid,
        ListenFailed.
        """
        if self._registrySource is not None and self._listener is None:
            return self._refuse(
                ErrorCode.RegistryAlreadyHosted,
                f"'{urlText(toUrl(registryUrl))}': this host was the registry at "
                f"'{self._registryUrl.toString()}'; make a new one",
            )
        if not self.setHostUrl(registryUrl):
            return False
        source = self._registrySource = Registry(self)
        self.enableRemoting(source, REGISTRY)
        # Only now: the registry does not list itself, as in Qt.
        self.remoteObjectAdded.connect(source.addSource)
        self.remoteObjectRemoved.connect(source.removeSource)
        self._useRegistry(self.hostUrl())
        return True
