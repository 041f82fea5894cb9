"""Moves the slider when nobody is there to do it: a third process, a replica and no window."""

import argparse
import itertools
import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QSlider

from pyside_ro import QRemoteObjectNode

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--url", default="local:two_widgets")
options = parser.parse_args()

app = QApplication(sys.argv)
node = QRemoteObjectNode()
node.connectToNode(options.url)
slider = node.acquire(QSlider, "slider")
values = itertools.cycle([*range(5, 95, 2), *range(95, 5, -2)])
timer = QTimer(interval=60)


def move() -> None:
    if slider.isReplicaValid():
        slider.value = next(values)


timer.timeout.connect(move)
timer.start()
sys.exit(app.exec())
