"""What every TLS connection here has in common: the configuration it gets, its errors in words.

Knows QtNetwork's TLS classes and what errors sockets have; no socket, no URL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QDateTime, QLocale, QObject
from PySide6.QtNetwork import (
    QAbstractSocket,
    QSsl,
    QSslCertificate,
    QSslConfiguration,
    QSslError,
    QSslSocket,
)

from ..errors import VersionMismatch
from .base import ConnectFailed

__all__ = [
    "Trouble",
    "asClient",
    "asHost",
    "demandsCertificate",
    "sslConfigurationOf",
    "unfitForHost",
    "unsupported",
]

_Verify = QSslSocket.PeerVerifyMode
_Protocol = QSsl.SslProtocol
#: What a configuration may ask for. Anything else includes versions before TLS 1.2, which were
#: broken, and becomes "1.2 or later".
_MODERN = (
    _Protocol.TlsV1_2,
    _Protocol.TlsV1_2OrLater,
    _Protocol.TlsV1_3,
    _Protocol.TlsV1_3OrLater,
)


#: The errors of a socket that are TLS's.
_ERRORS = (
    QAbstractSocket.SocketError.SslHandshakeFailedError,
    QAbstractSocket.SocketError.SslInternalError,
    QAbstractSocket.SocketError.SslInvalidUserDataError,
)
_NO_CERTIFICATE = "the client showed no certificate"


def unsupported() -> str:
    """Why this Qt cannot do TLS, in words, or ''."""
    if QSslSocket.supportsSsl():
        return ""
    backends = ", ".join(QSslSocket.availableBackends()) or "none"
    return (
        "this Qt finds no TLS library (its backends: "
        f"{backends}); on Linux install OpenSSL 3, for instance Debian's package libssl3"
    )


def sslConfigurationOf(parent: QObject) -> QSslConfiguration:
    """What the node that a listener or conduit is made for was given; else Qt's default.

    `parent` is what `Transport.listener` and `Transport.conduit` are called with.
    """
    ask = getattr(parent, "sslConfiguration", None)
    configuration = ask() if ask is not None else None
    if isinstance(configuration, QSslConfiguration) and not configuration.isNull():
        return configuration
    return QSslConfiguration.defaultConfiguration()


def _checked(configuration: QSslConfiguration) -> QSslConfiguration:
    checked = QSslConfiguration(configuration)
    if checked.protocol() not in _MODERN:
        checked.setProtocol(_Protocol.TlsV1_2OrLater)
    return checked


def asClient(configuration: QSslConfiguration) -> QSslConfiguration:
    """The configuration of a client's socket. It checks the host, unless told VerifyNone."""
    checked = _checked(configuration)
    if checked.peerVerifyMode() in (_Verify.AutoVerifyPeer, _Verify.VerifyPeer):
        checked.setPeerVerifyMode(_Verify.VerifyPeer)
        # The host is told by an alert what was wrong, and can say so in its log.
        checked.setHandshakeMustInterruptOnError(True)
    return checked


def asHost(configuration: QSslConfiguration) -> QSslConfiguration:
    """The configuration of a host's socket. With VerifyPeer a client needs a certificate."""
    checked = _checked(configuration)
    if demandsCertificate(configuration):
        # Without these two Qt ends the connection without a word to the client.
        checked.setHandshakeMustInterruptOnError(True)
        checked.setMissingCertificateIsFatal(True)
    else:
        checked.setPeerVerifyMode(_Verify.VerifyNone)
    return checked


def demandsCertificate(configuration: QSslConfiguration) -> bool:
    """Whether a host with this configuration takes only clients whose certificate it trusts."""
    return configuration.peerVerifyMode() == _Verify.VerifyPeer


