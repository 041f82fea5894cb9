"""Whether a source model is in the middle of a change, and was looked at there.

A slot of the model's signals, or the model itself, may run an event loop between the beginning
and the end of a change: clients come, and ask. Knows nothing of models.
"""

from __future__ import annotations

__all__ = ["Midst"]


class Midst:
    """The changes of one model that are in progress."""

    def __init__(self) -> None:
        self._depth = 0
        #: Whether one may be that began before anybody watched.
        self._early = False
        self._torn = False

    def __bool__(self) -> bool:
        """Whether a change was seen to begin that has not ended."""
        return self._depth > 0

    def watch(self, watched: bool) -> None:
        """The model's signals are listened to from now on, or no longer."""
        self._depth, self._early, self._torn = 0, watched, False

    def read(self) -> None:
        """Items are being read: in a change's middle they may not be where they will be."""
        self._torn = self._torn or self._depth > 0

    def begin(self) -> None:
        """A change begins."""
        self._depth += 1

    def end(self) -> tuple[bool, bool]:
        """A change has ended: whether it was seen to begin, and whether all is to be said anew.

        That is when somebody was told of the model in its middle: what he was told may hold some
        of the change, or all, and his replica must not apply that once more.
        """
        if self._depth:
            self._depth -= 1
            torn, self._torn = self._torn, False
            return True, torn
        early, self._early = self._early, False
        return not early, early
