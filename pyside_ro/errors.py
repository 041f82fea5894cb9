"""The errors: what is raised, and the codes that a node reports.

Knows nothing else of this library.
"""

from __future__ import annotations

import enum

__all__ = [
    "AccessRefused",
    "CallTimeout",
    "CannotCross",
    "ConnectionLost",
    "ErrorCode",
    "InvalidData",
    "OtherVersion",
    "LimitExceeded",
    "ProtocolError",
    "RemoteError",
    "RemoteObjectsError",
    "RepError",
    "VersionMismatch",
]


class ErrorCode(enum.Enum):
    """What a node reports by `lastError` and its signal `error` (QRemoteObjectNode::ErrorCode)."""

    NoError = 0
    RegistryNotAcquired = 1
    RegistryAlreadyHosted = 2
    NodeIsNoServer = 3
    ServerAlreadyCreated = 4
    UnintendedRegistryHosting = 5
    OperationNotValidOnClientNode = 6
    SourceNotRegistered = 7
    MissingObjectName = 8
    HostUrlInvalid = 9
    ProtocolMismatch = 10
    ListenFailed = 11
    SocketAccessError = 12


class RemoteObjectsError(Exception):
    """The base of every exception that this library defines."""


class CannotCross(RemoteObjectsError, TypeError):
    """A value cannot travel to another process; raised at the sender, nothing was sent."""


class ProtocolError(RemoteObjectsError, ValueError):
    """What a peer sent is not what the protocol allows; the connection closes."""


class InvalidData(ProtocolError):
    """A value that a peer sent cannot be read."""


class OtherVersion(InvalidData):
    """A record or an enum's member that this node's class of that name does not take.

    The call or the change that it came with fails; the connection goes on.
    """


class LimitExceeded(ProtocolError):
    """A peer sent more than a limit of this node allows."""


class VersionMismatch(ProtocolError):
    """A peer speaks another major version, or another protocol altogether."""


class AccessRefused(ProtocolError):
    """A peer lacks the shared key, or has another one, or the host does not accept it."""


class RemoteError(RemoteObjectsError):
    """A remote slot raised, or refused to be called; what a pending call then raises.

    `typeName` is the remote exception's type ("ValueError"), `message` its text, `member` the
    slot's full name ("printer.print_"). Our own: a QRemoteObjectPendingCall in Qt never hears
    of it.
    """

    def __init__(self, typeName: str, message: str, member: str) -> None:
        super().__init__(typeName, message, member)
        self.typeName = typeName
        self.message = message
        self.member = member

    def __str__(self) -> str:
        text = self._what()
        return f"{text} ({self.member})" if self.member else text

    def _what(self) -> str:
        """The same without the slot: for where one sees which it is."""
        return f"{self.typeName}: {self.message}" if self.message else self.typeName


class ConnectionLost(RemoteObjectsError, ConnectionError):
    """A pending call ended because its link or its source went away."""


class CallTimeout(RemoteObjectsError, TimeoutError):
    """A pending call ended because its caller's timeout passed."""


class RepError(RemoteObjectsError, ValueError, RuntimeError):
    """A .rep file cannot be used; `str()` says where and why, and shows the line. Our own.

    `file`, `line` and `column` (from 1; 0 where there is no place) say where, `message` what was
    found and what was expected, `sourceLine` is the line itself. It is a RuntimeError as well,
    because that is what PySide6's RepFile raises.
    """

    def __init__(
        self, message: str, file: str = "", line: int = 0, column: int = 0, sourceLine: str = ""
    ) -> None:
        super().__init__(message, file, line, column, sourceLine)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.sourceLine = sourceLine

    def __str__(self) -> str:
        text = self.message
        if self.file:
            place = f":{self.line}:{self.column}" if self.line else ""
            text = f"{self.file}{place}: {text}"
        elif self.line:
            text = f"line {self.line}, column {self.column}: {text}"
        if not self.sourceLine or not self.column:
            return text
        # A window of the line around the column: a line may be long.
        start = max(0, self.column - 60) if len(self.sourceLine) > 100 else 0
        shown = self.sourceLine[start : start + 100]
        before = shown[: self.column - 1 - start]
        caret = "".join("\t" if c == "\t" else " " for c in before) + "^"
        return f"{text}\n    {shown}\n    {caret}"
