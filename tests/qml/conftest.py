"""Fixtures of the tests of PySideRO."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import pyside_ro
from tests.behaviour.support import QUIET, shared_host
from tests.helpers import PeerProcess, QmlStage, process_events
from tests.qml.sources import printer_host


@pytest.fixture
def stage(qml: QmlStage) -> QmlStage:
    """An engine that knows PySideRO; the test fails on any warning of it."""
    pyside_ro.registerQmlTypes(qml.engine)
    return qml


@pytest.fixture(scope="module")
def printers(qapp: object) -> Iterator[PeerProcess]:
    """A host in another process that shares a Printer as `printer` and another as `spare`."""
    with shared_host(printer_host, env=QUIET) as host:
        yield host


@pytest.fixture(autouse=True)
def _settled(qapp: object) -> Iterator[None]:
    yield
    process_events(0.01)
