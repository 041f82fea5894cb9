"""Fixtures of the tests of networks: addresses, whose socket files do not stay."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.helpers import remove_socket_file, unique_local_url


@pytest.fixture
def addresses() -> Iterator[list[str]]:
    """Four addresses: the registry's and three hosts'."""
    made = [unique_local_url() for _ in range(4)]
    yield made
    for url in made:
        remove_socket_file(url)


@pytest.fixture
def registry(addresses: list[str]) -> str:
    """The registry's address."""
    return addresses[0]


@pytest.fixture
def middle(addresses: list[str]) -> str:
    """The address of a proxy."""
    return addresses[1]


@pytest.fixture
def urls() -> Iterator[dict[str, str]]:
    """Addresses: the inner network's registry and host, the middle's two, the outer host's."""
    made = {key: unique_local_url() for key in ("registry", "host", "inner", "middle", "outer")}
    yield made
    for url in made.values():
        remove_socket_file(url)
