"""The examples, each run as a newcomer runs it: by its one command, as processes of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtGui import QImage

from tests.helpers import unique_local_url

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
TIME_LIMIT = 50

#: For each example: what the clients print at the end, and whether it has windows.
SAYS = {
    "simple_switch": ([r"client: [2-9]\d* changes seen, the switch is (on|off)"], False),
    "gps": ([r"client: \d\d+ position updates, last fix 48\.\d+N 11\.\d+E"], True),
    "printer": (
        [
            rf"client {name}: [1-9]\d* jobs accepted, [1-9]\d* refused, [1-9]\d+ pages seen"
            for name in ("Ada", "Grace")
        ],
        True,
    ),
    "instrument": (
        [r"client: \d{2,} spectra, [\d.]+ a second, 1\d peaks, average of 50 in \d+ ms"],
        True,
    ),
    "model_view": (
        [r"client: 20 depots; [1-9]\d* changes, \d+ inserts and \d+ moves seen"],
        True,
    ),
    "process_table": (
        [r"client: [1-9]\d* processes, [1-9]\d* changes seen, at the top \S.*"],
        True,
    ),
    "chat": (
        [
            rf"client {name}: [1-9]\d* messages heard, in the room: .*{name}.*"
            for name in ("Ada", "Emmy", "Grace", "Rosalind")
        ],
        True,
    ),
    "registry": (
        [r"client: [1-9]\d* readings of 3 rooms; last: attic .*cellar .*kitchen [\d.]+ °C"],
        False,
    ),
    "proxy": (
        [r"client: the motor runs at [1-9]\d* rpm; refused: 5000 rpm: 0 to 3000 is allowed"],
        False,
    ),
    "tls": (
        [
            r"client: without a certificate: tls://127\.0\.0\.1:\d+: the host demands a .*",
            r"client: the vault was opened [1-9]\d* times",
        ],
        False,
    ),
    "phonebook": (
        [r"client: [5-7] entries By\w+, \d+ changes, [1-9]\d* calls heard, [1-9]\d* refused"],
        True,
    ),
    "composite": (
        [r"client: \d+ objects, [1-9]\d* came, [1-9]\d* went, [1-9]\d+ lines in the log"],
        True,
    ),
    "qml_dashboard": (
        [r"client: [1-9]\d+ updates, [1-9]\d+ km/h in gear [3-6], 5 trips"],
        True,
    ),
    "qml_host": (
        [r"client: Studio 1, the faders are at \d+ \d+ \d+, [1-9]\d* moves seen"],
        True,
    ),
    "qml_models": (
        [r"client: \d+ events, a table of 1000 rows, 13 rows of the tree, [1-9]\d+ changes"],
        True,
    ),
    "two_widgets": ([r"client: the bar is at ([1-9]\d*), the slider at \1\b"], True),
}

#: The client's page, where it is not client.py.
PAGES = {"qml_dashboard": "Main.qml", "qml_host": "Remote.qml", "qml_models": "Main.qml"}


def environment() -> dict[str, str]:
    return os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
    }


class Program:
    """A program whose output can be waited for."""

    def __init__(self, *command: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *map(str, command)],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.lines.append(line.rstrip())
                self._news.notify_all()

    def wait_for(self, pattern: str, after: int = 0) -> int:
        """Wait for a line that matches; give the number of lines up to it."""

        def found() -> int:
            matches = (n for n, line in enumerate(self.lines) if n >= after)
            return next((n + 1 for n in matches if re.search(pattern, self.lines[n])), 0)

        with self._news:
            if not self._news.wait_for(found, TIME_LIMIT):
                pytest.fail(f"no line like {pattern!r} in:\n" + "\n".join(self.lines))
            return found()

    def end(self) -> int:
        """Wait for the end; give the exit code."""
        code = self.process.wait(TIME_LIMIT)
        self._reader.join(TIME_LIMIT)
        return code

    def kill(self) -> None:
        self.process.kill()
        self.end()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


@pytest.fixture
def start() -> Iterator[Callable[..., Program]]:
    """Starts programs, which are gone when the test ends."""
    programs: list[Program] = []

    def begin(*command: object) -> Program:
        programs.append(Program(*command))
        return programs[-1]

    yield begin
    for program in programs:
        program.kill()


@pytest.mark.parametrize("name", SAYS)
def test_one_command_runs_the_example(
    name: str, tmp_path: Path, start: Callable[..., Program]
) -> None:
    picture = tmp_path / "picture.png"
    program = start(EXAMPLES / name, "--seconds", 3, "--picture", picture)
    code = program.end()
    output = "\n".join(program.lines)
    assert code == 0, output
    patterns, windows = SAYS[name]
    for pattern in patterns:
        assert re.search(f"^{pattern}$", output, re.MULTILINE), f"{pattern!r} is not in:\n{output}"
    assert "Error calling Python override" not in output
    if name not in ("printer", "proxy", "phonebook"):  # whose hosts log what they refuse
        assert "Traceback" not in output, output
    assert ".qml" not in output, output  # which QML's warnings begin with
    assert picture.exists() == windows
    if windows:
        image = QImage(str(picture))
        colours = {
            image.pixel(x, y)
            for x in range(0, image.width(), 3)
            for y in range(0, image.height(), 3)
        }
        assert len(colours) > 10, f"the picture of {image.size()} is empty"


@pytest.mark.parametrize("name", sorted(SAYS))
def test_a_client_that_never_sees_data_fails(
    name: str, tmp_path: Path, start: Callable[..., Program]
) -> None:
    note = tmp_path / "0.ready"
    page = EXAMPLES / name / PAGES.get(name, "client.py")
    program = start(EXAMPLES / "_run.py", note, page, "--url", unique_local_url())
    deadline = time.monotonic() + TIME_LIMIT
    while not note.exists() and program.process.poll() is None:
        assert time.monotonic() < deadline, "the page's event loop never ran"
        time.sleep(0.02)
    assert program.process.stdin is not None
    program.process.stdin.close()  # as the launcher does
    code = program.end()
    output = "\n".join(program.lines)
    assert code == 1, output
    assert re.search("^client", output, re.MULTILINE), output
    assert "Traceback" not in output, output


def test_a_client_comes_back_by_itself(local_url: str, start: Callable[..., Program]) -> None:
    folder = EXAMPLES / "simple_switch"
    client = start(folder / "client.py", "--url", local_url)
    host = start(folder / "host.py", "--url", local_url)
    client.wait_for("client: the switch is")
    host.kill()
    seen = len(client.lines)
    again = start(folder / "host.py", "--url", local_url)
    client.wait_for("client: the switch is on", after=seen)
    again.wait_for("host: a client says that the switch is")


def family(program: Program, count: int) -> list[psutil.Process]:
    """The processes of a running example, once all of them are there."""
    deadline = time.monotonic() + TIME_LIMIT
    while time.monotonic() < deadline:
        children: list[psutil.Process] = psutil.Process(program.process.pid).children()
        if len(children) == count:
            return children
        time.sleep(0.05)
    pytest.fail(f"{count} processes expected")


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize(
    ("who", "number", "code"),
    [
        ("host", signal.SIGKILL, 1),
        ("client", signal.SIGKILL, 1),
        ("launcher", signal.SIGINT, 130),
        ("launcher", signal.SIGTERM, 130),
        ("launcher", signal.SIGKILL, -9),
    ],
)
def test_nothing_stays_behind(
    who: str, number: int, code: int, local_url: str, start: Callable[..., Program]
) -> None:
    program = start(EXAMPLES / "simple_switch", "--seconds", TIME_LIMIT, "--url", local_url)
    children = family(program, 2)
    program.wait_for("host: a client says")
    if who == "launcher":
        program.process.send_signal(number)
    else:
        [victim] = [child for child in children if f"{who}.py" in " ".join(child.cmdline())]
        victim.send_signal(number)
    assert program.end() == code
    _, alive = psutil.wait_procs(children, TIME_LIMIT)
    assert not alive
