"""The host: shares a vault with clients whose certificate is of the authority in ca.pem."""

import argparse
import signal
import sys
from pathlib import Path

from PySide6.QtCore import Property, QCoreApplication, QObject, Signal, Slot

from pyside_ro import QRemoteObjectHost, sslConfiguration


class Vault(QObject):
    """An ordinary QObject; who may reach it is decided by the configuration of the host."""

    openedChanged = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._opened = 0

    @Property(int, notify=openedChanged)
    def opened(self) -> int:
        return self._opened

    @Slot(result=str)
    def open(self) -> str:
        self._opened += 1
        self.openedChanged.emit(self._opened)
        return "gold"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="tls://127.0.0.1:8766")
    parser.add_argument("--certificates", type=Path, default=Path("certificates"))
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    folder = options.certificates
    try:
        # With an authority, a host takes only clients that have a certificate of it.
        configuration = sslConfiguration(
            folder / "host.pem", folder / "host.key", authority=folder / "ca.pem"
        )
    except (OSError, ValueError) as error:
        print(f"host: {error}; make certificates with certificates.py", file=sys.stderr)
        return 1
    vault = Vault()
    host = QRemoteObjectHost(options.url, sslConfiguration=configuration)
    if not host.enableRemoting(vault, "vault"):
        return 1  # the reason was logged
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
