"""Transports: what carries bytes between two nodes, one file a kind.

Knows devices and sockets; knows nothing of packets, objects or nodes. The table here goes from a
URL's scheme to a `Transport`.
"""

from . import local, memory, tcp
from .base import Conduit, ConnectFailed, Listener, ListenRefused, Transport, toUrl
from .device import DeviceConduit

__all__ = [
    "Conduit",
    "ConnectFailed",
    "DeviceConduit",
    "ListenRefused",
    "Listener",
    "Transport",
    "memory",
    "registered",
    "schemes",
    "toUrl",
    "transportFor",
]

registered: dict[str, Transport] = {
    "local": local.LocalTransport(abstract=False),
    "tcp": tcp.TcpTransport(),
}
if local.HAS_ABSTRACT:
    registered["localabstract"] = local.LocalTransport(abstract=True)


def transportFor(scheme: str) -> Transport | None:
    """The transport of a URL scheme, or None."""
    return registered.get(scheme)


def schemes() -> str:
    """The schemes that can be used, in words for a message."""
    return ", ".join(f"{name}:" for name in sorted(registered))
