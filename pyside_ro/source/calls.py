"""Calls and property writes that come in for a source: run, then answered.

Knows packets' bytes and links. Each handler is made when its channel is first used by a link.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .. import log
from ..errors import CannotCross, ConnectionLost, LimitExceeded, RemoteError
from ..interface.types import INTEGERS, fit
from ..link import FULL, Link
from ..link.channels import Handler
from ..protocol.packets import Kind
from .access import converter, invoker, resultConverter, writer
from .caller import callerOf, tellingCaller, wantsCaller
from .coroutines import startCoroutine
from .javascript import Thrown
from .lifetime import living
from .mentions import passing
from .refusing import refuse
from .relaying import relayer

if TYPE_CHECKING:
    from .source import Source

__all__ = ["callHandler", "refusalHandler", "writeHandler"]

_REPLY = int(Kind.InvokeReplyPacket)
_PLAIN = frozenset({type(None), bool, int, float, str})
#: By the type of a result: the Python type whose every value is one of it as it stands.
_EXACT = {"": type(None), "bool": bool, "double": float, "float": float, "QString": str}
#: Argument types that are known to need no conversion, remembered per slot up to this many.
_REMEMBERED = 64


def _deaf(source: Source) -> RuntimeError | None:
    """Why the source's own thread cannot run a call, if it cannot."""
    if source.elsewhere:
        return None
    return RuntimeError("the thread that the source lives in is not running")


def _report(member: str, link: Link, error: BaseException) -> None:
    """Log what the user's code raised."""
    text = f"{member}: the slot raised, called by {link.peer}"
    if isinstance(error, Thrown):  # Python's traceback would show nothing of JavaScript's
        log.core.warning("%s%s: %s", error.place, text, error)
    else:
        log.core.exception(text, error)


class _Job:
    """One call on its way: where its answer goes."""

    __slots__ = ("check", "link", "member", "pending", "serial", "source")

    def __init__(
        self,
        source: Source,
        link: Link,
        serial: int,
        member: str,
        check: Callable[[Any], Any] | None = None,
    ) -> None:
        self.source = source
        self.link = link
        self.serial = serial
        self.member = member
        #: Gives the result that the slot declares, of a class whose slots are held to that.
        self.check = check
        #: Whether it counts as one of the link's running calls.
        self.pending = False

    def pend(self) -> None:
        """Count as a call whose answer comes later; in the node's thread."""
        if not self.pending:
            self.pending = True
            self.link.running += 1

    def _answered(self) -> None:
        self.source.calling.discard(self)
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
            refer = passing(self.source, self.link)
            data, segments = self.link.encoder.pack([_REPLY, self.serial, result], refer)
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
            _report(self.member, self.link, error)
        self.source.atHome(self.failed, error)

    def settle(self, result: Any) -> None:
        """Answer with the result of the slot, now or when it is there; in the slot's thread."""
        if inspect.iscoroutine(result):
            result = startCoroutine(result)
        elif not hasattr(result, "add_done_callback"):
            self._returned(result)
            return
        self.source.atHome(self.pend)
        result.add_done_callback(self._futureDone)

    def _futureDone(self, future: Any) -> None:
        try:
            result = future.result()
        except BaseException as error:
            self.raised(error)
        else:
            self._returned(result)

    def _returned(self, result: Any) -> None:
        """Answer with what the slot gave in the end, if it may; in whatever thread it did."""
        if self.check is not None:
            try:
                result = self.check(result)
            except Exception as error:
                # No traceback: the slot has returned, and ours would tell nothing more.
                log.core.warning("%s: %s, called by %s", self.member, error, self.link.peer)
                self.source.atHome(self.failed, error)
                return
        self.source.atHome(self.done, result)


