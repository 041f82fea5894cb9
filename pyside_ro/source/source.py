"""A source: one shared QObject and the links that want to hear of it.

Knows its object, links and packets; never sees a node.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, QThread, QTimer
from shiboken6 import isValid

from .. import log
from ..interface import Interface, interfaceOfObject
from ..link import Link
from ..link.channels import Handler
from ..protocol.codec import Encoder
from ..protocol.extensions import Reference
from ..protocol.packets import Kind, ObjectEntry
from . import access
from .calls import callHandler, refusalHandler, writeHandler
from .courier import Courier, courierTo
from .ears import Ears
from .family import Family
from .forwarding import sendUpdate
from .lifetime import living, nothing, referenceTo
from .mailbox import Mailbox
from .mentions import address, below
from .snapshots import attach, bringComing

__all__ = ["Source", "StandIn"]

#: How long the end of a thread may take, in milliseconds, before its objects are read anyhow.
_ENDING = 1000
#: What PySide has no Python for, each told once.
_unknownTypes: set[str] = set()


class StandIn(Protocol):
    """What is shared in the place of another object: a model's adapter."""

    def original(self) -> QObject | None:
        """That object, while it lives."""

    def heldBy(self, holder: Source, property: int) -> None:
        """A property holds it, maybe one more; told while a packet is packed."""

    def end(self) -> None:
        """It is shared no longer."""


