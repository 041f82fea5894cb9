"""What Qt Quick Test tests: tests/qml/quick."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import environment


def test_quick() -> None:
    pytest.importorskip("PySide6.QtQuickTest")
    program = Path(__file__).with_name("quick")
    done = subprocess.run(
        [sys.executable, str(program)],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=50,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "QWARN" not in said and "Traceback" not in said, said
    assert "PASS   : components::Components::test_keyboard()" in said, said
