"""What the tests of networks share: nodes that go away, and words for what is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyside_ro import QRemoteObjectNode, QRemoteObjectReplica
from tests.helpers import process_events, wait_until

State = QRemoteObjectReplica.State
#: What a side may say on its stderr when another one is killed.
LOG = [r"^pyside_ro"]


@contextmanager
def dropped(*nodes: QRemoteObjectNode) -> Iterator[None]:
    """Delete nodes at the end."""
    try:
        yield
    finally:
        for node in nodes:
            node.deleteLater()
        process_events(0.01)


def valid(*replicas: Any, timeout: float = 15.0) -> None:
    """Wait until all are Valid."""
    wait_until(
        lambda: all(r.state() is State.Valid for r in replicas),
        timeout,
        lambda: ", ".join(f"{r!r}: {r._ro.reason}" for r in replicas),
    )


def suspect(*replicas: Any) -> None:
    """Wait until all are Suspect."""
    wait_until(lambda: all(r.state() is State.Suspect for r in replicas), 15.0, repr(replicas))


def listed(node: QRemoteObjectNode) -> dict[str, str]:
    """What the node's registry lists: host by name."""
    registry = node.registry()
    assert registry is not None
    return {name: info.hostUrl.toString() for name, info in registry.sourceLocations().items()}
