"""A window on the room, or with --bot a member that talks by itself and has no window."""

import argparse
import itertools
import random
import signal
import sys
from html import escape

from host import Room  # the class alone: the room itself is in the other process
from member import Member, State
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from pyside_ro import QRemoteObjectNode, QRemoteObjectReplica

COLOURS = ("#0969da", "#8250df", "#bf3989", "#1a7f37", "#bc4c00", "#0a7490")
LINES = (
    "Anyone here?",
    "The build is green again.",
    "Has somebody seen my notebook?",
    "Signals from four processes, one room.",
    "I am having tea.",
    "Lunch at noon?",
    "Restart the host, I dare you.",
    "Yes!",
)


class Window(QWidget):
    """What is said, who is there, and a line to say something."""

    def __init__(self, member: Member) -> None:
        super().__init__()
        self.setWindowTitle(f"Chat: {member.name}")
        self.resize(560, 380)
        self._member = member
        self._talk, self._people, self._link = QTextBrowser(), QListWidget(), QLabel()
        self._people.setMaximumWidth(130)
        self.line = QLineEdit(placeholderText=f"Say something, {member.name}")
        middle = QHBoxLayout()
        middle.addWidget(self._talk)
        middle.addWidget(self._people)
        layout = QVBoxLayout(self)
        layout.addWidget(self._link)
        layout.addLayout(middle)
        layout.addWidget(self.line)

        self.line.returnPressed.connect(self._say)
        room = member.room
        room.said.connect(self._showSaid)
        room.joined.connect(lambda name: self._note(f"{name} joined"))
        room.left.connect(lambda name: self._note(f"{name} left"))
        room.peopleChanged.connect(self._showPeople)
        room.stateChanged.connect(self._showLink)
        member.refused.connect(self._note)
        self._showPeople(room.people)
        self._showLink(room.state())

    def _say(self) -> None:
        self._member.say(self.line.text())
        self.line.clear()

    def _showSaid(self, name: str, text: str) -> None:
        colour = COLOURS[sum(name.encode()) % 13 % len(COLOURS)]
        self._talk.append(f"<b style='color:{colour}'>{escape(name)}</b>&nbsp; {escape(text)}")

    def _note(self, text: str) -> None:
        self._talk.append(f"<i style='color:#8c959f'>{escape(text)}</i>")

    def _showPeople(self, people: list[str]) -> None:
        self._people.clear()
        self._people.addItems(people)

    def _showLink(self, state: QRemoteObjectReplica.State) -> None:
        live = state == State.Valid
        lost = "connection lost" if state == State.Suspect else "looking for the room"
        colour = "#1a7f37" if live else "#bc4c00"
        self._link.setText(f"<b style='color:{colour}'>{'connected' if live else lost}</b>")
        self.line.setEnabled(live)


def talk(member: Member, window: Window | None) -> None:
    """Have the member say something every now and then, through its window if it has one."""
    lines = itertools.cycle(random.sample(LINES, len(LINES)))
    timer = QTimer(member)

    def say() -> None:
        if window is None:
            member.say(next(lines))
        else:
            window.line.setText(next(lines))
            window.line.returnPressed.emit()
        timer.setInterval(random.randint(400, 1_600))

    timer.timeout.connect(say)
    timer.start(300)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:chat")
    parser.add_argument("--name", default="Rosalind")
    parser.add_argument("--bot", action="store_true", help="no window; talks by itself")
    parser.add_argument("--auto", action="store_true", help="talks by itself, with a window")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv) if options.bot else QApplication(sys.argv)
    node = QRemoteObjectNode()
    node.connectToNode(options.url)
    member = Member(node.acquire(Room, "room"), options.name)
    window = None if options.bot else Window(member)
    if window:
        window.show()
    if options.bot or options.auto:
        talk(member, window)
    app.exec()
    people = ", ".join(member.room.people)
    member.leave()
    print(f"client {options.name}: {member.heard} messages heard, in the room: {people}")
    return 0 if member.heard else 1


if __name__ == "__main__":
    sys.exit(main())
