"""What every transport offers: conduits, listeners, and a transport that makes both.

Knows QUrl and nothing else of Qt.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QUrl

__all__ = ["Conduit", "ConnectFailed", "ListenRefused", "Listener", "Transport", "toUrl"]


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

    Its user sets the four callbacks; all are called in the conduit's thread. The bytes' methods
    are QIODevice's, and may be the device's own bound methods: they are on the hot path.
    """

    #: Who is at the other end, in words for a message.
    peer: str = ""
    #: Whether bytes cannot leave this machine, or are protected on their way.
    protected: bool = False

    def __init__(self) -> None:
        #: The connection stands (client side only; a listener's conduits are connected).
        self.onConnected: Callable[[], None] = _ignore
        #: Bytes can be read.
        self.onReady: Callable[[], None] = _ignore
        #: Bytes left `bytesToWrite`.
        self.onWritten: Callable[[], None] = _ignore
        #: The connection ended, or never came about; with the reason. Called once.
        self.onClosed: Callable[[Exception], None] = _ignore

    read: Callable[[int], Any]
    bytesAvailable: Callable[[], int]
    write: Callable[[Any], int]
    bytesToWrite: Callable[[], int]

    @abstractmethod
    def open(self) -> None:
        """Start to connect. Ends in `onConnected` or `onClosed`, not before it returns."""

    @abstractmethod
    def flush(self) -> object:
        """Hand what was written to the system at once, as far as it takes it."""

    @abstractmethod
    def waitForWritten(self, milliseconds: int) -> bool:
        """Block until the peer took some bytes. False when it took none in that time."""

    def checkEnd(self) -> None:  # noqa: B027 - most have nothing to notice
        """Called when `onReady` brought no bytes: notice an end that nobody announced."""

    @abstractmethod
    def close(self) -> None:
        """End the connection when all that was written is on its way; no callback follows."""

    @abstractmethod
    def abort(self) -> None:
        """End the connection at once; no callback follows."""


class Listener(ABC):
    """Waits for connections at a URL."""

    def __init__(self) -> None:
        #: A connection was accepted.
        self.onConnection: Callable[[Conduit], None] = _ignore

    @abstractmethod
    def listen(self, url: QUrl) -> None:
        """Start. Raises ListenRefused with the reason in words."""

    @abstractmethod
    def url(self) -> QUrl:
        """Where it listens, with the port that was chosen."""

    @abstractmethod
    def close(self) -> None:
        """Stop listening; accepted connections stay."""

    @property
    def exposed(self) -> bool:
        """Whether other machines can reach it without encryption."""
        return False


class Transport(ABC):
    """Makes the conduits and listeners of one URL scheme."""

    @abstractmethod
    def listener(self, parent: QObject) -> Listener:
        """A listener, not yet listening; its Qt objects are children of `parent`."""

    @abstractmethod
    def conduit(self, url: QUrl, parent: QObject) -> Conduit:
        """A client's conduit to `url`, not yet open."""

    def check(self, url: QUrl) -> str:
        """Why nobody can be reached at `url`, in words, or ''."""
        return ""


def toUrl(url: QUrl | str) -> QUrl:
    """A URL from what Qt's classes take for one. Raises TypeError for anything else."""
    if isinstance(url, QUrl):
        return url
    if isinstance(url, str):
        return QUrl(url)
    raise TypeError(f"a QUrl or str is expected as address, not {type(url).__name__}")
