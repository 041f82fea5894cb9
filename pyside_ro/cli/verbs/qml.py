"""``pyside-ro qml FILE.qml``: run a QML file that imports PySideRO."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from pyside_ro.cli.demo.children import hasScreen
from pyside_ro.cli.exits import Mistake, command
from pyside_ro.cli.options import secondsOption

__all__ = ["qml"]


@command
def qml(
    file: Annotated[Path, typer.Argument(metavar="FILE.qml", help="The file to run.")],
    imports: Annotated[
        list[Path] | None,
        typer.Option("--import", "-I", metavar="FOLDER", help="Look for QML modules here as well."),
    ] = None,
    properties: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="Set a property of the file's root object; may be given several times.",
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        secondsOption(
            "--seconds",
            "End after N seconds; with --screenshot after 2 seconds by default.",
            metavar="N",
        ),
    ] = None,
    screenshot: Annotated[
        Path | None,
        typer.Option(
            "--screenshot",
            metavar="FILE.png",
            help="Save a picture of the window at the end. Without a screen the window is drawn in "
            "memory.",
        ),
    ] = None,
) -> None:
    """Run a QML file that joins a network of remote objects by itself.

    The module PySideRO is found without further ado. A window, an item or any other object may be
    at the file's root. The style of its controls is chosen as for every QML program, by
    QT_QUICK_CONTROLS_STYLE. It ends when its window is closed, with Qt.quit(), after --seconds, on
    Ctrl-C or SIGTERM.

        pyside-ro qml dashboard.qml --screenshot dashboard.png
        pyside-ro qml dashboard.qml --set url=tcp://car:5005
    """
    if not file.is_file():
        raise Mistake(f"there is no file {file}")
    given = {}
    for text in properties or []:
        name, equals, value = text.partition("=")
        if not name.isidentifier() or not equals:
            raise Mistake(f"--set {text}: NAME=VALUE is expected, such as url=local:demo")
        given[name] = value
    if not hasScreen():
        os.environ["QT_QPA_PLATFORM"] = os.environ.get("QT_QPA_PLATFORM") or "offscreen"
        os.environ.setdefault("QT_QUICK_BACKEND", "software")
    from pyside_ro.cli.qmlfile import runFile

    raise typer.Exit(runFile(file, imports or [], given, seconds, screenshot))
