"""The classes of phonebook.rep, made by `pyside-ro repc`: change that file, not this one."""

from __future__ import annotations

import enum

from PySide6.QtCore import SignalInstance
from pyside_ro import rep

__all__ = [
    "Entry",
    "Kind",
    "PhoneBook",
    "PhoneBookSource",
]


@rep.Enum
class Kind(enum.IntEnum):
    Mobile = 0
    Home = 1
    Work = 2


class Entry(rep.Pod):
    """A record of phonebook.rep."""

    name: str = rep.Field("QString")
    number: str = rep.Field("QString")
    kind: Kind = rep.Field("Kind")


class PhoneBookSource(rep.Source):
    """A source of PhoneBook: override its slots."""

    class Order(enum.IntEnum):
        ByName = 0
        ByKind = 1
        ByNumber = 2

    # changed by the slots alone
    entries: list[Entry] = rep.Property("QList<Entry>", rep.READONLY)
    # anybody may push another one
    order: Order = rep.Property("Order", default=Order.ByName)
    owner: str = rep.Property("QString", rep.CONSTANT, default="nobody")

    called: SignalInstance = rep.Signal(entry="const Entry &")

    # gives how many there are; refuses a name twice
    @rep.Slot("const Entry &", result="int")
    def add(self, entry: Entry) -> int:
        raise rep.notOverridden(self, "add")

    @rep.Slot("const QString &")
    def remove(self, name: str) -> None:
        raise rep.notOverridden(self, "remove")

    @rep.Slot("const QString &", result="Entry")
    def call(self, name: str) -> Entry:
        raise rep.notOverridden(self, "call")


class PhoneBook(rep.Replica, describedBy=PhoneBookSource):
    """A replica of PhoneBook, for QRemoteObjectNode.acquire()."""
