"""Fixtures of the whole suite, and the rule that an unexpected Qt warning fails a test.

Must set up the environment before anything imports Qt.
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_FORCE_STDERR_LOGGING", "1")
# Not every machine has a GPU, and Qt Quick takes one choice in a process.
os.environ.setdefault("QT_QUICK_BACKEND", "software")

import gc
import re
import weakref
from collections.abc import Callable, Generator, Iterator
from typing import Any

import hypothesis
import pytest
from shiboken6 import isValid

from pyside_ro import QRemoteObjectNode
from tests.helpers import (
    PeerProcess,
    QmlStage,
    kept_port,
    process_events,
    remove_socket_file,
    unique_local_url,
)

pytest_plugins = ["pytester"]

# An example that takes long says how busy the machine is, and fails as flaky when it runs again.
# Where CI is set the examples are always the same, as Hypothesis itself has it: there a change is
# judged, and not the luck of its day. Everywhere else each run tries others.
hypothesis.settings.register_profile(
    "suite",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("suite")


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


#: All nodes that live, with the test that made them.
_nodes: weakref.WeakKeyDictionary[QRemoteObjectNode, str] = weakref.WeakKeyDictionary()
_init = QRemoteObjectNode.__init__


def _note(node: QRemoteObjectNode, *args: Any, **kwargs: Any) -> None:
    _init(node, *args, **kwargs)
    _nodes[node] = os.environ.get("PYTEST_CURRENT_TEST", "")


QRemoteObjectNode.__init__ = _note  # type: ignore[method-assign]


@pytest.fixture(scope="module", autouse=True)
def _no_node_lives_on(request: pytest.FixtureRequest) -> None:
    """Fail when nodes of an earlier file live still.

    They go on connecting: to a port, say, that the system gave to another test's host meanwhile.
    """
    if not _nodes:
        return
    process_events(0.01)
    gc.collect()
    left = {node: test for node, test in _nodes.items() if isValid(node) and node._connections}
    for node in left:
        del _nodes[node]  # told once
        node.deleteLater()
    if left and not request.session.testsfailed:  # a failed test's frames are kept, with its nodes
        pytest.fail(f"nodes outlive the tests that made them: {set(left.values())}", pytrace=False)


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
def port() -> Iterator[int]:
    """A TCP port that stays this test's, also while none of its hosts listens there."""
    with kept_port() as number:
        yield number


@pytest.fixture(params=["local", "tcp"])
def lasting_url(request: pytest.FixtureRequest) -> str:
    """As url, for a host that goes and comes back: its address stays this test's."""
    if request.param == "tcp":
        return f"tcp://127.0.0.1:{request.getfixturevalue('port')}"
    return str(request.getfixturevalue("local_url"))


@pytest.fixture
def qml(qapp: Any) -> Iterator[QmlStage]:
    """A QML engine; the test fails on any warning of it."""
    stage = QmlStage()
    yield stage
    stage.close()
