"""The README and the pages in docs: what they show runs, as it stands, in processes of its own.

Knows those files, and the programs in them only by what they print and show.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.helpers import ROOT, PeerProcess, remove_socket_file, unique_local_url, wait_until

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
ADDRESS = "local:office"
#: A fenced block, with the HTML comment above it if there is one.
BLOCK = re.compile(r"(?:<!-- ([^\n]*) -->\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LAST_LINE = "app.exec()\n"

#: Put in front of the last line of window.py: clicks as a person would, and says what it sees.
HAND = """
from PySide6.QtCore import QMetaObject, QTimer

steps = [("Ink: 3", "Print"), ("Ink: 2", "Print"), ("Ink: 1", "Refill"), ("Ink: 3", None)]

def look():
    items = {str(item.property("text")): item for item in view.rootObject().childItems()}
    if steps[0][0] in items:
        seen, button = steps.pop(0)
        print("seen", seen)
        if button:
            assert QMetaObject.invokeMethod(items[button], "click")
        else:
            app.quit()

timer = QTimer(interval=10, timeout=look)
timer.start()
"""


def blocks(text: str, *languages: str) -> list[tuple[str, str]]:
    """The fenced blocks of these languages, each with the remark above it."""
    return [(mark, block) for mark, kind, block in BLOCK.findall(text) if kind in languages]


def shown_files() -> dict[str, str]:
    """The README's programs: a block's first line is a comment with the file's name."""
    found = {}
    for _, block in blocks(README, "python", "qml"):
        name = re.match(r"(?:#|//) (\S+)\n", block)
        assert name, f"the README has a program without a file's name:\n{block}"
        assert name[1] not in found, f"the README has two files {name[1]}"
        found[name[1]] = block
    return found


class Office:
    """The README's files in a folder, at an address of this test's own, and their programs."""

    def __init__(self, folder: Path, peer: Callable[..., PeerProcess], url: str) -> None:
        self.folder = folder
        self.url = url
        self._peer = peer
        for name, text in shown_files().items():
            (folder / name).write_text(text.replace(ADDRESS, url), encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{name} does not have {old!r} once"
        (self.folder / name).write_text(text.replace(old, new), encoding="utf-8")

    def run(self, name: str, **options: object) -> PeerProcess:
        return self._peer(self.folder / name, cwd=self.folder, **options)

    def host(self, **options: object) -> PeerProcess:
        """host.py, once it listens."""
        self.edit("host.py", LAST_LINE, f"print('READY {{}}', flush=True)\n{LAST_LINE}")
        return self.run("host.py", ready=True, **options)


@pytest.fixture
def office(tmp_path: Path, peer: Callable[..., PeerProcess]) -> Iterator[Office]:
    url = unique_local_url()
    yield Office(tmp_path, peer, url)
    remove_socket_file(url)


def test_the_client_sees_what_the_printer_does(office: Office) -> None:
    office.host()
    client = office.run("client.py")
    client.wait_output(r"submitted, ink left: 2\n")
    assert client.stdout == "ink: 2\nsubmitted, ink left: 2\n"
    second = office.run("client.py")
    second.wait_output(r"submitted, ink left: 1\n")
    client.wait_output(r"\nink: 1\n")


def test_the_client_may_start_first(office: Office) -> None:
    client = office.run("client.py", allow_stderr=[r"pyside_ro\.io: .*no host listens"])
    office.host()
    client.wait_output(r"submitted, ink left: 2\n")


def test_a_call_is_awaited_and_an_exception_arrives(office: Office) -> None:
    host = office.host(allow_stderr=True)
    client = office.run("awaiting.py")
    assert client.wait_exit() == 0
    assert client.stdout == "ink left: 0\nrefused: RuntimeError: no ink (printer.submit)\n"
    wait_until(lambda: "RuntimeError: no ink" in host.stderr)  # its log has the traceback


def test_the_window_shows_and_sets_the_printer(office: Office) -> None:
    office.host()
    office.edit("window.py", LAST_LINE, HAND + LAST_LINE)
    window = office.run("window.py", allow_stderr=[r"^qml: printed from QML$"])
    assert window.wait_exit() == 0, window.stderr
    assert window.stdout == "seen Ink: 3\nseen Ink: 2\nseen Ink: 1\nseen Ink: 3\n"
    assert window.stderr.count("qml: printed from QML") == 2


def test_the_commands_work_against_the_host(office: Office) -> None:
    pytest.importorskip("typer", reason="the extra cli is not installed")
    office.host()
    (commands,) = [block for mark, block in blocks(README, "sh") if mark == "run: against host.py"]
    outputs = []
    for line in commands.replace(ADDRESS, office.url).splitlines():
        program, *arguments = shlex.split(line)
        assert program == "pyside-ro"
        done = subprocess.run(
            [sys.executable, "-m", "pyside_ro", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert (done.returncode, done.stderr) == (0, ""), f"{line}\n{done.stdout}{done.stderr}"
        outputs.append(done.stdout)
    assert len(outputs) == 4
    assert "printer" in outputs[0]
    assert "Printer" in outputs[0]
    assert all(word in outputs[1] for word in ("ink", "printed", "submit", "3"))
    assert outputs[2].strip() == "2"


def test_each_snippet_has_ten_lines_at_most() -> None:
    for name in ("host.py", "client.py"):
        lines = shown_files()[name].splitlines()
        statements = [line for line in lines if line and not line.startswith(("#", "from "))]
        assert len(statements) <= 10, name


def test_the_two_commands_are_marked_for_the_ci() -> None:
    marked = dict(blocks(README, "sh"))
    assert marked["ci:install"].count("\n") == marked["ci:test"].count("\n") == 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)\)", page.read_text(encoding="utf-8"))
    missing = [
        target for target in targets if "://" not in target and not (page.parent / target).is_file()
    ]
    assert not missing


def test_every_example_is_in_the_list_of_examples() -> None:
    listed = set(
        re.findall(
            r"^\| \[(\w+)\]", (ROOT / "examples" / "README.md").read_text("utf-8"), re.MULTILINE
        )
    )
    folders = {path.parent.name for path in (ROOT / "examples").glob("*/__main__.py")}
    assert listed == folders


def test_the_pages_snippets_on_logging_run(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "logging.md").read_text(encoding="utf-8")
    script = "".join(block for _, block in blocks(page, "python"))
    script += "import pyside_ro.log\npyside_ro.log.io.debug('to %s', 'Python')\n"
    (tmp_path / "log.py").write_text(script)
    done = subprocess.run(
        [sys.executable, tmp_path / "log.py"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (done.returncode, done.stderr) == (0, "DEBUG:pyside_ro.io:to Python\n")
