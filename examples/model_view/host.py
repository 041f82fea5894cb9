"""Shares a hundred thousand parcels, which get on with their lives."""

import argparse
import signal
import sys

from parcels import ROLES, Parcels
from PySide6.QtCore import QCoreApplication, QTimer

from pyside_ro import QRemoteObjectHost


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:model_view")
    parser.add_argument("--rows", type=int, default=100_000)
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    parcels = Parcels(options.rows)
    host = QRemoteObjectHost(options.url)
    host.enableRemoting(parcels, "parcels", ROLES)
    timer = QTimer(interval=100)
    timer.timeout.connect(parcels.live)
    timer.start()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
