"""A QSslConfiguration from files, with words for every file that will not do.

Knows QtNetwork's certificates and keys, and Python's ssl to see whether they fit.
"""

from __future__ import annotations

import os
import ssl
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtNetwork import QSsl, QSslCertificate, QSslConfiguration, QSslKey, QSslSocket

from .secure import unsupported

__all__ = ["sslConfiguration"]

_File = str | os.PathLike[str]


def sslConfiguration(
    certificate: _File | None = None,
    key: _File | None = None,
    *,
    authority: _File | None = None,
    passphrase: str = "",
    demandCertificates: bool = True,
) -> QSslConfiguration:
    """Make a node's or a host's TLS configuration from files in PEM format. Our own.

    `certificate` is the own one, with those between it and its authority behind it in the same
    file; `key` is its private key (by default in the same file), and `passphrase` what that is
    encrypted with. `authority` holds the certificates of the authorities to trust instead of the
    system's. A host that is given one takes only clients with a certificate of such an authority
    (mutual TLS), unless `demandCertificates` is False.

    Give the result to ``QRemoteObjectHost(url, sslConfiguration=...)``. Raises OSError when a
    file cannot be read, ValueError when it does not hold what it should, when key and certificate
    do not belong together, when the passphrase is wrong, and RuntimeError when this Qt has no
    TLS.
    """
    problem = unsupported()
    if problem:
        raise RuntimeError(problem)
    configuration = QSslConfiguration.defaultConfiguration()
    configuration.setProtocol(QSsl.SslProtocol.TlsV1_2OrLater)
    if authority is not None:
        configuration.setCaCertificates(_certificates(authority, "authority"))
        if demandCertificates:
            configuration.setPeerVerifyMode(QSslSocket.PeerVerifyMode.VerifyPeer)
    if certificate is None:
        if key is not None:
            raise ValueError(f"the key '{key}' needs its certificate: give that as well")
        return configuration
    chain = _certificates(certificate, "certificate")
    key = certificate if key is None else key
    configuration.setPrivateKey(_key(key, passphrase))
    _checkPair(certificate, key, passphrase)
    configuration.setLocalCertificateChain(chain)
    return configuration


def _read(path: _File, what: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        words = error.strerror or type(error).__name__
        raise type(error)(f"the {what} '{path}' cannot be read: {words}") from None


def _certificates(path: _File, what: str) -> list[QSslCertificate]:
    data = _read(path, what)
    found = QSslCertificate.fromData(QByteArray(data), QSsl.EncodingFormat.Pem)
    if found:
        return found
    if b"PRIVATE KEY-----" in data:
        raise ValueError(f"the {what} '{path}' holds a private key and no certificate")
    raise ValueError(
        f"the {what} '{path}' holds no certificate in PEM format (-----BEGIN CERTIFICATE-----)"
    )


def _key(path: _File, passphrase: str) -> QSslKey:
    data = _read(path, "key")
    algorithms = (QSsl.KeyAlgorithm.Ec, QSsl.KeyAlgorithm.Rsa, QSsl.KeyAlgorithm.Dsa)
    for algorithm in algorithms:
        key = QSslKey(
            QByteArray(data),
            algorithm,
            QSsl.EncodingFormat.Pem,
            QSsl.KeyType.PrivateKey,
            QByteArray(passphrase.encode()),
        )
        if not key.isNull():
            return key
    if b"PRIVATE KEY-----" not in data:
        raise ValueError(
            f"the key '{path}' holds no private key in PEM format (-----BEGIN PRIVATE KEY-----)"
        )
    if b"ENCRYPTED" in data:
        raise ValueError(
            f"the key '{path}' is encrypted, and "
            + ("the passphrase is wrong" if passphrase else "no passphrase was given")
        )
    raise ValueError(f"the key '{path}' is damaged, or of a kind that Qt cannot use: RSA and EC do")


def _checkPair(certificate: _File, key: _File, passphrase: str) -> None:
    """Qt would take any pair, and fail only when the first client comes."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            certificate, key, password=lambda: passphrase
        )
    except ssl.SSLError as error:
        if "MISMATCH" in str(error) or "NO_CERTIFICATE_ASSIGNED" in str(error):
            raise ValueError(
                f"the key '{key}' is not that of the certificate '{certificate}'"
            ) from None
        raise ValueError(
            f"the certificate '{certificate}' cannot be used with the key '{key}': {error}"
        ) from None
