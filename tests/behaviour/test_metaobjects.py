"""PySide's one Python object for a metaobject is lost with an instance that C++ deletes."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import ClassInfo, Property, QObject, Signal, Slot

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode


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


@pytest.mark.parametrize("when", ["before the import", "after the import"])
def test_a_plain_object_that_its_parent_deleted(when: str) -> None:
    """The metaobject that is lost is QObject's own, of which there is one in the process."""
    steps = [_LOSE, _IMPORT] if when == "before the import" else [_IMPORT, _LOSE]
    command = [sys.executable, "-c", "".join([*steps, _SHARE])]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "True\n", "")


_LOSE = """
from PySide6.QtCore import QCoreApplication, QObject, Slot
from shiboken6 import delete

parent = QObject()
child = QObject(parent)
child.metaObject()
delete(parent)
"""
_IMPORT = """
import pyside_ro
"""
_SHARE = """
class Switch(QObject):
    @Slot()
    def press(self):
        pass

app = QCoreApplication([])
host = pyside_ro.QRemoteObjectHost("tcp://127.0.0.1:0")
switch = Switch()
print(host.enableRemoting(switch, "switch") and host.disableRemoting(switch))
"""
