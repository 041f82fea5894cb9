"""The examples `external_device` and `websocket`, each run by its one command."""

from __future__ import annotations

import re
import socket
import subprocess
import sys

import pytest

from tests.helpers import ROOT


def free() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"ws://127.0.0.1:{probe.getsockname()[1]}/objects"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("external_device", r"client: [1-9]\d* changes seen from the worker"),
        ("websocket", r"client: [1-9]\d* readings over ws://127\.0\.0\.1:\d+/objects"),
    ],
)
def test_one_command_runs_the_example(name: str, says: str) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "examples" / name, "--seconds", "2", "--url", free()],
        capture_output=True,
        text=True,
        timeout=50,
        env={**__import__("os").environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    assert re.search(f"^{says}$", done.stdout, re.MULTILINE), done.stdout + done.stderr
    assert "Traceback" not in done.stderr
