"""sslConfiguration: files, and words for those that will not do; the commands in the docs."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from PySide6.QtNetwork import QSsl, QSslSocket

from pyside_ro import sslConfiguration
from tests.behaviour.support import finished
from tests.helpers import ROOT, PeerProcess
from tests.trust.certificates import Pki
from tests.trust.test_tls import acquired
from tests.trust.tls_sides import gauge_host

Peer = Callable[..., PeerProcess]
Verify = QSslSocket.PeerVerifyMode
PASSPHRASE = "open sesame"


@pytest.fixture
def locked(pki: Pki, tmp_path: Path) -> str:
    """The host's key, encrypted."""
    data = (pki.folder / "host.key").read_bytes()
    key = serialization.load_pem_private_key(data, None)
    path = tmp_path / "locked.key"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(PASSPHRASE.encode()),
        )
    )
    return str(path)


def test_what_it_sets(qapp: object, pki: Pki) -> None:
    plain = sslConfiguration()
    assert plain.protocol() is QSsl.SslProtocol.TlsV1_2OrLater
    assert plain.peerVerifyMode() is Verify.AutoVerifyPeer
    both = sslConfiguration(**pki.files("host", "ca"))
    assert not both.privateKey().isNull()
    assert both.peerVerifyMode() is Verify.VerifyPeer
    assert len(both.caCertificates()) == 1
    relaxed = sslConfiguration(**pki.files("host", "ca", demandCertificates=False))
    assert relaxed.peerVerifyMode() is Verify.AutoVerifyPeer


def test_key_and_certificate_in_one_file(qapp: object, pki: Pki, tmp_path: Path) -> None:
    both = tmp_path / "both.pem"
    parts = [(pki.folder / name).read_bytes() for name in ("host.pem", "host.key")]
    both.write_bytes(b"".join(parts))
    assert not sslConfiguration(both).privateKey().isNull()


def test_an_encrypted_key(qapp: object, pki: Pki, locked: str) -> None:
    certificate = pki.folder / "host.pem"
    opened = sslConfiguration(certificate, locked, passphrase=PASSPHRASE)
    assert not opened.privateKey().isNull()
    with pytest.raises(ValueError, match="is encrypted, and the passphrase is wrong"):
        sslConfiguration(certificate, locked, passphrase="open barley")
    with pytest.raises(ValueError, match="is encrypted, and no passphrase was given"):
        sslConfiguration(certificate, locked)


@pytest.mark.parametrize(
    ("certificate", "key", "authority", "words"),
    [
        ("none.pem", None, None, "the certificate '.*none.pem' cannot be read: No such file"),
        ("host.pem", "none.key", None, "the key '.*none.key' cannot be read: No such file"),
        (None, None, ".", "the authority '.*' cannot be read"),
        ("host.key", None, None, "holds a private key and no certificate"),
        ("host.pem", "client.pem", None, "the key '.*client.pem' holds no private key in PEM"),
        ("host.pem", "client.key", None, "'.*client.key' is not that of the certificate '.*host"),
        ("host.pem", "damaged.key", None, "the key '.*damaged.key' is damaged, or of a kind"),
        (None, "host.key", None, "the key '.*host.key' needs its certificate"),
        (None, None, "nonsense.pem", "the authority '.*' holds no certificate in PEM format"),
    ],
)
def test_files_that_will_not_do(
    qapp: object,
    pki: Pki,
    certificate: str | None,
    key: str | None,
    authority: str | None,
    words: str,
) -> None:
    (pki.folder / "nonsense.pem").write_text("nothing of the kind")
    whole = (pki.folder / "host.key").read_text().splitlines()
    (pki.folder / "damaged.key").write_text("\n".join([whole[0], "AAAA", whole[-1], ""]))

    def at(name: str | None) -> Path | None:
        return None if name is None else pki.folder / name

    with pytest.raises((OSError, ValueError), match=words):
        sslConfiguration(at(certificate), at(key), authority=at(authority))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl command")
def test_the_commands_in_the_documentation(peer: Peer, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "deployment.md").read_text("utf-8")
    section = text[text.index("### Certificates") : text.index("### What goes wrong")]
    commands = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    assert len(commands) == 3
    for command in commands:
        subprocess.run(["sh", "-ec", command], cwd=tmp_path, check=True, capture_output=True)

    def files(name: str) -> dict[str, str]:
        return {
            "certificate": str(tmp_path / f"{name}.pem"),
            "key": str(tmp_path / f"{name}.key"),
            "authority": str(tmp_path / "ca.pem"),
        }

    host = peer(gauge_host, tls=files("host"))
    _node, replica = acquired(host.info["url"], **files("client"))
    assert finished(replica.add(2, 3)) == 5
