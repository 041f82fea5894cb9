"""The registry: the source that lists where all sources are, and its replica.

It is shared and acquired like any other object, by the name "Registry"; only its replica's class
is written out here, as Qt's program interface has it. Knows sources' callers and replicas;
knows no connection and no node.
"""

from __future__ import annotations

from functools import partial
from typing import Any, TypeAlias

from PySide6.QtCore import Property, QObject, Signal, Slot
from shiboken6 import isValid

from .. import log
from ..interface import Interface, interfaceOfClass
from ..replica import QRemoteObjectPendingCall, QRemoteObjectReplica, ReplicaState
from ..replica.classes import slotCaller
from ..source import Caller
from .location import QRemoteObjectSourceLocationInfo

__all__ = ["REGISTRY", "Entry", "QRemoteObjectRegistry", "Registry"]

#: A source's name, and where it is.
Entry: TypeAlias = "tuple[str, QRemoteObjectSourceLocationInfo]"

REGISTRY = "Registry"
_MAX_NAME = 1000
#: What one host may register.
_MAX_ENTRIES = 100_000


def _checked(entry: object) -> Entry:
    """An entry from a peer. Raises TypeError or ValueError."""
    match entry:
        case (str(name), QRemoteObjectSourceLocationInfo() as info):
            pass
        case _:
            raise TypeError(
                "an entry of the registry is a tuple of a name and a "
                f"QRemoteObjectSourceLocationInfo, not {entry!r:.80}"
            )
    if not name or len(name) > _MAX_NAME:
        raise ValueError(
            f"{name!r:.60} is no name that a registry takes (1 to {_MAX_NAME} characters)"
        )
    return name, info


class Registry(QObject):
    """The source that a registry host shares (Qt's QRegistry).

    What a host registered goes when its connection does, however it went.
    """

    remoteObjectAdded = Signal(object, arguments=["entry"])
    remoteObjectRemoved = Signal(object, arguments=["entry"])

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: dict[str, QRemoteObjectSourceLocationInfo] = {}
        #: Who registered each name; None: the registry's own host.
        self._owners: dict[str, Caller | None] = {}
        self._counts: dict[Caller, int] = {}

    def _sourceLocations(self) -> dict[str, QRemoteObjectSourceLocationInfo]:
        return dict(self._entries)

    sourceLocations = Property(dict, _sourceLocations)

    @Slot(object)
    def addSource(self, entry: Any, *, caller: Caller | None = None) -> None:
        """Register a source. Of two hosts that share a name, the first keeps it, as in Qt."""
        name, info = _checked(entry)
        known = self._entries.get(name)
        if known is not None and known.hostUrl != info.hostUrl:
            log.core.warning(
                "registry: '%s' at '%s' is ignored, '%s' has registered that name already",
                name,
                info.hostUrl.toString(),
                known.hostUrl.toString(),
            )
            return
        if caller is not None:
            self._enter(caller)
        # Of the same URL it is the same host, which came back before its old connection was
        # noticed to be gone: the name follows it.
        self._own(name, caller)
        if known == info:
            return
        self._entries[name] = info
        if known is not None:
            self.remoteObjectRemoved.emit((name, known))
        self.remoteObjectAdded.emit((name, info))

    @Slot(object)
    def removeSource(self, entry: Any, *, caller: Caller | None = None) -> None:
        """Take a source out, if it is registered at that host."""
        name, info = _checked(entry)
        known = self._entries.get(name)
        if known is not None and known.hostUrl == info.hostUrl:
            self._remove(name)

    def _enter(self, caller: Caller) -> None:
        if caller not in self._counts:
            self._counts[caller] = 0
            caller.onGone(partial(self._leave, caller))
        if self._counts[caller] >= _MAX_ENTRIES:
            raise ValueError(f"{caller.address} has registered {_MAX_ENTRIES} sources already")

    def _leave(self, caller: Caller) -> None:
        self._counts.pop(caller, None)
        if not isValid(self):
            return  # the host is being deleted
        for name in [name for name, owner in self._owners.items() if owner is caller]:
            self._remove(name)

    def _own(self, name: str, caller: Caller | None) -> None:
        self._disown(name)
        self._owners[name] = caller
        if caller is not None:
            self._counts[caller] += 1

    def _disown(self, name: str) -> None:
        owner = self._owners.pop(name, None)
        if owner is not None and owner in self._counts:
            self._counts[owner] -= 1

    def _remove(self, name: str) -> None:
        self._disown(name)
        self.remoteObjectRemoved.emit((name, self._entries.pop(name)))


