"""A source's state, taken and sent to a subscriber; the objects that it holds are sent before it.

Knows sources, links and packets. A snapshot is taken in the object's own thread; between it and
what changes later nothing is lost, and nothing comes twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .. import log
from ..errors import CannotCross
from ..link import Link
from ..protocol.codec import Encoder
from ..protocol.packets import Kind
from .lifetime import living
from .mentions import Mentions

if TYPE_CHECKING:
    from .source import Source

__all__ = ["attach", "attachChildren", "bringComing"]

#: How often a snapshot is taken again because other threads emitted in the middle of it, or
#: because it is to wait for those of other threads.
_ATTEMPTS = 200
#: How often because reading it made objects that were not there before.
_ROUNDS = 3


class _Attempt:
    """A subscriber on its way: what it asked for, and for which source it was begun."""

    __slots__ = ("left", "waits", "wantsInterface")

    def __init__(self, wantsInterface: bool | None = None) -> None:
        #: None: it is told of a child, and asked for nothing.
        self.wantsInterface = wantsInterface
        #: How often the snapshot may still be taken again.
        self.left = _ATTEMPTS
        #: The sources that are to come first.
        self.waits: list[Source] = []

    @property
    def asked(self) -> bool:
        """Whether the subscriber asked for it, and waits."""
        return self.wantsInterface is not None


def attach(source: Source, link: Link, wantsInterface: bool) -> None:
    """Send a subscriber the source's state, and what changes from then on."""
    _bring(_begun([source], link, wantsInterface), link)


def attachChildren(children: Iterable[Source], link: Link) -> None:
    """Send a subscriber the state of what properties hold, and what changes from then on."""
    _bring(_begun(children, link), link)


def bringComing(source: Source) -> None:
    """The thread that was asked for the state has ended: give it to who waits, from here."""
    if not source.inbox.draining:
        source.inbox.drain()  # it may have answered
    for link in list(source.coming):
        _bring([source], link)


def _begun(
    sources: Iterable[Source], link: Link, wantsInterface: bool | None = None
) -> list[Source]:
    """Have sources of other threads asked for their state; give those of this one."""
    here = []
    for source in sources:
        source.checkThread(link.batch)
        source.coming[link] = attempt = _Attempt(wantsInterface)
        if source.elsewhere:
            _ask(source, link, attempt)
        else:
            here.append(source)
    return here


def _bring(sources: list[Source], link: Link) -> None:
    """Send the state of sources of this thread, that of their children before it."""
    work = sources[::-1]
    rounds: dict[Source, int] = {}
    while work:
        current = work[-1]
        attempt = current.coming.get(link)
        values = _read(current) if attempt is not None else None
        if attempt is None or values is None:
            if current.closed:  # else it will be, and says so to who is coming
                current.coming.pop(link, None)
            work.pop()
            continue
        done = rounds[current] = rounds.get(current, 0) + 1
        packet, mentions = _pack(current, link, attempt, values)
        fresh = current.family.fresh(link, mentions) if done <= _ROUNDS else []
        over = [child for child in mentions.sources if _isOver(child, link) and child not in work]
        work += [*_begun(fresh, link), *over][::-1]
        if not (fresh or over):
            work.pop()
            _send(current, link, attempt, packet, mentions)


def _isOver(source: Source, link: Link) -> bool:
    """Whether a subscriber waits for the answer of a thread that has ended."""
    return source.courier is not None and link in source.coming and not source.elsewhere


def _read(source: Source) -> list[Any] | None:
    source.awaitThread()
    obj = living(source.reference())
    if obj is None:
        return None
    source.connectSignals(obj)
    if source.inbox.draining:
        # For a packet from another thread, that mentions it: those behind it must not overtake it.
        return source.readAll(obj)
    values: list[Any] | None = []
    for _ in range(_ATTEMPTS):
        # What other threads emitted before is not to follow the snapshot that holds it.
        source.inbox.drain()
        values = source.readAll(obj)
        if values is None or not source.inbox.waiting:
            break
    return values


# A source of another thread


def _ask(source: Source, link: Link, attempt: _Attempt) -> None:
    assert source.courier is not None
    source.courier.post(_there, source, link, attempt)


def _there(source: Source, link: Link, attempt: _Attempt) -> None:
    obj = living(source.reference())
    if obj is None or source.closed:
        return
    source.connectSignals(obj)
    source.inbox.post(_beginning, source)
    values = source.readAll(obj)
    if values is not None:
        source.inbox.post(_done, source, link, attempt, values)


