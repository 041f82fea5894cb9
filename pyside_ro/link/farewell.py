"""The goodbye of a link: the packet that tells the peer why, and what the peer reads in it.

Knows that packet and the errors.
"""

from __future__ import annotations

from typing import Any

from ..errors import AccessRefused, VersionMismatch
from ..protocol.packets import Kind
from ..transport import ConnectFailed

__all__ = ["farewell", "reasonGiven"]


def farewell(reason: Exception) -> list[Any]:
    """The packet that says why the connection ends."""
    text = str(reason).encode(errors="replace").decode()
    packet = [int(Kind.Goodbye), text, isinstance(reason, VersionMismatch)]
    if isinstance(reason, AccessRefused):
        packet.append(True)
    return packet


def reasonGiven(packet: Any) -> Exception:
    """Why the peer ended the connection."""
    match packet:
        case [_, str(text), *rest]:
            words = f"the peer closed the connection: {text[:500]}"
        case _:
            words, rest = "the peer closed the connection without a reason", []
    if rest[1:2] == [True]:
        return AccessRefused(words)
    if rest[:1] == [True]:
        return VersionMismatch(words)
    return ConnectFailed(words)
