"""What hosts announce to the network about themselves: written, and read with suspicion.

Knows addresses and URLs; knows no socket, host or node.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QUrl
from PySide6.QtNetwork import QAbstractSocket, QHostAddress, QHostInfo, QNetworkInterface

from ..protocol.packets import MAJOR, MINOR
from ..transport import transportFor
from .mdns import Details

__all__ = ["FoundHost", "addressesOf", "announcement", "interfacesFor", "readAnnouncement"]

#: Of the record's format; another one has another meaning.
_FORMAT = "1"
_MAX_TEXT = 255
_MAX_ADDRESSES = 16
_ENCRYPTED = ("tls", "wss")
_LOCAL = ("local", "localabstract", "memory")
_IPv4 = QAbstractSocket.NetworkLayerProtocol.IPv4Protocol


@dataclass(frozen=True)
class FoundHost:
    """A host that was found on the network, as it describes itself: nothing of it is proven."""

    #: The name by which it is advertised.
    name: str
    #: Where it listens, by the address that is nearest to this machine.
    url: QUrl
    #: All its URLs.
    urls: tuple[QUrl, ...] = ()
    #: Whether it wants a shared key.
    needsKey: bool = False
    #: Whether its connections are encrypted (``tls:``, ``wss:``).
    encrypted: bool = False
    #: The version of the protocol that it speaks.
    protocol: str = f"{MAJOR}.{MINOR}"
    id: str = field(default="", repr=False)

    @property
    def compatible(self) -> bool:
        """Whether this node speaks its version of the protocol."""
        return self.protocol.split(".")[0] == str(MAJOR)


def announcement(url: QUrl, name: str, identity: str, needsKey: bool) -> dict[str, str]:
    """The text of a host's record. Raises ValueError when it does not fit in one."""
    text = {
        "txtvers": _FORMAT,
        "protocol": f"{MAJOR}.{MINOR}",
        "name": name,
        "id": identity,
        "scheme": url.scheme(),
    }
    if url.path() not in ("", "/"):
        text["path"] = url.path()
    if needsKey:
        text["key"] = "1"
    if url.scheme() in _ENCRYPTED and QHostAddress(url.host()).isNull():
        text["host"] = url.host()  # a certificate is for this name
    for key, value in text.items():
        if len(f"{key}={value}".encode()) > _MAX_TEXT:
            raise ValueError(f"its {key} is too long to be advertised: '{value:.40}…'")
    return text


def addressesOf(host: str) -> list[str]:
    """The addresses by which a host that listens at `host` is reached; a name is looked up."""
    address = QHostAddress(host)
    if address.isNull():
        found = QHostInfo.fromName(host).addresses()
        if not found:
            return []
        address = found[0]
    every = (QHostAddress.SpecialAddress.AnyIPv4, QHostAddress.SpecialAddress.AnyIPv6)
    if not any(address == QHostAddress(special) for special in every):
        return [address.toString()]
    mine = [a for a in QNetworkInterface.allAddresses() if a.protocol() == address.protocol()]
    real = [a for a in mine if not (a.isLoopback() or a.isLinkLocal())]
    return [a.toString() for a in real or mine][:_MAX_ADDRESSES]


def interfacesFor(addresses: Sequence[str]) -> list[str] | None:
    """Where to advertise these addresses: loopback ones stay on this machine. None: everywhere."""
    found = [QHostAddress(address) for address in addresses]
    if all(address.isLoopback() for address in found):
        return ["127.0.0.1"]
    if len(found) == 1 and found[0].protocol() == _IPv4:
        return list(addresses)
    return None


def readAnnouncement(instance: str, details: Details) -> FoundHost:
    """A host from what anybody on the network may have sent. Raises ValueError, in words."""
    text: dict[str, str] = {}
    for key, value in details.text:
        try:
            text[key.decode()] = (value or b"").decode()
        except UnicodeDecodeError:
            raise ValueError(f"its text {key[:20]!r} is not UTF-8") from None
    if text.get("txtvers") != _FORMAT:
        raise ValueError(f"its record is of version {text.get('txtvers', 'none')!r:.20}")
    name = text.get("name") or instance.partition("._pyside-ro.")[0]
    if len(name) > _MAX_TEXT or not name.isprintable():
        raise ValueError("its name cannot be shown")
    protocol = text.get("protocol", "")
    if not re.fullmatch(r"\d{1,4}\.\d{1,4}", protocol):
        raise ValueError(f"its protocol version is {protocol!r:.20}")
    scheme = text.get("scheme", "")
    if scheme in _LOCAL or transportFor(scheme) is None:
        raise ValueError(f"its scheme {scheme!r:.20} is not one that this node can use")
    path = text.get("path", "")
    if path and not re.fullmatch(r"/[\w./~%+:@-]*", path, re.ASCII):
        raise ValueError(f"its path is {path!r:.40}")
    if not details.port or not 0 < details.port < 65536:
        raise ValueError(f"its port is {details.port}")
    hosts = _nearest(details.addresses[:_MAX_ADDRESSES])
    if not hosts:
        raise ValueError("it has no address that can be used")
    named = text.get("host", "")
    if named and scheme in _ENCRYPTED:
        if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?", named):
            raise ValueError(f"its host name is {named!r:.40}")
        hosts.insert(0, named)
    urls: list[QUrl] = []
    for host in hosts:
        url = QUrl()
        url.setScheme(scheme)
        url.setHost(host)
        url.setPort(details.port)
        url.setPath(path)
        if not url.isValid() or not url.host():
            raise ValueError(f"its URL would be invalid: {url.errorString()}")
        urls.append(url)
    identity = text.get("id", "")
    return FoundHost(
        name, urls[0], tuple(urls), "key" in text, scheme in _ENCRYPTED, protocol, identity
    )


def _nearest(texts: Sequence[str]) -> list[str]:
    """The usable addresses: those of networks that this machine is in come first."""
    addresses = [
        address
        for text in texts
        if not (address := QHostAddress(text)).isNull()
        and not address.isMulticast()
        and not address.isBroadcast()
        and address not in (QHostAddress("0.0.0.0"), QHostAddress("::"))  # noqa: S104
    ]
    networks = [
        (entry.ip(), entry.prefixLength())
        for interface in QNetworkInterface.allInterfaces()
        for entry in interface.addressEntries()
    ]

    def distance(address: QHostAddress) -> tuple[bool, bool]:
        near = any(address.isInSubnet(ip, prefix) for ip, prefix in networks)
        return (not near, address.protocol() != _IPv4)

    return [address.toString() for address in sorted(addresses, key=distance)]
