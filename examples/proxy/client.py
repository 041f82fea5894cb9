"""The client: outside of the machine, it knows the gateway alone."""

import argparse
import signal
import sys

from PySide6.QtCore import QCoreApplication

from pyside_ro import QRemoteObjectNode, QRemoteObjectPendingCall, RemoteError


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="tcp://127.0.0.1:5006")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    node = QRemoteObjectNode()
    node.connectToNode(options.url)
    motor = node.acquireDynamic("public/motor")
    refused = ""

    def start() -> None:
        motor.run(1000)
        motor.run(5000).add_done_callback(answered)

    def answered(call: QRemoteObjectPendingCall) -> None:
        nonlocal refused
        error = call.exception()
        if isinstance(error, RemoteError):  # it came through two processes
            refused = error.message

    motor.initialized.connect(start)
    app.exec()
    speed = motor.speed if motor.isInitialized() else 0
    print(f"client: the motor runs at {speed} rpm; refused: {refused or 'nothing'}")
    return 0 if speed and refused else 1


if __name__ == "__main__":
    sys.exit(main())
