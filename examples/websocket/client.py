"""The client: reads the thermometer and turns the heating up once."""

import argparse
import signal
import sys

from PySide6.QtCore import QCoreApplication

from pyside_ro import QRemoteObjectNode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="ws://127.0.0.1:8765/objects")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    node = QRemoteObjectNode()
    node.connectToNode(options.url)
    thermometer = node.acquireDynamic("thermometer")
    if not thermometer.waitForSource(10_000):
        print(f"client: no thermometer: {node.errorString()}", file=sys.stderr)
        return 1

    readings = 0

    def show(temperature: float) -> None:
        nonlocal readings
        readings += 1
        print(f"client: {temperature:.1f} degrees")

    thermometer.temperatureChanged.connect(show)
    call = thermometer.heat(5.0)
    call.waitForFinished(5000)
    print(f"client: the heating is at {call.returnValue():g}")
    app.exec()
    print(f"client: {readings} readings over {options.url}")
    return 0 if readings else 1


if __name__ == "__main__":
    sys.exit(main())
