"""Who keeps a source alive: Python's references, its parent or C++, and never its host."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QAbstractItemModel, QObject, QStringListModel, QUrl
from PySide6.QtQml import QQmlComponent, QQmlEngine

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode
from tests.behaviour.sources import Counter
from tests.behaviour.support import State, finished, live, own
from tests.helpers import wait_until


@pytest.fixture
def host(qapp: Any, local_url: str) -> QRemoteObjectHost:
    return QRemoteObjectHost(local_url)


def kept(parent: QObject, value: int = 1) -> weakref.ref[Counter]:
    """A counter that only its parent keeps."""
    counter = Counter(value)
    counter.setParent(parent)
    return weakref.ref(counter)


@pytest.mark.parametrize("watched", [False, True])
@pytest.mark.parametrize("again", [False, True], ids=["once", "shared twice"])
def test_a_source_ends_with_its_last_reference_after_its_parent_let_it_go(
    host: QRemoteObjectHost, node: QRemoteObjectNode, watched: bool, again: bool
) -> None:
    parent = QObject()
    counter = kept(parent)
    assert host.enableRemoting(counter(), "counter")
    assert not again or host.enableRemoting(counter(), "again")
    replica = live(node, host.hostUrl(), "counter") if watched else None
    gc.collect()
    assert counter() is not None
    counter().setParent(None)  # type: ignore[union-attr]
    assert counter() is None
    wait_until(lambda: not host._sources)
    if watched:
        wait_until(lambda: own(replica) is State.Suspect)
    other = Counter(2)
    assert host.enableRemoting(other, "counter")


def test_a_model_ends_so_too(host: QRemoteObjectHost, node: QRemoteObjectNode) -> None:
    parent = QObject()
    model = QStringListModel(["a", "b"], parent)
    reference: weakref.ref[QAbstractItemModel] = weakref.ref(model)
    assert host.enableRemoting(model, "model", [0])
    del model
    assert node.connectToNode(host.hostUrl())
    replica = node.acquireModel("model")
    wait_until(lambda: replica.isInitialized() and replica.rowCount() == 2)
    reference().setParent(None)  # type: ignore[union-attr]
    assert reference() is None
    wait_until(lambda: not host._sources)
    wait_until(lambda: "model" not in node.connectedSources())


def test_a_parent_keeps_it_and_ends_it(host: QRemoteObjectHost, node: QRemoteObjectNode) -> None:
    parent = QObject()
    assert host.enableRemoting(kept(parent, 7)(), "counter")
    replica = live(node, host.hostUrl(), "counter")
    gc.collect()
    assert replica.value == 7 and finished(replica.add(1, 2)) == 3
    shiboken6.delete(parent)
    wait_until(lambda: own(replica) is State.Suspect)
    wait_until(lambda: not host._sources)


QML = b"""
import QtQml
QtObject { property QtObject line: QtObject { property string text: "" } }
"""


def test_what_only_qml_keeps(host: QRemoteObjectHost, node: QRemoteObjectNode) -> None:
    engine = QQmlEngine()
    component = QQmlComponent(engine)
    component.setData(QML, QUrl())
    root = component.create()
    assert root is not None, component.errorString()
    # Python knows it by a wrapper that nobody else keeps, and another one each time.
    assert host.enableRemoting(root.property("line"), "line")
    assert host.enableRemoting(kept(root.property("line"), 5)(), "counter")
    line, counter = (live(node, host.hostUrl(), name) for name in ("line", "counter"))
    gc.collect()
    root.property("line").setProperty("text", "42")
    wait_until(lambda: line.text == "42")
    assert counter.value == 5 and finished(counter.add(2, 2)) == 4
    root.deleteLater()
    wait_until(lambda: own(line) is State.Suspect and own(counter) is State.Suspect)
    wait_until(lambda: not host._sources)