def unfitForHost(configuration: QSslConfiguration) -> str:
    """What a host lacks to listen, in words, or ''."""
    lacks = [
        what
        for what, missing in (
            ("certificate", configuration.localCertificate().isNull()),
            ("private key", configuration.privateKey().isNull()),
        )
        if missing
    ]
    if not lacks:
        return ""
    return (
        f"a host needs a certificate and its private key, and there is no {' and no '.join(lacks)}:"
        ' QRemoteObjectHost(url, sslConfiguration=pyside_ro.sslConfiguration("host.pem", '
        '"host.key"))'
    )


def _unknown() -> None:
    return None


class Trouble(QObject):
    """What goes wrong on one socket, gathered from its signals, and the reason that it makes.

    `client` says on which side this is, `name` which host a client asked for. A QObject, since Qt
    warns when a QWebSocket lets go of a socket that had any other function connected.
    """

    def __init__(self, client: bool, name: str = "") -> None:
        super().__init__()
        self._client = client
        self._name = name
        self._words = ""
        self._alert = ""
        self._version = False
        self._certificate: Callable[[], QSslCertificate | None] = _unknown

    def hear(
        self, socket: Any, certificate: Callable[[], QSslCertificate | None] = _unknown
    ) -> None:
        """Listen to what a QSslSocket, or QWebSocket, says of its handshake."""
        self._certificate = certificate
        socket.alertReceived.connect(self._alerted)
        socket.handshakeInterruptedOnError.connect(self._interrupted)
        socket.sslErrors.connect(self._untrusted)

    def _interrupted(self, error: QSslError) -> None:
        self._untrusted([error])

    def _untrusted(self, errors: Iterable[QSslError]) -> None:
        certificate = self._certificate()
        found = [_explain(error, self._client, self._name, certificate) for error in errors]
        if found and not self._words:
            self._words = "; ".join(dict.fromkeys(found))

    def _alerted(self, level: QSsl.AlertLevel, kind: QSsl.AlertType, text: str) -> None:
        if level == QSsl.AlertLevel.Fatal or kind not in (
            QSsl.AlertType.CloseNotify,
            QSsl.AlertType.UserCancelled,
        ):
            self._alert = self._alert or _alertWords(kind, text, self._client)
            self._version = kind == QSsl.AlertType.ProtocolVersion

    @property
    def any(self) -> bool:
        """Whether there is something to say."""
        return bool(self._words or self._alert)

    def concerns(self, error: QAbstractSocket.SocketError) -> bool:
        """Whether it is why the socket has this error."""
        return self.any or error in _ERRORS

    def reason(self, text: str) -> Exception:
        """The end of the connection: `text` is what the socket says of it."""
        if self._words:
            return ConnectFailed(self._words, access=True)
        if self._alert:
            return (
                VersionMismatch(self._alert)
                if self._version
                else ConnectFailed(self._alert, access=True)
            )
        lower = text.lower()
        peer = "host" if self._client else "client"
        if "unsupported protocol" in lower or "version too low" in lower:
            return VersionMismatch(
                f"the {peer} speaks an older version of TLS only: 1.2 or later is needed"
            )
        if any(
            words in lower
            for words in ("wrong version number", "packet length too long", "http request")
        ):
            return VersionMismatch(
                f"the {peer} does not speak TLS there"
                + (": does it listen at tcp:// or ws://?" if self._client else "")
            )
        if "did not return a certificate" in lower:
            return ConnectFailed(f"{_NO_CERTIFICATE}, and this host demands one", access=True)
        if "no shared cipher" in lower:
            return VersionMismatch(f"this side and the {peer} have no cipher in common")
        return ConnectFailed(f"the TLS handshake failed: {text}")


