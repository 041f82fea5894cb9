"""Decoders, lent to links while they have something to decode.

Knows the decoder: each is some 45 KiB, and of a thousand links only a few read at one moment.
"""

from __future__ import annotations

from ..protocol.codec import Decoder
from ..protocol.limits import Limits

__all__ = ["Lent"]

#: How many are kept that nobody needs.
_SPARE = 8
#: Those that no link has anything for, by their limits.
_idle: dict[Limits, list[Decoder]] = {}


class Lent:
    """The decoders of all links with the same limits."""

    __slots__ = ("_idle", "_limits")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._idle = _idle.setdefault(limits, [])

    def borrow(self) -> Decoder:
        """A decoder with nothing in it."""
        try:
            return self._idle.pop()
        except IndexError:
            return Decoder(self._limits)

    def giveBack(self, decoder: Decoder) -> None:
        """Take a decoder with nothing left in it."""
        decoder.resolve(None)
        if len(self._idle) < _SPARE:
            self._idle.append(decoder)