def _unanswered(call: QRemoteObjectPendingCall) -> None:
    """A registration that did not arrive is made again when the registry is back."""
    error = call.exception()
    if error is not None:
        log.core.info("registry: %s", error)


class QRemoteObjectRegistry(QRemoteObjectReplica):
    """A node's replica of the registry (QRemoteObjectRegistry): `QRemoteObjectNode.registry()`.

    Its list follows the registry by itself. `addSource` and `removeSource` are what a host uses
    to register its sources, by itself too; they are registered again whenever the registry
    comes back. Beyond Qt, a name that another host holds is registered as soon as that one lets
    it go.
    """

    #: A source was registered, or is gone: a tuple of its name and its
    #: QRemoteObjectSourceLocationInfo.
    remoteObjectAdded = Signal(object)
    remoteObjectRemoved = Signal(object)

    _ro_describedBy = Registry

    def __init__(self, state: ReplicaState | None = None, parent: QObject | None = None) -> None:
        super().__init__(state, parent)
        #: What this node's host shares.
        self._hosted: dict[str, QRemoteObjectSourceLocationInfo] = {}
        self.remoteObjectAdded.connect(self._onAdded)
        self.remoteObjectRemoved.connect(self._onRemoved)
        self.stateChanged.connect(self.pushToRegistryIfNeeded)

    def _embody(self, interface: Interface) -> None:
        pass  # its members are here

    @staticmethod
    def registerMetatypes() -> None:
        """Nothing is to be done: entries can cross (QRemoteObjectRegistry::registerMetatypes)."""

    def initialize(self) -> None:
        """Nothing is to be done: the list is empty at first (QRemoteObjectRegistry::initialize)."""

    def sourceLocations(self) -> dict[str, QRemoteObjectSourceLocationInfo]:
        """All sources that the registry knows: type and host by name.

        While the registry is away, those that it knew last.
        """
        return dict(self._locations())

    def _locations(self) -> dict[str, QRemoteObjectSourceLocationInfo]:
        found = self._ro.values[0]
        return found if isinstance(found, dict) else {}

    @Slot(object)
    def addSource(self, entry: Entry) -> None:
        """Register a source now and whenever the registry comes back."""
        name, info = entry
        if name in self._hosted:
            log.core.warning("registry: '%s' is ignored, this node has registered it already", name)
            return
        self._hosted[name] = info
        self._push(name, info)

    @Slot(object)
    def removeSource(self, entry: Entry) -> None:
        """Take a source out that this node registered."""
        name = entry[0]
        info = self._hosted.pop(name, None)
        if info is not None and self._ro.state is self.State.Valid:
            self._call("removeSource", (name, info))

    def pushToRegistryIfNeeded(self, *_: object) -> None:
        """Register all that this node shares, if the registry is there."""
        for name, info in self._hosted.items():
            self._push(name, info)

    def _push(self, name: str, info: QRemoteObjectSourceLocationInfo) -> None:
        if self._ro.state is not self.State.Valid:
            return
        other = self._locations().get(name)
        if other is not None and other.hostUrl != info.hostUrl:
            self._shadowed(name, other)
            return
        self._call("addSource", (name, info))

    def _call(self, slot: str, entry: Entry) -> None:
        slotCaller(interfaceOfClass(Registry), slot)(self, entry).add_done_callback(_unanswered)

    def _shadowed(self, name: str, other: QRemoteObjectSourceLocationInfo) -> None:
        log.core.warning(
            "registry: '%s' of this host is not registered: '%s' has registered that name; it "
            "will be when that one lets go of it. Clients that connect here directly find it",
            name,
            other.hostUrl.toString(),
        )

    def _onAdded(self, entry: Entry) -> None:
        name, info = entry
        self._locations()[name] = info
        mine = self._hosted.get(name)
        if mine is not None and mine.hostUrl != info.hostUrl:
            self._shadowed(name, info)

    def _onRemoved(self, entry: Entry) -> None:
        name = entry[0]
        self._locations().pop(name, None)
        mine = self._hosted.get(name)
        if mine is not None:
            self._push(name, mine)
