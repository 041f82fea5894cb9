"""A window on the phone book. It knows the book from its .rep file only."""

import argparse
import html
import itertools
import signal
import sys

from phonebook_rep import Entry, Kind, PhoneBook
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from pyside_ro import (
    QRemoteObjectNode,
    QRemoteObjectPendingCall,
    QRemoteObjectPendingCallWatcher,
    QRemoteObjectReplica,
)

COLOURS = {Kind.Mobile: "#0969da", Kind.Home: "#1a7f37", Kind.Work: "#8250df"}
VISITORS = ["Lise Meitner", "Marie Curie", "Rosalind Franklin"]


class Window(QWidget):
    """A table of the entries, a row to add one, and what can be done with the chosen one."""

    def __init__(self, book: PhoneBook) -> None:
        super().__init__()
        self.setWindowTitle("Phone book")
        self.resize(640, 380)
        self.changes = self.calls = self.refused = 0
        self._book = book
        self._title, self._answer = QLabel(), QLabel("-")
        self._order, self._kind = QComboBox(), QComboBox()
        self._order.addItems([order.name for order in book.Order])
        self._kind.addItems([kind.name for kind in Kind])
        self._table = QTableWidget(0, 3)
        self._name = QLineEdit(placeholderText="name")
        self._number = QLineEdit(placeholderText="number")
        self._buttons = {text: QPushButton(text) for text in ("Add", "Call", "Remove")}
        self._build()

        self._order.activated.connect(lambda index: book.pushOrder(book.Order(index)))
        self._buttons["Add"].clicked.connect(self._add)
        self._buttons["Call"].clicked.connect(lambda: self._ask(book.call(self._chosen())))
        self._buttons["Remove"].clicked.connect(lambda: self._ask(book.remove(self._chosen())))
        book.entriesChanged.connect(self._showEntries)
        book.orderChanged.connect(lambda order: self._order.setCurrentIndex(int(order)))
        book.called.connect(self._showCall)
        book.stateChanged.connect(self._showState)
        self._showState()

    def _build(self) -> None:
        self._table.setHorizontalHeaderLabels(["name", "number", "kind"])
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._table.verticalHeader().hide()
        self._table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self._table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(QLabel("order"))
        top.addWidget(self._order)
        bottom.addWidget(self._name, 3)
        bottom.addWidget(self._number, 3)
        for widget in (self._kind, *self._buttons.values()):
            bottom.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self._table)
        layout.addLayout(bottom)
        layout.addWidget(self._answer)

    def _chosen(self) -> str:
        item = self._table.item(self._table.currentRow(), 0)
        return item.text() if item else ""

    def _add(self) -> None:
        kind = Kind(self._kind.currentIndex())
        self._ask(self._book.add(Entry(self._name.text(), self._number.text(), kind)))

    def _ask(self, call: QRemoteObjectPendingCall) -> None:
        watcher = QRemoteObjectPendingCallWatcher(call, self)
        watcher.finished.connect(self._showAnswer)

    def _showAnswer(self, call: QRemoteObjectPendingCallWatcher) -> None:
        problem = call.exception()
        self.refused += problem is not None
        colour, text = ("#cf222e", f"refused: {problem}") if problem else ("#1a7f37", "done")
        if not problem and call.returnValue() is not None:
            text = f"done: {call.returnValue()}"
        self._answer.setText(f"<span style='color:{colour}'>{html.escape(text)}</span>")
        call.deleteLater()

    def _showEntries(self, entries: list[Entry]) -> None:
        self.changes += 1
        self._table.setRowCount(len(entries))
        for row, entry in enumerate(entries):
            for column, text in enumerate((entry.name, entry.number, entry.kind.name)):
                item = QTableWidgetItem(text)
                if column == 2:
                    item.setForeground(QColor(COLOURS[entry.kind]))
                self._table.setItem(row, column, item)

    def _showCall(self, entry: Entry) -> None:
        self.calls += 1
        for row in range(self._table.rowCount()):
            item = self._table.item(row, 0)
            if item and item.text() == entry.name:
                item.setData(Qt.ItemDataRole.BackgroundRole, QColor("#fff8c5"))

    def _showState(self) -> None:
        live = self._book.state() == QRemoteObjectReplica.State.Valid
        self._title.setText(f"<b>The book of {self._book.owner}</b>" if live else "no book")
        for button in self._buttons.values():
            button.setEnabled(live)

    def act(self, step: int) -> None:
        """What a user would do: add, call, order differently, add the same again."""
        if not self._book.isReplicaValid():
            return
        self._name.setText(VISITORS[step // 4 % len(VISITORS)])
        self._number.setText(f"+49 30 {1000 + step}")
        self._kind.setCurrentIndex(step % 3)
        self._table.selectRow(step % max(1, self._table.rowCount()))
        if step % 4 == 2:
            self._order.setCurrentIndex(step // 4 % 3)
            self._order.activated.emit(step // 4 % 3)
        else:
            self._buttons["Call" if step % 4 == 1 else "Add"].click()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:phonebook")
    parser.add_argument("--auto", action="store_true", help="press the buttons by itself")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QApplication(sys.argv)
    node = QRemoteObjectNode()
    node.connectToNode(options.url)
    book = node.acquire(PhoneBook)
    window = Window(book)
    window.show()
    if options.auto:
        steps = itertools.count()
        timer = QTimer(window)
        timer.timeout.connect(lambda: window.act(next(steps)))
        timer.start(200)
    app.exec()
    print(
        f"client: {len(book.entries)} entries {book.order.name}, {window.changes} changes, "
        f"{window.calls} calls heard, {window.refused} refused"
    )
    return 0 if window.changes else 1


if __name__ == "__main__":
    sys.exit(main())
