"""What every transport offers: conduits, listeners, and a transport that makes both.

Knows QUrl and nothing else of Qt.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QUrl

__all__ = ["Conduit", "ConnectFailed", "ListenRefused", "Listener", "Transport"]


class ConnectFailed(Exception):
    """A conduit was not established. `access` says that the system forbade it."""

    def __init__(self, reason: str, access: bool = False) -> None:
        super().__init__(reason)
        self.access = access


class ListenRefused(Exception):
    """A listener could not listen. `invalid` says that the URL itself makes no sense."""

    def __init__(self, reason: str, invalid: bool = False) -> None:
        super().__init__(reason)
        self.invalid = invalid


def _ignore(*_: object) -> None:
    pass


class Conduit(ABC):
    """One end of an established or coming connection: a stream of bytes, both ways.

    A transport of your own derives from it. You write `open`, `write` and `shut`, and where the
    medium keeps bytes back `bytesToWrite`, `flush` and `waitForWritten`; you call `connected`,
    `received`, `written` and `ended` as things happen. Bytes arrive in order, whole and once, or
    the connection ends; how they are cut into pieces on the way does not matter. Everything runs
    in the thread of the node.

    The link over it sets the four callbacks. The bytes' methods are QIODevice's and may be a
    device's own bound methods: they are on the hot path.
    """

    #: Who is at the other end, in words for a message.
    peer: str = ""
    #: Whether its methods cannot raise, and need no look at what they do: not for yours.
    sound: bool = False
    #: Whether `flush` may call `received` as well.
    flushReceives: bool = False
    #: The URL scheme that it came by; a host fills in its own where a transport does not.
    scheme: str = ""
    #: The QSslCertificate that the peer showed, where the transport knows of one.
    certificate: Any = None
    #: How many received bytes may wait to be read; past it the connection ends.
    maxReceived: int = 64 * 1024 * 1024
    #: How long a client's handshake below ours may take, in milliseconds; set by the node.
    handshakeTimeout: int = 5000

    def __init__(self) -> None:
        #: The connection stands (client side only; a listener's conduits are connected).
        self.onConnected: Callable[[], None] = _ignore
        #: Bytes can be read.
        self.onReady: Callable[[], None] = _ignore
        #: Bytes left `bytesToWrite`.
        self.onWritten: Callable[[], None] = _ignore
        #: The connection ended, or never came about; with the reason. Called once.
        self.onClosed: Callable[[Exception], None] = _ignore
        self._received = bytearray()
        self._over = False
        #: How many calls of the link are under way, one within the other: each from a signal of
        #: the medium, perhaps, which does not survive its own deletion there.
        self._within = 0
        #: Whether the medium is to be deleted when they have returned.
        self._doomed = False

    # What a transport writes

    @abstractmethod
    def open(self) -> None:
        """Start to connect (client side only).

        Ends in `connected` or `ended`, and not before it returns.
        """

    @abstractmethod
    def write(self, data: Any) -> int:
        """Send bytes, all of them: what does not go out now is kept, and counts below.

        `data` is bytes, a bytearray or a QByteArray. Returns how many were taken. Does not
        raise: when the medium fails, it calls `ended`.
        """

    @abstractmethod
    def shut(self, linger: bool) -> None:
        """Release what the connection uses; called once, by `close` or `abort`.

        `linger`: what was written should still reach the peer, within a second or so, without
        blocking. Otherwise at once. Also called after `ended`.
        """

    def bytesToWrite(self) -> int:
        """How many written bytes are still kept here, because the peer does not take them.

        A link writes on only while these are few: who always says 0 has no flow control.
        """
        return 0

    def flush(self) -> object:
        """Hand what was written to the system at once, as far as it takes it."""
        return None

    def waitForWritten(self, milliseconds: int) -> bool:
        """Block until the peer took some bytes. False when it took none in that time.

        May call `received`, and should when bytes arrive meanwhile; must not run an event loop.
        """
        return not self.bytesToWrite()

    # What a transport calls

    def connected(self) -> None:
        """Say that the connection that `open` started stands."""
        if not self._over:
            self._tell(self.onConnected)

    def received(self, data: Any) -> None:
        """Hand over bytes that arrived. Not from within `write` or `flush`."""
        if self._over:
            return
        self._received += memoryview(data)
        if len(self._received) > self.maxReceived:
            self.ended(ConnectFailed(f"the peer sent {len(self._received)} bytes unasked"))
        else:
            self._tell(self.onReady)

    def written(self) -> None:
        """Say that `bytesToWrite` has become less."""
        if not self._over:
            self._tell(self.onWritten)

    def ended(self, reason: Exception) -> None:
        """Say that the connection is over or did not come about, and why; later ones are ignored.

        `reason` is a ConnectFailed with words that complete "ws://host:1: ...".
        """
        if not self._over:
            self._over = True
            self._tell(self.onClosed, reason)
            self._shutOnce(False)

    def _tell(self, callback: Callable[..., object], *args: object) -> None:
        self._within += 1
        try:
            callback(*args)
        finally:
            self._within -= 1
            if self._doomed and not self._within:
                self._bury()

    def _doom(self) -> None:
        """Have what Qt would not survive within its own signal deleted after that."""
        self._doomed = True
        if not self._within:
            self._bury()

    def _bury(self) -> None:  # noqa: B027 - most have none
        """Delete the medium's QObjects: none of their signals is on its way."""

    # What a link calls

    def outlive(self) -> None:  # noqa: B027 - most have nothing that would be deleted
        """Called when the node is being deleted, from within a signal of the medium perhaps.

        What Qt would delete with the node, and not survive there, is hung up at once and deleted
        later. No callback follows.
        """

    def read(self, count: int) -> Any:
        """Take up to `count` of the received bytes."""
        data, self._received = self._received, bytearray()
        if count < len(data):
            self._received += data[count:]
            del data[count:]
        return data

    def bytesAvailable(self) -> int:
        """How many received bytes wait to be read."""
        return len(self._received)

    def credentials(self) -> tuple[int, int] | None:
        """The ids of the process and the user at the other end, where the system tells."""
        return None

    def checkEnd(self) -> None:  # noqa: B027 - most have nothing to notice
        """Called when `onReady` brought no bytes: notice an end that nobody announced."""

    def close(self) -> None:
        """End the connection when all that was written is on its way; no callback follows."""
        self._over = True
        self._shutOnce(True)

    def abort(self) -> None:
        """End the connection at once; no callback follows."""
        self._over = True
        self._shutOnce(False)

    def _shutOnce(self, linger: bool) -> None:
        if not getattr(self, "_isShut", False):
            self._isShut = True
            self.shut(linger)


