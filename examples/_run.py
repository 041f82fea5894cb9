"""Starts an example: its host and its clients, each a process of its own, and ends them all.

Knows the pages of the examples only as files to run; they know nothing of this file. Run as a
program it is the wrapper around one page: it ends the page politely when the launcher says so,
or is gone, however it went (the standard input of the page closes then).
"""

from __future__ import annotations

import argparse
import atexit
import contextlib
import io
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QCoreApplication, QMetaObject, QObject, Qt, Slot
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

__all__ = ["run"]

_SECONDS_WITHOUT_SCREEN = 5.0
_SECONDS_TO_START = 30.0
_SECONDS_TO_END = 5.0
_GAP = 12


def run(
    folder: str | os.PathLike[str],
    clients: Sequence[Sequence[str]] = (("client.py",),),
    bots: Sequence[Sequence[str]] = (),
    host: Sequence[str] = ("host.py",),
    auto: Sequence[str] = (),
    hands: Sequence[Sequence[str]] = (),
    needs: Sequence[str] = (),
) -> int:
    """Run the example in `folder` until its time is over, its host or all its clients ended.

    `host`, each of `clients` and each of `bots` is a page with its arguments; `--url` is added.
    A page that is a QML file is run by ``pyside-ro qml``, its arguments set as properties.
    Bots do not keep the example running. When nobody sits in front of it (`--seconds`, or no
    screen), the clients get the arguments in `auto`, which make them press their own buttons,
    and the pages in `hands` run too. `needs` are further modules that the pages import. Returns
    the exit code: 0 if every page returned 0, 130 after Ctrl-C, otherwise 1.
    """
    folder = Path(folder).resolve()
    missing = [name for name in ("pyside_ro", *needs) if find_spec(name) is None]
    if missing:
        print(
            f"{folder.name} needs {' and '.join(missing)}, which cannot be imported here: "
            "install it with  pip install -e '.[examples]'  in the folder that has pyproject.toml",
            file=sys.stderr,
        )
        return 1
    options = _options(folder.name)
    environment = dict(os.environ)
    if not _hasScreen():
        environment["QT_QPA_PLATFORM"] = "offscreen"
        options.seconds = options.seconds or _SECONDS_WITHOUT_SCREEN
        options.picture = options.picture or _defaultPicture(folder.name)
    if options.seconds:
        clients = [[*client, *auto] for client in clients]
        bots = [*bots, *hands]
    signal.signal(signal.SIGTERM, _interrupt)

    with tempfile.TemporaryDirectory() as temporary:
        processes: list[subprocess.Popen[bytes]] = []
        interrupted = False
        try:
            for number, (page, *arguments) in enumerate([host, *bots, *clients]):
                note = Path(temporary, f"{number}.ready")
                wrapper = [sys.executable, __file__, str(note), str(folder / page)]
                processes.append(
                    subprocess.Popen(
                        [*wrapper, "--url", options.url, *arguments],
                        stdin=subprocess.PIPE,
                        env=environment,
                        # Ctrl-C in the terminal is for the launcher alone, which ends the rest.
                        start_new_session=True,
                    )
                )
            _waitUntilReady(processes, Path(temporary))
            hostDied = _wait(processes[0], processes[1 + len(bots) :], options.seconds)
        except KeyboardInterrupt:
            hostDied, interrupted = False, True
        codes = _end(processes)
        if options.picture:
            _join(sorted(Path(temporary).glob("*.png")), Path(options.picture))
    if interrupted:
        return 130
    if hostDied:
        print(f"{folder.name}: the host ended by itself, exit code {codes[0]}", file=sys.stderr)
        return 1
    return int(any(codes))


def _options(name: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog=f"examples/{name}", description=f"Run the {name} example: host and client."
    )
    parser.add_argument(
        "--url",
        default=f"local:{name}-{os.getpid()}",
        help="where the host listens (default: a local socket of this run's own)",
    )
    parser.add_argument("--seconds", type=float, metavar="N", help="stop after N seconds")
    parser.add_argument(
        "--picture", metavar="FILE", help="save a picture of the windows to FILE at the end"
    )
    return parser.parse_args()


def _hasScreen() -> bool:
    platform = os.environ.get("QT_QPA_PLATFORM")
    if platform is not None:
        return platform not in ("offscreen", "minimal")
    if os.name != "posix" or sys.platform == "darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _defaultPicture(name: str) -> str:
    return str(Path(tempfile.gettempdir(), f"pyside_ro-{name}.png"))


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _waitUntilReady(processes: Sequence[subprocess.Popen[bytes]], folder: Path) -> None:
    """Wait until every page's event loop runs, so that `--seconds` is the time that it runs."""
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline and all(process.poll() is None for process in processes):
        if len(list(folder.glob("*.ready"))) == len(processes):
            return
        time.sleep(0.02)


