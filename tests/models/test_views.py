"""Replicas in Qt's own views, drawn: what they show is what the source holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QListView, QTableView, QTreeView

from pyside_ro import QRemoteObjectNode
from tests.behaviour.support import share, shared_host
from tests.helpers import PeerProcess, PeerSide, wait_until
from tests.models.support import acquired

ROLES = [
    int(role)
    for role in (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.DecorationRole,
        Qt.ItemDataRole.BackgroundRole,
        Qt.ItemDataRole.ForegroundRole,
        Qt.ItemDataRole.TextAlignmentRole,
        Qt.ItemDataRole.CheckStateRole,
    )
]
RED, BLUE = QColor(200, 30, 30), QColor(30, 30, 200)


def colours_host(side: PeerSide, url: str) -> None:
    """Items with icons, colours, alignment and check boxes, some with items below them."""
    model = QStandardItemModel()
    model.setHorizontalHeaderLabels(["name", "size", "kind"])
    pixmap = QPixmap(16, 16)
    pixmap.fill(RED)
    for number in range(30):
        name = QStandardItem(QIcon(pixmap), f"folder {number}")
        name.setCheckable(True)
        name.setCheckState(Qt.CheckState.Checked if number % 2 else Qt.CheckState.Unchecked)
        size = QStandardItem(str(number * 100))
        size.setTextAlignment(Qt.AlignmentFlag.AlignRight)
        kind = QStandardItem("kind")
        kind.setBackground(BLUE)
        kind.setForeground(QColor("white"))
        for below in range(3):
            name.appendRow([QStandardItem(f"file {number}.{below}"), QStandardItem("1")])
        model.appendRow([name, size, kind])
    host = share(side, url)
    assert host.enableRemoting(model, "colours", ROLES)
    side.command(lambda row, text: model.item(row, 0).setText(text), "rename")
    side.command(lambda row: model.insertRow(row, QStandardItem("inserted")), "insert")
    side.keep(model)


@pytest.fixture(scope="module")
def host(qapp: Any) -> Iterator[PeerProcess]:
    with shared_host(colours_host, app="widgets") as process:
        yield process


@pytest.fixture
def model(node: QRemoteObjectNode, host: PeerProcess) -> Any:
    replica = acquired(node, host, "colours")
    replica.tester = QAbstractItemModelTester(  # type: ignore[attr-defined]
        replica, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    return replica


def drawn(view: Any, colour: QColor) -> bool:
    """Whether the view shows enough of a colour."""
    image = view.grab().toImage()
    wanted = colour.rgb()
    count = sum(
        image.pixel(x, y) == wanted
        for y in range(0, image.height(), 2)
        for x in range(0, image.width(), 2)
    )
    return count > 100


def kept(view: Any, name: str, request: pytest.FixtureRequest) -> None:
    """Keep the picture, for who wants to look at it."""
    folder: Path = request.getfixturevalue("tmp_path")
    assert view.grab().save(str(folder / f"{name}.png"))


@pytest.mark.parametrize("kind", [QTableView, QTreeView, QListView])
def test_views(kind: Any, model: Any, request: pytest.FixtureRequest) -> None:
    view = kind()
    view.setIconSize(QSize(16, 16))
    view.resize(500, 500)
    view.setModel(model)
    if kind is QListView:
        view.setModelColumn(2)
    view.show()
    try:
        wait_until(lambda: drawn(view, BLUE), message="the background of a cell")
        if kind is not QListView:
            wait_until(lambda: drawn(view, RED), message="the icon of a cell")
        kept(view, kind.__name__, request)
    finally:
        view.close()
        view.setModel(None)


def test_a_tree_opens(model: Any, host: PeerProcess, request: pytest.FixtureRequest) -> None:
    view = QTreeView()
    view.resize(500, 500)
    view.setModel(model)
    view.show()
    try:
        first = model.index(0, 0)
        wait_until(lambda: model.hasChildren(first))
        closed = view.indexBelow(first)
        assert closed == model.index(1, 0)
        view.setExpanded(first, True)
        wait_until(lambda: view.indexBelow(first).parent() == first)
        wait_until(lambda: model.data(view.indexBelow(first)) == "file 0.0")
        assert view.indexBelow(view.indexBelow(view.indexBelow(view.indexBelow(first)))).row() == 1
        current = model.index(1, 0, first)
        view.setCurrentIndex(current)
        host.ask("insert", 0)
        wait_until(lambda: model.rowCount() == 31)
        assert model.data(view.currentIndex()) == "file 0.1"
        assert view.isExpanded(model.index(1, 0))
        host.ask("rename", 1, "renamed")
        wait_until(lambda: model.data(model.index(1, 0)) == "renamed")
        QApplication.processEvents()
        kept(view, "open", request)
    finally:
        view.close()
        view.setModel(None)
