"""What tests share: a second process, waiting on the event loop, QML on a stage, addresses.

Knows nothing of pyside_ro's inside; most of it knows nothing of pyside_ro at all.

The usual shape of a test with two processes::

    from tests.helpers import PeerSide, wait_until


    def counter_host(side: PeerSide, url: str) -> None:  # runs in the other process
        counter = Counter()
        host = QRemoteObjectHost(url)
        assert host.enableRemoting(counter, "counter")
        side.command(counter.setValue)  # the test may ask for it by name
        side.keep(host, counter)  # alive until the process ends
        side.ready(url=host.hostUrl().toString())


    def test_value_arrives(peer, local_url):
        host = peer(counter_host, url=local_url)  # returns when ready() was called
        node = QRemoteObjectNode()
        node.connectToNode(host.info["url"])
        counter = node.acquireDynamic("counter")
        wait_until(counter.isInitialized)
        host.ask("setValue", 7)
        wait_until(lambda: counter.value == 7)

`peer`, `local_url`, `url` (once local, once tcp), `qml` are fixtures of tests/conftest.py.
"""

from tests.helpers.events import Recorder, process_events, wait_for, wait_until
from tests.helpers.peer import ROOT, PeerError, PeerProcess
from tests.helpers.qml import QmlStage
from tests.helpers.side import PeerSide
from tests.helpers.urls import kept_port, remove_socket_file, unique_local_url

__all__ = [
    "ROOT",
    "PeerError",
    "PeerProcess",
    "PeerSide",
    "QmlStage",
    "Recorder",
    "kept_port",
    "process_events",
    "remove_socket_file",
    "unique_local_url",
    "wait_for",
    "wait_until",
]
