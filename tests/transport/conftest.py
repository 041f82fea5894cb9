"""Fixtures of the tests of transports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pyside_ro.transport import registered


@pytest.fixture
def table() -> Iterator[None]:
    """Forget at the end which transports were registered."""
    before = dict(registered)
    yield
    registered.clear()
    registered.update(before)
