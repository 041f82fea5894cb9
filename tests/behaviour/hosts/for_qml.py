"""A host whose one source is made for a QML page."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot

from tests.behaviour.support import share
from tests.helpers import PeerSide


class Player(QObject):
    titleChanged = Signal(str)
    volumeChanged = Signal()
    listChanged = Signal()
    ended = Signal(str, int, arguments=["reason", "code"])

    def __init__(self) -> None:
        super().__init__()
        self._title, self._volume = "one", 0.5
        self._list = ["a", "b"]

    def _setTitle(self, title: str) -> None:
        self._title = title
        self.titleChanged.emit(title)

    def _setVolume(self, volume: float) -> None:
        self._volume = min(volume, 1.0)
        self.volumeChanged.emit()

    title = Property(str, lambda self: self._title, _setTitle, notify=titleChanged)
    volume = Property(float, lambda self: self._volume, _setVolume, notify=volumeChanged)
    tracks = Property(list, lambda self: self._list, notify=listChanged)
    model: Any = Property(
        "QVariant",  # type: ignore[arg-type]
        lambda self: {"maker": "us", "year": 2020},
        constant=True,
    )

    @Slot(str)
    def append(self, track: str) -> None:
        self._list = [*self._list, track]
        self.listChanged.emit()

    @Slot(str, int)
    def end(self, reason: str, code: int) -> None:
        self.ended.emit(reason, code)


def for_qml(side: PeerSide, url: str) -> None:
    player = Player()
    share(side, url, player=player)
    side.command(player._setTitle, "setTitle")
    side.command(player.end)
    side.command(lambda: [player._title, player._volume, player._list], "all")
