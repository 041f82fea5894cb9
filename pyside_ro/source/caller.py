"""Who called a slot: what a slot may know of the connection that a call came over.

Knows links, and only who their peers are. A slot that has a keyword-only parameter `caller` is
given one::

    @Slot(str, result=bool)
    def join(self, name: str, *, caller: Caller | None = None) -> bool:
        if caller is not None:  # None: called in this process, not by a peer
            caller.onGone(lambda: self.leave(name))

It is not part of the slot's signature: no peer sees or sets it. Slots without it cost nothing
more for it.
"""

from __future__ import annotations

import inspect
import threading
import weakref
from collections.abc import Callable
from typing import Any

from .. import log
from ..link import Link, Peer

__all__ = ["Caller", "callerGone", "callerOf", "tellingCaller", "wantsCaller"]

_PARAMETER = "caller"


class Caller:
    """One connection of a client, as the slots that it calls see it. Our own.

    It is the same object for every call over one connection, and hashable. A client that
    connects again is another caller.
    """

    def __init__(self, address: str, peer: Peer | None = None) -> None:
        #: Where the client is, in words for a message.
        self.address = address
        #: Who the client is: what the host's `accept` hook was asked about.
        self.peer = peer or Peer(address)
        #: Whether the connection still stands.
        self.connected = True
        self._callbacks: list[Callable[[], object]] = []
        #: A slot in another thread may ask while the connection ends.
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<Caller {self.address}{'' if self.connected else ', gone'}>"

    def onGone(self, callback: Callable[[], object]) -> None:
        """Have `callback()` called once, in the host's thread, when the connection has ended.

        At once when it has ended already: a slot in another thread may learn of it late. The
        deletion of the host is an end, too.
        """
        with self._lock:
            if self.connected:
                self._callbacks.append(callback)
                return
        callback()

    def _gone(self) -> None:
        with self._lock:
            self.connected = False
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            try:
                callback()
            except Exception as error:
                log.core.exception(f"{self.address}: a callback of Caller.onGone raised", error)


_callers: weakref.WeakKeyDictionary[Link, Caller] = weakref.WeakKeyDictionary()


def callerOf(link: Link) -> Caller:
    """The one caller that stands for a link."""
    found = _callers.get(link)
    if found is None:
        found = _callers[link] = Caller(link.peer, link.about)
        found.connected = not link.closed
    return found


def callerGone(link: Link) -> None:
    """Tell a link's caller, if it has one, that the link ended."""
    found = _callers.pop(link, None)
    if found is not None:
        found._gone()


def wantsCaller(cls: type, name: str) -> bool:
    """Whether the slot `name` of a Python class has the keyword-only parameter `caller`."""
    function = inspect.getattr_static(cls, name, None)
    if not inspect.isfunction(function):
        return False
    parameter = inspect.signature(function).parameters.get(_PARAMETER)
    return parameter is not None and parameter.kind is parameter.KEYWORD_ONLY


def tellingCaller(name: str, caller: Caller) -> Callable[..., Any]:
    """A function that calls the slot `name` of an object given first, and says who calls."""

    def call(target: Any, *args: Any) -> Any:
        return getattr(target, name)(*args, caller=caller)

    return call
