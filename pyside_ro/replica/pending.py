"""Pending calls: the result of a slot that runs in another process.

Knows asyncio's futures and Qt's event loop; nothing of links. One is made for every call: it is
small, and all that not every call needs is made later.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, ClassVar, Generic

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from .. import log
from ..errors import CallTimeout, RemoteObjectsError
from .waiting import waitUntil

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    from .calls import Calls

    #: What the slot gives; Any where nobody says.
    Result = TypeVar("Result", covariant=True, default=Any)
else:
    from typing import TypeVar

    Result = TypeVar("Result", covariant=True)
Given = TypeVar("Given")

__all__ = ["QRemoteObjectPendingCall", "QRemoteObjectPendingCallWatcher"]


class _Unread:
    """An exception that nobody looked at yet: says so when it is dropped."""

    __slots__ = ("error",)
    _last: ClassVar[str] = ""

    def __init__(self, error: BaseException) -> None:
        self.error: BaseException | None = error

    def __del__(self) -> None:
        if self.error is not None:
            text = f"a call failed and nobody asked for its result: {self.error}"
            # A thousand calls that fail alike are one message.
            if text != _Unread._last:
                _Unread._last = text
                log.core.warning("%s", text)


class QRemoteObjectPendingCall(Generic[Result]):
    """A call on its way, and its result once it is there (QRemoteObjectPendingCall).

    Beyond Qt: it can be awaited under any asyncio loop that Qt drives, its `exception` says why
    it failed, and `setTimeout` ends it after a time. ``QRemoteObjectPendingCall[int]`` tells a
    type checker what the result is.
    """

    __slots__ = ("__weakref__", "_callbacks", "_done", "_error", "_name", "_owner", "_value")

    class Error(enum.Enum):
        """QRemoteObjectPendingCall::Error: InvalidMessage until the call has succeeded."""

        NoError = 0
        InvalidMessage = 1

    NoError = Error.NoError
    InvalidMessage = Error.InvalidMessage

    def __init__(self, other: QRemoteObjectPendingCall[Result] | None = None) -> None:
        self._done = False
        self._value: Result = None  # type: ignore[assignment]  # until there is one
        self._error: _Unread | BaseException | None = None
        self._callbacks: list[Callable[[QRemoteObjectPendingCall[Result]], object]] | None = None
        #: Who expects the answer, and the replica's name; set by who makes the call.
        self._owner: Calls | None = None
        self._name = ""
        if other is not None:
            other.add_done_callback(self._follow)

    def _follow(self, other: QRemoteObjectPendingCall) -> None:
        error = other.exception()
        if error is None:
            self._finish(other._value)
        else:
            self._fail(error)

    # For the replica: the call's end

    def _finish(self, value: Any) -> None:
        if not self._done:
            self._value = value
            self._done = True
            if self._callbacks is not None:
                self._notify()

    def _fail(self, error: BaseException) -> None:
        if not self._done:
            self._error = _Unread(error)
            self._done = True
            if self._callbacks is not None:
                self._notify()

    def _notify(self) -> None:
        callbacks, self._callbacks = self._callbacks or [], None
        for callback in callbacks:
            try:
                callback(self)
            except Exception as error:
                log.core.exception("a callback of a pending call raised", error)

    # Qt's API

    @staticmethod
    def fromCompletedCall(returnValue: Given) -> QRemoteObjectPendingCall[Given]:
        """A call that is finished with `returnValue` (QRemoteObjectPendingCall's own)."""
        call: QRemoteObjectPendingCall[Given] = QRemoteObjectPendingCall()
        call._finish(returnValue)
        return call

    def isFinished(self) -> bool:
        """Whether the call has ended, with a result or with an error."""
        return self._done

    def returnValue(self) -> Result:
        """The slot's result; None before the call has ended, and when it failed."""
        return self._value

    def error(self) -> QRemoteObjectPendingCall.Error:
        """NoError when the result is there; InvalidMessage before, and when the call failed."""
        if self._done and self._error is None:
            return self.Error.NoError
        return self.Error.InvalidMessage

    def waitForFinished(self, timeout: int = 30000) -> bool:
        """Block up to `timeout` ms (negative: without end); True when a result is there.

        The application's events flow meanwhile; it may be used before ``app.exec()``. False
        when the time passed (the call goes on) or the call failed (`exception` says why).
        """
        if self._owner is not None and not self._done:
            self._owner.flush()
        waitUntil(
            lambda: self._done,
            lambda wake: self.add_done_callback(lambda _: wake()),
            timeout,
        )
        if self._error is not None:
            self.exception()
        return self._done and self._error is None

    # Beyond Qt

    def exception(self) -> BaseException | None:
        """Why the call failed: RemoteError, ConnectionLost, CallTimeout; None otherwise."""
        error = self._error
        if isinstance(error, _Unread):
            found, error.error = error.error, None
            assert found is not None
            self._error = found
            return found
        return error

    def result(self) -> Result:
        """The slot's result; raises what `exception` gives, or asyncio.InvalidStateError."""
        if not self._done:
            raise asyncio.InvalidStateError("the call is not finished")
        error = self.exception()
        if error is not None:
            raise error
        return self._value

    def setTimeout(self, timeout: int) -> QRemoteObjectPendingCall[Result]:
        """Have the call fail with CallTimeout unless it ends within `timeout` ms.

        The slot itself is not stopped. Gives the call: ``await replica.scan().setTimeout(500)``.
        """
        if not self._done:
            timer = QTimer()
            timer.setSingleShot(True)
            timer.timeout.connect(lambda: self._timedOut(timeout))
            timer.start(timeout)
            # The timer lives as long as the callback does: until the call ends.
            self.add_done_callback(lambda _: timer.stop())
        return self

    def _timedOut(self, timeout: int) -> None:
        if self._owner is not None:
            self._owner.forget(self)
        self._fail(CallTimeout(f"the call had no answer within {timeout} ms"))

    def add_done_callback(
        self, callback: Callable[[QRemoteObjectPendingCall[Result]], object]
    ) -> None:
        """Have ``callback(call)`` called when the call ends; at once when it has."""
        if self._done:
            callback(self)
        elif self._callbacks is None:
            self._callbacks = [callback]
        else:
            self._callbacks.append(callback)

    def __await__(self) -> Generator[Any, None, Result]:
        if not self._done:
            future = asyncio.get_running_loop().create_future()

            def wake(_: QRemoteObjectPendingCall) -> None:
                if not future.done():
                    future.set_result(None)

            self.add_done_callback(wake)
            yield from future.__await__()
        return self.result()

    def __repr__(self) -> str:
        if not self._done:
            return "<QRemoteObjectPendingCall pending>"
        if self._error is not None:
            error = self._error.error if isinstance(self._error, _Unread) else self._error
            return f"<QRemoteObjectPendingCall failed: {error}>"
        return f"<QRemoteObjectPendingCall finished: {self._value!r:.80}>"


class QRemoteObjectPendingCallWatcher(QObject):
    """Tells by a signal that a call has ended (QRemoteObjectPendingCallWatcher).

    It has the call's own methods as well.
    """

    #: The call has ended; with the watcher.
    finished = Signal(QObject)

    Error = QRemoteObjectPendingCall.Error

    def __init__(self, call: QRemoteObjectPendingCall, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._call = call
        call.add_done_callback(self._ended)

    def _ended(self, _: QRemoteObjectPendingCall) -> None:
        # Queued, as in Qt: also for a call that had ended before anyone could connect.
        if isValid(self):
            QTimer.singleShot(0, self, self._emit)

    def _emit(self) -> None:
        self.finished.emit(self)

    def isFinished(self) -> bool:
        """See QRemoteObjectPendingCall.isFinished."""
        return self._call.isFinished()

    def returnValue(self) -> Any:
        """See QRemoteObjectPendingCall.returnValue."""
        return self._call.returnValue()

    def error(self) -> QRemoteObjectPendingCall.Error:
        """See QRemoteObjectPendingCall.error."""
        return self._call.error()

    def exception(self) -> BaseException | None:
        """See QRemoteObjectPendingCall.exception."""
        return self._call.exception()

    def waitForFinished(self, timeout: int = -1) -> None:
        """Block until the call has ended, or `timeout` ms passed."""
        self._call.waitForFinished(timeout)

    def __await__(self) -> Generator[Any, None, Any]:
        return self._call.__await__()


def failedCall(error: RemoteObjectsError) -> QRemoteObjectPendingCall:
    """A call that has ended with an error."""
    call = QRemoteObjectPendingCall()
    call._fail(error)
    return call
