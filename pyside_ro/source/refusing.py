"""Telling a client that what it asked for was refused, or raised.

Knows packets and links.
"""

from __future__ import annotations

from ..errors import RemoteError
from ..link import Link
from ..protocol.packets import Kind

__all__ = ["refuse"]

_REPLY = int(Kind.InvokeReplyPacket)


def refuse(link: Link, serial: object, error: BaseException, member: str) -> None:
    """Answer a call with an exception."""
    if type(serial) is not int or link.closed:
        return
    if isinstance(error, RemoteError):  # a slot that itself called another process
        name, text = error.typeName, error.message
    else:
        name, text = type(error).__name__, _text(error)
    link.sendPacket([_REPLY, serial, name, text, member])


def _text(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:
        return "(an exception whose text cannot be made)"
    return text.encode("utf-8", "replace").decode()[:10_000]
