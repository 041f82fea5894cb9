"""A host whose sources come and go, and say who is connected to them."""

from __future__ import annotations

from typing import Any

import shiboken6
from PySide6.QtCore import SIGNAL

from tests.behaviour.sources import Counter
from tests.behaviour.support import share
from tests.helpers import PeerSide


def lives(side: PeerSide, url: str) -> None:
    sources: dict[str, Any] = {"counter": Counter(1), "other": Counter(2)}
    host = share(side, url, **sources)

    @side.command
    def receivers(name: str = "counter") -> list[int]:
        count = sources[name].receivers
        return [count(SIGNAL("valueChanged(int)")), count(SIGNAL("ticked(int,QString)"))]

    @side.command
    def delete(how: str, name: str = "counter") -> None:
        if how == "del":
            side._kept[:] = [kept for kept in side._kept if kept is not sources[name]]
            del sources[name]
        elif how == "shiboken":
            shiboken6.delete(sources.pop(name))
        else:
            sources[name].deleteLater()

    @side.command
    def create(value: int, name: str = "counter") -> bool:
        sources[name] = Counter(value)
        return host.enableRemoting(sources[name], name)

    @side.command
    def share_again(name: str = "counter") -> bool:
        return host.enableRemoting(sources[name], name)

    side.command(lambda name="counter": host.disableRemoting(sources[name]), "unshare")
    side.command(lambda value, name="counter": sources[name].setValue(value), "setValue")
    side.command(lambda n, name="counter": sources[name].tick(n), "tick")
    side.command(lambda name="counter": sources[name].reads, "reads")
    side.command(lambda a, b: [sources[n].tick(i) for i, n in enumerate(a * b)] and None, "mixed")
