"""Peers that are no node of ours: raw sockets that say whatever the test wants.

Know sockets, and the wire where a test wants to speak it; nothing of nodes.
"""

from __future__ import annotations

import socket
from typing import Any

from PySide6.QtCore import QDir, QUrl

from pyside_ro.protocol.codec import Decoder
from pyside_ro.protocol.frames import FrameReader
from pyside_ro.protocol.limits import Limits
from pyside_ro.protocol.packets import Kind
from tests.helpers import wait_until
from tests.protocol.streams import frame, plainFrame, stream


def connected(url: str) -> socket.socket:
    """A plain socket, connected to a host's address."""
    address = QUrl(url)
    if address.scheme() == "tcp":
        return socket.create_connection((address.host(), address.port()), timeout=5)
    raw = socket.socket(socket.AF_UNIX)
    raw.connect(QDir(QDir.tempPath()).filePath(address.path()))
    return raw


class RawPeer:
    """One end of a connection; every wait runs this process's event loop."""

    def __init__(self, raw: socket.socket) -> None:
        raw.setblocking(False)
        self.socket = raw
        self.received = b""
        self.over = False
        self.packets: list[Any] = []
        self._reader = FrameReader(Limits())
        self._decoder = Decoder(Limits())

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> RawPeer:
        """Send all of it, however long the other side takes; less when it hangs up."""
        rest = memoryview(data)

        def sent() -> bool:
            nonlocal rest
            try:
                rest = rest[self.socket.send(rest) :]
            except BlockingIOError:
                pass
            except OSError:
                rest = rest[:0]
            return not rest

        wait_until(sent, 20)
        return self

    def say(self, *packets: Any) -> RawPeer:
        """Send packets in one frame, values of every kind allowed."""
        return self.send(frame(packets))

    def plain(self, *packets: Any) -> RawPeer:
        """Send anything that msgpack can pack in one frame."""
        return self.send(plainFrame(*packets))

    def read(self) -> bytes:
        """All that came so far."""
        while not self.over:
            try:
                data = self.socket.recv(1 << 20)
            except BlockingIOError:
                break
            except OSError:
                data = b""
            if not data:
                self.over = True
            self.received += data
            for each in self._reader.feed(memoryview(data)):
                self._decoder.feed(each)
            self.packets.extend(self._decoder.packets)
        return self.received

    def wait_packet(self, kind: int, timeout: float = 10.0) -> Any:
        """The first packet of this kind or channel."""

        def found() -> Any:
            self.read()
            return next((packet for packet in self.packets if packet[0] == kind), None)

        return wait_until(found, timeout, lambda: f"packet {kind} among {self.packets!r:.500}")

    def wait_end(self, timeout: float = 10.0) -> str:
        """Wait until the other side hangs up; the reason it gave."""

        def over() -> bool:
            self.read()
            return self.over

        wait_until(
            over, timeout, lambda: f"the end of the connection; so far {self.received!r:.500}"
        )
        reasons = [packet[1] for packet in self.packets if packet[0] == Kind.Goodbye]
        return str(reasons[0]) if reasons else ""


class RawClient(RawPeer):
    """Connects to a host; greets it as a node would, unless told not to."""

    def __init__(self, url: str, greet: bool = True) -> None:
        super().__init__(connected(url))
        if greet:
            self.send(stream())

    def subscribe(self, name: str) -> dict[str, int]:
        """Subscribe to an object; the channel of each of its members by name."""
        self.say([int(Kind.AddObject), name, True])

        def found() -> Any:
            self.read()
            kind = int(Kind.InitDynamicPacket)
            return next((p for p in self.packets if p[0] == kind and p[1] == name), None)

        _, _, base, _, interface = wait_until(found, message=lambda: f"'{name}' is not sent")
        _, properties, signals, slots, _ = interface
        names = [member[0] for member in [*signals, *slots, *properties]]
        return {name: base + index for index, name in enumerate(names)}


class RawHost:
    """Listens on a port of its own and answers each connection with the same bytes."""

    def __init__(self, answer: bytes = b"", hangUp: bool = False) -> None:
        self.answer = answer
        self.hangUp = hangUp
        self.peers: list[RawPeer] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.setblocking(False)
        self.url = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"

    def __enter__(self) -> RawHost:
        return self

    def __exit__(self, *_: object) -> None:
        for each in self.peers:
            each.socket.close()
        self._server.close()

    def turn(self) -> None:
        """Accept who knocks, and answer; to be called from the condition that is waited for."""
        try:
            raw, _ = self._server.accept()
        except BlockingIOError:
            return
        peer = RawPeer(raw)
        self.peers.append(peer)
        if self.answer:
            peer.send(self.answer)
        if self.hangUp:
            # Half first: a reset would take what was sent with it.
            raw.shutdown(socket.SHUT_WR)

    def wait_client(self, timeout: float = 10.0) -> RawPeer:
        """The newest client, once there is one."""

        def there() -> bool:
            self.turn()
            return bool(self.peers)

        wait_until(there, timeout)
        return self.peers[-1]
