"""Calls and property writes that come in for a source: run, then answered.

Knows packets' bytes and links. Each handler is made when its channel is first used by a link.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .. import log
from ..errors import CannotCross, ConnectionLost, LimitExceeded, RemoteError
from ..link import FULL, Link
from ..link.channels import Handler
from ..protocol.packets import Kind
from .access import converter, invoker, writer
from .caller import callerOf, tellingCaller, wantsCaller
from .coroutines import startCoroutine

if TYPE_CHECKING:
    from .source import Source

__all__ = ["callHandler", "refuse", "writeHandler"]

_REPLY = int(Kind.InvokeReplyPacket)
_PLAIN = frozenset({type(None), bool, int, float, str})
#: Argument types that are known to need no conversion, remembered per slot up to this many.
_REMEMBERED = 64


def refuse(link: Link, serial: object, error: BaseException, member: str) -> None:
    """Answer a call with an exception."""
    if type(serial) is not int or link.closed:
        return
    if isinstance(error, RemoteError):  # a slot that itself called another process
        name, text = error.typeName, error.message
    else:
        name, text = type(error).__name__, _text(error)
    link.sendPacket([_REPLY, serial, name, text, member])


def _text(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:
        return "(an exception whose text cannot be made)"
    return text.encode("utf-8", "replace").decode()[:10_000]


class _Job:
    """One call on its way: where its answer goes."""

    __slots__ = ("link", "member", "pending", "serial", "source")

    def __init__(self, source: Source, link: Link, serial: int, member: str) -> None:
        self.source = source
        self.link = link
        self.serial = serial
        self.member = member
        self.pending = False

    def pend(self) -> None:
        """Count as a call whose answer comes later; in the node's thread."""
        if not self.pending:
            self.pending = True
            self.link.running += 1

    def _answered(self) -> None:
        if self.pending:
            self.pending = False
            self.link.running -= 1

    def failed(self, error: BaseException) -> None:
        """Answer with an exception, in the node's thread."""
        self._answered()
        refuse(self.link, self.serial, error, self.member)

    def done(self, result: Any) -> None:
        """Answer with a result, in the node's thread."""
        self._answered()
        if self.link.closed:
            return
        try:
            data, segments = self.link.encoder.pack([_REPLY, self.serial, result])
        except CannotCross as error:
            cause = CannotCross(f"the result of {self.member}: {error}")
            log.core.exception(f"{self.member}: its result cannot be sent", cause)
            self.failed(cause)
            return
        self.link.send(data, segments)

    def raised(self, error: BaseException) -> None:
        """Log what the user's code raised, and answer with it, from any thread."""
        if self.source.mirrored and isinstance(error, RemoteError | ConnectionLost):
            # Its own process has said so.
            log.core.debug("%s: passed on to %s: %s", self.member, self.link.peer, error)
        else:
            log.core.exception(f"{self.member}: the slot raised, called by {self.link.peer}", error)
        self.source.atHome(self.failed, error)

    def settle(self, result: Any) -> None:
        """Answer with the result of the slot, now or when it is there; in the slot's thread."""
        if inspect.iscoroutine(result):
            result = startCoroutine(result)
        elif not hasattr(result, "add_done_callback"):
            self.source.atHome(self.done, result)
            return
        self.source.atHome(self.pend)
        result.add_done_callback(self._futureDone)

    def _futureDone(self, future: Any) -> None:
        try:
            result = future.result()
        except BaseException as error:
            self.raised(error)
        else:
            self.source.atHome(self.done, result)


def callHandler(source: Source, link: Link, index: int) -> Handler:
    """The handler of the packets that call the source's slot number `index` over a link."""
    slot = source.interface.slots[index]
    member = f"{source.name}.{slot.name}"
    reference = source.reference
    convert = converter(slot)
    packPlain = link.encoder.packPlain
    maxCalls = source.maxCalls
    known: set[tuple[type, ...]] = set()
    call: Callable[..., Any] | None = None

    def handle(packet: list[Any]) -> None:
        nonlocal call
        if len(packet) < 2:
            log.io.warning("%s: a call of %s without a serial number", link.peer, member)
            return
        obj = reference()
        if obj is None:
            refuse(link, packet[1], ReferenceError("the source was deleted"), member)
            return
        if link.running >= maxCalls:
            text = f"{maxCalls} calls are pending already (Limits.maxPendingCalls)"
            refuse(link, packet[1], LimitExceeded(text), member)
            return
        args = packet[2:]
        if source.batch != link.batch:
            source.checkThread(link.batch)
        try:
            types = (*map(type, args),)
            if types not in known:
                fitted = convert(args)
                if len(known) < _REMEMBERED and all(
                    a is b for a, b in zip(args, fitted, strict=True)
                ):
                    known.add(types)
                args = fitted
            if call is None:
                if wantsCaller(type(obj), slot.name):
                    call = tellingCaller(slot.name, callerOf(link))
                else:
                    call = invoker(obj, slot)
            if source.courier is not None:
                job = _Job(source, link, packet[1], member)
                job.pend()
                source.courier.post(_runThere, job, call, args)
                return
            result = call(obj, *args)
        except Exception as error:
            _raised(error)
            refuse(link, packet[1], error, member)
            return
        if type(result) not in _PLAIN:
            _Job(source, link, packet[1], member).settle(result)
            return
        try:
            data = packPlain([_REPLY, packet[1], result])
        except Exception:
            _Job(source, link, packet[1], member).done(result)
            return
        out = link.out
        out += data
        if len(out) > FULL:
            link.flush()
        elif not link.awake:
            link.wake()

    def _raised(error: Exception) -> None:
        log.core.exception(f"{member}: the slot raised, called by {link.peer}", error)

    return handle


def _runThere(job: _Job, call: Callable[..., Any], args: list[Any]) -> None:
    """Run a slot in its source's own thread."""
    obj = job.source.reference()
    if obj is None:
        job.source.atHome(job.failed, ReferenceError("the source was deleted"))
        return
    try:
        result = call(obj, *args)
    except Exception as error:
        job.raised(error)
    else:
        job.settle(result)


def writeHandler(source: Source, link: Link, index: int) -> Handler:
    """The handler of the packets that write the source's property number `index`."""
    info = source.interface.properties[index]
    member = f"{source.name}.{info.name}"
    write: Callable[[Any, Any], None] | None = None

    def there(job: _Job, value: Any) -> None:
        nonlocal write
        obj = source.reference()
        try:
            if obj is None:
                raise ReferenceError("the source was deleted")
            if not info.writable:
                raise AttributeError(f"property '{info.name}' is read-only")
            if write is None:
                write = writer(obj, info)
            write(obj, value)
        except Exception as error:
            log.core.exception(f"{member}: it could not be set, asked by {link.peer}", error)
            source.atHome(job.failed, error)

    def handle(packet: list[Any]) -> None:
        if len(packet) != 3:
            log.io.warning("%s: a malformed write of %s", link.peer, member)
            return
        job = _Job(source, link, packet[1], member)
        if source.batch != link.batch:
            source.checkThread(link.batch)
        if source.courier is not None:
            source.courier.post(there, job, packet[2])
        else:
            there(job, packet[2])

    return handle
