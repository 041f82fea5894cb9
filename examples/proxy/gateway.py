"""The gateway: it stands in both networks, and shares in one what the other has."""

import argparse
import signal
import sys

from PySide6.QtCore import QCoreApplication

from pyside_ro import QRemoteObjectHost


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="tcp://127.0.0.1:5006")
    parser.add_argument("--inside", default="local:proxy-inside")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    gateway = QRemoteObjectHost(options.url)
    # The service motor stays inside.
    if not gateway.proxy(options.inside, filter=lambda name, _type: name.startswith("public/")):
        print(f"gateway: {gateway.errorString()}", file=sys.stderr)
        return 1
    gateway.remoteObjectAdded.connect(lambda entry: print(f"gateway: {entry[0]} can be reached"))
    gateway.remoteObjectRemoved.connect(lambda entry: print(f"gateway: {entry[0]} is gone"))
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
