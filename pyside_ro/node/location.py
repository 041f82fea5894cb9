"""Where a source is, and Qt's enums that belong to no class.

Knows QUrl and the table of registered types.
"""

from __future__ import annotations

import dataclasses
import enum

from PySide6.QtCore import QUrl

from ..protocol.records import registerType
from ..transport import toUrl

__all__ = ["QRemoteObjectSourceLocationInfo", "QtRemoteObjects"]


@registerType
@dataclasses.dataclass(init=False, eq=False, repr=False)
class QRemoteObjectSourceLocationInfo:
    """The type of a source and the URL of its host (QRemoteObjectSourceLocationInfo).

    It crosses as any registered dataclass does.
    """

    typeName: str
    hostUrl: QUrl

    def __init__(
        self, typeName: str | QRemoteObjectSourceLocationInfo = "", hostUrl: QUrl | str = ""
    ) -> None:
        if isinstance(typeName, QRemoteObjectSourceLocationInfo):
            hostUrl = typeName.hostUrl
            typeName = typeName.typeName
        self.typeName = typeName
        self.hostUrl = QUrl(toUrl(hostUrl))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, QRemoteObjectSourceLocationInfo):
            return NotImplemented
        return self.typeName == other.typeName and self.hostUrl == other.hostUrl

    def __hash__(self) -> int:
        return hash((self.typeName, self.hostUrl.toString()))

    def __repr__(self) -> str:
        return f"QRemoteObjectSourceLocationInfo({self.typeName!r}, {self.hostUrl.toString()!r})"


class QtRemoteObjects:
    """The namespace QtRemoteObjects: its enums."""

    class InitialAction(enum.Enum):
        """What `acquireModel` fetches by itself."""

        FetchRootSize = 0
        PrefetchData = 1

    class QRemoteObjectPacketTypeEnum(enum.Enum):
        """The kinds of packets."""

        Invalid = 0
        Handshake = 1
        InitPacket = 2
        InitDynamicPacket = 3
        AddObject = 4
        RemoveObject = 5
        InvokePacket = 6
        InvokeReplyPacket = 7
        PropertyChangePacket = 8
        ObjectList = 9
        Ping = 10
        Pong = 11


for _kind in (QtRemoteObjects.InitialAction, QtRemoteObjects.QRemoteObjectPacketTypeEnum):
    for _member in _kind:  # QtRemoteObjects.PrefetchData, as PySide6 has it
        setattr(QtRemoteObjects, _member.name, _member)
