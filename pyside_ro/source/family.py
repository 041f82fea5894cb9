"""The family of a host: the objects that its sources' properties hold, shared because of that.

Knows sources and links. Such an object is a source of its own, a child, which nobody finds by
name. A client is told of it before it is told that a property holds it, children first, and that
it is gone when nothing that the client is subscribed to leads to it any more. The host alone
decides that: it knows what it sent.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QAbstractItemModel, QObject

from .. import log
from ..errors import CannotCross
from ..link import Link
from ..protocol.extensions import Reference
from ..protocol.packets import Kind
from .mentions import Mentions, address
from .snapshots import attachChildren

if TYPE_CHECKING:
    from .source import Source

__all__ = ["Family", "Subscriber"]

#: How many warnings are remembered, not to be given again.
_TELL = 1000
_UNHELD = "no property holds it any more"


class Subscriber(Protocol):
    """A host's side of a connection, as far as children concern it."""

    #: The signatures of the interfaces that were sent with a child.
    interfaces: set[str]

    def take(self, source: Source) -> bool:
        """Subscribe the client to a child; False when it has too many subscriptions."""

    def drop(self, source: Source) -> None:
        """Take nothing more for a child from the client."""

    def asked(self, source: Source) -> bool:
        """Whether the client asked for it by its name, and was not only told of it."""


