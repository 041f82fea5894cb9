"""Why a replica in QML is not there: what a registry lists counts, and it does not list itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from pyside_ro import (
    QRemoteObjectNode,
    QRemoteObjectRegistryHost,
    QRemoteObjectSourceLocationInfo,
)
from pyside_ro.qmltypes.reasons import reasonOf
from tests.helpers import unique_local_url, wait_until


def test_what_a_registry_lists(qapp: Any) -> None:
    host = QRemoteObjectRegistryHost(unique_local_url())
    node = QRemoteObjectNode(host.hostUrl())
    assert node.waitForRegistry()
    shared = QObject()
    assert host.enableRemoting(shared, "printer")
    registry = host.registry()
    assert registry is not None
    # Its host is not there (any more).
    registry.addSource(("scanner", QRemoteObjectSourceLocationInfo("Scanner", unique_local_url())))
    wait_until(lambda: node._found is not None and len(node._found.locations) == 2)
    replica = node.acquireDynamic("prinetr")
    assert reasonOf(node, "prinetr", replica) == (
        "nobody shares 'prinetr'; did you mean 'printer'? There are: printer, scanner"
    )
    away = node.acquireDynamic("scanner")
    assert "nobody shares" not in reasonOf(node, "scanner", away)
    node.deleteLater()
    host.deleteLater()
