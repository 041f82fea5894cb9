"""Programs written for PySide6.QtRemoteObjects run when the import line is changed, no more.

Each of `programs` is a host and a client that use the PySide6 module and print what they see. They
run as they stand, and with the module's name replaced; both have to say the same, and to show the
same in their window. What QtRemoteObjects itself gets wrong they leave alone: results of slots of
dynamic replicas, records and `float` as arguments of slots, `isWritable` of a replica's properties,
the numbers of rows in headers after a removal.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from tests.helpers import ROOT, PeerProcess, remove_socket_file, unique_local_url

PEER, OURS = "PySide6.QtRemoteObjects", "pyside_ro"
PROGRAMS = Path(__file__).parent / "programs"
#: Its own words about dynamic replicas: not results.
CHATTER = ["Dynamic metaobject is not assigned", "This may cause issues"]
#: The last thing that each client is expected to see, so that no two silent programs are equal.
SEES = {
    "typed": "reached: 21.0 upstairs 21.0 21.0",
    "dynamic": "mapped: [('key', 10), ('nested', {'list': [1, 2]})]",
    "model": "edited: ['good 000', 'edited', 'in stock']",
}

pytest.importorskip(PEER, reason="PySide6-Addons is not installed")


def changed(folder: Path, module: str) -> Path:
    """A copy of the programs with the imports of that module."""
    folder.mkdir()
    for program in PROGRAMS.glob("*.py"):
        text = program.read_text("utf-8")
        (folder / program.name).write_text(text.replace(PEER, module), "utf-8")
    return folder


def run(start: Callable[..., PeerProcess], folder: Path, name: str) -> tuple[str, str, QImage]:
    """What a host and its client print, and the picture of the client's window."""
    url = unique_local_url()
    env = {"PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))}
    try:
        host = start(
            folder / f"{name}_host.py", args=[url], env=env, ready=False, allow_stderr=CHATTER
        )
        host.wait_output("shared: True")
        client = start(
            folder / f"{name}_client.py",
            args=[url, str(folder / "window.png")],
            env=env,
            ready=False,
            allow_stderr=CHATTER,
        )
        assert client.wait_exit() == 0
        host.stop()
    finally:
        remove_socket_file(url)
    return host.stdout, client.stdout, QImage(str(folder / "window.png"))


def test_programs_name_the_module_in_one_line() -> None:
    for program in PROGRAMS.glob("*_*.py"):
        assert len(re.findall(re.escape(PEER), program.read_text("utf-8"))) == 1, program.name


@pytest.mark.parametrize("name", SEES)
def test_the_same_results(name: str, tmp_path: Path, peer: Any) -> None:
    theirs = run(peer, changed(tmp_path / "theirs", PEER), name)
    ours = run(peer, changed(tmp_path / "ours", OURS), name)
    assert SEES[name] in ours[1]
    assert ours[1].splitlines() == theirs[1].splitlines()
    assert ours[0].splitlines() == theirs[0].splitlines()
    assert ours[2].isNull() == theirs[2].isNull() == (name != "model")
    assert ours[2] == theirs[2], f"the windows differ, see {tmp_path}"
