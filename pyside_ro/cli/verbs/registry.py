"""``pyside-ro registry URL``: a registry as a service."""

from __future__ import annotations

from pyside_ro import QRemoteObjectRegistryHost, QRemoteObjectSourceLocationInfo
from pyside_ro.cli.exits import command
from pyside_ro.cli.options import Advertise, Heartbeat, ListenUrl, NodeName
from pyside_ro.cli.service import Service, listening
from pyside_ro.cli.trust import NOBODY, Trust, hosting

__all__ = ["registry"]


@hosting("By default so if --tls-ca is given.")
@command
def registry(
    url: ListenUrl,
    name: NodeName = "registry",
    advertise: Advertise = False,
    heartbeat: Heartbeat = 10.0,
    trust: Trust = NOBODY,
) -> None:
    """Run a registry until SIGTERM or Ctrl-C.

    Its URL is printed once it listens; what happens is told on stderr.
    """
    trust.listeningAt(url)
    with Service() as service:
        host = QRemoteObjectRegistryHost(
            objectName=name,
            heartbeatInterval=round(heartbeat * 1000),
            **trust.arguments(demand=True),
        )
        listening(host, host.setRegistryUrl(url))
        if advertise:
            listening(host, host.advertise())

        def added(entry: tuple[str, QRemoteObjectSourceLocationInfo]) -> None:
            service.log.info("'%s' is at %s", entry[0], entry[1].hostUrl.toString())

        def removed(entry: tuple[str, QRemoteObjectSourceLocationInfo]) -> None:
            service.log.info("'%s' is no longer at %s", entry[0], entry[1].hostUrl.toString())

        listed = host.registry()
        assert listed is not None
        listed.remoteObjectAdded.connect(added)
        listed.remoteObjectRemoved.connect(removed)
        service.run(host)
