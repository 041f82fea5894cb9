"""QML's own views of a replica: what their delegates show is what the source holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex
from PySide6.QtQuick import QQuickItem

from pyside_ro import QRemoteObjectNode
from tests.behaviour.support import shared_host
from tests.helpers import PeerProcess, QmlStage, wait_until
from tests.models.painted import Painted, Rows, grown, painted_host
from tests.models.support import acquired

#: Each delegate says where it is and what it shows, by properties that the test reads.
CELL = """
Rectangle {
    objectName: "cell"
    required property var model
    property int r: ROW
    property int c: COLUMN
    property string said: model.display ?? ""
    property bool pooled: false
    POOL.onPooled: pooled = true
    POOL.onReused: pooled = false
    property string decoration: model.decoration ?? ""
    implicitWidth: 90; implicitHeight: 20
    width: 90; height: 20
    color: model.background ?? "white"
    Text { text: parent.said }
}
"""
PAGE = """
import QtQuick
Window {
    id: root
    required property var source
    width: 300; height: 200
    visible: true
    VIEW { objectName: "view"; anchors.fill: parent; model: root.source; MORE delegate: CELL }
}
"""
#: What TreeView gives to its delegates. (Qt's own TreeViewDelegate warns of text that is undefined
#: until it comes.)
_TREE = """
    required property TreeView treeView
    required property bool isTreeNode
    required property bool expanded
    required property bool hasChildren
    required property int depth
