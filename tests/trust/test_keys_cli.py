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
    words = "the host has a shared key and the client has none: give it with --key-file FILE\n"
    assert ended.stderr.endswith(words)
    other = tmp_path / "other.key"
    other.write_text(KEY[::-1])
    other.chmod(0o600)
    ended = run("list", local_url, "--timeout", "0.5", "--key-file", str(other))
    assert ended.stderr.endswith(
        "shared key is another one: give the host's with --key-file FILE\n"
    )
    for bad, words in ((tmp_path / "none", "cannot be read"), (tmp_path / "empty", "is empty")):
        (tmp_path / "empty").touch()
        ended = run("list", local_url, "--key-file", str(bad))
        assert ended.returncode == 2 and words in ended.stderr


def test_a_key_that_the_host_does_not_want(peer: Any, local_url: str, tmp_path: Path) -> None:
    peer(safe_host, url=local_url, allow_stderr=[r"^pyside_ro"])
    path = tmp_path / "lab.key"
    path.write_text(KEY)
    path.chmod(0o600)
    ended = run("list", local_url, "--timeout", "0.5", "--key-file", str(path))
    assert ended.returncode == 3
    assert ended.stderr.endswith("and the host has none: leave out --key-file\n")


def test_a_read_only_object_refuses_in_a_line(peer: Any, local_url: str) -> None:
    host = peer(safe_host, url=local_url, readOnly=True, allow_stderr=[r"^pyside_ro"])
    ended = run("set", local_url, "safe", "level", "5")
    assert ended.returncode == 1 and ended.stderr == (
        "error: property safe.level was not set: its host shares 'safe' read-only with this node\n"
    )
    ended = run("call", local_url, "safe", "open", "ada")
    assert ended.returncode == 1 and "'safe' is shared read-only with this client" in ended.stderr
    assert host.ask("state") == [1, 0]
