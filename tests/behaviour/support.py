"""What the behaviour tests share beyond tests.helpers: acquiring, and hosts for a whole file.

Knows pyside_ro's public names only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from PySide6.QtCore import QObject, QUrl

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, QRemoteObjectReplica
from tests.helpers import (
    PeerProcess,
    PeerSide,
    process_events,
    remove_socket_file,
    unique_local_url,
    wait_until,
)

State = QRemoteObjectReplica.State
Peer: TypeAlias = Callable[..., PeerProcess]

#: The environment of a host whose slots are meant to raise: what it logs of them is not shown.
QUIET = {"QT_LOGGING_RULES": "pyside_ro*.critical=false"}


def own(replica: Any) -> State:
    """The replica's state, whatever the source calls its members."""
    return QRemoteObjectReplica.state(replica)


def valid(replica: Any) -> Any:
    """Wait until a replica is Valid and give it back."""
    wait_until(lambda: own(replica) is State.Valid, message=lambda: repr(replica))
    return replica


def live(node: QRemoteObjectNode, url: str | QUrl | PeerProcess, name: str) -> Any:
    """A dynamic replica that is Valid; `url` may be the PeerProcess whose info has it."""
    address = url.info["url"] if isinstance(url, PeerProcess) else url
    assert node.connectToNode(address)
    return valid(node.acquireDynamic(name))


def finished(call: Any) -> Any:
    """Wait for a pending call; its result, or raise why it failed."""
    wait_until(call.isFinished, 20.0, lambda: repr(call))
    return call.result()


def failure(call: Any) -> BaseException:
    """Wait for a pending call that is to fail; why it did."""
    wait_until(call.isFinished, message=lambda: repr(call))
    error = call.exception()
    assert error is not None, f"it succeeded: {call!r}"
    return error  # type: ignore[no-any-return]


@contextmanager
def shared_host(target: Callable[..., Any], **kwargs: Any) -> Iterator[PeerProcess]:
    """One host process for all tests of a file, at an address of its own (info["url"])."""
    url = unique_local_url()
    try:
        with PeerProcess(target, url=url, **kwargs) as process:
            yield process
    finally:
        remove_socket_file(url)


def share(side: PeerSide, url: str, **sources: QObject) -> QRemoteObjectHost:
    """In a host process: share objects by name, keep them, and say that it is ready."""
    host = QRemoteObjectHost(url)
    for name, source in sources.items():
        assert host.enableRemoting(source, name), host.errorString()
    side.keep(host, *sources.values())
    side.ready(url=host.hostUrl().toString())
    return host


def dropped(node: QRemoteObjectNode) -> None:
    """Delete a node and let Qt do it."""
    node.deleteLater()
    process_events(0.01)
