"""How a client leaves its host from a thread of the program's that has no event loop."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QThread, QUrl

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode
from tests.helpers import unique_local_url, wait_until
from tests.transport.devices import Counter


@pytest.mark.parametrize("scheme", ["local", "tcp", "ws"])
def test_a_thread_without_an_event_loop(qapp: Any, scheme: str) -> None:
    """Nothing is left of the connection that Qt would warn of, or crash on, at the thread's end."""
    address = unique_local_url() if scheme == "local" else f"{scheme}://127.0.0.1:0"
    host, counter = QRemoteObjectHost(address), Counter()
    assert host.enableRemoting(counter, "counter"), host.errorString()
    url = QUrl(host.hostUrl())
    found: list[Any] = []

    class Worker(QThread):
        def run(self) -> None:
            node = QRemoteObjectNode()
            node.connectToNode(url)
            replica: Any = node.acquireDynamic("counter")
            found.append(replica.waitForSource(10_000))
            call = replica.add(2, 3)
            call.waitForFinished(10_000)
            found.append(call.returnValue())
            replica.setValue(9)
            node.disconnectFromNode(url)

    for _ in range(3):
        worker = Worker()
        worker.start()
        wait_until(worker.isFinished, 30)
        assert worker.wait(10_000)
        assert found == [True, 5]
        found.clear()
        wait_until(lambda: not host._clients)
        assert counter.value == 9, "what was asked last is done"
        counter.setValue(0)
    host.deleteLater()
