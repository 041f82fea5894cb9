"""The client: starts a worker, talks to it over its pipes, and starts another if it crashes."""

import argparse
import shlex
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QProcess, QTimer

from pyside_ro import QRemoteObjectNode

WORKER = [sys.executable, str(Path(__file__).with_name("worker.py"))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--command", help="what to start instead: ssh lab python worker.py")
    parser.add_argument("--url", help="not used: there is no address")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it
    program, *arguments = shlex.split(options.command) if options.command else WORKER

    app = QCoreApplication(sys.argv)
    node = QRemoteObjectNode()
    primes = node.acquireDynamic("primes")
    worker = QProcess()
    worker.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
    worker.started.connect(lambda: node.addClientSideConnection(worker))
    restart = QTimer(singleShot=True, interval=500)
    restart.timeout.connect(lambda: worker.start(program, arguments))
    worker.finished.connect(lambda code, status: restart.start())
    worker.start(program, arguments)

    def end() -> None:
        worker.finished.disconnect()
        worker.closeWriteChannel()  # the worker ends by itself
        worker.waitForFinished(3000)

    if not primes.waitForSource(20_000):
        print(f"client: no worker: {node.errorString()}", file=sys.stderr)
        end()
        return 1

    changes = 0

    def show(found: int) -> None:
        nonlocal changes
        changes += 1
        print(f"client: {found} primes")

    primes.foundChanged.connect(show)
    app.exec()
    print(f"client: {changes} changes seen from the worker")
    end()
    return 0 if changes else 1


if __name__ == "__main__":
    sys.exit(main())
