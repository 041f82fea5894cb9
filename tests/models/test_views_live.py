"""What widgets paint of a replica is, to the pixel, what they paint of the source itself.

After every kind of change, through proxies, while scrolling through very many rows, and when the
host dies and comes back.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QSortFilterProxyModel, Qt

from pyside_ro import QRemoteObjectNode
from tests.behaviour.support import shared_host
from tests.helpers import PeerProcess, wait_until
from tests.models.painted import VIEWS, Painted, Pair, Rows, grown, painted_host, table, tree
from tests.models.support import acquired

#: What is done, one after another, and must be seen.
CHANGES: list[tuple[str, list[Any]]] = [
    ("change", [[3], 1, "changed"]),
    ("changeAll", [[], "all"]),
    ("insert", [[], 2, 3]),
    ("remove", [[], 0, 2]),
    ("move", [[], 6, 2, [], 1]),
    ("enable", [[4], False]),
    ("insertColumn", [1]),
    ("moveColumn", [0, 2]),
    ("removeColumn", [1]),
    ("rename", [0, "renamed"]),
    ("insert", [[1], 0, 2]),
    ("move", [[1], 0, 1, [3], 1]),
    ("remove", [[3], 0, 1]),
    ("turnRound", []),
    ("beginAnew", [7]),
    ("remove", [[], 0, 7]),
    ("insert", [[], 0, 12, 1]),
]


@pytest.fixture
def host(qapp: Any) -> Iterator[PeerProcess]:
    with shared_host(painted_host, app="gui") as process:
        yield process


@pytest.fixture
def pair(request: pytest.FixtureRequest) -> Iterator[Callable[..., Pair]]:
    """Makes pairs of views, which are gone when the test ends."""
    made: list[Pair] = []

    def make(*args: Any) -> Pair:
        made.append(Pair(*args))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize("make", VIEWS)
def test_changes(
    make: Any, node: QRemoteObjectNode, host: PeerProcess, pair: Callable[..., Pair]
) -> None:
    twin = grown(Painted())
    views = pair(make, acquired(node, host, "painted"), twin)
    views.same("at first")
    if make is tree:
        views.both(lambda view, model: view.expand(model.index(3, 0)))
        views.both(lambda view, model: view.expand(model.index(9, 0)))
        views.same("opened")
    for deed, args in CHANGES:
        if deed == "turnRound" and make is tree:
            # What is open is closed by a change of layout: which item went where is not known.
            views.both(lambda view, _: view.collapseAll())
        host.ask(deed, *args)
        getattr(twin, deed)(*args)
        views.same(f"{deed} {args}")


def test_an_edit_in_a_view(
    node: QRemoteObjectNode, host: PeerProcess, pair: Callable[..., Pair]
) -> None:
    twin = grown(Painted())
    replica = acquired(node, host, "painted")
    views = pair(VIEWS[0], replica, twin)
    views.same("at first")
    views.both(lambda _, model: model.setData(model.index(2, 1), "typed"))
    wait_until(lambda: replica.index(2, 1).data() == "typed")
    views.same("edited")


@pytest.mark.parametrize("make", VIEWS)
def test_a_sorting_and_filtering_proxy(
    make: Any, node: QRemoteObjectNode, host: PeerProcess, pair: Callable[..., Pair]
) -> None:
    twin = grown(Painted())
    models = []
    for source in (acquired(node, host, "painted"), twin):
        proxy = QSortFilterProxyModel()
        proxy.setSourceModel(source)
        proxy.setFilterRegularExpression("[1-5]")
        proxy.sort(0, Qt.SortOrder.DescendingOrder)
        models.append(proxy)
    views = pair(make, *models)
    views.same("at first")
    for deed, args in CHANGES[:5]:
        host.ask(deed, *args)
        getattr(twin, deed)(*args)
        views.same(f"{deed} {args}")


# Qt's tree and list views lay out every row.
@pytest.mark.parametrize(
    ("make", "rows"), [(table, 1_000_000), *((make, 100_000) for make in VIEWS)]
)
def test_scrolling(
    make: Any, rows: int, node: QRemoteObjectNode, host: PeerProcess, pair: Callable[..., Pair]
) -> None:
    replica = acquired(node, host, "rows" if rows == 100_000 else "million")
    views = pair(make, replica, Rows(rows))
    views.same("at first")
    chance = random.Random(4)
    places = [0.0, 0.0002, 0.0004, 0.001, *(chance.random() for _ in range(6)), 1.0, 0.9999, 0.0]
    asked = replica._fetcher.requests
    for place in places:

        def scroll(view: Any, _: object, place: float = place) -> None:
            bar = view.verticalScrollBar()
            bar.setValue(round(place * bar.maximum()))

        views.both(scroll)
        views.same(f"at {place}")
    # A page and what lies around it, never a request for a row or a cell.
    assert replica._fetcher.requests - asked <= 6 * len(places)
    assert host.ask("read") < 500 * (len(places) + 1)
    assert sum(run.end - run.first for run in replica._root.cache.runs) < 2_000


def test_laying_out_a_tree_asks_for_what_it_paints(
    node: QRemoteObjectNode, host: PeerProcess, pair: Callable[..., Pair]
) -> None:
    replica = acquired(node, host, "rows")
    replica.setRootCacheSize(6_000)
    # Its layout asks for the flags of all rows.
    pair(tree, replica, Rows(100_000)).same()
    wait_until(lambda: not replica._fetcher._running and not replica._timer.isActive())
    assert 0 < host.ask("read") < 400


def test_the_host_is_killed_and_comes_back(
    peer: Any, node: QRemoteObjectNode, local_url: str, pair: Callable[..., Pair]
) -> None:
    first = peer(painted_host, url=local_url, app="gui")
    twin = grown(Painted())
    replica = acquired(node, local_url, "painted")
    views = pair(VIEWS[0], replica, twin)
    first.ask("change", [0], 0, "before")
    twin.change([0], 0, "before")
    views.same("at first")
    first.kill()
    lost = replica._link
    wait_until(lambda: not lost.isReplicaValid())
    views.same("the host is gone")
    peer(painted_host, url=local_url, app="gui")
    twin.change([0], 0, "i1.0")  # the new one knows nothing of it
    views.same("the host is back")
