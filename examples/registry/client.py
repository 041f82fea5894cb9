"""The client: it knows where the registry is, and finds every thermometer by it."""

import argparse
import signal
import sys

from PySide6.QtCore import QCoreApplication

from pyside_ro import QRemoteObjectNode, QRemoteObjectReplica, QRemoteObjectSourceLocationInfo


class House:
    """All thermometers that were ever found, and what they said."""

    def __init__(self, node: QRemoteObjectNode) -> None:
        self.node = node
        self.rooms: dict[str, QRemoteObjectReplica] = {}
        self.readings = 0
        node.remoteObjectAdded.connect(self._added)
        node.remoteObjectRemoved.connect(lambda entry: print(f"client: {entry[0]} is gone"))

    def _added(self, entry: tuple[str, QRemoteObjectSourceLocationInfo]) -> None:
        room, where = entry
        if where.typeName != "Thermometer":
            return
        print(f"client: {room} is at {where.hostUrl.toString()}")
        if room not in self.rooms:  # else its replica comes back by itself
            self.rooms[room] = replica = self.node.acquireDynamic(room)
            replica.initialized.connect(lambda: replica.temperatureChanged.connect(self._read))

    def _read(self, _temperature: float) -> None:
        self.readings += 1

    def report(self) -> str:
        """One line about every room."""
        last = [
            f"{room} {replica.temperature:.1f} °C"
            for room, replica in sorted(self.rooms.items())
            if replica.isInitialized()
        ]
        return f"{self.readings} readings of {len(self.rooms)} rooms; last: {', '.join(last)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="local:registry", help="where the registry is")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it

    app = QCoreApplication(sys.argv)
    node = QRemoteObjectNode(options.url)
    house = House(node)
    app.exec()
    print(f"client: {house.report()}")
    return 0 if house.readings else 1


if __name__ == "__main__":
    sys.exit(main())
