"""Replicas as values: how one is named to the host that it is a replica of.

Knows replicas and links.
"""

from __future__ import annotations

from typing import Any

from shiboken6 import isValid

from ..errors import CannotCross
from ..link import Link
from ..protocol.extensions import Reference

__all__ = ["naming"]


def naming(link: Link) -> Any:
    """A function that names replicas to the host at a link's other end (see Refer)."""

    def refer(obj: Any) -> tuple[Reference, str] | None:
        if not isValid(obj):
            return None
        state = obj.__dict__.get("_ro")
        if state is None:
            raise CannotCross(
                f"a {type(obj).__name__} cannot cross to a source: only a replica of an object of "
                "the same host can, which the source is given as the object itself"
            )
        if state.link is not link:
            raise CannotCross(
                f"{obj!r} cannot cross: it is not connected, or its source is another host's"
            )
        return Reference.PASSED if state.child else Reference.NAMED, state.name

    return refer
