"""A QML file, run in a window of its own: what ``pyside-ro qml`` does.

Knows QtQml, QtQuick and the module PySideRO.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, QtMsgType, QUrl, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlComponent, QQmlEngine
from PySide6.QtQuick import QQuickItem, QQuickView, QQuickWindow
from shiboken6 import isValid

from pyside_ro import registerQmlTypes
from pyside_ro.cli.exits import Refused
from pyside_ro.cli.interrupts import Interrupts
from pyside_ro.cli.pictures import savePicture

__all__ = ["runFile"]

_PICTURE_AFTER = 2.0  # seconds


def runFile(
    file: Path,
    imports: Sequence[Path],
    properties: Mapping[str, str],
    seconds: float | None,
    picture: Path | None,
) -> int:
    """Run `file` until its end; the exit code. Raises Refused when it cannot be loaded.

    `properties` are set at its root before any binding runs.
    """
    qInstallMessageHandler(_message)
    app = QGuiApplication([sys.argv[0]])
    engine = QQmlEngine()
    registerQmlTypes(engine)
    for folder in imports:
        engine.addImportPath(str(folder.resolve()))
    # Queued: QML may quit before the loop runs, which alone it ends.
    engine.quit.connect(lambda: QTimer.singleShot(0, app.quit))
    engine.exit.connect(lambda code: QTimer.singleShot(0, lambda: app.exit(code)))
    root, window = _load(engine, file, properties)
    if seconds is None and picture is not None:
        seconds = _PICTURE_AFTER
    problem = ""

    def end() -> None:
        nonlocal problem
        if picture is not None and window is not None:
            problem = savePicture(window.grabWindow(), picture)
        elif picture is not None:
            problem = "there is no picture: the file's root is no window and no item"
        app.quit()

    timer = QTimer(singleShot=True)
    timer.timeout.connect(end)
    if seconds is not None:
        timer.start(round(seconds * 1000))
    with Interrupts() as interrupts:
        before = signal.signal(signal.SIGTERM, lambda *_: app.quit())
        code = 130 if interrupts.seen else app.exec()
        signal.signal(signal.SIGTERM, before)
    _takeDown(root, window, engine)
    if problem:
        raise Refused(problem)
    return code


def _load(
    engine: QQmlEngine, file: Path, properties: Mapping[str, str]
) -> tuple[QObject, QQuickWindow | None]:
    # PySide deletes the root with its component.
    component = QQmlComponent(engine, QUrl.fromLocalFile(str(file.resolve())), engine)
    root = None
    if component.isReady():
        root = component.beginCreate(engine.rootContext())
    if root is not None:
        meta = root.metaObject()
        known = {n: value for n, value in properties.items() if meta.indexOfProperty(n) >= 0}
        component.setInitialProperties(root, known)
        component.completeCreate()  # also when it is refused: Qt warns of what stays half made
        if len(known) < len(properties):
            name = next(name for name in properties if name not in known)
            raise Refused(f"the root object of {file} has no property '{name}'")
    else:
        for error in component.errors():
            print(error.toString(), file=sys.stderr, flush=True)
        raise Refused(f"{file} cannot be loaded")
    if isinstance(root, QQuickItem):
        view = QQuickView(engine, None)  # type: ignore[call-overload]
        view.setTitle(file.stem)
        view.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
        view.setContent(component.url(), component, root)
        view.show()
        return root, view
    if isinstance(root, QQuickWindow):
        return root, root
    return root, None


def _takeDown(root: QObject, window: QQuickWindow | None, engine: QQmlEngine) -> None:
    """Delete the window, then what it shows, then the engine: while the application is there."""
    for what in (window, root, engine):
        if what is not None and isValid(what):
            what.deleteLater()
            QGuiApplication.sendPostedEvents(what, QEvent.Type.DeferredDelete)


def _message(_: QtMsgType, context: Any, text: str) -> None:
    # The offscreen platform says this of every window.
    if "propagateSizeHints" in text or "does not support raise" in text:
        return
    where = f"{context.category}: " if context.category not in ("", "default", "qml", "js") else ""
    print(f"{where}{text}", file=sys.stderr, flush=True)
