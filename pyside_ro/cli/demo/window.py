"""A client of the demo: one of the two windows, with its monitor, pictures and farewell.

Knows the monitor and how each window is made.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, QtMsgType, QUrl, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication, QImage

from pyside_ro.cli.demo.customers import Customer
from pyside_ro.cli.demo.line import ChildLine
from pyside_ro.cli.demo.loglines import LogLines
from pyside_ro.cli.demo.monitor import Monitor
from pyside_ro.cli.interrupts import Interrupts
from pyside_ro.cli.pictures import savePicture

__all__ = ["runWindow"]

#: The application, the client, what takes a picture, and what is to be kept meanwhile.
_Window = tuple[Any, Monitor, Callable[[], QImage], list[Any]]
#: Asked when there is an application: Qt wants one before anybody looks for TLS.
_Trust = Callable[[], dict[str, Any]]
_QML = Path(__file__).parent / "qml" / "Main.qml"


def runWindow(
    kind: str,
    url: str,
    child: bool,
    auto: bool = False,
    seconds: float | None = None,
    picture: Path | None = None,
    trust: _Trust = dict,
) -> int:
    """Run the window `kind`, widgets or qml, as a client of the host at `url`; the exit code.

    `auto` has it submit jobs by itself; `trust` gives what its node is to have. It ends when
    it is closed, after `seconds`, or as told, and saves a `picture` of itself before, if that is
    wanted. 0: ended so. 1: the picture could not be saved. 2: the URL cannot be one.
    """
    qInstallMessageHandler(_message)
    log = LogLines()
    app, monitor, grab, keep = _MAKERS[kind](url, trust)
    if not monitor.usable:
        print(f"error: {monitor.node.errorString()}", file=sys.stderr, flush=True)
        return 2
    log.begin()
    customer = Customer(monitor, kind) if auto else None
    problem = ""

    def end() -> None:
        nonlocal problem
        if picture is not None:
            problem = savePicture(grab(), picture)
        app.quit()

    timer = QTimer(singleShot=True)
    timer.timeout.connect(end)
    if seconds is not None:
        timer.start(round(seconds * 1000))
    if child:
        _obey(ChildLine(app), monitor, app, grab)
        app.exec()
    else:
        with Interrupts():
            app.exec()
    del customer
    _takeDown(monitor, keep)
    if problem:
        print(f"error: {problem}", file=sys.stderr, flush=True)
    return 1 if problem else 0


def _obey(line: ChildLine, monitor: Monitor, app: Any, grab: Callable[[], QImage]) -> None:
    """Do as the controlling process says, and keep it informed."""

    def report() -> None:
        counted = monitor.tally.toJson()
        line.tell("tally", link=monitor.property("link"), tally=counted)

    def order(words: list[str]) -> None:
        if words[0] == "picture":
            problem = savePicture(grab(), Path(words[1]))
            line.tell("picture", path=words[1], problem=problem)
        elif words[0] == "stop":
            report()
            app.quit()

    line.ordered.connect(order)
    line.ended.connect(app.quit)
    line.begin()
    monitor.linkChanged.connect(lambda: line.tell("link", link=monitor.property("link")))
    timer = QTimer(line, interval=500)
    timer.timeout.connect(report)
    timer.start()
    line.tell("window", link=monitor.property("link"))


def _makeWidgets(url: str, trust: _Trust) -> _Window:
    from PySide6.QtWidgets import QApplication

    from pyside_ro.cli.demo.widgets.window import WidgetsWindow

    app = QApplication([*sys.argv[:1]])
    monitor = Monitor(url, typed=True, **trust())
    window = WidgetsWindow(monitor)
    _place(window, left=True)
    window.show()
    return app, monitor, lambda: window.grab().toImage(), [window]


def _makeQml(url: str, trust: _Trust) -> _Window:
    from PySide6.QtQml import QQmlApplicationEngine
    from PySide6.QtQuick import QQuickWindow

    app = QGuiApplication([*sys.argv[:1]])
    monitor = Monitor(url, typed=False, **trust())
    engine = QQmlApplicationEngine()
    engine.setInitialProperties({"monitor": monitor})
    engine.load(QUrl.fromLocalFile(str(_QML)))
    if not engine.rootObjects():
        raise SystemExit(f"error: {_QML} cannot be loaded")
    window = engine.rootObjects()[0]
    assert isinstance(window, QQuickWindow)
    _place(window, left=False)
    return app, monitor, window.grabWindow, [engine]


def _place(window: Any, left: bool) -> None:
    """Put the two windows side by side where there is room; else leave it to the desktop."""
    room = window.screen().availableGeometry()
    gap = (room.width() - 2 * window.width()) // 3
    if gap >= 0:
        x = room.left() + gap + (0 if left else window.width() + gap)
        y = room.top() + max(0, (room.height() - window.height()) // 2)
        window.setPosition(x, y) if hasattr(window, "setPosition") else window.move(x, y)


_MAKERS: dict[str, Callable[[str, _Trust], _Window]] = {
    "widgets": _makeWidgets,
    "qml": _makeQml,
}


def _takeDown(monitor: Monitor, keep: list[Any]) -> None:
    """Delete the window before what it shows."""
    monitor.blockSignals(True)
    keep.clear()
    monitor.node.disconnectFromNode(str(monitor.property("url")))


def _message(kind: QtMsgType, context: Any, text: str) -> None:
    # The offscreen platform says this of every window.
    if "propagateSizeHints" not in text and kind is not QtMsgType.QtDebugMsg:
        where = f"{context.category}: " if context.category not in ("", "default") else ""
        print(f"{where}{text}", file=sys.stderr, flush=True)
