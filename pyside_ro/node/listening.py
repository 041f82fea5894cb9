"""How a host begins to be reached: at a URL, or over a device that the program made.

Knows hosts, transports and devices; who connected then is `served`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QIODevice, QUrl

from .. import log
from ..errors import ErrorCode
from ..transport import (
    ExternalConduit,
    Listener,
    ListenRefused,
    addressProblem,
    transportFor,
    unfit,
    urlProblem,
    urlText,
)
from .external import ExternalListener
from .weakly import weakly

if TYPE_CHECKING:
    from .host import QRemoteObjectHostBase

__all__ = ["listen", "notListening", "serveDevice"]


def listen(host: QRemoteObjectHostBase, url: QUrl, external: bool) -> bool:
    """See QRemoteObjectHostBase.setHostUrl; `external`: the program makes the connections."""
    text = urlText(url)
    if host._listener is not None:
        where = host.hostUrl().toString()
        return host._refuse(
            ErrorCode.ServerAlreadyCreated,
            f"'{text}': the host listens at {where} already"
            if where
            else f"'{text}': the host was given a device before it had a URL: call "
            "setHostUrl() before addHostSideConnection()",
        )

    def refuse(code: ErrorCode, words: str) -> bool:
        host._refusedUrl = words
        return host._refuse(code, words)

    transport = transportFor(url.scheme())
    if external:
        if problem := urlProblem(url):
            return refuse(ErrorCode.HostUrlInvalid, problem)
        if transport is not None or not (url.isValid() and url.scheme()):
            problem = "is a built-in one" if transport is not None else "is missing"
            return refuse(
                ErrorCode.HostUrlInvalid,
                f"'{text}': AllowExternalRegistration is for a scheme of your own, as in "
                f"'mytcp://127.0.0.1:5005'; this one {problem}",
            )
        host._listener = ExternalListener(url)
        host._refusedUrl = ""
        return True
    if problem := addressProblem(url, " to listen at"):
        return refuse(ErrorCode.HostUrlInvalid, problem)
    assert transport is not None
    listener: Listener | None = None
    try:
        listener = transport.listener(host)
        listener.handshakeTimeout = host._limits.handshakeTimeout
        listener.maxUnproven = host._limits.maxUnprovenConnections
        listener.listen(url)
        exposed, where = listener.exposed, listener.url().toString()
    except ListenRefused as error:
        if listener is not None:
            listener.close()
        code = ErrorCode.HostUrlInvalid if error.invalid else ErrorCode.ListenFailed
        return refuse(code, f"cannot listen at '{text}': {error}")
    except Exception as error:
        log.core.exception(f"'{text}': the transport raised", error)
        words = f"the transport raised {type(error).__name__}: {error}"
        return refuse(ErrorCode.ListenFailed, f"cannot listen at '{text}': {words}")
    # A host ends with its last reference, as in Qt: its listener has none.
    listener.onConnection = weakly(host._accept)
    listener.onRefused = weakly(host._notCome)
    host._listener = listener
    host._refusedUrl = ""
    if exposed and host._sharedKey is None:
        log.core.warning(
            "%s can be reached from other machines, without TLS and without a key: "
            "everybody there may read and set what is shared",
            where,
        )
    for source in host._sources.values():
        host.remoteObjectAdded.emit((source.name, host._location(source)))
    return True


def notListening(host: QRemoteObjectHostBase, otherwise: str = "") -> str:
    """Why a host without a listener has none, and what to do; `otherwise`: another way to be one.

    That a URL is missing would mislead who gave one that was refused.
    """
    setter = f"{host._urlSetter}()"
    if host._refusedUrl:
        return f"the host does not listen: {host._refusedUrl}; call {setter} with another URL first"
    return f"the host has no URL yet, call {setter} {otherwise}first"


def serveDevice(host: QRemoteObjectHostBase, device: QIODevice | None) -> None:
    """See QRemoteObjectHostBase.addHostSideConnection."""
    problem = unfit(device, host.thread())
    if problem:
        host._refuse(ErrorCode.NoError, f"addHostSideConnection: {problem}; it was ignored")
        return
    assert device is not None
    if host._listener is None:
        host._listener = ExternalListener(QUrl())
    conduit = ExternalConduit(device, host)
    if conduit.coming:
        conduit.onConnected = weakly(host._accept, conduit)
        conduit.onClosed = lambda reason: log.io.warning("%s: %s", conduit.peer, reason)
        conduit.open()
    else:
        host._accept(conduit)
