"""Blocking until something happens, while the application's events flow.

Knows QEventLoop and QTimer, and that objects are deleted.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QTimer
from shiboken6 import isValid

__all__ = ["waitUntil"]


def waitUntil(
    done: Callable[[], bool],
    subscribe: Callable[[Callable[[], object]], object],
    timeout: int,
    *objects: QObject,
) -> bool:
    """Run the event loop until `done()`; give what it says at the end.

    `subscribe` is given a function to call whenever `done` may have changed. `timeout` is in
    milliseconds, negative: without end. It is False, and waits no longer, when one of the
    `objects` was deleted, without which `done` never will be. User input waits, as in Qt's own
    waits (QEventLoop::ExcludeUserInputEvents), so that a button cannot be clicked into a wait.
    """
    if not all(map(isValid, objects)):
        return False
    if done():
        return True
    if QCoreApplication.instance() is None:
        raise RuntimeError("waiting needs an application: create a QCoreApplication first")
    loop = QEventLoop()
    waiting = True
    deleted: list[bool] = []

    def wake() -> None:
        if waiting and done():
            loop.quit()

    def end() -> None:
        if waiting:
            deleted.append(True)
            loop.quit()

    for obj in objects:
        obj.destroyed.connect(end)
    subscribe(wake)
    timer = QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(loop.quit)
    if timeout >= 0:
        timer.start(timeout)
    if not (done() or deleted):
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    waiting = False
    for obj in objects:
        if isValid(obj):
            obj.destroyed.disconnect(end)
    return not deleted and done()
