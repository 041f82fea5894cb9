"""Fixtures of the behaviour tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pyside_ro import QRemoteObjectNode
from tests.behaviour.support import dropped


@pytest.fixture
def nodes(qapp: Any) -> Iterator[Callable[[], QRemoteObjectNode]]:
    """Makes nodes that are deleted at the end of the test."""
    made: list[QRemoteObjectNode] = []

    def make() -> QRemoteObjectNode:
        made.append(QRemoteObjectNode())
        return made[-1]

    yield make
    for node in made:
        dropped(node)


@pytest.fixture
def node(nodes: Callable[[], QRemoteObjectNode]) -> QRemoteObjectNode:
    """A node that is deleted at the end of the test."""
    return nodes()
