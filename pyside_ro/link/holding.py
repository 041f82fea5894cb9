"""Keeping a node until what called us has returned.

A node ends with its last reference, and its sockets with it. A program may drop that reference in
any slot, and most slots run while one of these sockets emits a signal: Qt crashes when it is
deleted there. So whoever handles what a socket says has the node held meanwhile, and lets it go
when the event loop comes round. Knows event loops only.
"""

from __future__ import annotations

from sys import getrefcount

from PySide6.QtCore import QTimer

from ..transport.sockets import mayEnd

__all__ = ["letGo"]


def letGo(owner: object) -> None:
    """Let go of the node, or None, that the caller's only other reference to it keeps.

    If nobody else has one any more, it ends in the next event; else nothing is done: who drops
    the last one later has it end there and then, as ever.
    """
    if getrefcount(owner) <= _OURS and not mayEnd():
        QTimer.singleShot(0, lambda: owner)


def _ours() -> int:
    """How many references a node has that is nobody's but a caller's of letGo."""

    def count(owner: object) -> int:
        return getrefcount(owner)

    owner = object()
    return count(owner)


_OURS = _ours()
