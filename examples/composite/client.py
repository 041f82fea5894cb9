"""A window on any tree of objects: what there is, what one of them says, and the log.

It knows none of the host's classes: `interfaceOf` tells what each object has.
"""

import argparse
import itertools
import signal
import sys
from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QObject, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QTableWidget,
    QTableWidgetItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from pyside_ro import (
    QRemoteObjectDynamicReplica,
    QRemoteObjectNode,
    QRemoteObjectReplica,
    interfaceOf,
)

State = QRemoteObjectReplica.State
REPLICA = Qt.ItemDataRole.UserRole
COLOURS = ("#0969da", "#1a7f37", "#8250df", "#bf8700", "#cf222e", "#1b7c83")
NEW = QColor("#fff3b0")


def within(replica: QObject) -> Iterator[tuple[str, QObject | None]]:
    """The objects that a replica's properties hold, by the names of their places."""
    for info in interfaceOf(replica).properties:
        value = getattr(replica, info.name)
        if isinstance(value, list):
            yield from ((f"{info.name}[{i}]", each) for i, each in enumerate(value))
        elif isinstance(value, QRemoteObjectReplica) or (value is None and info.type[-1:] == "*"):
            yield info.name, value


def plain(replica: QObject | None) -> list:
    """The properties that are texts and numbers."""
    properties = interfaceOf(replica).properties if replica else ()
    return [info for info in properties if info.type in ("int", "double", "QString")]


class Objects(QTreeWidget):
    """The tree. When a property holds another object than before, it is made anew."""

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderLabels(["object", "type", "says"])
        self.setColumnWidth(0, 150)
        self.setColumnWidth(1, 70)
        self._root: QObject | None = None
        self._seen: dict[QObject, list[QObject | None]] = {}
        self.come = self.gone = 0
        self._timer = QTimer(self, interval=100)  # a replica is read locally
        self._timer.timeout.connect(self._say)
        self._timer.start()

    @property
    def count(self) -> int:
        return len(self._seen)

    def chosen(self) -> QObject | None:
        item = self.currentItem()
        return item.data(0, REPLICA) if item else None

    def follow(self, root: QObject) -> None:
        self._root = root
        self._build()

    def _build(self) -> None:
        chosen, before = self.chosen(), self._seen
        self._seen = {}
        with QSignalBlocker(self):
            self.clear()
            self._add(self.invisibleRootItem(), "bench", self._root, before)
            self.expandAll()
            found = [item for item in self._items() if item.data(0, REPLICA) is chosen]
            self.setCurrentItem((found or self._items())[0])
        self._say()
        self.currentItemChanged.emit(self.currentItem(), None)
        self.gone += sum(replica not in self._seen for replica in before)

    def _add(self, above, place: str, replica: QObject | None, before: dict) -> None:
        kind = interfaceOf(replica).name if replica else "nothing"
        item = QTreeWidgetItem(above, [place, kind])
        item.setIcon(0, dot(kind if replica else ""))
        item.setData(0, REPLICA, replica)
        if replica is None:
            item.setForeground(1, QColor("#8c959f"))
            return
        if before and replica not in before:
            self.come += 1
            for column in range(3):
                item.setBackground(column, NEW)
        if replica in self._seen:
            return  # held in another place, too
        children = list(within(replica))
        self._seen[replica] = [child for _, child in children]
        if replica not in before:
            for info in interfaceOf(replica).signals:
                getattr(replica, info.name).connect(lambda *_: self._changed(replica))
        for name, child in children:
            self._add(item, name, child, before)

    def _changed(self, replica: QObject) -> None:
        held = self._seen.get(replica)
        if held is not None and held != [child for _, child in within(replica)]:
            self._build()

    def _say(self) -> None:
        for item in self._items():
            replica = item.data(0, REPLICA)
            values = [f"{info.name} {getattr(replica, info.name)}" for info in plain(replica)]
            item.setText(2, ", ".join(values))

    def _items(self) -> list[QTreeWidgetItem]:
        return self.findItems("*", Qt.MatchFlag.MatchWildcard | Qt.MatchFlag.MatchRecursive)


def dot(kind: str) -> QIcon:
    """A dot in the colour of a type; none for nothing."""
    picture = QPixmap(12, 12)
    picture.fill(Qt.GlobalColor.transparent)
    if kind:
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(COLOURS[sum(map(ord, kind)) % len(COLOURS)]))
        painter.drawEllipse(1, 1, 10, 10)
        painter.end()
    return QIcon(picture)


