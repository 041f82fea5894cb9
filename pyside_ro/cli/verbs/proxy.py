"""``pyside-ro proxy REGISTRY_URL HOST_URL``: one network's objects in another, as a service."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Annotated

import typer

from pyside_ro import QRemoteObjectRegistryHost
from pyside_ro.cli.exits import Mistake, command
from pyside_ro.cli.options import Advertise, Heartbeat, NodeName
from pyside_ro.cli.service import Service, listening
from pyside_ro.cli.trust import NOBODY, Trust, hosting

__all__ = ["proxy"]

_Patterns = list[str] | None


@hosting("By default not: --tls-ca checks the other network's registry and hosts.")
@command
def proxy(
    registry_url: Annotated[
        str, typer.Argument(metavar="REGISTRY_URL", help="The registry of the other network.")
    ],
    host_url: Annotated[
        str,
        typer.Argument(
            metavar="HOST_URL", help="Where to listen in this network, as its registry."
        ),
    ],
    filter: Annotated[
        _Patterns,
        typer.Option(
            "--filter",
            metavar="GLOB",
            help="Only objects whose name fits, as in 'camera*'; may be given again.",
        ),
    ] = None,
    reverse: Annotated[
        str,
        typer.Option(
            "--reverse",
            metavar="URL",
            help="Also share what registers here in the other network, listening there at URL.",
        ),
    ] = "",
    reverse_filter: Annotated[
        _Patterns,
        typer.Option("--reverse-filter", metavar="GLOB", help="The same for --reverse."),
    ] = None,
    name: NodeName = "proxy",
    advertise: Advertise = False,
    heartbeat: Heartbeat = 10.0,
    trust: Trust = NOBODY,
) -> None:
    """Share at HOST_URL what the network of REGISTRY_URL has, until SIGTERM or Ctrl-C.

    Clients here connect to HOST_URL, or use it as their registry. It is printed once it listens;
    what happens is told on stderr.
    """
    if reverse_filter and not reverse:
        raise Mistake("--reverse-filter does nothing without --reverse URL")
    trust.listeningAt(host_url, reverse)
    with Service() as service:
        host = QRemoteObjectRegistryHost(
            objectName=name, heartbeatInterval=round(heartbeat * 1000), **trust.arguments()
        )
        listening(host, host.setRegistryUrl(host_url))
        listening(host, host.proxy(registry_url, reverse, _filter(filter)))
        if reverse:
            listening(host, host.reverseProxy(_filter(reverse_filter)))
        if trust.takesAnybody(host_url, reverse):
            service.log.info(
                "clients need no certificate here: --tls-demand-certificates demands one"
            )
        if advertise:
            listening(host, host.advertise())
        host.remoteObjectAdded.connect(lambda entry: service.log.info("'%s' is shared", entry[0]))
        host.remoteObjectRemoved.connect(
            lambda entry: service.log.info("'%s' is shared no longer", entry[0])
        )
        service.run(host)


def _filter(patterns: list[str] | None) -> Callable[[str, str], bool] | None:
    if not patterns:
        return None
    return lambda name, _: any(fnmatchcase(name, pattern) for pattern in patterns)
