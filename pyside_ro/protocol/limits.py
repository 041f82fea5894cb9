"""The limits of what a node takes from its peers; knows nothing else."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]

_MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What a peer may cost this node. Our own: Qt Remote Objects has no such limits.

    The defaults never hurt a normal program; a peer that goes past one is told so in words. To
    change some: ``Limits(maxFrame=1 << 30)``.
    """

    maxFrame: int = 256 * _MIB
    """Bytes of one frame, its segments included."""

    maxDepth: int = 100
    """Values within values. Plain lists and dicts alone are bounded by msgpack (511)."""

    maxItems: int = 4 * _MIB
    """Elements of one list, tuple, set or dict."""

    maxString: int = 64 * _MIB
    """Bytes of one str, as UTF-8."""

    maxSegments: int = 4096
    """Large values (32 KiB and more, each) of one frame."""

    maxPendingCalls: int = 65536
    """Slot calls of one peer that have not been answered."""

    maxSubscriptions: int = 65536
    """Sources that one peer is subscribed to."""

    handshakeTimeout: int = 5000
    """Milliseconds from a connection to its complete handshake, the shared key's proof included."""

    maxBacklog: int = 32 * _MIB
    """Bytes that wait here for one peer to read them."""

    stallTimeout: int = 500
    """Milliseconds that a peer with a full backlog may go without reading anything."""

    maxConnections: int = 4096
    """Connections that a host keeps open at once."""

    maxUnprovenConnections: int = 256
    """Beyond those, the ones whose handshake is not complete; one more ends the oldest. As many
    may be in that of TLS."""

    maxObjects: int = 100_000
    """Objects that one host says it shares."""

    @property
    def unpacking(self) -> dict[str, int]:
        """Those that msgpack watches over while it unpacks: its keyword arguments."""
        return {
            "max_str_len": self.maxString,
            "max_bin_len": self.maxFrame,
            "max_ext_len": self.maxFrame,
            "max_array_len": self.maxItems,
            "max_map_len": self.maxItems,
        }

    @property
    def leastBytes(self) -> int:
        """A packet of fewer bytes is within all limits of size."""
        return min(self.maxFrame // 2, self.maxItems, self.maxString)
