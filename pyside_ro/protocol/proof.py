"""The proof that both sides of a connection have the same shared key, which itself never crosses.

Each side's handshake carries a nonce. Then the client, who came uninvited, sends its proof, and
the host, if that is right, its own: HMAC-SHA256 over the role and a hash of either handshake. So
a proof is worth nothing on another connection, from the other side, or with another handshake.
What follows it is neither encrypted nor signed: that is TLS's.

Sans I/O: knows packets, and Python's hmac and secrets.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import secrets

import msgpack

from ..errors import AccessRefused, ProtocolError
from .packets import Handshake, Kind

__all__ = ["FEATURE", "Prover"]

#: The handshake's feature that carries the nonce, and by it says that a key is asked for.
FEATURE = "key"
_NONCE = 32
_REMEDY = "give both the same one (setSharedKey, or sharedKey=)"


class Prover:
    """One side of one connection: makes its own proof and checks the peer's.

    `key` None: this side has none, and is refused by one that has, as it refuses such a one.
    """

    def __init__(self, key: bytes | None, host: bool) -> None:
        self._key = key
        self._nonce = secrets.token_bytes(_NONCE) if key is not None else b""
        self._mine, self._theirs = ("host", "client") if host else ("client", "host")
        self._hello: list[object] = []
        self._transcript = b""
        #: Whether the peer has proven that it has the key.
        self.proven = False

    @property
    def speaksFirst(self) -> bool:
        """Whether this side's proof goes first: the client's does.

        A host that sent one to whoever connects would let strangers try keys on it at leisure.
        """
        return self._mine == "client"

    def hello(self, handshake: Handshake) -> list[object]:
        """This side's first packet: the handshake, with a nonce when there is a key."""
        if self._key is not None:
            features = (*handshake.features, (FEATURE, self._nonce))
            handshake = dataclasses.replace(handshake, features=features)
        self._hello = handshake.packet()
        return self._hello

    def meet(self, packet: object, handshake: Handshake) -> bool:
        """Take the peer's first packet, read as `handshake`; whether proofs have to follow.

        Raises AccessRefused when only one side has a key, with the same words on both.
        """
        nonce = dict(handshake.features).get(FEATURE)
        if self._key is None and nonce is None:
            return False
        if self._key is None or nonce is None:
            has, lacks = (
                (self._theirs, self._mine)
                if nonce is not None
                else (
                    self._mine,
                    self._theirs,
                )
            )
            raise AccessRefused(f"the {has} has a shared key and the {lacks} has none: {_REMEDY}")
        if not isinstance(nonce, bytes) or len(nonce) != _NONCE:
            raise ProtocolError(f"the {self._theirs} announced a shared key without a nonce")
        hellos = {self._mine: _hash(self._hello), self._theirs: _hash(packet)}
        self._transcript = hellos["client"] + hellos["host"]
        return True

    def proof(self) -> list[object]:
        """The packet that proves this side to the peer."""
        return [int(Kind.Proof), self._tag(self._mine)]

    def check(self, packet: object) -> None:
        """Take the peer's proof. Raises AccessRefused when its key is another one."""
        match packet:
            case [Kind.Proof, bytes(tag), *_]:
                pass
            case _:
                raise ProtocolError("a malformed proof of the shared key")
        if not hmac.compare_digest(tag, self._tag(self._theirs)):
            raise AccessRefused(f"the {self._theirs}'s shared key is another one: {_REMEDY}")
        self.proven = True

    def _tag(self, role: str) -> bytes:
        assert self._key is not None and self._transcript
        message = b"pyside_ro shared key, proof of the " + role.encode() + b"\0"
        return hmac.digest(self._key, message + self._transcript, "sha256")


def _hash(hello: object) -> bytes:
    """Of a handshake packet: what was received packs again to the bytes that were sent."""
    try:
        return hashlib.sha256(msgpack.packb(hello)).digest()
    except Exception as error:
        raise ProtocolError(f"the handshake cannot be packed again: {error}") from None