class Listener(ABC):
    """Waits for connections at a URL."""

    #: How long a connection may take until it stands, in milliseconds, and how many may be on
    #: their way to that; set by the host, for a medium that has a handshake of its own.
    handshakeTimeout: int = 5000
    maxUnproven: int = 256

    def __init__(self) -> None:
        #: A connection was accepted; set by the host.
        self.onConnection: Callable[[Conduit], None] = _ignore
        #: A connection ended before it stood: by whom it was made, and the reason.
        self.onRefused: Callable[[str, Exception], None] = _ignore

    @abstractmethod
    def listen(self, url: QUrl) -> None:
        """Start. Raises ListenRefused with the reason in words.

        For each connection it calls ``self.onConnection(conduit)``, with one that stands.
        """

    @abstractmethod
    def url(self) -> QUrl:
        """Where it listens, with the port that was chosen: what a client connects to."""

    @abstractmethod
    def close(self) -> None:
        """Stop listening; accepted connections stay."""

    @property
    def exposed(self) -> bool:
        """Whether other machines can reach it without encryption."""
        return False


class Transport(ABC):
    """Makes the conduits and listeners of one URL scheme; see `registerTransport`.

    One object serves every node of the process.
    """

    @abstractmethod
    def listener(self, parent: QObject) -> Listener:
        """A listener, not yet listening; its Qt objects are children of `parent`, the host."""

    @abstractmethod
    def conduit(self, url: QUrl, parent: QObject) -> Conduit:
        """A client's conduit to `url`, not yet open; its Qt objects are children of `parent`.

        Called for each attempt to connect: a lost connection is made again.
        """

    def check(self, url: QUrl) -> str:
        """Why nobody can be reached at `url`, in words, or ''."""
        return ""
