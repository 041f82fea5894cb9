"""Channels: which function a packet's first element stands for.

Knows numbers and callables only.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import Any, Generic, TypeAlias, TypeVar

__all__ = ["ChannelMap", "Handler", "Table"]

Handler: TypeAlias = Callable[[Any], object]
Owner = TypeVar("Owner")


class Table(dict[int, Handler]):
    """From a packet's first element to its handler; `resolve` makes one when it is first met.

    `resolve` gives the handler and whether to keep it.
    """

    __slots__ = ("resolve",)

    def __init__(self, resolve: Callable[[Any], tuple[Handler, bool]]) -> None:
        super().__init__()
        self.resolve = resolve

    def __missing__(self, channel: Any) -> Handler:
        handler, keep = self.resolve(channel)
        if keep:
            self[channel] = handler
        return handler

    def forget(self, base: int, size: int) -> None:
        """Have the handlers of `size` channels from `base` on made anew when they are met."""
        for channel in range(base, base + size):
            self.pop(channel, None)

    def intercept(self, handler: Handler, least: int) -> None:
        """Give the next packet to `handler`, whatever its channel; then all is as it was.

        Handlers of channels from `least` on are made anew then.
        """
        kept = {channel: known for channel, known in self.items() if channel < least}
        resolve = self.resolve

        def once(_: Any) -> tuple[Handler, bool]:
            self.resolve = resolve
            self.update(kept)
            return handler, False

        self.clear()
        self.resolve = once


class ChannelMap(Generic[Owner]):
    """Blocks of channels that lie side by side, each with its owner."""

    def __init__(self) -> None:
        self._bases: list[int] = []
        self._blocks: dict[int, tuple[int, Owner]] = {}

    def add(self, base: int, size: int, owner: Owner) -> None:
        """Give `size` channels from `base` on to an owner."""
        if base not in self._blocks:
            self._bases.insert(bisect_right(self._bases, base), base)
        self._blocks[base] = (size, owner)

    def remove(self, base: int) -> int:
        """Take a block back; its size, 0 when there was none."""
        found = self._blocks.pop(base, None)
        if found is None:
            return 0
        del self._bases[bisect_right(self._bases, base) - 1]
        return found[0]

    def find(self, channel: int) -> tuple[Owner, int] | None:
        """The owner of a channel, and the channel's place in its block."""
        index = bisect_right(self._bases, channel) - 1
        if index < 0:
            return None
        base = self._bases[index]
        size, owner = self._blocks[base]
        return (owner, channel - base) if channel - base < size else None
