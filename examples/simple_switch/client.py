"""The client: it knows the switch's name and where it is, nothing else."""

import argparse
import signal
import sys

from PySide6.QtCore import QCoreApplication

from pyside_ro import QRemoteObjectNode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:simple_switch")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    node = QRemoteObjectNode()
    node.connectToNode(options.url)
    switch = node.acquireDynamic("switch")
    if not switch.waitForSource(10_000):
        print(f"client: no switch at {options.url}: {node.errorString()}", file=sys.stderr)
        return 1

    changes = 0

    def echo(state: bool) -> None:
        nonlocal changes
        changes += 1
        print(f"client: the switch is {'on' if state else 'off'}")
        switch.serverSlot(state)  # runs in the host

    switch.currStateChanged.connect(echo)
    app.exec()
    print(f"client: {changes} changes seen, the switch is {'on' if switch.currState else 'off'}")
    return 0 if changes else 1


if __name__ == "__main__":
    sys.exit(main())
