"""Fixtures of the models' tests: the nodes of the behaviour tests."""

from tests.behaviour.conftest import node, nodes

__all__ = ["node", "nodes"]
