"""Certificates of all kinds, good and bad, made for one run of the tests."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import trustme

_DAY = datetime.timedelta(days=1)


class Pki:
    """A folder with an authority and what it issued; each name is a .pem and a .key there.

    "ca" is the authority, "stranger-ca" one that nobody trusts; "host" and "client" are good,
    "renewed" is a second good one for the host; "expired", "early" (not yet valid) and
    "elsewhere" (for another name) are the authority's too, "stranger" is the other's, and
    "self" is self-signed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        now = datetime.datetime.now(datetime.timezone.utc)
        self.authority = trustme.CA(organization_name="Our lab")
        other = trustme.CA(organization_name="Somebody else")
        (folder / "ca.pem").write_bytes(self.authority.cert_pem.bytes())
        (folder / "stranger-ca.pem").write_bytes(other.cert_pem.bytes())
        here = ("127.0.0.1", "localhost")
        self.issue("host", *here)
        self.issue("renewed", *here)
        self.issue("client", "panel.example")
        self.issue("expired", *here, not_before=now - 9 * _DAY, not_after=now - 2 * _DAY)
        self.issue("early", *here, not_before=now + 2 * _DAY, not_after=now + 9 * _DAY)
        self.issue("elsewhere", "elsewhere.example")
        self._write("stranger", other.issue_cert(*here))
        own = trustme.CA(organization_name="Myself")
        (folder / "self.pem").write_bytes(own.cert_pem.bytes())
        (folder / "self.key").write_bytes(own.private_key_pem.bytes())

    def issue(self, name: str, *identities: str, **options: Any) -> None:
        """Have the authority issue a certificate for host names or addresses."""
        self._write(name, self.authority.issue_cert(*identities, **options))

    def _write(self, name: str, leaf: trustme.LeafCert) -> None:
        chain = b"".join(blob.bytes() for blob in leaf.cert_chain_pems)
        (self.folder / f"{name}.pem").write_bytes(chain)
        (self.folder / f"{name}.key").write_bytes(leaf.private_key_pem.bytes())

    def files(self, name: str = "", authority: str = "", **options: Any) -> dict[str, Any]:
        """The arguments of `sslConfiguration` for a certificate and an authority."""
        found = dict(options)
        if name:
            found["certificate"] = str(self.folder / f"{name}.pem")
            found["key"] = str(self.folder / f"{name}.key")
        if authority:
            found["authority"] = str(self.folder / f"{authority}.pem")
        return found
