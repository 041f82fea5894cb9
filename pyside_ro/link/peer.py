"""Who is at the other end of a connection.

Knows conduits and handshakes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..protocol.packets import Handshake
from ..transport import Conduit

__all__ = ["Peer", "peerOf"]


@dataclass(frozen=True)
class Peer:
    """Who is at the other end of a connection, as far as it can be told. Our own.

    A host's `accept` hook and the `access` of an object are asked about one; a slot finds its
    caller's in ``Caller.peer``. Two connections of one process are two peers. Only `certificate`,
    `proven`, `pid` and `uid` are proven: `name` is what the peer calls itself.
    """

    address: str
    """Where it is: ``tcp://192.168.0.7:51234``, or ``a client of local:name``."""

    name: str = ""
    """The name of its node (`QRemoteObjectNode.setName`)."""

    scheme: str = ""
    """The URL scheme it came by: tcp, tls, local, ws, …; "device" for an external QIODevice."""

    certificate: Any = None
    """The QSslCertificate that it showed (mutual TLS), or None."""

    proven: bool = False
    """Whether it has proven that it has the host's shared key."""

    pid: int | None = None
    """The id of its process, on a local socket on Linux."""

    uid: int | None = None
    """The id of its user, on a local socket on Linux."""


def peerOf(conduit: Conduit, handshake: Handshake, proven: bool) -> Peer:
    """The peer at the other end of a conduit that stands."""
    pid, uid = conduit.credentials() or (None, None)
    return Peer(
        address=conduit.peer,
        name=handshake.node,
        scheme=conduit.scheme,
        certificate=conduit.certificate,
        proven=proven,
        pid=pid,
        uid=uid,
    )
