"""The phone book, and the host that shares it: the slots that the .rep file asks for."""

import argparse
import signal
import sys

from phonebook_rep import Entry, Kind, PhoneBookSource
from PySide6.QtCore import QCoreApplication

from pyside_ro import QRemoteObjectHost

KNOWN = [
    Entry("Ada Lovelace", "+44 20 1815", Kind.Home),
    Entry("Emmy Noether", "+49 9131 1882", Kind.Work),
    Entry("Grace Hopper", "+1 212 1906", Kind.Mobile),
    Entry("Sofja Kowalewskaja", "+46 8 1850", Kind.Work),
]


class PhoneBook(PhoneBookSource):
    """Properties, signals and push slots are the base class's."""

    def __init__(self) -> None:
        super().__init__()
        self._setProperty("owner", "the observatory")
        self._set(KNOWN)
        self.orderChanged.connect(lambda _: self._set(self.entries))

    def add(self, entry: Entry) -> int:
        if any(entry.name == other.name for other in self.entries):
            raise ValueError(f"{entry.name} is in the book already")
        self._set([*self.entries, entry])
        return len(self.entries)

    def remove(self, name: str) -> None:
        self._set([other for other in self.entries if other != self._find(name)])

    def call(self, name: str) -> Entry:
        entry = self._find(name)
        self.called.emit(entry)
        return entry

    def _find(self, name: str) -> Entry:
        for entry in self.entries:
            if entry.name == name:
                return entry
        raise LookupError(f"{name!r} is not in the book")

    def _set(self, entries: list[Entry]) -> None:
        keys = {
            self.Order.ByName: lambda entry: entry.name,
            self.Order.ByKind: lambda entry: (entry.kind, entry.name),
            self.Order.ByNumber: lambda entry: entry.number,
        }
        self._setProperty("entries", sorted(entries, key=keys[self.order]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:phonebook")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    book = PhoneBook()
    host = QRemoteObjectHost(options.url)
    host.enableRemoting(book)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
