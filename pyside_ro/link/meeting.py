"""The beginning of a link: handshakes, and the proofs of a shared key if there is one.

Knows its link and those packets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from ..errors import AccessRefused, ProtocolError, VersionMismatch
from ..protocol.frames import HEADER, PREAMBLE, patchHeader
from ..protocol.packets import Handshake, Kind
from ..protocol.proof import Prover
from .channels import Handler

if TYPE_CHECKING:
    from .link import Link

__all__ = ["Meeting", "stranger"]


def stranger(channel: Any) -> tuple[Handler, bool]:
    """What a table resolves to while nobody knows who the peer is."""
    raise VersionMismatch(f"a handshake was expected, not a packet of kind {channel!r:.20}")


class Meeting:
    """Two sides that do not know each other yet; ends with `Link.establish`, or in time."""

    # PySide holds the object behind a connected method weakly, and crashes where it cannot.
    __slots__ = ("__weakref__", "_hello", "_link", "_milliseconds", "_timer", "mine", "prover")

    def __init__(
        self, link: Link, mine: Handshake, prover: Prover, milliseconds: int, parent: QObject
    ) -> None:
        self._link = link
        self.mine = mine
        self.prover = prover
        self._milliseconds = milliseconds
        #: The peer's handshake, once it has come.
        self._hello: Handshake | None = None
        self._timer = QTimer(parent)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._late)
        link.table[Kind.Handshake] = self._onHandshake

    def hello(self) -> bytes:
        """The first bytes to send.

        In one piece: the second half would meet a peer that has read, and closed, already.
        """
        self._timer.start(self._milliseconds)
        frame = bytearray(HEADER) + self._link.encoder.pack(self.prover.hello(self.mine))[0]
        patchHeader(frame)
        return PREAMBLE + bytes(frame)

    def over(self) -> None:
        """It came to an end, whichever."""
        if isValid(self._timer):
            self._timer.stop()
            self._timer.deleteLater()

    def _onHandshake(self, packet: Any) -> None:
        handshake = Handshake.parse(packet)
        if self._hello is not None:
            raise ProtocolError("a second handshake")
        self._hello = handshake
        if not self.prover.meet(packet, handshake):
            self._end()
            return
        self._link.table[Kind.Proof] = self._onProof
        if self.prover.speaksFirst:
            self._link.sendPacket(self.prover.proof())

    def _onProof(self, packet: Any) -> None:
        if self.prover.proven:
            raise ProtocolError("a second proof of the shared key")
        self.prover.check(packet)
        if not self.prover.speaksFirst:
            self._link.sendPacket(self.prover.proof())
            # In a frame of its own: what follows it is for a peer that has checked it.
            self._link.flush()
        self._end()

    def _end(self) -> None:
        assert self._hello is not None
        self.over()
        self._link.establish(self._hello)

    def _late(self) -> None:
        seconds = self._milliseconds / 1000
        if self._hello is None:
            error = VersionMismatch(f"the peer sent no handshake within {seconds:g} s")
            self._link.fail(error)
        else:
            words = f"the peer did not prove its shared key within {seconds:g} s"
            self._link.fail(AccessRefused(words))
