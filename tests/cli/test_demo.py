"""The demo, run as a user runs it: to its end, with a host that dies, with a parent that dies."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

import psutil
import pytest
from PySide6.QtGui import QImage

from tests.cli.running import Running, demo_host, run, running

_LIVE = r"(?s)(the \w+ window: live.*){2}"


def pids(demo: Running) -> dict[str, int]:
    """The process ids of a demo that is live."""
    demo.wait_output(_LIVE, timeout=40)  # the demo itself gives up after 30
    found = re.findall(r"the (\w+)(?: window)? \(pid (\d+)\)", demo.output)
    assert {role for role, _ in found} == {"host", "widgets", "qml"}
    return {role: int(pid) for role, pid in found}


def gone(ids: list[int], timeout: float = 5.0) -> bool:
    """Whether these processes end in time."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if not any(psutil.pid_exists(pid) for pid in ids):
            return True
        time.sleep(0.02)
    return False


def looks_drawn(path: Path) -> bool:
    """Whether a picture has the size of the window and more than some flat areas."""
    image = QImage(str(path))
    colours = {
        image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)
    }
    return (image.width(), image.height()) == (980, 640) and len(colours) > 100


@pytest.mark.parametrize("url", [None, "tcp://127.0.0.1:0"])
def test_to_its_end(tmp_path: Path, url: str | None) -> None:
    where = ["--url", url] if url else []
    ended = run("demo", "--seconds", "3.5", *where, cwd=tmp_path)
    # Whatever the windows print, QML's warnings among it, is on stderr.
    assert (ended.returncode, ended.stderr) == (0, "")
    for role in ("widgets", "qml"):
        path = tmp_path / "pyside-ro-demo" / f"demo-{role}.png"
        assert looks_drawn(path)
        assert str(path) in ended.stdout
    found = re.search(
        r"updates seen +([\d,]+): ([\d,]+) in the widgets window and ([\d,]+) in the qml window, "
        r"([\d,]+) here",
        ended.stdout,
    )
    assert found is not None, ended.stdout
    # Ten measurements a second, each of four signals and more.
    assert all(int(number.replace(",", "")) > 60 for number in found.groups())
    found = re.search(r"calls made +\d+: (\d+) print jobs accepted, (\d+) refused", ended.stdout)
    assert found is not None
    assert int(found[1]) >= 2
    assert re.search(r"call round trip +p50 [\d.]+ ms, max [\d.]+ ms", ended.stdout)
    assert re.search(r" km/h, \d+ satellites; printer \w+", ended.stdout)
    assert " gps  Valid" in re.sub(" +", lambda m: "  " if len(m[0]) > 1 else " ", ended.stdout)


def test_the_host_is_killed_and_comes_back(tmp_path: Path, local_url: str) -> None:
    with running("demo", "--seconds", "300", "--url", local_url, cwd=tmp_path) as demo:
        host = pids(demo)["host"]
        os.kill(host, signal.SIGKILL)
        demo.wait_output(r"(?s)(the \w+ window: lost.*){2}", timeout=5)
        demo.wait_output(f"start it again: pyside-ro demo --role host --url {local_url}")
        demo.wait_output("gps Suspect  printer Suspect", timeout=5)
        before = demo.output.count("updates/s")
        with demo_host(local_url):
            demo.wait_output(r"(?s)lost.*(the \w+ window: live.*){2}", timeout=10)
            demo.wait_output(f"(?s)(updates/s.*){{{before + 2}}}", timeout=5)
            demo.interrupt()
            code, errors = demo.finish()
    assert (code, errors) == (0, "")
    assert "updates seen" in demo.output
    assert not (tmp_path / "pyside-ro-demo" / "demo-qml.png").exists()


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_no_orphans(tmp_path: Path, ending: signal.Signals) -> None:
    with running("demo", "--seconds", "300", cwd=tmp_path) as demo:
        children = list(pids(demo).values())
        demo.process.send_signal(ending)
        demo.finish()
        assert gone(children)


def test_a_window_that_crashes_is_told_of(tmp_path: Path) -> None:
    with running("demo", "--seconds", "300", cwd=tmp_path) as demo:
        children = pids(demo)
        os.kill(children["qml"], signal.SIGKILL)
        code, errors = demo.finish()
        assert code == 1
        assert errors.startswith("error: the qml window was killed or crashed")
        assert gone(list(children.values()))


def test_ctrl_c_while_it_starts(tmp_path: Path) -> None:
    with running("demo", "--seconds", "300", cwd=tmp_path) as demo:
        demo.wait_output(r"the host \(pid")
        demo.interrupt()
        # The windows have three seconds, and then their end does not wait for their beginning.
        assert demo.finish(timeout=15) == (0, "")
        assert gone([int(pid) for pid in re.findall(r"pid (\d+)", demo.output)])


@pytest.mark.parametrize("role", ["widgets", "qml"])
def test_a_window_alone(tmp_path: Path, local_url: str, role: str) -> None:
    with demo_host(local_url):
        ended = run(
            *("demo", "--role", role, "--url", local_url, "--auto", "--seconds", "2"),
            *("--pictures", str(tmp_path)),
        )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert looks_drawn(tmp_path / f"demo-{role}.png")


@pytest.mark.parametrize("role", ["widgets", "qml"])
def test_a_window_without_a_host(tmp_path: Path, local_url: str, role: str) -> None:
    ended = run(
        *("demo", "--role", role, "--url", local_url, "--auto", "--seconds", "0.5"),
        *("--pictures", str(tmp_path)),
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert looks_drawn(tmp_path / f"demo-{role}.png")


def test_a_picture_of_a_window_alone_that_cannot_be_saved(tmp_path: Path, local_url: str) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("")
    ended = run(
        *("demo", "--role", "widgets", "--url", local_url, "--seconds", "0.5"),
        *("--pictures", str(occupied)),
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("error: ") and str(occupied) in ended.stderr


def test_the_host_alone(local_url: str) -> None:
    with demo_host(local_url) as host:
        second = run("demo", "--role", "host", "--url", local_url)
        assert (second.returncode, second.stdout) == (3, "")
        assert second.stderr.startswith(f"error: cannot listen at '{local_url}': ")
        assert second.stderr.count("\n") == 1
        host.interrupt()
        assert host.finish() == (0, "")
    assert run("demo", "--role", "host", "--url", local_url, "--seconds", "0.1").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--url", "foo://x"], 2, "foo://x"),
        (["--role", "host", "--url", "foo://x"], 2, "foo://x"),
        (["--role", "qml", "--url", "foo://x"], 2, "foo://x"),
        (["--role", "host"], 2, "--role host needs --url"),
        (["--url", "tcp://192.0.2.1:0"], 3, "cannot listen at 'tcp://192.0.2.1:0'"),
    ],
)
def test_mistakes(arguments: list[str], code: int, words: str, tmp_path: Path) -> None:
    ended = run("demo", "--seconds", "1", *arguments, cwd=tmp_path)
    assert ended.returncode == code, ended
    assert ended.stderr.startswith("error: ")
    assert words in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.touch()
    ended = run("demo", "--seconds", "0", "--pictures", str(occupied / "folder"), cwd=tmp_path)
    assert ended.returncode == 0, ended
    assert "cannot be written to: pictures go to" in ended.stderr
    found = re.findall(r"picture +(\S+)", ended.stdout)
    assert len(found) == 2
    for path in map(Path, found):
        assert looks_drawn(path)
        path.unlink()
    path.parent.rmdir()
