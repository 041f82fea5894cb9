"""The demo's children: what they are told, and how they end."""

from __future__ import annotations

import subprocess
import sys

from tests.helpers import ROOT

CHILD = """
import sys, time
from PySide6.QtCore import QCoreApplication, QMetaObject, Qt
from pyside_ro.cli.demo.line import ChildLine

def slow(words):
    # The main thread ends the program meanwhile.
    QMetaObject.invokeMethod(app, "quit", Qt.ConnectionType.QueuedConnection)
    time.sleep(0.3)
    print("told", *words, flush=True)

app = QCoreApplication(sys.argv)
line = ChildLine()
line.ended.connect(app.quit)
line.ordered.connect(slow, Qt.ConnectionType.DirectConnection)
line.begin()
app.exec()
"""


def child(words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CHILD],
        input=words,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )


def test_the_end_waits_for_a_thread_that_is_within_qt() -> None:
    done = child("stop\tnow\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "told stop now\n", "")


def test_input_that_ended_before_it_was_read() -> None:
    assert child("").returncode == 0
