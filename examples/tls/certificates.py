"""Makes an authority, and certificates for a host and a client, with the openssl command.

Where there is no openssl, with the Python package trustme, if that is installed.
"""

import shutil
import subprocess
import sys
from pathlib import Path

NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def make(folder: Path) -> str:
    """Write ca.pem, host.pem, host.key, client.pem and client.key; give what is in the way."""
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.which("openssl"):
        return _withOpenssl(folder)
    try:
        import trustme
    except ImportError:
        return "certificates: neither openssl nor trustme (pip install trustme) is there"
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    for name, identity in (("host", "127.0.0.1"), ("client", "panel")):
        made = authority.issue_cert(identity)
        made.private_key_pem.write_to_path(folder / f"{name}.key")
        made.cert_chain_pems[0].write_to_path(folder / f"{name}.pem")
    return ""


def _withOpenssl(folder: Path) -> str:
    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    try:
        openssl(
            *("req", "-x509", *NEW_KEY, "-days", "30", "-subj", "/CN=Example authority"),
            *("-keyout", "ca.key", "-out", "ca.pem"),
        )
        for name, extension in (
            # A client checks the name, or address, in the URL against this.
            ("host", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
            ("client", "extendedKeyUsage=clientAuth"),
        ):
            openssl(
                *("req", *NEW_KEY, "-subj", f"/CN={name}", "-addext", extension),
                *("-keyout", f"{name}.key", "-out", f"{name}.csr"),
            )
            openssl(
                *("x509", "-req", "-in", f"{name}.csr", "-days", "30", "-copy_extensions", "copy"),
                *("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", f"{name}.pem"),
            )
    except subprocess.CalledProcessError as error:
        return f"certificates: openssl failed: {error.stderr.decode(errors='replace')}"
    return ""


if __name__ == "__main__":
    sys.exit(make(Path(sys.argv[1] if len(sys.argv) > 1 else "certificates")))
