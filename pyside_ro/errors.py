"""The errors: what is raised, and the codes that a node reports.

Knows nothing else of this library.
"""

from __future__ import annotations

import enum

__all__ = [
    "CallTimeout",
    "CannotCross",
    "ConnectionLost",
    "ErrorCode",
    "InvalidData",
    "LimitExceeded",
    "ProtocolError",
    "RemoteError",
    "RemoteObjectsError",
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


class LimitExceeded(ProtocolError):
    """A peer sent more than a limit of this node allows."""


class VersionMismatch(ProtocolError):
    """A peer speaks another major version, or another protocol altogether."""


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
        text = f"{self.typeName}: {self.message}" if self.message else self.typeName
        return f"{text} ({self.member})" if self.member else text


class ConnectionLost(RemoteObjectsError, ConnectionError):
    """A pending call ended because its link or its source went away."""


class CallTimeout(RemoteObjectsError, TimeoutError):
    """A pending call ended because its caller's timeout passed."""
