"""Whom a node trusts: its shared key, a host's `accept` hook, and what each peer sees.

Knows keys, peers and sources; opens no connection itself.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, TypeAlias

from .. import log
from ..errors import AccessRefused
from ..link import Peer
from ..protocol.proof import Prover
from ..transport import Conduit, memory

if TYPE_CHECKING:
    from .node import QRemoteObjectNode

__all__ = [
    "AcceptHook",
    "Access",
    "AccessRule",
    "Sharing",
    "admission",
    "isOwn",
    "keyFrom",
    "proverFor",
]

#: Fewer bytes than this can be guessed.
_SHORT = 16
_warned: list[bool] = []

#: Decides whether a client may stay.
AcceptHook: TypeAlias = Callable[[Peer], bool]
#: Decides what a peer sees of an object: all, nothing, or all but no writes and calls.
AccessRule: TypeAlias = 'Callable[[Peer], bool | Literal["readOnly"]]'


class Access(enum.Enum):
    """What one peer may do with one object."""

    Nothing = 0
    ReadOnly = 1
    Full = 2


def keyFrom(key: bytes | str | None) -> bytes | None:
    """A shared key from what a program gives. Raises TypeError, ValueError for an empty one."""
    if key is None:
        return None
    if not isinstance(key, bytes | bytearray | str):
        raise TypeError(f"a shared key is bytes or a str, not {type(key).__name__}")
    found = key.encode() if isinstance(key, str) else bytes(key)
    if not found:
        raise ValueError("the shared key is empty; None is no key")
    if len(found) < _SHORT and not _warned:
        _warned.append(True)
        log.core.warning(
            "a shared key of %d bytes can be guessed: take %d or more, as from secrets.token_hex()",
            len(found),
            _SHORT,
        )
    return found


def proverFor(node: QRemoteObjectNode, conduit: Conduit, host: bool) -> Prover:
    """What proves this node to the peer at the other end."""
    return Prover(None if isOwn(conduit) else node._sharedKey, host)


def isOwn(conduit: Conduit) -> bool:
    """Whether the other end is the host itself, in this process: that needs no leave."""
    return isinstance(conduit, memory.MemoryConduit)


def admission(hook: AcceptHook | None, peer: Peer) -> AccessRefused | None:
    """Why a host's hook does not let a peer in, or None."""
    try:
        if hook is None or hook(peer):
            return None
    except Exception as error:
        log.core.exception(f"{peer.address}: the host's accept hook raised", error)
    return AccessRefused("the host does not accept this client")


class Sharing:
    """Who sees one shared object, and may do what with it."""

    def __init__(self, name: str, readOnly: bool, rule: AccessRule | None) -> None:
        if rule is not None and not callable(rule):
            raise TypeError(f"access is a function of a Peer, not {rule!r:.80}")
        self._name = name
        self._readOnly = readOnly
        self._rule = rule
        #: Whether some peers may not see it.
        self.selective = rule is not None

    def access(self, peer: Peer) -> Access:
        """What a peer may do; asked once for each connection."""
        answer: object = True
        if self._rule is not None:
            try:
                answer = self._rule(peer)
                if not isinstance(answer, bool) and answer != "readOnly":
                    raise TypeError(f'True, False or "readOnly" is expected, not {answer!r:.80}')
            except Exception as error:
                log.core.exception(f"'{self._name}': its access function raised", error)
                answer = False
        if answer is False:
            return Access.Nothing
        return Access.ReadOnly if self._readOnly or answer == "readOnly" else Access.Full
