"""Fixtures of the whole suite, and the rule that an unexpected Qt warning fails a test.

Must set up the environment before anything imports Qt.
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_FORCE_STDERR_LOGGING", "1")
# Not every machine has a GPU, and Qt Quick takes one choice in a process.
os.environ.setdefault("QT_QUICK_BACKEND", "software")

import re
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest

from tests.helpers import PeerProcess, QmlStage, remove_socket_file, unique_local_url

pytest_plugins = ["pytester"]


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest the marks of this suite."""
    config.addinivalue_line(
        "markers",
        "qt_warnings(*patterns): regular expressions of Qt warnings that this test provokes",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Fail a test during which Qt, QML or a test double warned; the library itself may warn."""
    result = yield
    capture = getattr(item, "qt_log_capture", None)
    allowed = [pattern for mark in item.iter_markers("qt_warnings") for pattern in mark.args]
    bad = [
        f"{record.context.category if record.context else '?'}: {record.message}"
        for record in (capture.records if capture else [])
        if record.matches_level("WARNING")
        and not (record.context and str(record.context.category).startswith("pyside_ro"))
        and not any(re.search(pattern, record.message) for pattern in allowed)
    ]
    if bad:
        pytest.fail("Qt warned:\n" + "\n".join(bad), pytrace=False)
    return result


@pytest.fixture
def peer(qapp: Any) -> Iterator[Callable[..., PeerProcess]]:
    """Starts programs in other processes: peer(function, **kwargs), see PeerProcess.

    All are stopped and checked (exit code, stderr) when the test ends.
    """
    started: list[PeerProcess] = []

    def start(target: Any, **kwargs: Any) -> PeerProcess:
        process = PeerProcess(target, **kwargs)
        started.append(process)
        return process

    yield start
    problems = []
    for process in reversed(started):
        try:
            process.stop()
        except AssertionError as problem:
            problems.append(str(problem))
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


@pytest.fixture
def local_url() -> Iterator[str]:
    """A `local:` address of this test's own."""
    url = unique_local_url()
    yield url
    remove_socket_file(url)


@pytest.fixture(params=["local", "tcp"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An address to listen on: a local one, then TCP with a port that the system chooses.

    For TCP, connect to what the host says in hostUrl(), not to this.
    """
    if request.param == "tcp":
        yield "tcp://127.0.0.1:0"
        return
    address = unique_local_url()
    yield address
    remove_socket_file(address)


@pytest.fixture
def qml(qapp: Any) -> Iterator[QmlStage]:
    """A QML engine; the test fails on any warning of it."""
    stage = QmlStage()
    yield stage
    stage.close()