def _explain(error: QSslError, client: bool, name: str, certificate: QSslCertificate | None) -> str:
    kinds = QSslError.SslError
    kind = error.error()
    found = error.certificate()
    if found.isNull() and certificate is not None:
        found = certificate
    whose = "the host's certificate" if client else "the client's certificate"
    side = "this node" if client else "this host"
    match kind:
        case kinds.NoPeerCertificate:
            return (
                "the host showed no certificate"
                if client
                else f"{_NO_CERTIFICATE}, and this host demands one"
            )
        case kinds.SelfSignedCertificate:
            return (
                f"{whose} is self-signed, and not among the authorities that {side} trusts"
                f"{_subject(found)}"
            )
        case (
            kinds.SelfSignedCertificateInChain
            | kinds.UnableToGetLocalIssuerCertificate
            | kinds.UnableToGetIssuerCertificate
            | kinds.UnableToVerifyFirstCertificate
            | kinds.CertificateUntrusted
        ):
            issuer = _commonName(found, issuer=True)
            by = f"'{issuer}', " if issuer else ""
            return f"{whose} was issued by {by}an unknown authority: not one that {side} trusts"
        case kinds.CertificateExpired:
            return f"{whose} expired on {_date(found.expiryDate())} ({_clock()})"
        case kinds.CertificateNotYetValid:
            return f"{whose} is not yet valid: from {_date(found.effectiveDate())} on ({_clock()})"
        case kinds.HostNameMismatch:
            names = ", ".join(_names(found)) or "no name at all"
            return f"{whose} has another host name: it is for {names} and not for '{name}'"
        case _:
            words = error.errorString()
            return f"{whose} was not accepted by {side}: {words[:1].lower()}{words[1:]}"


def _subject(certificate: QSslCertificate) -> str:
    name = _commonName(certificate, issuer=False)
    return f" (it is for '{name}')" if name else ""


def _commonName(certificate: QSslCertificate, issuer: bool) -> str:
    if certificate.isNull():
        return ""
    info = certificate.issuerInfo if issuer else certificate.subjectInfo
    for what in (QSslCertificate.SubjectInfo.CommonName, QSslCertificate.SubjectInfo.Organization):
        found = info(what)
        if found:
            return ", ".join(found)[:200]
    return ""


def _names(certificate: QSslCertificate) -> list[str]:
    if certificate.isNull():
        return []
    alternative = certificate.subjectAlternativeNames()
    names = [f"'{name}'" for found in alternative.values() for name in _listed(found)]
    return names[:10] or [f"'{name}'" for name in _listed(_commonName(certificate, False)) if name]


def _listed(found: object) -> list[str]:
    return [found] if isinstance(found, str) else [str(each) for each in found]  # type: ignore[attr-defined]


def _date(when: QDateTime) -> str:
    return QLocale.c().toString(when.toUTC(), "yyyy-MM-dd hh:mm") + " UTC"


def _clock() -> str:
    return f"this machine's clock says {_date(QDateTime.currentDateTimeUtc())}"


def _alertWords(kind: QSsl.AlertType, text: str, client: bool) -> str:
    kinds = QSsl.AlertType
    peer, mine = ("host", "this node's") if client else ("client", "this host's")
    match kind:
        case kinds.CertificateRequired | kinds.NoCertificate:
            return f"the {peer} demands a certificate, and {mine[:-2]} has none to show"
        case kinds.UnknownCa:
            why = "it does not know the authority that issued it"
        case kinds.CertificateExpired:
            why = "it expired"
        case kinds.CertificateRevoked:
            why = "it was revoked"
        case kinds.BadCertificate | kinds.UnsupportedCertificate | kinds.CertificateUnknown:
            why = "it is not valid there, or not yet"
        case kinds.ProtocolVersion:
            return f"the {peer} and {mine[:-2]} have no version of TLS in common (1.2 or later)"
        case kinds.HandshakeFailure | kinds.InsufficientSecurity:
            return (
                f"the {peer} ended the TLS handshake: no cipher in common, or it demands a "
                f"certificate that {mine[:-2]} does not have"
            )
        case _:
            return f"the {peer} ended the TLS connection: {text}"
    return f"the {peer} did not accept {mine} certificate: {why} (alert: {text})"
