"""One person in the room: joins, stays, and joins again when the room comes back.

Knows the room's replica, nothing of windows; the client with a window and the bot both are one.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from pyside_ro import QRemoteObjectPendingCallWatcher, QRemoteObjectReplica

State = QRemoteObjectReplica.State


class Member(QObject):
    """A name, and the ticket that the room gave for it."""

    entered = Signal()
    refused = Signal(str, arguments=["reason"])

    def __init__(self, room: QRemoteObjectReplica, name: str) -> None:
        super().__init__()
        self.room, self.name, self.heard = room, name, 0
        self._ticket = ""
        room.stateChanged.connect(self._join)
        room.said.connect(self._count)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._stay)
        self._timer.start(1_000)

    def say(self, text: str) -> None:
        """Say something, if the room is there and knows this member."""
        if self._ticket and self.room.isReplicaValid():
            self.room.say(self._ticket, text)

    def leave(self) -> None:
        """Say goodbye, and wait until the room has heard it."""
        ticket, self._ticket = self._ticket, ""
        if ticket and self.room.isReplicaValid():
            self.room.leave(ticket).waitForFinished(500)

    def _join(self, state: QRemoteObjectReplica.State) -> None:
        self._ticket = ""
        if state == State.Valid:
            watcher = QRemoteObjectPendingCallWatcher(self.room.join(self.name), self)
            watcher.finished.connect(self._answered)

    def _answered(self, call: QRemoteObjectPendingCallWatcher) -> None:
        problem = call.exception()
        if problem:
            self.refused.emit(str(problem))
        else:
            self._ticket = call.returnValue()
            self.entered.emit()
        call.deleteLater()

    def _stay(self) -> None:
        if self._ticket and self.room.isReplicaValid():
            self.room.stay(self._ticket)

    def _count(self) -> None:
        self.heard += 1
