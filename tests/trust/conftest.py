"""Fixtures of the tests of trust."""

from __future__ import annotations

import pytest

from tests.trust.certificates import Pki


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    """Certificates of all kinds; see Pki."""
    return Pki(tmp_path_factory.mktemp("pki"))
