"""Fixtures of these tests."""

from __future__ import annotations

from tests.behaviour.conftest import node, nodes  # noqa: F401 - fixtures