"""
_INDEXED = "required property var model; required property int row; required property int column"


def page(kind: str, more: str = "") -> str:
    """The document with one view."""
    cell = CELL
    if kind != "ListView":
        cell = cell.replace("ROW", "row").replace("COLUMN", "column")
        given = _INDEXED + (_TREE if kind == "TreeView" else "")
        cell = cell.replace("required property var model", given)
    else:
        cell = cell.replace("ROW", "model.index").replace("COLUMN", "0")
    # An item in the pool of those to be used again is where it was, but not painted.
    cell = cell.replace("POOL", "ListView" if kind == "ListView" else "TableView")
    return PAGE.replace("VIEW {", f"{kind} {{").replace("MORE", more).replace("CELL", cell)


def items(item: Any) -> Iterator[Any]:
    """An item and all below it."""
    yield item
    for child in item.childItems():
        yield from items(child)


class Stage:
    """A window with one view, and what its delegates show."""

    def __init__(self, qml: QmlStage, kind: str, model: QAbstractItemModel, more: str = "") -> None:
        root = qml.load(page(kind, more), source=model)
        view = root.findChild(QQuickItem, "view")
        assert view is not None
        self.view: Any = view

    def shown(self) -> dict[tuple[int, int], tuple[str, str]]:
        """Text and colour by row and column of the view, of what is inside the window."""
        found: dict[tuple[int, int], tuple[str, str]] = {}
        for item in items(self.view):
            if item.objectName() != "cell" or item.property("pooled"):
                continue
            place = item.mapToItem(self.view, item.boundingRect().center())
            if self.view.contains(place):
                cell = (item.property("r"), item.property("c"))
                found[cell] = (item.property("said"), item.property("decoration"))
        return found

    def same(self, expected: Callable[[int, int], tuple[str, str]], first: int = 0) -> None:
        """Wait until some rows are shown, from `first` on at the latest, and all as expected."""

        def equal() -> bool:
            shown = self.shown()
            rows = {row for row, _ in shown}
            return (
                len(rows) >= 9
                and min(rows) <= first <= max(rows)
                and all(said == expected(*cell) for cell, said in shown.items())
            )

        wait_until(equal, message=lambda: f"{self.shown()}")


def cells(model: QAbstractItemModel) -> Callable[[int, int], tuple[str, str]]:
    """What a view without depth shows of a model."""

    def cell(row: int, column: int) -> tuple[str, str]:
        index = model.index(row, column)
        colour = index.data(1)
        return str(index.data() or ""), colour.name() if colour is not None else ""

    return cell


@pytest.fixture
def host(qapp: Any) -> Iterator[PeerProcess]:
    with shared_host(painted_host, app="gui") as process:
        yield process


CHANGES: list[tuple[str, list[Any]]] = [
    ("change", [[3], 0, "changed"]),
    ("changeAll", [[], "all"]),
    ("insert", [[], 2, 3]),
    ("remove", [[], 0, 2]),
    ("move", [[], 6, 2, [], 1]),
    ("turnRound", []),
    ("beginAnew", [12]),
]


@pytest.mark.parametrize("kind", ["ListView", "TableView"])
def test_changes(kind: str, qml: QmlStage, node: QRemoteObjectNode, host: PeerProcess) -> None:
    twin = grown(Painted())
    stage = Stage(qml, kind, acquired(node, host, "painted"))
    stage.same(cells(twin))
    for deed, args in CHANGES:
        host.ask(deed, *args)
        getattr(twin, deed)(*args)
        stage.same(cells(twin))


@pytest.mark.parametrize("kind", ["ListView", "TableView"])
@pytest.mark.parametrize("rows", [100_000, 1_000_000])
def test_scrolling(
    kind: str, rows: int, qml: QmlStage, node: QRemoteObjectNode, host: PeerProcess
) -> None:
    replica = acquired(node, host, "rows" if rows == 100_000 else "million")
    twin = Rows(rows)
    # A table view without a height for all rows would guess where a row is.
    more = "reuseItems: true; " + ("rowHeightProvider: () => 20;" if kind == "TableView" else "")
    stage = Stage(qml, kind, replica, more)
    stage.same(cells(twin))
    asked = replica._fetcher.requests
    places = [5, 12, 40, rows // 3, rows // 2, rows - 5, 0]
    for row in places:
        stage.view.setProperty("contentY", min(row, rows - 10) * 20.0)
        stage.same(cells(twin), min(row, rows - 10))
    assert replica._fetcher.requests - asked <= 8 * len(places)
    assert host.ask("read") < 600 * (len(places) + 1)


def test_a_tree(qml: QmlStage, node: QRemoteObjectNode, host: PeerProcess) -> None:
    twin = grown(Painted())
    replica = acquired(node, host, "painted")
    stage = Stage(qml, "TreeView", replica)
    stage.same(cells(twin))
    stage.view.expand(1)

    def opened(row: int, column: int) -> tuple[str, str]:
        """Of a tree whose second item is open, with the two below it."""
        above, at = QModelIndex(), row
        if row in (2, 3):
            above, at = twin.index(1, 0), row - 2
        elif row > 3:
            at = row - 2
        index = twin.index(at, column, above)
        colour = index.data(1)
        return str(index.data() or ""), colour.name() if colour is not None else ""

    stage.same(opened)
    for deed, args in (
        ("change", [[1, 0], 0, "changed"]),
        ("changeAll", [[1], "all"]),
        ("move", [[1], 0, 1, [1], 2]),
        ("move", [[], 5, 1, [], 3]),
    ):
        host.ask(deed, *args)
        getattr(twin, deed)(*args)
        stage.same(opened)
    stage.view.collapse(1)
    stage.same(cells(twin))


@pytest.mark.parametrize("kind", ["ListView", "TableView", "TreeView"])
def test_the_host_is_killed_and_comes_back(
    kind: str, qml: QmlStage, node: QRemoteObjectNode, peer: Any, local_url: str
) -> None:
    first = peer(painted_host, url=local_url, app="gui")
    twin = grown(Painted())
    replica = acquired(node, local_url, "painted")
    stage = Stage(qml, kind, replica)
    first.ask("change", [0], 0, "before")
    twin.change([0], 0, "before")
    stage.same(cells(twin))
    first.kill()
    link = replica._link
    wait_until(lambda: not link.isReplicaValid())
    stage.same(cells(twin))
    peer(painted_host, url=local_url, app="gui")
    twin.change([0], 0, "i1.0")  # the new one knows nothing of it
    stage.same(cells(twin))
