"""A hand that moves the panel's faders: a client in Python of a host in QML."""

import argparse
import math
import signal
import sys

from PySide6.QtCore import QCoreApplication, QTimer

from pyside_ro import QRemoteObjectNode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:panel")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    node = QRemoteObjectNode()
    node.connectToNode(options.url)
    desk = node.acquireDynamic("desk")
    time = 0.0

    def move() -> None:
        nonlocal time
        time += 0.05
        if desk.isReplicaValid():
            desk.low = 0.5 + 0.4 * math.sin(time)
            desk.middle = 0.5 + 0.45 * math.sin(1.4 * time + 1.0)
            desk.high = 0.5 + 0.47 * math.sin(0.9 * time + 2.0)
            desk.onAir = int(time) % 4 != 3

    timer = QTimer()
    timer.timeout.connect(move)
    timer.start(50)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
