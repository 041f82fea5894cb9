"""Running the coroutine of an ``async def`` slot, whoever drives the event loop.

Under an asyncio loop that Qt drives (QtAsyncio, qasync) the coroutine becomes a task of that
loop. Under a plain ``app.exec()`` the small loop here runs it: timers, futures, tasks and
executors, on Qt's own event loop; what asyncio does with sockets and subprocesses needs one of
the former. Knows asyncio and QTimer.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QTimer

from .. import log
from .mailbox import Mailbox

__all__ = ["startCoroutine"]

_loops = threading.local()


def startCoroutine(coroutine: Coroutine[Any, Any, Any]) -> asyncio.Future[Any]:
    """Start a coroutine in this thread; give the task, whose callbacks run in this thread."""
    try:
        loop: asyncio.AbstractEventLoop = asyncio.get_running_loop()
    except RuntimeError:
        found = getattr(_loops, "loop", None)
        if found is None:
            found = _loops.loop = _PlainLoop()  # type: ignore[abstract]
        loop = found
    return loop.create_task(coroutine)


class _PlainLoop(asyncio.AbstractEventLoop):
    """The part of an asyncio event loop that needs no loop of its own."""

    def __init__(self) -> None:
        self._mailbox = Mailbox()
        self._executor: Executor | None = None

    def _run(self, handle: asyncio.Handle) -> None:
        if handle.cancelled():
            return
        before = asyncio._get_running_loop()
        asyncio._set_running_loop(self)
        try:
            handle._run()
        finally:
            asyncio._set_running_loop(before)

    def call_soon(  # type: ignore[override]
        self,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        QTimer.singleShot(0, lambda: self._run(handle))
        return handle

    def call_soon_threadsafe(  # type: ignore[override]
        self,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._mailbox.post(self._run, handle)
        return handle

    def call_later(  # type: ignore[override]
        self,
        delay: float,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> asyncio.TimerHandle:
        when = self.time() + delay
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        # Rounded up: a timer that fires early would have to be started again.
        QTimer.singleShot(max(0, -int(-delay * 1000 // 1)), lambda: self._run(handle))
        return handle

    def call_at(  # type: ignore[override]
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> asyncio.TimerHandle:
        return self.call_later(when - self.time(), callback, *args, context=context)

    def time(self) -> float:
        return time.monotonic()

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(
        self, coro: Any, *, name: str | None = None, context: Any = None, **_: Any
    ) -> asyncio.Task[Any]:
        if context is None:
            return asyncio.Task(coro, loop=self, name=name)
        task: asyncio.Task[Any] = context.run(asyncio.Task, coro, loop=self, name=name)
        return task

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        if executor is None:
            if self._executor is None:
                self._executor = ThreadPoolExecutor(thread_name_prefix="pyside_ro")
            executor = self._executor
        return asyncio.wrap_future(executor.submit(func, *args), loop=self)

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def get_debug(self) -> bool:
        return False

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        pass

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        error = context.get("exception")
        text = f"async slot: {context.get('message')}"
        if isinstance(error, BaseException):
            log.core.exception(text, error)
        else:
            log.core.warning("%s", text)
