"""A room to chat in, and the host that shares it."""

import argparse
import secrets
import signal
import sys
import time

from PySide6.QtCore import Property, QCoreApplication, QObject, QTimer, Signal, Slot

from pyside_ro import QRemoteObjectHost

SECONDS_OF_SILENCE = 3.0


class Room(QObject):
    """Who joins gets a ticket: it says who speaks, and that they are still there."""

    peopleChanged = Signal(list)
    joined = Signal(str, arguments=["name"])
    left = Signal(str, arguments=["name"])
    said = Signal(str, str, arguments=["name", "text"])

    def __init__(self) -> None:
        super().__init__()
        self._names: dict[str, str] = {}  # by ticket
        self._heard: dict[str, float] = {}
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._missPeople)
        self._timer.start(500)

    @Property(list, notify=peopleChanged)
    def people(self) -> list[str]:
        return sorted(self._names.values())

    @Slot(str, result=str)
    def join(self, name: str) -> str:
        """Enter under a name that nobody has; returns the ticket for all else."""
        if not name.strip() or name in self._names.values():
            raise ValueError(f"the name {name!r} is taken or empty")
        ticket = secrets.token_hex(16)
        self._names[ticket] = name
        self._heard[ticket] = time.monotonic()
        self.joined.emit(name)
        self.peopleChanged.emit(self.people)
        return ticket

    @Slot(str, str)
    def say(self, ticket: str, text: str) -> None:
        self.stay(ticket)
        self.said.emit(self._names[ticket], text)

    @Slot(str)
    def stay(self, ticket: str) -> None:
        """Clients call it every second: a program that crashed cannot say goodbye."""
        if ticket not in self._names:
            raise PermissionError("join first")
        self._heard[ticket] = time.monotonic()

    @Slot(str)
    def leave(self, ticket: str) -> None:
        name = self._names.pop(ticket, None)
        self._heard.pop(ticket, None)
        if name is not None:
            self.left.emit(name)
            self.peopleChanged.emit(self.people)

    def _missPeople(self) -> None:
        now = time.monotonic()
        for ticket in [t for t, at in self._heard.items() if now - at > SECONDS_OF_SILENCE]:
            self.leave(ticket)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:chat")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    room = Room()
    host = QRemoteObjectHost(options.url)
    host.enableRemoting(room, "room")
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
