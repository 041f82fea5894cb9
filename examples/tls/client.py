"""The client: opens the vault again and again; and what a client without a certificate is told."""

import argparse
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer

from pyside_ro import QRemoteObjectNode, sslConfiguration


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="tls://127.0.0.1:8766")
    parser.add_argument("--certificates", type=Path, default=Path("certificates"))
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    folder = options.certificates
    authority = folder / "ca.pem"
    try:
        mine = sslConfiguration(folder / "client.pem", folder / "client.key", authority=authority)
        nobody = sslConfiguration(authority=authority)
    except (OSError, ValueError) as error:
        print(f"client: {error}; make certificates with certificates.py", file=sys.stderr)
        return 1

    stranger = QRemoteObjectNode(sslConfiguration=nobody)
    stranger.connectToNode(options.url)
    if not stranger.waitForNode(options.url, 1000):
        print(f"client: without a certificate: {stranger.errorString()}")
    stranger.disconnectFromNode(options.url)

    node = QRemoteObjectNode(sslConfiguration=mine)
    node.connectToNode(options.url)
    vault = node.acquireDynamic("vault")
    if not vault.waitForSource(10_000):
        print(f"client: no vault: {node.errorString()}", file=sys.stderr)
        return 1
    vault.openedChanged.connect(lambda count: print(f"client: opened {count} times"))
    timer = QTimer()
    timer.timeout.connect(lambda: vault.open())
    timer.start(250)
    app.exec()
    print(f"client: the vault was opened {vault.opened} times")
    return 0 if vault.opened else 1


if __name__ == "__main__":
    sys.exit(main())
