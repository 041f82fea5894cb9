"""Conduits whose methods somebody else wrote: what they raise ends their connection, in words.

Knows the conduit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer, QUrl

from .. import log
from .base import Conduit, ConnectFailed, Transport

__all__ = ["guard", "problemAt"]

#: What a link calls of a conduit, and what it gets when that raises.
_CALLED: dict[str, Any] = {
    "write": 0,
    "read": b"",
    "bytesAvailable": 0,
    "bytesToWrite": 0,
    "flush": None,
    "waitForWritten": False,
    "checkEnd": None,
    "close": None,
    "abort": None,
    "shut": None,
}


def guard(conduit: Conduit) -> None:
    """Have an exception in a conduit end it, and not whoever emits a signal or makes a call."""
    if conduit.sound:
        return
    broken: list[Exception] = []

    def end() -> None:
        [error] = broken
        conduit.ended(ConnectFailed(f"the transport raised {type(error).__name__}: {error}"))

    def guarded(name: str, instead: Any) -> Callable[..., Any]:
        method = getattr(conduit, name)

        def call(*args: Any, **named: Any) -> Any:
            try:
                return method(*args, **named)
            except Exception as error:
                # A device that was deleted raises when it is asked for its last bytes.
                deleted = conduit._over and isinstance(error, RuntimeError)
                if not broken and not (deleted and name in ("read", "bytesAvailable")):
                    log.io.exception(f"{conduit.peer}: the transport's {name}() raised", error)
                    broken.append(error)
                    # Not now: somebody is in the middle of an emission, or of a call.
                    QTimer.singleShot(0, end)
                return instead

        return call

    for name, instead in _CALLED.items():
        setattr(conduit, name, guarded(name, instead))
    conduit.sound = True


def problemAt(transport: Transport, url: QUrl) -> str:
    """What `transport.check` says of a URL, or that it raised."""
    try:
        return transport.check(url)
    except Exception as error:
        log.io.exception(f"'{url.toString()}': the transport raised", error)
        return f"the transport raised {type(error).__name__}: {error}"
