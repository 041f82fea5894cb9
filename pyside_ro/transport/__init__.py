"""Transports: what carries bytes between two nodes, one file a kind.

Knows devices and sockets; knows nothing of packets, objects or nodes. The table here goes from a
URL's scheme to a `Transport`; `registerTransport` adds one of your own, which is derived from
`Transport`, `Listener` and `Conduit` (or `DeviceConduit`, over a QIODevice).
"""

import re

from PySide6.QtCore import QUrl

from . import local, memory, tcp, tls, websocket
from .base import Conduit, ConnectFailed, Listener, ListenRefused, Transport
from .certificates import sslConfiguration
from .device import DeviceConduit
from .external import ExternalConduit, describe, unfit
from .guarded import guard, problemAt
from .secure import sslConfigurationOf
from .urls import isGiven, sameUrl, toUrl, urlProblem, urlText

__all__ = [
    "Conduit",
    "ConnectFailed",
    "DeviceConduit",
    "ExternalConduit",
    "ListenRefused",
    "Listener",
    "Transport",
    "addressProblem",
    "describe",
    "guard",
    "isGiven",
    "memory",
    "problemAt",
    "registerTransport",
    "registered",
    "sameUrl",
    "schemes",
    "sslConfiguration",
    "sslConfigurationOf",
    "toUrl",
    "transportFor",
    "unfit",
    "urlProblem",
    "urlText",
]

registered: dict[str, Transport] = {
    "local": local.LocalTransport(abstract=False),
    "tcp": tcp.TcpTransport(),
    "tls": tls.TlsTransport(),
    "ws": websocket.WebSocketTransport(),
    "wss": websocket.WebSocketTransport(),
}
if local.HAS_ABSTRACT:
    registered["localabstract"] = local.LocalTransport(abstract=True)


def registerTransport(scheme: str, transport: Transport) -> None:
    """Have URLs of a scheme carried by `transport`, for all hosts and nodes of this process.

    Qt's qRegisterRemoteObjectsServer and qRegisterRemoteObjectsClient in one. A transport that
    was registered for the scheme before is replaced for connections still to come. Raises
    TypeError for what is no Transport, ValueError for what can be no scheme.
    """
    if not isinstance(transport, Transport):
        raise TypeError(f"registerTransport() takes a Transport, not {transport!r:.80}")
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme):
        raise ValueError(
            f"{scheme!r:.80} is no URL scheme: lower case letters, then digits, '+', '.', '-'"
        )
    registered[scheme] = transport


def transportFor(scheme: str) -> Transport | None:
    """The transport of a URL scheme, or None."""
    return registered.get(scheme)


def schemes() -> str:
    """The schemes that can be used, in words for a message."""
    return ", ".join(f"{name}:" for name in sorted(registered))


def addressProblem(url: QUrl, purpose: str = "") -> str:
    """Why a URL is no address of a known scheme, in words, or ''; `purpose`: " to listen at"."""
    if problem := urlProblem(url):
        return problem
    if not url.isValid() or transportFor(url.scheme()) is None:
        return f"'{url.toString()}' is no address{purpose}: one of {schemes()} is expected"
    return ""
