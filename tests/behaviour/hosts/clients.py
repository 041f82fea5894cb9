"""Client programs: what a session awaits or waits for, reported to the test."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from PySide6.QtCore import QCoreApplication, QTimer

from pyside_ro import QRemoteObjectNode, RemoteError
from tests.helpers import PeerSide


async def _session(url: str) -> dict[str, Any]:
    node = QRemoteObjectNode()
    node.connectToNode(url)
    printer: Any = node.acquireDynamic("printer")
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    printer.initialized.connect(lambda: None if ready.done() else ready.set_result(None))
    await asyncio.wait_for(ready, 10)
    found: dict[str, Any] = {"one": await printer.print_("abc")}
    found["gathered"] = await asyncio.gather(*(_awaited(printer.later(n)) for n in range(5)))
    try:
        await printer.print_("")
    except RemoteError as error:
        found["error"] = [error.typeName, error.message, error.member, str(error)]
    call = printer.print_("again")
    while not call.isFinished():
        await asyncio.sleep(0.001)
    found["twice"] = [await call, await call]
    try:
        await printer.hold().setTimeout(20)
    except TimeoutError as error:
        found["timeout"] = str(error)
    task = asyncio.ensure_future(_awaited(printer.hold()))
    await asyncio.sleep(0.005)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        found["cancelled"] = True
    await printer.release(1)
    held = printer.hold()
    await printer.print_("x")
    node.disconnectFromNode(url)
    try:
        await held
    except ConnectionError as error:
        found["lost"] = str(error)
    return found


async def _awaited(call: Any) -> Any:
    return await call


def asynchronous(side: PeerSide, url: str, loop: str) -> None:
    app = QCoreApplication.instance()
    assert app is not None

    async def main() -> None:
        found = await _session(url)
        side.ready(**found)

    if loop == "QtAsyncio":
        from PySide6 import QtAsyncio

        QtAsyncio.run(main(), keep_running=False, handle_sigint=False)
    else:
        import qasync

        engine = qasync.QEventLoop(app)
        with engine:
            engine.run_until_complete(main())
    sys.exit(0)


def before_exec(side: PeerSide, url: str) -> None:
    """Waits in main(), before app.exec() runs."""
    node = QRemoteObjectNode()
    node.connectToNode(url)
    known = node.waitForNode(url, 10_000)
    printer: Any = node.acquireDynamic("printer")
    ticks: list[int] = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start(1)
    there = printer.waitForSource(10_000)
    call = printer.later(21)
    done = call.waitForFinished(10_000)
    missing = node.acquireDynamic("missing").waitForSource(30)
    side.keep(node, printer)
    side.ready(
        known=known,
        there=there,
        done=done,
        value=call.returnValue(),
        missing=missing,
        flowed=len(ticks) > 0,
    )