def _beginning(source: Source) -> None:
    source.overtaken = False


def _done(source: Source, link: Link, attempt: _Attempt, values: list[Any]) -> None:
    if source.coming.get(link) is not attempt or link.closed or source.closed:
        source.disconnectIfAlone()
        return
    packet, mentions = _pack(source, link, attempt, values)
    # A third thread's change may have missed the snapshot and the new subscriber both.
    fresh = source.family.fresh(link, mentions)
    attachChildren(fresh, link)
    # Children come first, but those that wait for this one in turn.
    coming = [child for child in mentions.sources if link in child.coming]
    attempt.waits = [child for child in coming if not _waitsFor(child, source, link)]
    again = source.overtaken or fresh or attempt.waits
    if again and attempt.left and source.elsewhere:
        attempt.left -= 1
        _ask(source, link, attempt)
    else:
        _send(source, link, attempt, packet, mentions)


def _waitsFor(child: Source, source: Source, link: Link) -> bool:
    seen = {child}
    work = [child]
    while work:
        found = work.pop()
        if found is source:
            return True
        attempt: _Attempt | None = found.coming.get(link)
        for other in attempt.waits if attempt is not None else ():
            if other not in seen:
                seen.add(other)
                work.append(other)
    return False


# The packet

_Packed = tuple[bytes, Any]


def _pack(
    source: Source, link: Link, attempt: _Attempt, values: list[Any]
) -> tuple[_Packed, Mentions]:
    wants = attempt.wantsInterface
    tail: list[Any] = []
    if wants is None:
        kind = Kind.Child
        subscriber = source.family.subscribers.get(link)
        known = subscriber is not None and source.entry.signature in subscriber.interfaces
        tail = [source.entry.typeName, source.entry.signature]
        tail += [None if known else source.interface.toWire(), not source.child]
        if source.place != source.name.rpartition("~")[0] and source.child:
            tail.append(source.place)
    elif wants:
        kind = Kind.InitDynamicPacket
        tail = [source.interface.toWire()]
    else:
        kind = Kind.InitPacket
    packet = [int(kind), source.name, source.base, values, *tail]
    mentions = Mentions(source, range(len(values)), values)
    try:
        return link.encoder.pack(packet, mentions), mentions
    except CannotCross:
        sizes = _leaveOut(source, values)
    while True:
        mentions = Mentions(source, range(len(values)), values)
        try:
            return link.encoder.pack(packet, mentions), mentions
        except CannotCross as error:
            if not sizes:
                raise
            # Each can cross, but not all of them at once.
            largest = max(sizes, key=sizes.__getitem__)
            del sizes[largest]
            _empty(source, values, largest, error)


def _leaveOut(source: Source, values: list[Any]) -> dict[int, int]:
    """Replace by None what cannot cross; give the sizes of the others, in bytes, by property."""
    encoder = Encoder(source.encoder.limits)
    sizes: dict[int, int] = {}
    for index, value in enumerate(values):
        try:
            data, segments = encoder.pack([value], Mentions(source, [index], [value]))
        except CannotCross as error:
            _empty(source, values, index, error)
        else:
            sizes[index] = len(data) + sum(len(buffer) for _, buffer in segments or ())
    return sizes


def _empty(source: Source, values: list[Any], index: int, error: CannotCross) -> None:
    """Replace a value by None, and say so: a snapshot has no sender to raise at."""
    name = source.interface.properties[index].name
    log.core.warning("property %s.%s is None at replicas: %s", source.name, name, error)
    values[index] = None


def _send(
    source: Source, link: Link, attempt: _Attempt, packet: _Packed, mentions: Mentions
) -> None:
    if source.coming.get(link) is attempt:
        del source.coming[link]
    family = source.family
    subscriber = family.subscribers.get(link)
    refused = attempt.wantsInterface is None and (
        subscriber is None or (link not in source.links and not subscriber.take(source))
    )
    if link.closed or source.closed or refused:
        source.disconnectIfAlone()
        family.tidy()
        return
    if subscriber is not None and attempt.wantsInterface is None:
        subscriber.interfaces.add(source.entry.signature)
    link.send(*packet)
    if link not in source.links:
        source.links = (*source.links, link)
    family.hold(source, range(len(source.interface.properties)), mentions)
