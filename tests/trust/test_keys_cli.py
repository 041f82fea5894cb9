"""The command line's --key-file, as a user gives it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import run
from tests.trust.sides import KEY, safe_host


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_a_key_file(peer: Any, local_url: str, tmp_path: Path) -> None:
    peer(safe_host, url=local_url, key=KEY, allow_stderr=[r"^pyside_ro"])
    path = tmp_path / "lab.key"
    path.write_text(KEY + "\n")
    path.chmod(0o600)
    ended = run("list", local_url, "--key-file", str(path))
    assert ended.returncode == 0 and "safe" in ended.stdout and ended.stderr == "", ended
    path.chmod(0o644)
    ended = run("list", local_url, "--key-file", str(path))
    assert ended.returncode == 0 and "others on this machine may read the key file" in ended.stderr
    ended = run("list", local_url, "--timeout", "0.5")
    assert ended.returncode == 3
    assert "the host has a shared key and the client has none" in ended.stderr
    for bad, words in ((tmp_path / "none", "cannot be read"), (tmp_path / "empty", "is empty")):
        (tmp_path / "empty").touch()
        ended = run("list", local_url, "--key-file", str(bad))
        assert ended.returncode == 2 and words in ended.stderr
