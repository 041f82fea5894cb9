"""A million rows: what is asked for, and what is kept, is what is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QTableView

from pyside_ro import QRemoteObjectNode
from tests.behaviour.support import shared_host
from tests.helpers import PeerProcess, wait_until
from tests.models.sources import models_host
from tests.models.support import acquired


@pytest.fixture(scope="module")
def host(qapp: Any) -> Iterator[PeerProcess]:
    with shared_host(models_host) as process:
        yield process


def test_a_view_scrolls_through_it(node: QRemoteObjectNode, host: PeerProcess) -> None:
    model = acquired(node, host, "million")
    assert model.rowCount() == 1_000_000
    view = QTableView()
    view.resize(400, 600)
    view.setModel(model)
    view.show()
    try:
        pages = [*range(0, 3000, 20), *range(0, 1_000_000, 50_021), 999_980]
        for row in pages:
            view.scrollTo(model.index(row, 0), QTableView.ScrollHint.PositionAtTop)
            wait_until(lambda row=row: model.data(model.index(row, 1)) == f"{row}:1")
            kept = model._root.cache
            assert kept.rows <= 2 * model.rootCacheSize()
            assert kept.rows == sum(run.end - run.first for run in kept.runs)
        # What was looked at, some rows around it, and nothing else; a page is one request, and
        # so is what lies around it.
        _, read = host.ask("reads")
        assert read < 25_000
        assert model._fetcher.requests < 3 * len(pages)
        assert len(model._nodes) == 1
    finally:
        view.close()
        view.setModel(None)


def test_a_page_is_never_lost_to_what_lies_around_it(
    node: QRemoteObjectNode, host: PeerProcess
) -> None:
    model = acquired(node, host, "million")
    model.setRootCacheSize(60)
    page = range(5000, 5100)

    def complete() -> bool:
        return None not in [model.data(model.index(row, 0)) for row in page]

    wait_until(complete)
    wait_until(lambda: not model._fetcher._running and not model._timer.isActive())
    before = model._fetcher.requests
    assert all(complete() for _ in range(10))
    assert model._fetcher.requests == before


def test_all_at_once_is_bounded(node: QRemoteObjectNode, host: PeerProcess) -> None:
    model = acquired(node, host, "million")
    for row in range(0, 1_000_000, 100):
        model.data(model.index(row, 0))
    wait_until(lambda: model.data(model.index(999_900, 0)) == "999900:0")
    wait_until(lambda: not model._fetcher._running)
    assert model._root.cache.rows <= 2 * model.rootCacheSize()


def test_a_greedy_peer_gets_a_little(node: QRemoteObjectNode, host: PeerProcess) -> None:
    """Who asks for all of it, in one go and past all packets' limits, stalls nobody."""
    model = acquired(node, host, "million")
    call = model.call("rows", [[[], 0, 2**31 - 1, [0, -1]]] * 1000)
    wait_until(call.pending.isFinished)
    blocks = [block for block in call.returnValue() if block is not None]
    assert len(blocks) <= 2
    assert 0 < sum(block[3] for block in blocks) < 70_000
