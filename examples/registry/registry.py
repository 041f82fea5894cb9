"""The registry: it shares nothing itself, and knows where everything is."""

import argparse
import signal
import sys

from PySide6.QtCore import QCoreApplication

from pyside_ro import QRemoteObjectRegistryHost


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:registry")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    registry = QRemoteObjectRegistryHost(options.url)
    if not registry.hostUrl().isValid():
        print(f"registry: {registry.errorString()}", file=sys.stderr)
        return 1
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
