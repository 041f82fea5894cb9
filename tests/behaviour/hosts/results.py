"""A host whose slots end in every way: with a result, an exception, a coroutine, a Future.

The event loop is app.exec() ("plain"), QtAsyncio or qasync.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from tests.behaviour.support import share
from tests.helpers import PeerSide


class NoInk(Exception):
    """The source's own exception."""


class Printer(QObject):
    done = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._pool = ThreadPoolExecutor(1)
        self._held: list[Future[Any]] = []

    @Slot(str, result=int)
    def print_(self, text: str) -> int:
        if not text:
            raise ValueError("nothing to print")
        return len(text)

    @Slot()
    def empty(self) -> None:
        raise NoInk("no ink, \N{SNOWMAN}")

    @Slot()
    def silent(self) -> None:
        raise KeyError

    @Slot(result=object)
    def unsendable(self) -> object:
        return threading.Lock()

    @Slot(int, result=int)
    async def later(self, value: int) -> int:
        await asyncio.sleep(0.005)
        self.done.emit(value)
        return value * 2

    @Slot()
    async def laterRaises(self) -> None:
        await asyncio.sleep(0)
        raise NoInk("later")

    @Slot(result=str)
    async def inExecutor(self) -> str:
        loop = asyncio.get_running_loop()
        name = await loop.run_in_executor(None, lambda: threading.current_thread().name)
        tasks = [loop.create_task(self.later(n)) for n in (1, 2)]
        return f"{name != threading.current_thread().name} {await asyncio.gather(*tasks)}"

    @Slot(int, result=int)
    def inPool(self, value: int) -> Future[int]:
        return self._pool.submit(lambda: value * 3)

    @Slot()
    def inPoolRaises(self) -> Future[float]:
        return self._pool.submit(lambda: 1 / 0)

    @Slot(int, result=int)
    def asTask(self, value: int) -> asyncio.Future[int]:
        return asyncio.ensure_future(self.later(value))

    @Slot(result=int)
    def hold(self) -> Future[int]:
        self._held.append(Future())
        return self._held[-1]

    @Slot(int)
    def release(self, value: int) -> None:
        for future in self._held:
            if not future.cancelled():
                future.set_result(value)
        self._held.clear()

    @Slot()
    def cancel(self) -> None:
        for future in self._held:
            future.cancel()
            future.set_running_or_notify_cancel()
        self._held.clear()

    @Slot(result=str)
    def thread(self) -> str:  # type: ignore[override]  # hides QObject.thread()
        return QThread.currentThread().objectName()


def results(side: PeerSide, url: str, loop: str = "plain") -> None:
    printer = Printer()
    host = share(side, url, printer=printer)
    side.command(lambda: host.disableRemoting(printer), "unshare")
    side.command(lambda: host.enableRemoting(printer, "printer"), "reshare")
    if loop == "plain":
        return
    assert run_forever(loop)
    sys.exit(0)


def run_forever(loop: str) -> bool:
    """Run Qt's event loop under an asyncio of its own until the application quits."""
    from PySide6.QtCore import QCoreApplication

    app = QCoreApplication.instance()
    assert app is not None
    if loop == "QtAsyncio":
        from PySide6 import QtAsyncio

        async def idle() -> None:
            ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            await ended

        QtAsyncio.run(idle(), keep_running=True, quit_qapp=False, handle_sigint=False)
    else:
        import qasync

        engine = qasync.QEventLoop(app)
        with engine:
            engine.run_forever()
    QTimer.singleShot(0, app.quit)
    return True
