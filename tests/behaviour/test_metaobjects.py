"""PySide's one Python object for a metaobject is lost with an instance that C++ deletes."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import ClassInfo, Property, QObject, Signal, Slot
from shiboken6 import Shiboken

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode
from tests.helpers import PeerSide


class Bulb(QObject):
    """Has one member of each kind."""

    litChanged = Signal(bool)

    @Property(bool, notify=litChanged)
    def lit(self) -> bool:
        return True

    @Slot()
    def toggle(self) -> None:
        pass


@ClassInfo({"RemoteObject Type": "NamedBulb", "RemoteObject Persisted": "lit"})
class NamedBulb(Bulb):
    """Says of itself what only its ClassInfo holds."""


@pytest.fixture
def ready() -> Iterator[None]:
    """The collector has nothing to look at but what the test makes."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def garbage(kind: type[QObject]) -> None:
    """Leave behind what the collector is to find: an instance, and the parent that deletes it."""
    parent: Any = QObject()
    child = kind(parent)
    QObject.metaObject(child)
    parent.child, child.parentOfMine = child, parent  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", [Bulb, NamedBulb])
def test_the_collector_may_come_at_any_moment(
    qapp: Any, ready: None, kind: type[QObject], local_url: str
) -> None:
    """At each of the first hundreds of allocations, in turn."""
    host = QRemoteObjectHost(local_url)
    sources = []
    for moment in range(1, 200):
        gc.set_threshold(0)
        gc.collect()
        garbage(kind)
        garbage(QRemoteObjectNode)
        source = kind()
        sources.append(source)
        gc.set_threshold(moment, 1000, 1000)
        assert host.enableRemoting(source, f"bulb{moment}"), host.errorString()
        QRemoteObjectNode(objectName="one of many")


def plain_host(side: PeerSide, url: str) -> None:
    """Shares a plain QObject that its parent deletes, and then something else."""
    host = QRemoteObjectHost(url)
    parent = QObject()
    child = QObject(parent)
    assert host.enableRemoting(child, "plain")
    Shiboken.delete(parent)
    bulb = Bulb()
    assert host.enableRemoting(bulb, "bulb"), host.errorString()
    side.keep(host, bulb)
    side.ready()


def test_a_plain_object_that_its_parent_deletes(peer: Any, local_url: str) -> None:
    """With it goes the metaobject of all QObjects."""
    peer(plain_host, url=local_url, allow_stderr=["'plain' was deleted as soon as it was shared"])
    node = QRemoteObjectNode()
    node.connectToNode(local_url)
    bulb: Any = node.acquireDynamic("bulb")
    assert bulb.waitForSource(10_000), node.errorString()
    assert bulb.lit is True