class Details(QTableWidget):
    """The properties of one object, as they are now. Those that can be written can be edited."""

    def __init__(self) -> None:
        super().__init__(0, 2)
        self.setHorizontalHeaderLabels(["property", "value"])
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self._replica: QObject | None = None
        self.verticalHeader().setDefaultSectionSize(24)
        self._timer = QTimer(self, interval=100)
        self._timer.timeout.connect(self._update)
        self._timer.start()
        self.cellChanged.connect(self._write)

    def show_(self, replica: QObject | None) -> None:
        self._replica = replica
        infos = plain(replica)
        with QSignalBlocker(self):
            self.setRowCount(len(infos))
            for row, info in enumerate(infos):
                self.setItem(row, 0, QTableWidgetItem(info.name))
                self.setItem(row, 1, QTableWidgetItem())
                self.item(row, 0).setFlags(Qt.ItemFlag.ItemIsEnabled)
                if info.writable:
                    self.item(row, 1).setForeground(QColor("#0969da"))
                else:
                    self.item(row, 1).setFlags(Qt.ItemFlag.ItemIsEnabled)
        self._update()

    def _update(self) -> None:
        if self.state() == self.State.EditingState:
            return
        with QSignalBlocker(self):
            for row, info in enumerate(plain(self._replica)):
                self.item(row, 1).setText(str(getattr(self._replica, info.name)))

    def _write(self, row: int, _column: int) -> None:
        info = plain(self._replica)[row]
        convert = {"int": int, "double": float}.get(info.type, str)
        try:
            setattr(self._replica, info.name, convert(self.item(row, 1).text()))
        except ValueError:
            self._update()


class Window(QWidget):
    """The tree, what is chosen in it, the log, and what the bench can be asked."""

    def __init__(self, bench: QRemoteObjectDynamicReplica) -> None:
        super().__init__()
        self.setWindowTitle("Test bench")
        self.resize(840, 440)
        self._bench = bench
        self._link = QLabel("no bench")
        self.objects, self._details, self._log = Objects(), Details(), QTableView()
        self._log.horizontalHeader().setStretchLastSection(True)
        self._log.verticalHeader().hide()
        self._log.verticalHeader().setDefaultSectionSize(24)
        self._log.horizontalHeader().setDefaultSectionSize(78)
        self._log.setShowGrid(False)
        self._log.setWordWrap(False)
        self.buttons = {
            name: QPushButton(text)
            for name, text in (
                ("plug", "Plug in a camera"),
                ("unplug", "Unplug the first"),
                ("changeSample", "Change the sample"),
                ("changeLens", "Lens on or off"),
            )
        }
        layout, row = QGridLayout(self), QHBoxLayout()
        for button in self.buttons.values():
            row.addWidget(button)
        layout.addWidget(self._link, 0, 0, 1, 2)
        layout.addWidget(self.objects, 1, 0, 2, 1)
        layout.addWidget(self._details, 1, 1)
        layout.addWidget(self._log, 2, 1)
        layout.addLayout(row, 3, 0, 1, 2)
        layout.setRowStretch(2, 3)
        layout.setRowStretch(1, 2)
        layout.setColumnStretch(0, 5)
        layout.setColumnStretch(1, 4)

        self.objects.currentItemChanged.connect(
            lambda *_: self._details.show_(self.objects.chosen())
        )
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _=False, name=name: self._ask(name))
        bench.initialized.connect(self._begin, Qt.ConnectionType.SingleShotConnection)
        bench.stateChanged.connect(self._showState)
        self._showState()

    def _begin(self) -> None:
        """All objects are there: what the bench holds came with it."""
        self.objects.follow(self._bench)
        log = self._bench.log
        assert isinstance(log, QAbstractItemModel)
        self._log.setModel(log)

    def _ask(self, name: str) -> None:
        """The lens is the first camera's; the rest is the bench's own."""
        camera = next(iter(self._bench.cameras), None)
        target = camera if name == "changeLens" else self._bench
        if target is not None:
            getattr(target, name)()

    def _showState(self) -> None:
        live = self._bench.state() == State.Valid
        self._link.setText("<b>bench</b> and what it holds" if live else "no bench")
        for button in self.buttons.values():
            button.setEnabled(live)

    def act(self, step: int) -> None:
        """What a user would do: press all buttons, and write an exposure."""
        if not self._bench.isReplicaValid():
            return
        names = ("plug", "unplug", "changeLens", "changeSample")
        self.buttons[names[step % len(names)]].click()
        cameras = self._bench.cameras
        if cameras:
            cameras[-1].exposure = 20 + step
            for item in self.objects.findItems("cameras[1]", Qt.MatchFlag.MatchRecursive):
                self.objects.setCurrentItem(item)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:composite")
    parser.add_argument("--auto", action="store_true", help="press the buttons by itself")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QApplication(sys.argv)
    node = QRemoteObjectNode()
    node.connectToNode(options.url)
    bench = node.acquireDynamic("bench")
    window = Window(bench)
    window.show()
    if options.auto:
        steps = itertools.count()
        timer = QTimer(window)
        timer.timeout.connect(lambda: window.act(next(steps)))
        timer.start(250)
    app.exec()
    objects = window.objects
    rows = bench.log.rowCount() if objects.count else 0
    print(
        f"client: {objects.count} objects, {objects.come} came, {objects.gone} went, "
        f"{rows} lines in the log"
    )
    return 0 if rows else 1


if __name__ == "__main__":
    sys.exit(main())
