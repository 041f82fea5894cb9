"""The life of a signal, first half: one closure a signal, from emission to a link's frame.

Knows packets' bytes and links. This is the hot path: whatever can be known when the closure is
made is not looked up when it runs.
"""

from __future__ import annotations

import copy
import itertools
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

from PySide6.QtCore import QObject

from .. import log
from ..errors import CannotCross
from ..link import FULL
from ..protocol.codec import Encoder
from ..protocol.extensions import Reference
from ..protocol.packets import Kind
from ..protocol.values import SEGMENT_SIZE, settled
from .mentions import Mentions

if TYPE_CHECKING:
    from .source import Source

__all__ = ["forwarder"]

#: Values of these types are never large buffers themselves; what they hold seldom is anything
#: but plain, and then packs by the general way.
_PLAIN = frozenset(
    ("bool", "int", "uint", "short", "ushort", "long", "ulong", "qlonglong", "qulonglong")
    + ("float", "double", "QString", "QVariantList", "QVariantMap", "QStringList")
)
_get_ident = threading.get_ident
_foreign = threading.local()


def forwarder(source: Source, obj: QObject, index: int) -> Callable[..., None]:
    """The closure to connect to signal number `index` of the source's object.

    It may run in any thread: in the node's it appends to the links' frames, in another it packs
    there and hands the bytes over, in order.
    """
    signal = source.interface.signals[index]
    properties = source.interface.notified[index]
    channel = source.base + index
    home = source.home
    packPlain = source.encoder.packPlain
    reference = source.reference
    #: While a property holds an object, it is seen to what becomes of that.
    holding = source.refs
    readers = [source.reader(obj, i) for i in properties]
    kinds = [*signal.types, *(source.interface.properties[i].type for i in properties)]
    plain = _PLAIN.issuperset(kinds)

    raw = [i + 1 for i, kind in enumerate(signal.types) if kind == "QByteArray"]
    if raw and not readers and _PLAIN.issuperset({*signal.types} - {"QByteArray"}):
        # Small ones go as plain bytes: the replica's signal makes a QByteArray of them again.

        def forwardBytes(*args: Any) -> None:
            packet = [channel, *args]
            if _get_ident() != home:
                _sendForeign(source, index, packet)
                return
            try:
                for place in raw:
                    value = packet[place]
                    if value.size() >= SEGMENT_SIZE:
                        _send(source, index, [channel, *args])
                        return
                    packet[place] = value.data()
                data = packPlain(packet)
            except Exception:
                _send(source, index, [channel, *args])
                return
            for link in source.links:
                link.send(data)

        return forwardBytes

    if not readers:

        def forward(*args: Any) -> None:
            if _get_ident() != home:
                _sendForeign(source, index, [channel, *args])
                return
            if not plain:
                _send(source, index, [channel, *args])
                return
            try:
                data = packPlain([channel, *args])
            except Exception:
                _send(source, index, [channel, *args])
                return
            try:
                for link in source.links:
                    out = link.out
                    out += data
                    if len(out) > FULL:
                        link.full(data)
                    elif not link.awake:
                        link.wake()
            except CannotCross as error:
                raise _blame(source, index, [channel, *args], error) from None

        return forward

    def readAll() -> list[Any] | None:
        obj = reference()
        if obj is None:
            return None
        try:
            return [read(obj) for read in readers]
        except Exception:
            # The one that cannot be read must not keep the others, and the signal, from anybody.
            return source.readAll(obj, properties)

    if len(readers) == 1:
        read = readers[0]

        def forwardOne(*args: Any) -> None:
            if _get_ident() != home or not plain or holding:
                forwardAll(*args)
                return
            try:
                data = packPlain([channel, read(reference()), *args])
            except Exception:
                forwardAll(*args)
                return
            try:
                for link in source.links:
                    out = link.out
                    out += data
                    if len(out) > FULL:
                        link.full(data)
                    elif not link.awake:
                        link.wake()
            except CannotCross as error:
                raise _blame(source, index, [channel, *args], error) from None

    def forwardAll(*args: Any) -> None:
        values = readAll()
        if values is None:
            return
        if _get_ident() != home:
            _sendForeign(source, index, [channel, *values, *args])
        else:
            _send(source, index, [channel, *values, *args])

    return forwardOne if len(readers) == 1 else forwardAll


