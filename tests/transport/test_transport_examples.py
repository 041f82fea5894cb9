"""The examples `external_device` and `websocket`, each run by its one command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import ROOT

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize(
    ("name", "seconds", "says"),
    [
        # Its time begins before the worker is there, which takes as long as a process takes.
        ("external_device", 5, r"client: [1-9]\d* changes seen from the worker"),
        ("websocket", 2, r"client: [1-9]\d* readings over ws://127\.0\.0\.1:\d+/objects"),
    ],
)
def test_one_command_runs_the_example(name: str, seconds: int, says: str, port: int) -> None:
    url = f"ws://127.0.0.1:{port}/objects"
    done = subprocess.run(
        [sys.executable, ROOT / "examples" / name, "--seconds", str(seconds), "--url", url],
        capture_output=True,
        text=True,
        timeout=50,
        env=ENVIRONMENT,
    )
    assert done.returncode == 0, done.stderr
    assert re.search(f"^{says}$", done.stdout, re.MULTILINE), done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_client_that_ends_before_its_worker_is_there(tmp_path: Path) -> None:
    client = ROOT / "examples" / "external_device" / "client.py"
    done = subprocess.run(
        [sys.executable, ROOT / "examples" / "_run.py", tmp_path / "note", client],
        stdin=subprocess.DEVNULL,  # it is to end at once
        capture_output=True,
        text=True,
        timeout=50,
        env=ENVIRONMENT,
    )
    assert done.returncode == 1
    assert re.fullmatch(r"client: no worker: .*\n", done.stderr)
