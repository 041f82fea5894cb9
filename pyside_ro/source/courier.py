"""What takes calls to another thread: one courier for each QThread, for all that lives there.

Knows mailboxes and Qt's threads. A courier stays as long as its thread's QThread does, and is not
deleted in that thread: to delete a QObject with connections, Qt holds a lock while PySide asks for
Python's, and a thread that connects something has Python's while it waits for Qt's.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, QThread
from shiboken6 import getCppPointer, isValid

from .mailbox import Mailbox

__all__ = ["Courier", "courierTo"]

_DIRECT = Qt.ConnectionType.DirectConnection


class Guest(Protocol):
    """Who has calls carried to a thread, and hears that it has ended."""

    #: Of its own thread.
    inbox: Mailbox

    def threadFinished(self) -> None:
        """The thread has ended: what waits there is not run, unless it is started again."""


class Courier(Mailbox):
    """Runs calls in one other thread, in the order in which they were posted."""

    def __init__(self) -> None:
        super().__init__()
        #: By their ids; whoever forgets to leave is not kept.
        self._guests: weakref.WeakValueDictionary[int, Guest] = weakref.WeakValueDictionary()

    def join(self, guest: Guest) -> None:
        """Tell somebody when the thread ends, from now on."""
        self._guests[id(guest)] = guest

    def leave(self, guest: Guest) -> None:
        """Tell somebody no longer; what it posted is run still."""
        self._guests.pop(id(guest), None)

    def drain(self) -> None:
        """Run all that waits, now.

        A slot may run an event loop of its own: what is posted meanwhile is run in that, as there
        may be others here than the one that waits.
        """
        self._again.start()
        super().drain()
        if not self._items:
            self._again.stop()

    def finished(self) -> None:
        """The thread has ended, and may be started again."""
        if self._items:
            self._wake.emit()  # a timer has not outlived the event loop
        for guest in self._present():
            guest.threadFinished()

    def retire(self) -> None:
        """The thread is gone for good; told from the middle of its deletion."""
        self._items.clear()
        if isValid(self):
            self._wake.disconnect()
            self._again.timeout.disconnect()
            # Now that it has no thread any other may have it, and delete it.
            self.moveToThread(QThread.currentThread())
        for guest in self._present():
            guest.inbox.post(guest.threadFinished)

    def _present(self) -> list[Guest]:
        guests = [reference() for reference in self._guests.valuerefs()]
        return [guest for guest in guests if guest is not None]


#: By the QThread's address.
_couriers: dict[int, Courier] = {}
#: Nodes of several threads may look for the same; the collector may delete a QThread meanwhile.
_lock = threading.RLock()


def courierTo(thread: QThread) -> Courier:
    """The courier to a thread, which is made when there is none; from any other thread."""
    key = int(getCppPointer(thread)[0])
    with _lock:
        found = _couriers.get(key)
        if found is None or QObject.thread(found) != thread:
            found = _couriers[key] = Courier()
            found.moveToThread(thread)
            _follow(thread, key, weakref.ref(found))
        return found


def _follow(thread: QThread, key: int, reference: Callable[[], Courier | None]) -> None:
    def finished() -> None:
        courier = reference()
        if courier is not None:
            courier.finished()

    def destroyed(*_: Any) -> None:
        courier = reference()
        if courier is not None:
            if _couriers.get(key) is courier:
                del _couriers[key]
            courier.retire()

    # Not in the thread that ends: whoever deletes a QThread, with Python's lock, waits for that.
    thread.finished.connect(finished)
    thread.destroyed.connect(destroyed, _DIRECT)