def _blame(source: Source, index: int, packet: list[Any], error: CannotCross) -> CannotCross:
    """The error with the object, the member and the value concerned."""
    signal = source.interface.signals[index]
    properties = [source.interface.properties[i] for i in source.interface.notified[index]]
    labels = [f"property {source.name}.{p.name}" for p in properties]
    labels += [
        f"argument {i + 1} of signal {source.name}.{signal.name}" for i in range(len(packet))
    ]
    encoder = Encoder(source.encoder.limits)
    atHome = _get_ident() == source.home
    indexes = [[i] for i in source.interface.notified[index]]
    places = itertools.chain(indexes, itertools.repeat([]))
    for label, value, place in zip(labels, packet[1:], places, strict=False):
        try:
            encoder.pack([value], Mentions(source, place, [value]) if atHome else _anyName)
        except CannotCross as cause:
            return CannotCross(f"{label}: {cause}")
    return CannotCross(f"signal {source.name}.{signal.name}: {error}")


def _spare(
    send: Callable[[Source, int, list[Any]], None],
    source: Source,
    index: int,
    packet: list[Any],
    error: CannotCross,
) -> NoReturn:
    """Raise for a value that cannot cross; first, send the other properties of the same signal.

    A property that cannot cross is None at replicas, as in a snapshot. Where nothing else changed,
    or where it is an argument of the signal, nothing is sent.
    """
    blamed = _blame(source, index, packet, error)
    encoder = Encoder(source.encoder.limits)
    atHome = _get_ident() == source.home
    spared = list(packet)
    bad = 0
    for place, prop in enumerate(source.interface.notified[index], 1):
        value = packet[place]
        try:
            encoder.pack([value], Mentions(source, [prop], [value]) if atHome else _anyName)
        except CannotCross:
            spared[place] = None
            bad += 1
    if 0 < bad < len(source.interface.notified[index]):
        with suppress(CannotCross):
            send(source, index, spared)
    raise blamed from None


def _send(source: Source, index: int, packet: list[Any]) -> None:
    properties = source.interface.notified[index]
    mentions = Mentions(source, properties, packet[1:])
    try:
        data, segments = source.encoder.pack(packet, mentions)
    except CannotCross as error:
        _spare(_send, source, index, packet, error)
    _sendTo(source, properties, mentions, data, segments)


def _sendTo(
    source: Source, properties: Sequence[int], mentions: Mentions, data: bytes, segments: Any
) -> None:
    """Send a packet to all subscribers, what it mentions before it."""
    links = source.links
    if mentions.held:
        source.family.bring(links, mentions)
    for link in links:
        link.send(data, segments)
    if mentions.held or source.refs:
        source.family.hold(source, properties, mentions)


def sendUpdate(source: Source, index: int, value: Any) -> None:
    """Send what a property is, without its signal."""
    if source.closed:
        return
    mentions = Mentions(source, [index], [value])
    packet = [int(Kind.Update), source.name, index, value]
    try:
        data, segments = source.encoder.pack(packet, mentions)
    except CannotCross as error:
        prop = source.interface.properties[index]
        log.core.warning("property %s.%s was not sent: %s", source.name, prop.name, error)
        return
    _sendTo(source, [index], mentions, data, segments)


class _Object(CannotCross):
    """An object was met: only the node's thread can share it."""


def _anyName(_: object) -> tuple[Reference, str]:
    return Reference.NAMED, ""


def _elsewhere(_: object) -> NoReturn:
    raise _Object("an object")


def _sendForeign(source: Source, index: int, packet: list[Any]) -> None:
    limits = source.encoder.limits
    encoder: Encoder | None = getattr(_foreign, "encoder", None)
    if encoder is None or encoder.limits is not limits:
        encoder = _foreign.encoder = Encoder(limits)
    try:
        if source.refs:
            raise _Object("an object may have been there")
        data, segments = encoder.pack(packet, _elsewhere)
    except _Object:
        source.inbox.post(_sendAtHome, source, index, list(map(_kept, packet)))
        return
    except CannotCross as error:
        _spare(_sendForeign, source, index, packet, error)
    if segments:
        # The emitter may change its arrays before the node's thread comes round.
        segments = settled(segments)
    size = len(data) + sum(len(buffer) for _, buffer in segments or ())
    source.inbox.post(_deliver, source, data, segments, size=size)


def _kept(value: Any) -> Any:
    """What its owner may change before it is packed."""
    return copy.copy(value) if type(value) in (list, dict, set) else value


def _sendAtHome(source: Source, index: int, packet: list[Any]) -> None:
    source.overtaken = True
    if source.links:
        _send(source, index, packet)


def _deliver(source: Source, data: bytes, segments: Any) -> None:
    source.overtaken = True
    for link in source.links:
        link.send(data, segments)