def callHandler(source: Source, link: Link, index: int) -> Handler:
    """The handler of the packets that call the source's slot number `index` over a link."""
    slot = source.interface.slots[index]
    member = f"{source.name}.{slot.name}"
    reference = source.reference
    # A class may have its own idea of what is of a type; its slots' results are held to it, too.
    fits = getattr(type(reference()), "_ro_fit", None)
    convert = converter(slot, fits or fit)
    check = resultConverter(slot, fits) if fits is not None else None
    #: The Python types of results that can be sent as they are, and from where to where ints can.
    plain, least, most = _PLAIN, 1, 0
    if check is not None and slot.result != "QVariant":
        plain = _PLAIN.intersection((_EXACT.get(slot.result),))
        least, most = INTEGERS.get(slot.result, (least, most))
    # Two arguments of the same types may differ in this: whether they fit.
    bounded = [(i, *INTEGERS[kind]) for i, kind in enumerate(slot.types) if kind in INTEGERS]
    packPlain = link.encoder.packPlain
    maxCalls = source.maxCalls
    known: set[tuple[type, ...]] = set()
    call: Callable[..., Any] | None = None

    def handle(packet: list[Any]) -> None:
        nonlocal call
        if len(packet) < 2:
            log.io.warning("%s: a call of %s without a serial number", link.peer, member)
            return
        obj = living(reference())
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
            else:
                for i, low, high in bounded:
                    if not low <= args[i] <= high:
                        args = convert(args)
            if call is None:
                if wantsCaller(type(obj), slot.name):
                    call = tellingCaller(slot.name, callerOf(link))
                else:
                    call = invoker(obj, slot)
        except Exception as error:
            # The caller's mistake: no traceback of ours would tell anyone more.
            log.io.info("%s: %s was called wrongly: %s", link.peer, member, error)
            refuse(link, packet[1], error, member)
            return
        if source.courier is not None:
            deaf = _deaf(source)
            if deaf is not None:
                refuse(link, packet[1], deaf, member)
                return
            job = _Job(source, link, packet[1], member, check)
            job.pend()
            source.calling.add(job)
            source.courier.post(_runThere, job, call, args)
            return
        try:
            result = call(obj, *args)
        except BaseException as error:
            _report(member, link, error)
            refuse(link, packet[1], error, member)
            if isinstance(error, Exception):
                return
            raise
        if type(result) not in plain and not (type(result) is int and least <= result <= most):
            _Job(source, link, packet[1], member, check).settle(result)
            return
        try:
            data = packPlain([_REPLY, packet[1], result])
            out = link.out
            out += data
            if len(out) > FULL:
                link.full(data)
            elif not link.awake:
                link.wake()
        except Exception:
            _Job(source, link, packet[1], member).done(result)

    return handle


def refusalHandler(source: Source, link: Link, member: str) -> Handler:
    """The handler of calls and writes of a member, for a client that may only read."""
    error = PermissionError(f"'{source.name}' is shared read-only with this client")

    def handle(packet: list[Any]) -> None:
        log.io.info("%s: %s was refused: it may only read", link.peer, member)
        if len(packet) > 1:
            refuse(link, packet[1], error, member)

    return handle


def _runThere(job: _Job, call: Callable[..., Any], args: list[Any]) -> None:
    """Run a slot in its source's own thread."""
    obj = living(job.source.reference())
    if obj is None:
        job.source.atHome(job.failed, ReferenceError("the source was deleted"))
        return
    try:
        result = call(obj, *args)
    except BaseException as error:
        job.raised(error)
        if not isinstance(error, Exception):
            raise
    else:
        job.settle(result)


def writeHandler(source: Source, link: Link, index: int) -> Handler:
    """The handler of the packets that write the source's property number `index`."""
    info = source.interface.properties[index]
    member = f"{source.name}.{info.name}"
    write: Callable[[Any, Any], None] | None = None
    relay = relayer(source, link, index) if source.mirrored else None

    def there(job: _Job, value: Any) -> None:
        nonlocal write
        obj = living(source.reference())
        try:
            if obj is None:
                raise ReferenceError("the source was deleted")
            if not info.writable:
                raise AttributeError(f"property '{info.name}' is read-only")
            if relay is not None:
                relay(obj, value, job.serial)
                return
            if write is None:
                write = writer(obj, info)
            write(obj, value)
        except ConnectionLost as error:
            job.raised(error)
        except (TypeError, OverflowError, AttributeError, ReferenceError) as error:
            log.io.info("%s: %s was not set: %s", link.peer, member, error)
            source.atHome(job.failed, error)
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
            deaf = _deaf(source)
            if deaf is not None:
                job.failed(deaf)
                return
            source.courier.post(there, job, packet[2])
        else:
            there(job, packet[2])

    return handle
