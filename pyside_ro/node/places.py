"""Where a host's children were, when it went: a host that starts again has other objects there.

Knows replicas' states. A place is written as hosts write it: `root.items[2].child`.
"""

from __future__ import annotations

import weakref
from collections import Counter, deque
from collections.abc import Iterable, Iterator

from ..models import modelInterface
from ..replica import ReplicaState
from ..source.mentions import below, objectsIn

__all__ = ["Places"]

#: On how many ways to an object that is held in several places its own children are looked for.
_WAYS = 4


class Places:
    """Who was last in which place; as long as somebody has a replica of it."""

    def __init__(self) -> None:
        self._last: weakref.WeakValueDictionary[str, ReplicaState] = weakref.WeakValueDictionary()

    def keep(self, roots: Iterable[ReplicaState]) -> None:
        """Take down where all is that some sources hold, directly or not, as they end."""
        found: dict[str, ReplicaState] = {}
        roots = list(roots)
        for place, state in _within(roots):
            found.setdefault(place, state)
        held = set(found.values())
        within = tuple(f"{root.name}." for root in roots)
        for place, state in list(self._last.items()):
            if state in held and place.startswith(within):
                del self._last[place]  # it has moved since an earlier end
        self._last.update(found)
        for place, state in found.items():
            if state in held:
                held.remove(state)
                state.place = place

    def left(self, state: ReplicaState) -> None:
        """Nothing holds a child any more: better than nobody, if nobody follows it there."""
        if state.place:
            self._last[state.place] = state

    def take(self, place: str, instance: str, shape: str) -> ReplicaState | None:
        """Give who was in a place, for what another run of a host has there.

        With an empty `shape` for anything but a model: a reference came before its object.
        """
        state = self._last.get(place)
        if state is None or state.link is not None or state.instance == instance:
            return None
        known = state.interface.shape if state.interface is not None else ""
        if not known or (known != shape if shape else known == modelInterface().shape):
            return None
        del self._last[place]
        return state


def _within(roots: Iterable[ReplicaState]) -> Iterator[tuple[str, ReplicaState]]:
    """The places of the children in some states' values, those nearest to the roots first."""
    ways: Counter[ReplicaState] = Counter()
    work = deque((root, root.name) for root in roots)
    while work:
        holder, path = work.popleft()
        ways[holder] += 1
        if holder.interface is None or ways[holder] > _WAYS:
            continue
        for prop, value in zip(holder.interface.properties, holder.values, strict=False):
            for obj, place in objectsIn(value, f"{path}.{prop.name}"):
                state = obj.__dict__.get("_ro")
                if isinstance(state, ReplicaState) and state.child:
                    yield place, state
                    work.append((state, below(place)))
