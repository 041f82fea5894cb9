"""What a blocking wait waits for ends, or follows something else: the wait notices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject, QTimer

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode
from tests.behaviour.sources import Counter, Gauge
from tests.behaviour.support import State, own

#: In milliseconds: longer than the slowest machine takes. No test that passes waits for it.
PATIENCE = 20_000


class Ending:
    """A node that waits for what never comes, and what may end that."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.parent = QObject()
        self.node = QRemoteObjectNode(url, self.parent)
        self.node.connectToNode(url)
        self.replica: Any = self.node.acquireDynamic("nobody")
        self.typed: Any = self.node.acquire(Counter)

    def endsEarly(
        self, wait: Callable[[int], bool], end: Callable[[], object] | None = None
    ) -> bool:
        """Whether a wait is False long before its time has passed, because of `end` or at once."""
        late: list[bool] = []
        timer = QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(lambda: late.append(True))
        timer.start(PATIENCE)
        if end is not None:
            QTimer.singleShot(0, end)
        result = wait(PATIENCE + 10_000)
        return not result and not late


@pytest.fixture
def ending(qapp: Any, local_url: str) -> Ending:
    return Ending(local_url)


WAITS: dict[str, Callable[[Ending, int], bool]] = {
    "source": lambda e, time: e.replica.waitForSource(time),
    "typed source": lambda e, time: e.typed.waitForSource(time),
    "node": lambda e, time: e.node.waitForNode(e.url, time),
    "registry": lambda e, time: e.node.waitForRegistry(time),
}


@pytest.mark.parametrize("how", ["delete", "deleteLater", "parent"])
@pytest.mark.parametrize("what", WAITS)
def test_the_node_is_deleted_meanwhile_and_before(ending: Ending, what: str, how: str) -> None:
    def end() -> None:
        if how == "delete":
            shiboken6.delete(ending.node)
        elif how == "deleteLater":
            ending.node.deleteLater()
        else:
            shiboken6.delete(ending.parent)

    assert ending.endsEarly(lambda time: WAITS[what](ending, time), end)
    assert not shiboken6.isValid(ending.node)
    assert ending.endsEarly(lambda time: WAITS[what](ending, time))
    assert own(ending.typed) is State.Default


def test_the_replica_is_deleted_meanwhile_and_before(ending: Ending) -> None:
    for replica in (ending.replica, ending.typed):
        assert ending.endsEarly(replica.waitForSource, lambda r=replica: shiboken6.delete(r))
        assert not shiboken6.isValid(replica) and ending.endsEarly(replica.waitForSource)
    assert not ending.node.acquireDynamic("nobody").waitForSource(1), "others wait on"
    assert ending.url in ending.node.errorString()


def test_the_node_is_told_to_leave_the_host(ending: Ending) -> None:
    assert ending.endsEarly(
        lambda time: ending.node.waitForNode(ending.url, time),
        lambda: ending.node.disconnectFromNode(ending.url),
    )
    assert ending.endsEarly(lambda time: ending.node.waitForNode(ending.url, time))
    # Another host may have it: that is waited for.
    host, counter = QRemoteObjectHost(ending.url), Counter(3)
    host.enableRemoting(counter, "nobody")
    QTimer.singleShot(0, lambda: ending.node.connectToNode(ending.url))
    assert ending.replica.waitForSource(PATIENCE) and ending.replica.value == 3
    assert ending.node.waitForNode(ending.url, PATIENCE)


def test_a_dynamic_replica_follows_what_the_source_turns_out_to_be(
    qapp: Any, local_url: str, node: QRemoteObjectNode
) -> None:
    node.connectToNode(local_url)
    wrong = node.acquire(Counter, "thing")
    dynamic = node.acquireDynamic("thing")
    right = node.acquire(Gauge, "thing")
    host, gauge = QRemoteObjectHost(), Gauge()
    QTimer.singleShot(0, lambda: host.setHostUrl(local_url) and host.enableRemoting(gauge, "thing"))
    assert dynamic.waitForSource(PATIENCE) and right.waitForSource(PATIENCE)
    assert own(dynamic) is State.Valid
    assert not wrong.waitForSource(PATIENCE)
    assert own(wrong) is State.SignatureMismatch