class Family:
    """Who holds whom.

    `share(obj, name, holder, property)` makes a child's source, or gives None if it cannot.
    """

    def __init__(self, share: Callable[[QObject, str, Source, int], Source | None]) -> None:
        self._share = share
        #: Tells clients after a loss of the connection whether this is the same host.
        self.instance = uuid.uuid4().hex
        self.subscribers: dict[Link, Subscriber] = {}
        #: By the object's address: what is shared by a name, and the children.
        self._named: dict[int, Source] = {}
        self._children: dict[int, Source] = {}
        #: What children are called as long as the objects live, so that a client finds them again.
        self._names: dict[int, str] = {}
        self._count = itertools.count(1)
        #: Children that were made and may have no subscriber.
        self._young: list[Source] = []
        self._told: set[str] = set()
        #: Replicas that are not initialized, with the properties that hold them.
        self._awaited: dict[int, set[tuple[Source, int]]] = {}

    # The members

    def sourceOf(self, obj: QObject) -> Source | None:
        """The source of an object that is shared, by its name or as a child."""
        key = address(obj)
        return self._named.get(key) or self._children.get(key)

    def named(self, obj: QObject) -> tuple[Reference, str]:
        """Name an object that is shared already. Raises CannotCross."""
        found = self.sourceOf(obj)
        if found is None:
            raise CannotCross(
                f"a {type(obj).__name__} is not shared: give it to enableRemoting(){_models(obj)}, "
                "or have a "
                "property of a shared object hold it (by itself, in a list, tuple, set or dict)"
            )
        return Reference.PASSED if found.child else Reference.NAMED, found.name

    @property
    def children(self) -> list[Source]:
        """What is shared because a property holds it."""
        return list(self._children.values())

    def enroll(self, source: Source) -> None:
        """An object is shared by a name now."""
        if source.standIn is None and isinstance(source.reference(), QAbstractItemModel):
            return  # as the QObject that it is, and not as the model that a property holds
        self._named.setdefault(source.address, source)

    def adopt(self, obj: QObject, path: str, holder: Source, property: int) -> Source | None:
        """The source of an object that a property holds, made when there is none.

        None when nobody knows yet what the object offers: a replica that is not initialized.
        """
        found = self.sourceOf(obj)
        if found is not None:
            if found.child and found.standIn is not None:
                found.standIn.heldBy(holder, property)
            return found
        key = address(obj)
        # Whoever sees the child by another way is not to learn of a holder that is hidden from it.
        name = self._names.get(key) or f"{'' if holder.veiled else path}~{next(self._count)}"
        child = self._share(obj, name, holder, property)
        if child is None:
            return None
        child.veiled = name.startswith("~")
        if key not in self._names:
            self._names[key] = name
            names = self._names
            obj.destroyed.connect(lambda *_: names.pop(key, None))
        self._children[key] = child
        self._young.append(child)
        return child

    def await_(self, replica: Any, holder: Source, index: int) -> None:
        """Tell of a replica that a property holds once it is initialized (see proxies)."""
        key = address(replica)
        waiting = self._awaited.setdefault(key, set())
        if not waiting:

            def initialized() -> None:
                for source, property in self._awaited.pop(key, ()):
                    source.refresh(property)

            replica._ro_own[0].connect(initialized)
            replica.destroyed.connect(lambda *_: self._awaited.pop(key, None))
        waiting.add((holder, index))

    def tellOnce(self, text: str) -> None:
        """Warn of what a program's class says wrongly."""
        if text not in self._told and len(self._told) < _TELL:
            self._told.add(text)
            log.core.warning("%s", text)

    def forget(self, source: Source) -> None:
        """An object is shared no longer, or was deleted; from any thread."""
        for table in (self._named, self._children):
            if table.get(source.address) is source:
                table.pop(source.address, None)

    # Who holds whom

    def fresh(self, link: Link, mentions: Mentions) -> list[Source]:
        """The sources that a subscriber has to hear of before the packet that mentions them."""
        if not mentions.held:
            return []
        return [child for child in mentions.sources if not child.knows(link)]

    def hold(self, source: Source, properties: Iterable[int], mentions: Mentions) -> None:
        """Take down what a source's properties hold, as was just sent."""
        lost: dict[Source, None] = {}
        for index in properties:
            new = dict.fromkeys(mentions.held.get(index, ()))
            old = source.refs.get(index, {})
            if not new and not old:
                continue
            if new:
                source.refs[index] = new
            else:
                del source.refs[index]
            for child in new:
                child.holders.add(source)
            lost.update((child, None) for child in old if child not in new)
        if lost:
            still = {child for held in source.refs.values() for child in held}
            gone = [child for child in lost if child not in still]
            for child in gone:
                child.holders.discard(source)
            for link in {link for child in gone for link in child.subscribers}:
                self._check(link, gone)
        self.tidy()

    def _check(self, link: Link, candidates: Iterable[Source]) -> None:
        """Tell one subscriber which of some children it does not see any more."""
        work = list(candidates)
        while work:
            child = work.pop()
            if not child.knows(link) or self._reached(child, link):
                continue
            self._drop(child, link)
            if link in child.links:
                # It may be shared by a name still, which is no news.
                link.sendPacket([int(Kind.RemoveObject), child.name, _UNHELD, True])
            child.detach(link)
            work += child.held
            self._settle(child)

    def _drop(self, child: Source, link: Link) -> None:
        subscriber = self.subscribers.get(link)
        if subscriber is not None:
            subscriber.drop(child)

    @staticmethod
    def roots(source: Source, link: Link) -> set[Source]:
        """Through which sources, shared by their names, a subscriber reaches one."""
        return {found for found in _holders(source, link) if not found.child}

    def _reached(self, source: Source, link: Link) -> bool:
        asked = self.subscribers[link].asked if link in self.subscribers else None
        return any(
            not found.child and (asked is None or asked(found)) for found in _holders(source, link)
        )

    def _settle(self, source: Source) -> None:
        """Nobody is subscribed to it any more: nothing is held by it, and a child is no source."""
        if source.subscribers:
            return
        self._letGo(source)
        if source.child:
            self.forget(source)
            source.close(_UNHELD)

    @staticmethod
    def _letGo(source: Source) -> list[Source]:
        """It holds nothing any more; gives what it held."""
        held = source.held
        source.refs.clear()
        for child in held:
            child.holders.discard(source)
        return held

    def tidy(self) -> None:
        """End children that were made for a packet that was not sent."""
        while self._young:
            self._settle(self._young.pop())

    # What ends

    def left(self, source: Source, link: Link) -> None:
        """A subscriber has left a source; what only that led to leaves with it."""
        held = source.held
        self._settle(source)
        self._check(link, held)

    def bring(self, links: Iterable[Link], mentions: Mentions) -> None:
        """Tell subscribers of the objects in a packet that goes to them next."""
        for link in links:
            attachChildren(self.fresh(link, mentions), link)

    def gone(self, link: Link, sources: Iterable[Source]) -> None:
        """A subscriber's connection has ended, and it was detached from its sources."""
        self.subscribers.pop(link, None)
        for source in sources:
            self._settle(source)

    def ended(self, source: Source, links: Iterable[Link]) -> None:
        """A source was closed: what it held, and what held it, is looked at again."""
        self.forget(source)
        held, holders = self._letGo(source), list(source.holders)
        for child in held:
            self._settle(child)
        for link in links:
            self._check(link, held)
        for holder in holders:
            for index, children in list(holder.refs.items()):
                if source in children:
                    holder.refresh(index, stale=True)

    def deleted(self, child: Source) -> None:
        """A child's object was deleted."""
        if child.closed:
            return
        links = child.subscribers
        for link in links:
            self._drop(child, link)
        child.close("it was deleted")
        self.ended(child, links)


def _models(obj: QObject) -> str:
    return ", with roles" if isinstance(obj, QAbstractItemModel) else ""


def _holders(source: Source, link: Link) -> Iterable[Source]:
    """A source and all that lead to it, as far as a subscriber sees."""
    seen = {source}
    work = [source]
    while work:
        found = work.pop()
        yield found
        for holder in found.holders:
            if holder not in seen and holder.knows(link):
                seen.add(holder)
                work.append(holder)