def _wait(
    host: subprocess.Popen[bytes],
    clients: Sequence[subprocess.Popen[bytes]],
    seconds: float | None,
) -> bool:
    """Wait for the end; True when it came because the host ended."""
    deadline = time.monotonic() + seconds if seconds else float("inf")
    while time.monotonic() < deadline:
        if host.poll() is not None:
            return True
        if clients and all(client.poll() is not None for client in clients):
            return False
        time.sleep(0.02)
    return False


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> list[int]:
    """End clients first, the host last, so that the clients see a living host to the end."""
    for group in (processes[1:], processes[:1]):
        for process in group:
            if process.stdin:
                process.stdin.close()
        deadline = time.monotonic() + _SECONDS_TO_END
        for process in group:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    return [process.returncode for process in processes]


def _join(pictures: Sequence[Path], target: Path) -> None:
    """Put the pictures of all windows into one, and say where it is."""
    images = [QImage(str(picture)) for picture in pictures]
    if not images:
        return
    if len(images) == 1:
        joined = images[0]
    else:
        heights = [image.height() for image in images]
        widths = [image.width() for image in images]
        below = sum(heights) < 500
        joined = QImage(
            max(widths) if below else sum(widths) + _GAP * (len(images) - 1),
            sum(heights) + _GAP * (len(images) - 1) if below else max(heights),
            QImage.Format.Format_RGB32,
        )
        joined.fill(QColor("#c8ccd0"))
        painter = QPainter(joined)
        place = 0
        for image in images:
            painter.drawImage(0 if below else place, place if below else 0, image)
            place += (image.height() if below else image.width()) + _GAP
        painter.end()
    if joined.save(str(target)):
        print(f"picture: {target}")
    else:
        print(f"picture: cannot be saved to {target}", file=sys.stderr)


class _Page(QObject):
    """Ends the page's application when the launcher closes this process's standard input.

    Leaves two notes for the launcher: an empty file when the event loop runs, and at the end a
    picture of every window beside it.
    """

    def __init__(self, note: Path) -> None:
        super().__init__()
        self._note = note
        # Python ends threads where they wait for it; within Qt's code that ends the process.
        self._within = threading.Lock()
        atexit.register(self._within.acquire)

    def watch(self) -> None:
        self._invoke("begin")
        # os.read and not sys.stdin: that has a lock which Python wants for itself at its end.
        while os.read(0, 1024):
            pass
        self._invoke("end")
        time.sleep(_SECONDS_TO_END)
        os._exit(1)

    def _invoke(self, name: str) -> None:
        with self._within:
            QMetaObject.invokeMethod(self, name, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def begin(self) -> None:
        with contextlib.suppress(FileNotFoundError):  # the launcher is gone
            self._note.touch()

    @Slot()
    def end(self) -> None:
        widgets = sys.modules.get("PySide6.QtWidgets")
        if widgets and self._note.exists():
            windows = [w for w in widgets.QApplication.topLevelWidgets() if w.isVisible()]
            for number, window in enumerate(windows):
                window.grab().save(str(self._picture(number)))
        quick = sys.modules.get("PySide6.QtQuick")
        if quick:
            windows = [
                window
                for window in QGuiApplication.topLevelWindows()
                if isinstance(window, quick.QQuickWindow) and window.isVisible()
            ]
            for number, window in enumerate(windows):
                if self._note.exists():
                    window.grabWindow().save(str(self._picture(number)))
            for window in windows:
                window.close()  # it ends the program, with the exit code that it likes
            if windows:
                return
        QCoreApplication.exit(0)  # quit() would not end a wait before app.exec()

    def _picture(self, number: int) -> Path:
        return self._note.with_name(f"{self._note.stem}-{number}.png")


def _play(note: str, page: str, *arguments: str) -> None:
    """Run one page as its own program would run."""
    watcher = _Page(Path(note))
    threading.Thread(target=watcher.watch, daemon=True).start()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Whole lines, as several processes print to one terminal.
            stream.reconfigure(line_buffering=True, write_through=False)
    if page.endswith(".qml"):
        from pyside_ro.cli import main

        pairs = zip(arguments[::2], arguments[1::2], strict=True)
        settings = [f"{name.removeprefix('--')}={value}" for name, value in pairs]
        sys.argv = ["pyside-ro", "qml", page, *(f"--set={setting}" for setting in settings)]
        main()
        return
    sys.argv = [page, *arguments]
    sys.path[0] = str(Path(page).parent)
    runpy.run_path(page, run_name="__main__")


if __name__ == "__main__":
    _play(*sys.argv[1:])
