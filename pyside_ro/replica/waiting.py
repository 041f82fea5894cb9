"""Blocking until something happens, while the application's events flow.

Knows QEventLoop and QTimer.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

__all__ = ["waitUntil"]


def waitUntil(
    done: Callable[[], bool], subscribe: Callable[[Callable[[], object]], object], timeout: int
) -> bool:
    """Run the event loop until `done()`; give what it says at the end.

    `subscribe` is given a function to call whenever `done` may have changed. `timeout` is in
    milliseconds, negative: without end. User input waits, as in Qt's own waits (
    QEventLoop::ExcludeUserInputEvents), so that a button cannot be clicked into a wait.
    """
    if done():
        return True
    if QCoreApplication.instance() is None:
        raise RuntimeError("waiting needs an application: create a QCoreApplication first")
    loop = QEventLoop()
    waiting = True

    def wake() -> None:
        if waiting and done():
            loop.quit()

    subscribe(wake)
    timer = QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(loop.quit)
    if timeout >= 0:
        timer.start(timeout)
    if not done():
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    waiting = False
    return done()