class Source:
    """One shared object. It holds no reference to it: a host does not own what it shares.

    A source connects to the object's signals when its first subscriber arrives and disconnects
    when the last one leaves: what nobody watches costs nothing.
    """

    def __init__(
        self,
        obj: QObject,
        name: str,
        typeName: str,
        base: int,
        encoder: Encoder,
        inbox: Mailbox,
        maxCalls: int,
        family: Family,
        interface: Interface | None = None,
        child: bool = False,
        standIn: StandIn | None = None,
    ) -> None:
        self.name = name
        self.base = base
        #: Whether it is shared because a property holds it, and not by its name.
        self.child = child
        #: Whether some peers may not know of it: what it holds is not named by its place.
        self.veiled = False
        #: Where a child was held when that was last told; its name says where it was met first.
        self.place = name.rpartition("~")[0] if child else ""
        self.family = family
        self.standIn = standIn
        original = standIn.original() if standIn is not None else obj
        self.address = address(original or obj)
        #: How packets refer to it where a property holds it.
        self.manner = Reference.HELD if child else Reference.NAMED
        #: By property, the sources of the objects that it holds (as keys, in order).
        self.refs: dict[int, dict[Source, None]] = {}
        #: The properties that are to be sent again (see refresh).
        self._refreshing: dict[int, bool] = {}
        #: The sources one of whose properties holds this one's object.
        self.holders: set[Source] = set()
        #: Given when the object is a replica: its source's, as members of its own class are none.
        self.mirrored = interface is not None
        self.interface: Interface = interface or interfaceOfObject(obj)
        self.entry = ObjectEntry(name, typeName, self.interface.signature)
        self.encoder = encoder
        self.inbox = inbox
        #: The thread of the node, whose links these are.
        self.home = threading.get_ident()
        #: The functions that read the properties, each made when it is needed first.
        self._readers: dict[int, Callable[[Any], Any]] = {}
        #: The object while it lives.
        self.reference: Callable[[], Any] = referenceTo(obj)
        #: The subscribers; replaced, never changed, as emissions iterate over it.
        self.links: tuple[Link, ...] = ()
        #: Hands calls to the object's thread, when that is not the node's.
        self.courier: Courier | None = None
        #: The object's thread.
        self.thread = QObject.thread(obj)
        #: The links' batch for which the thread was looked at.
        self.batch = -1
        #: The calls that the courier has, or that run in the object's thread.
        self.calling: set[Any] = set()
        self._destroyed: Callable[[], object] | None = None
        self._watched: Callable[[], Any] = nothing
        #: Hears the object's signals while somebody is subscribed.
        self._ears = Ears(self)
        self.maxCalls = maxCalls
        #: The slots that change nothing: for clients that may only read, as well.
        self.reading: frozenset[str] = frozenset()
        self.closed = False
        #: The subscribers whose snapshot is being taken, with that attempt.
        self.coming: dict[Link, Any] = {}
        #: Whether an emission of another thread was sent since the last snapshot began.
        self.overtaken = False
        self._follow(obj)
        if self.courier is None:
            self._ears.prepare(obj)

    @property
    def size(self) -> int:
        """How many channels the source has."""
        i = self.interface
        return len(i.signals) + len(i.slots) + len(i.properties)

    def reader(self, obj: QObject, index: int) -> Callable[[Any], Any]:
        """A function that reads property number `index` from the object."""
        found = self._readers.get(index)
        if found is None:
            found = self._readers[index] = access.reader(obj, self.interface.properties[index])
        return found

    @property
    def dead(self) -> bool:
        """Whether the object was deleted."""
        return living(self.reference()) is None

    def original(self) -> QObject | None:
        """The object that peers mean by it, while it lives."""
        return living(self.standIn.original() if self.standIn is not None else self.reference())

    @property
    def path(self) -> str:
        """What the places of all that it holds begin with."""
        return below(self.place) if self.child else self.name

    def heldAt(self, place: str, holder: Source) -> None:
        """A holder is about to tell where it has this object."""
        # Whoever sees the child by another way is not to learn of a holder that is hidden from it.
        if self.child and not (self.veiled or holder.veiled):
            self.place = place

    @property
    def held(self) -> list[Source]:
        """The sources of all objects that its properties hold."""
        return list(dict.fromkeys(child for held in self.refs.values() for child in held))

    # Threads

    @property
    def elsewhere(self) -> bool:
        """Whether the object lives in another thread, and that thread runs."""
        thread = living(self.thread)
        return self.courier is not None and thread is not None and thread.isRunning()

    def checkThread(self, batch: int) -> None:
        """Notice, once a batch of packets, that the object was moved to another thread."""
        self.batch = batch
        obj = self.reference()
        if obj is not None and isValid(obj) and QObject.thread(obj) != self.thread:
            self._follow(obj)

    def _follow(self, obj: QObject) -> None:
        self.thread = QObject.thread(obj)
        self._dismissCourier()
        if self.thread is not None and self.thread != QThread.currentThread():
            self.courier = courierTo(self.thread)
            self.courier.join(self)

    def _dismissCourier(self) -> None:
        courier, self.courier = self.courier, None
        if courier is not None:
            courier.leave(self)

    def threadFinished(self) -> None:
        """Nobody runs what the object's thread had left to do."""
        self.atHome(self._threadOver)

    def _threadOver(self) -> None:
        if self.courier is None or self.elsewhere:
            return
        for job in list(self.calling):
            job.failed(RuntimeError("the thread that the source lives in has ended"))
        bringComing(self)

    def awaitThread(self) -> None:
        """The object's thread runs no more, but may still be deleting what it was to delete."""
        thread = living(self.thread)
        if self.courier is not None and thread is not None:
            thread.wait(_ENDING)

    def watch(self, obj: QObject, destroyed: Callable[[], object]) -> None:
        """Have `destroyed` called when the object is, unless the source was closed before."""

        def gone() -> None:
            self._destroyed = None  # nothing of it can be disconnected any more
            destroyed()

        self._destroyed = gone
        self._watched = referenceTo(obj)
        obj.destroyed.connect(gone)

    def atHome(self, call: Callable[..., object], *args: Any) -> None:
        """Run a call in the node's thread: now when this is it, else behind what waits there."""
        if threading.get_ident() == self.home:
            call(*args)
        else:
            self.inbox.post(call, *args)

    # Subscribers

    def attach(self, link: Link, wantsInterface: bool) -> None:
        """Send a link the object's state, and from then on what changes."""
        attach(self, link, wantsInterface)

    def knows(self, link: Link) -> bool:
        """Whether a link is a subscriber, or about to be one."""
        return link in self.links or link in self.coming

    @property
    def subscribers(self) -> list[Link]:
        """All links that are, or are about to be."""
        return [*self.links, *(link for link in self.coming if link not in self.links)]

    def readAll(self, obj: QObject, properties: Sequence[int] | None = None) -> list[Any] | None:
        """The values of all properties, or of some; in the object's thread.

        None when the object was deleted, which reading one of them may do.
        """
        values = []
        for index in range(len(self.interface.properties)) if properties is None else properties:
            if not isValid(obj):
                return None
            values.append(self.read(obj, index))
        return values

    def read(self, obj: QObject, index: int) -> Any:
        """The value of a property, None where that cannot be read; in the object's thread."""
        try:
            return self.reader(obj, index)(obj)
        except Exception as error:
            if not isValid(obj):
                return None  # that is why
            prop = self.interface.properties[index]
            if access.unknownType(error):
                if prop.type not in _unknownTypes:
                    _unknownTypes.add(prop.type)
                    log.core.warning("%s.%s: %s; it is None", self.name, prop.name, error)
            else:
                log.core.exception(f"{self.name}.{prop.name}: the property cannot be read", error)
            return None

    def refresh(self, index: int, stale: bool = False) -> None:
        """Send again what a property holds, when the event loop comes round.

        If it is `stale`, only when something that has ended is held still then.
        """
        if self.closed:
            return  # with its host, maybe, whose inbox is deleted
        first = not self._refreshing
        if self._refreshing.setdefault(index, stale) and not stale:
            self._refreshing[index] = False
        if first:
            # Not by the inbox, which is emptied in the middle of other things.
            QTimer.singleShot(0, self.inbox, lambda: self._refresh())

    def _refresh(self) -> None:
        refreshing, self._refreshing = self._refreshing, {}
        for index, stale in refreshing.items():
            if not stale or any(child.closed for child in self.refs.get(index, ())):
                self._refreshNow(index)

    def _refreshNow(self, index: int) -> None:
        if self.elsewhere:
            assert self.courier is not None
            self.courier.post(self._reread, index)
        else:
            self._reread(index)

    def _reread(self, index: int) -> None:
        obj = living(self.reference())
        if obj is not None and self.links:
            self.atHome(sendUpdate, self, index, self.read(obj, index))

    def detach(self, link: Link) -> None:
        """Forget a subscriber."""
        self.coming.pop(link, None)
        self.links = tuple(other for other in self.links if other is not link)
        self.disconnectIfAlone()

    def disconnectIfAlone(self) -> None:
        """Stop listening to the object when nobody is, or is about to be, subscribed."""
        if not (self.links or self.coming):
            self._ears.close(self.closed)

    def connectSignals(self, obj: QObject) -> None:
        """Listen to the object, unless that is done; in its thread."""
        self._ears.open(obj)

    def abandon(self) -> None:
        """Let go of the object because the host is being deleted, with all links."""
        self.links = ()
        self.coming.clear()
        self.close("the host was deleted")

    def close(self, reason: str) -> None:
        """Tell all subscribers that the object is shared no longer, and let go of it."""
        # Those whose snapshot is not there yet as well, unless they asked for nothing and were told
        # nothing: of a child.
        asking = [link for link, attempt in self.coming.items() if attempt.asked]
        links = dict.fromkeys((*self.links, *asking))
        self.links = ()
        self.coming.clear()
        self.closed = True
        self.disconnectIfAlone()
        obj = living(self._watched())
        if self._destroyed is not None and obj is not None:
            try:
                obj.destroyed.disconnect(self._destroyed)
            except RuntimeError:
                pass  # it is being deleted, by its parent: QML's objects are valid still
        self._destroyed, self._watched = None, nothing
        for job in list(self.calling):
            job.failed(ReferenceError(reason))
        for link in links:
            link.sendPacket([int(Kind.RemoveObject), self.name, reason])
        self._dismissCourier()
        # The last: whoever is connecting in another thread still has to find the object.
        self.reference = nothing
        standIn, self.standIn = self.standIn, None
        if standIn is not None:
            standIn.end()

    # What comes in

    def memberName(self, offset: int) -> str:
        """What the member with the source's channel number `offset` is called."""
        return f"{self.name}.{self._member(offset)}"

    def _member(self, offset: int) -> str:
        i = self.interface
        names = [each.name for each in i.signals]
        names += [each.name for each in i.slots]
        names += [each.name for each in i.properties]
        return names[offset]

    def handler(self, link: Link, offset: int, readOnly: bool = False) -> Handler:
        """The handler of one of the source's channels for one subscriber."""
        i = self.interface
        slot = offset - len(i.signals)
        if slot < 0:
            return lambda packet: log.io.warning(
                "%s: a peer cannot emit %s", link.peer, self.memberName(offset)
            )
        if readOnly and self._member(offset) not in self.reading:
            return refusalHandler(self, link, self.memberName(offset))
        if slot < len(i.slots):
            return callHandler(self, link, slot)
        return writeHandler(self, link, slot - len(i.slots))

    def shrinkable(self, channel: int) -> bool:
        """Whether a channel carries property changes, of which the latest says it all."""
        index = channel - self.base
        return 0 <= index < len(self.interface.signals) and bool(self.interface.notified[index])
