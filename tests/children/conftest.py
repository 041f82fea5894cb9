"""Fixtures of these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.behaviour.conftest import node, nodes  # noqa: F401 - fixtures
from tests.helpers import remove_socket_file, unique_local_url


@pytest.fixture
def middle_url() -> Iterator[str]:
    """A second address."""
    url = unique_local_url()
    yield url
    remove_socket_file(url)
