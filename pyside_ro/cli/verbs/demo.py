"""``pyside-ro demo``: a bus and a printer, shared with two windows. Or one part of that."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from PySide6.QtCore import QCoreApplication

from pyside_ro.cli.demo.children import hasScreen
from pyside_ro.cli.demo.conductor import Conductor, defaults, uniqueUrl
from pyside_ro.cli.exits import Mistake, command
from pyside_ro.cli.options import secondsOption
from pyside_ro.cli.trust import NOBODY, Trust, hosting

__all__ = ["demo"]


class Role(str, Enum):
    """Which part of the demo to run."""

    all = "all"
    host = "host"
    widgets = "widgets"
    qml = "qml"


@hosting("By default not: the windows check the host by --tls-ca.")
@command
def demo(
    seconds: Annotated[
        float | None,
        secondsOption(
            "--seconds",
            "End after N seconds of live data. By default it runs until it is closed, or "
            "8 seconds where there is no screen.",
            metavar="N",
        ),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(
            "--url", metavar="URL", help="Where the host listens; by default a local: name."
        ),
    ] = None,
    pictures: Annotated[
        Path | None,
        typer.Option(
            "--pictures",
            metavar="FOLDER",
            help="Save a picture of each window there at the end. Without a screen, by default "
            "pyside-ro-demo/ in the current folder.",
        ),
    ] = None,
    role: Annotated[
        Role,
        typer.Option("--role", help="Run one part alone, at --url: the host, or one window."),
    ] = Role.all,
    auto: Annotated[
        bool, typer.Option("--auto", help="Have a window that runs alone submit print jobs.")
    ] = False,
    trust: Trust = NOBODY,
) -> None:
    """Run a host with a GPS receiver and a printer, and two windows on it, live.

    One window is made with Qt Widgets, the other with QML. Without a screen they are drawn in
    memory, and pictures of them are saved.

    To see what happens when a host dies: kill the host's process (the table has its pid), see
    both windows say so, and start it again with the command that the table shows. Or run each part
    by hand, in a terminal of its own:

        pyside-ro demo --role host --url tcp://127.0.0.1:5005

        pyside-ro demo --role widgets --url tcp://127.0.0.1:5005
    """
    if url is not None and role in (Role.all, Role.host):
        trust.listeningAt(url)
    if role is Role.all:
        app = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
        trust.arguments()  # that nothing is started in vain
        code = Conductor(url or uniqueUrl(), *defaults(seconds, pictures), trust).run()
        del app
        raise typer.Exit(code)
    if url is None:
        raise Mistake(f"--role {role.value} needs --url, for example --url tcp://127.0.0.1:5005")
    if role is Role.host:
        from pyside_ro.cli.demo.host import runHost

        raise typer.Exit(runHost(url, child=False, seconds=seconds, trust=trust.arguments))
    import os

    from pyside_ro.cli.demo.window import runWindow

    if not hasScreen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ.setdefault("QT_QUICK_BACKEND", "software")
    picture = pictures / f"demo-{role.value}.png" if pictures is not None else None
    raise typer.Exit(
        runWindow(
            role.value,
            url,
            child=False,
            auto=auto,
            seconds=seconds,
            picture=picture,
            trust=trust.arguments,
        )
    )
