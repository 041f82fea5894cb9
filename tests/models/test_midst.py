"""Clients that come, and ask, while a model runs an event loop in the middle of a change."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtTest import QAbstractItemModelTester

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode
from tests.behaviour.support import Peer
from tests.helpers import PeerSide, wait_until
from tests.models.sources import DISPLAY, ROOT, Table
from tests.models.support import acquired, content

CHANGES = ["insert", "remove", "move", "insert columns", "remove columns"]


class Slow(Table):
    """Runs an event loop in the middle of each change, before it is made and after."""

    def __init__(self, pause: Callable[[str], None]) -> None:
        super().__init__()
        self._pause = pause

    @contextmanager
    def _paused(self) -> Any:
        self._pause("before")
        yield
        self._pause("after")

    def change(self, what: str, lie: int = 0) -> None:
        """Two rows or columns, from 1; with a `lie`, that many more are inserted than said."""
        rows, count = self.rows, 2
        if what == "insert":
            self.beginInsertRows(ROOT, 1, count)
            with self._paused():
                rows[1:1] = [["new"] * self.columns for _ in range(count + lie)]
            self.endInsertRows()
        elif what == "remove":
            self.beginRemoveRows(ROOT, 1, count)
            with self._paused():
                del rows[1:3]
            self.endRemoveRows()
        elif what == "move":
            self.beginMoveRows(ROOT, 1, count, ROOT, 4)
            with self._paused():
                rows[1:4] = [rows[3], *rows[1:3]]
            self.endMoveRows()
        elif what == "insert columns":
            self.beginInsertColumns(ROOT, 1, count)
            with self._paused():
                self._columns([[*row[:1], "c", "d", *row[1:]] for row in rows])
            self.endInsertColumns()
        else:
            self.beginRemoveColumns(ROOT, 1, count)
            with self._paused():
                self._columns([[*row[:1], *row[3:]] for row in rows])
            self.endRemoveColumns()

    def _columns(self, rows: list[list[str]]) -> None:
        self.rows, self.columns = rows, len(rows[0])


def slow_host(side: PeerSide, url: str) -> None:
    """A slow model, whose pauses the test ends."""
    loops: list[QEventLoop] = []
    pauses: list[str] = []

    def pause(where: str) -> None:
        if where not in pauses:
            return
        loop = QEventLoop()
        loops.append(loop)
        side.event("paused", where)
        loop.exec()

    model = Slow(pause)

    @side.command
    def change(what: str, where: list[str], lie: int = 0) -> None:
        pauses[:] = where

        def run() -> None:
            model.change(what, lie)
            side.event("done", model.rows)

        QTimer.singleShot(0, run)

    side.command(lambda: loops.pop().quit(), "goOn")
    host = QRemoteObjectHost(url)
    assert host.enableRemoting(model, "model", [DISPLAY])
    side.command(lambda: bool(host._sources["model"].links), "watched")
    side.keep(host, model)
    side.ready(url=url)


def texts(replica: Any) -> list[list[Any]]:
    """What a replica shows; asks for what it lacks."""
    return [[values[0] for values, _ in cells] for cells, _ in content(replica, [DISPLAY])]


def watched(node: QRemoteObjectNode, host: Any) -> Any:
    """A replica of the model that looks at all of its items, checked at every step."""
    replica = acquired(node, host, "model")
    QAbstractItemModelTester(
        replica, QAbstractItemModelTester.FailureReportingMode.Fatal, parent=replica
    )
    return replica


def told(qtlog: Any) -> list[str]:
    return [r.message for r in qtlog.records if r.context.category.startswith("pyside_ro")]


@pytest.mark.parametrize("look", [True, False], ids=["looked at", "not looked at"])
@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("first", [True, False], ids=["alone", "beside another"])
def test_who_comes_in_the_middle(
    peer: Peer, local_url: str, nodes: Any, qtlog: Any, first: bool, where: str, look: bool
) -> None:
    host = peer(slow_host, url=local_url)
    other = None if first else watched(nodes(), host)
    if other is not None:
        wait_until(lambda: texts(other)[4] == ["4,0", "4,1", "4,2"])
    for number, what in enumerate(CHANGES, 1):
        node = nodes()
        host.ask("change", what, [where])
        host.wait_event("paused", number)
        replica = watched(node, host)
        if look:
            wait_until(lambda replica=replica: replica.rowCount() == 0 or texts(replica)[0][0])
        host.ask("goOn")
        [rows] = host.wait_event("done", number)
        wait_until(
            lambda replica=replica, rows=rows: texts(replica) == rows,
            message=lambda replica=replica, rows=rows: f"{texts(replica)}, not {rows}",
        )
        if other is not None:
            wait_until(lambda rows=rows: texts(other) == rows)
        else:
            node.disconnectFromNode(local_url)
            wait_until(lambda: not host.ask("watched"))
    assert not told(qtlog)


@pytest.mark.parametrize("where", [["before"], ["after"], ["before", "after"]], ids="-".join)
def test_who_looks_in_the_middle(
    peer: Peer, local_url: str, node: QRemoteObjectNode, qtlog: Any, where: list[str]
) -> None:
    host = peer(slow_host, url=local_url)
    replica = watched(node, host)
    paused = 0
    for number, what in enumerate(CHANGES, 1):
        host.ask("change", what, where)
        for _ in where:
            paused += 1
            host.wait_event("paused", paused)
            # An answer that is on its way would bring what is asked for here.
            wait_until(lambda: not replica._fetcher._running)
            requests = replica._fetcher.requests
            replica.setRootCacheSize(1000)
            replica._fetcher.clear()
            for run in replica._root.cache.runs:
                run.stale = True
            replica._fetcher.wantStale(replica._root)
            texts(replica)
            wait_until(
                lambda before=requests: (
                    replica._fetcher.requests > before and not replica._fetcher._running
                )
            )
            host.ask("goOn")
        [rows] = host.wait_event("done", number)
        wait_until(lambda rows=rows: texts(replica) == rows, message=lambda: str(texts(replica)))
    assert not told(qtlog)


def test_a_model_that_lies_is_still_told(peer: Peer, local_url: str, nodes: Any) -> None:
    host = peer(slow_host, url=local_url, allow_stderr=["rowCount"])
    other = watched(nodes(), host)
    host.ask("change", "insert", ["after"], 3)
    host.wait_event("paused", 1)
    replica = watched(nodes(), host)
    host.ask("goOn")
    [rows] = host.wait_event("done", 1)
    wait_until(lambda: texts(replica) == texts(other) == rows)
    wait_until(lambda: "rowCount() is 10 where its signals announced 7" in host.stderr)
