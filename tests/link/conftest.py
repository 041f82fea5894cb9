"""Fixtures of the tests of links."""

from __future__ import annotations

import pytest

from tests.link.fake import FakeLink


@pytest.fixture
def fake(qapp):
    """Makes links over a conduit in memory: fake(**kwargs), see FakeLink."""
    made = []

    def make(**kwargs) -> FakeLink:
        made.append(FakeLink(**kwargs))
        return made[-1]

    yield make
    for each in made:
        each.link.abandon()
