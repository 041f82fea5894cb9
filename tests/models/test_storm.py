"""A random storm of changes: the replica shows what its source does whenever there is peace.

All the while a QAbstractItemModelTester holds the replica to the rules of models; what it says is
a Qt warning, which fails the test.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from PySide6.QtCore import QCoreApplication
from PySide6.QtTest import QAbstractItemModelTester

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, QtRemoteObjects
from tests.helpers import remove_socket_file, unique_local_url, wait_until
from tests.models.support import same
from tests.models.trees import USER, TreeModel

number = st.integers(0, 10**6)
few = st.integers(1, 3)
ROLES = [0, 2, USER]


class Storm(RuleBasedStateMachine):
    """Changes of a tree, looks at its replica, and turns of the event loop between them."""

    replicas: list[Any]

    @initialize(prefetch=st.booleans(), rows=st.integers(0, 4))
    def begin(self, prefetch: bool, rows: int) -> None:
        self.url = unique_local_url()
        self.model = TreeModel()
        if rows:
            self.model.insert([], 0, rows, 2)
        self.host = QRemoteObjectHost(self.url)
        assert self.host.enableRemoting(self.model, "tree", ROLES)
        self.node = QRemoteObjectNode()
        assert self.node.connectToNode(self.url)
        action = QtRemoteObjects.InitialAction
        self.replica = self.node.acquireModel(
            "tree", action.PrefetchData if prefetch else action.FetchRootSize
        )
        self.tester = QAbstractItemModelTester(
            self.replica, QAbstractItemModelTester.FailureReportingMode.Warning
        )
        wait_until(self.replica.isInitialized)

    def path(self, n: int) -> list[int]:
        paths = self.model.paths()
        return paths[n % len(paths)]

    def full(self, n: int) -> list[int] | None:
        """The path of an item with rows."""
        paths = [p for p in self.model.paths() if self.model.rowCount(self.model.at(p))]
        return paths[n % len(paths)] if paths else None

    @rule(n=number, row=number, count=few, below=st.integers(0, 2))
    def insert(self, n: int, row: int, count: int, below: int) -> None:
        path = self.path(n)
        if len(self.model.paths()) < 60:
            row %= self.model.rowCount(self.model.at(path)) + 1
            self.model.insert(path, row, count, below)

    @rule(n=number, row=number, count=few)
    def remove(self, n: int, row: int, count: int) -> None:
        path = self.full(n)
        if path is not None:
            rows = self.model.rowCount(self.model.at(path))
            row %= rows
            self.model.remove(path, row, min(count, rows - row))

    @rule(n=number, row=number, count=few, m=number, place=number)
    def move(self, n: int, row: int, count: int, m: int, place: int) -> None:
        path, target = self.full(n), self.path(m)
        if path is not None:
            rows = self.model.rowCount(self.model.at(path))
            row %= rows
            place %= self.model.rowCount(self.model.at(target)) + 1
            self.model.move(path, row, min(count, rows - row), target, place)

    @rule(n=number, row=number, column=number, value=st.text(max_size=3))
    def change(self, n: int, row: int, column: int, value: str) -> None:
        path = self.full(n)
        if path is not None:
            row %= self.model.rowCount(self.model.at(path))
            self.model.change([*path, row], column % self.model.columns, value)

    @rule(n=number, value=st.text(max_size=3))
    def changeAll(self, n: int, value: str) -> None:
        self.model.changeAll(self.path(n), value)

    @rule(n=number, row=number, enabled=st.booleans())
    def enable(self, n: int, row: int, enabled: bool) -> None:
        path = self.full(n)
        if path is not None:
            row %= self.model.rowCount(self.model.at(path))
            self.model.enable([*path, row], enabled)

    @rule(n=number)
    def insertColumn(self, n: int) -> None:
        if self.model.columns < 4:
            self.model.insertColumn(n % (self.model.columns + 1))

    @rule(n=number)
    def removeColumn(self, n: int) -> None:
        if self.model.columns > 1:
            self.model.removeColumn(n % self.model.columns)

    @rule(n=number, m=number)
    def moveColumn(self, n: int, m: int) -> None:
        self.model.moveColumn(n % self.model.columns, m % (self.model.columns + 1))

    @rule()
    def layout(self) -> None:
        self.model.turnRound()

    @rule(rows=st.integers(0, 5))
    def reset(self, rows: int) -> None:
        self.model.beginAnew(rows)

    @rule(n=number, name=st.text(max_size=3))
    def rename(self, n: int, name: str) -> None:
        self.model.rename(n % self.model.columns, name)

    @rule(count=few)
    def turn(self, count: int) -> None:
        for _ in range(count):
            QCoreApplication.processEvents()

    @rule()
    def look(self) -> None:
        for row in range(self.replica.rowCount()):
            index = self.replica.index(row, 0)
            self.replica.data(index, 0)
            self.replica.rowCount(index)

    @rule()
    def peace(self) -> None:
        same(self.replica, self.model, ROLES)

    def teardown(self) -> None:
        if hasattr(self, "replica"):
            same(self.replica, self.model, ROLES)
            self.tester.deleteLater()
            self.node.deleteLater()
            self.host.close()
            remove_socket_file(self.url)


@pytest.mark.timeout(120)
def test_storm(qapp: Any) -> None:
    """Whatever the source does, the replica follows."""
    run_state_machine_as_test(
        Storm,
        settings=settings(
            max_examples=25,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
