"""One user's window on the printer. The other user's window shows the same printer, at once."""

import argparse
import signal
import sys

from host import Printer  # the class alone: the printer itself is in the other process
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from pyside_ro import QRemoteObjectNode, QRemoteObjectPendingCallWatcher, QRemoteObjectReplica

State = QRemoteObjectReplica.State


class Window(QWidget):
    """Can be built and connected before any printer is there: its class is known."""

    def __init__(self, printer: QRemoteObjectReplica, user: str) -> None:
        super().__init__()
        self.setWindowTitle(f"Printer: {user}")
        self.accepted = self.refused = self.pages = 0
        self._printer, self._user = printer, user
        self._titles: dict[int, str] = {}
        self._wantsInk = False
        self._status, self._waiting, self._answer = QLabel(), QLabel(), QLabel("-")
        self._status.setTextFormat(Qt.TextFormat.RichText)
        self._ink, self._job = QProgressBar(), QProgressBar(format="no job of mine")
        self._title, self._count = QLineEdit("report"), QSpinBox(minimum=1, maximum=50, value=8)
        self._count.setSuffix(" pages")
        self.printButton, self.refillButton = QPushButton("Print"), QPushButton("Refill")
        self._jobs = QListWidget()
        self._build()

        self.printButton.clicked.connect(self._print)
        self.refillButton.clicked.connect(printer.refill)
        printer.inkChanged.connect(self._showInk)
        printer.statusChanged.connect(self._showStatus)
        printer.waitingChanged.connect(self._waiting.setNum)
        printer.pagePrinted.connect(self._showPage)
        printer.stateChanged.connect(self._showStatus)
        self._showInk(printer.ink)
        self._waiting.setNum(printer.waiting)
        self._showStatus()

    def _build(self) -> None:
        form = QFormLayout()
        form.addRow("Printer", self._status)
        form.addRow("Ink", self._ink)
        form.addRow("Jobs waiting", self._waiting)
        order = QHBoxLayout()
        for widget in (self._title, self._count, self.printButton, self.refillButton):
            order.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addLayout(order)
        layout.addWidget(self._answer)
        layout.addWidget(self._job)
        layout.addWidget(self._jobs)

    def _print(self) -> None:
        title, pages = f"{self._user}'s {self._title.text()}", self._count.value()
        call = self._printer.submit(title, pages)
        watcher = QRemoteObjectPendingCallWatcher(call, self)
        watcher.finished.connect(lambda: self._showAnswer(watcher, f"{title}, {pages} pages"))

    def _showAnswer(self, call: QRemoteObjectPendingCallWatcher, what: str) -> None:
        problem = call.exception()
        if problem:
            self.refused += 1
            self._wantsInk = True
            self._answer.setText(f"<span style='color:#cf222e'>refused: {problem}</span>")
        else:
            self.accepted += 1
            self._answer.setText(f"<span style='color:#1a7f37'>accepted: {what}</span>")
            self._titles[call.returnValue()] = what
            self._jobs.insertItem(0, f"#{call.returnValue()}  {what}")
        call.deleteLater()

    def _showInk(self, percent: int) -> None:
        palette = self._ink.palette()
        colour = QColor("#57606a" if percent > 20 else "#cf222e")
        palette.setColor(QPalette.ColorRole.Highlight, colour)
        self._ink.setPalette(palette)
        self._ink.setValue(percent)

    def _showStatus(self) -> None:
        state = self._printer.state()
        live = state == State.Valid
        text = self._printer.status if live else "waiting for the printer"
        if state == State.Suspect:
            text = "connection lost"
            self._titles.clear()  # another printer may come, which numbers its own jobs
        colour = "#1a7f37" if live else "#bc4c00"
        self._status.setText(f"<b style='color:{colour}'>{text}</b>")
        self.printButton.setEnabled(live)
        self.refillButton.setEnabled(live)

    def _showPage(self, job: int, page: int, pages: int) -> None:
        self.pages += 1
        if job in self._titles:
            self._job.setFormat(f"#{job}: page {page} of {pages}")
            self._job.setMaximum(pages)
            self._job.setValue(page)

    def act(self) -> None:
        """What a user would do: print, and refill when the printer refuses."""
        (self.refillButton if self._wantsInk else self.printButton).click()
        self._wantsInk = False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:printer")
    parser.add_argument("--user", default="me")
    parser.add_argument("--auto", action="store_true", help="press the buttons by itself")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QApplication(sys.argv)
    node = QRemoteObjectNode()
    node.connectToNode(options.url)
    window = Window(node.acquire(Printer), options.user)
    window.show()
    if options.auto:
        timer = QTimer(window)
        timer.timeout.connect(window.act)
        timer.start(500)
    app.exec()
    print(
        f"client {options.user}: {window.accepted} jobs accepted, {window.refused} refused, "
        f"{window.pages} pages seen"
    )
    return 0 if window.pages else 1


if __name__ == "__main__":
    sys.exit(main())
