"""Replicas that a host shares again: described as their source is now, not as it once was.

Knows hosts and replicas. A source that comes back with other enums, other records or another
interface altogether is withdrawn and shared anew, so that clients learn it as from a first host.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from ..replica import QRemoteObjectDynamicReplica, QRemoteObjectReplica
from ..source import Source
from .trust import AccessRule, Sharing
from .weakly import weakly

if TYPE_CHECKING:
    from .host import QRemoteObjectHostBase

__all__ = ["Reshared", "stopResharing"]

_State = QRemoteObjectReplica.State
_OTHER = "its source has another interface now"


class Reshared:
    """One replica that a host shares; a stand-in while another one of its source is shared.

    It waits to be settled until the host knows it. A dynamic replica keeps the API that it has
    got: when its source has another one, another replica learns that, and is shared in its place
    until the former comes back.
    """

    def __init__(
        self,
        host: QRemoteObjectHostBase,
        replica: QRemoteObjectReplica,
        name: str,
        readOnly: bool,
        access: AccessRule | None,
    ) -> None:
        self._host = weakref.ref(host)  # which keeps this
        self._replica = weakref.ref(replica)
        self._name = name
        self._readOnly = readOnly
        self._access = access
        #: How what is shared was described: its signature, and whether it may be read only.
        self._told: tuple[str, bool] | None = None
        self._shown: QRemoteObjectReplica | None = None
        self._other: QRemoteObjectDynamicReplica | None = None
        self._changed = weakly(self.settle)
        replica._ro_own[1].connect(self._changed)
        self._destroyed = weakly(self._deleted)
        replica.destroyed.connect(self._destroyed)
        self._show(replica)

    def original(self) -> QObject | None:
        """The replica that the program shared."""
        return self._replica()

    def heldBy(self, holder: Source, property: int) -> None:
        """Nothing depends on that."""

    def end(self) -> None:
        """Its source was closed: this goes on, until the host forgets it."""

    def _deleted(self) -> None:
        host = self._host()
        if host is not None:
            # Later: it may be in the middle of anything, as Python's collector is.
            host._inbox.post(self._gone)

    def _gone(self) -> None:
        host = self._host()
        if host is not None and isValid(host) and host._reshared.get(self._name) is self:
            del host._reshared[self._name]
            self._hide("the source was deleted")
            self._dismiss()

    def settle(self, *_: object) -> None:
        """Share what the replica's state asks for."""
        replica, host = self._replica(), self._host()
        if replica is None or host is None or not (isValid(replica) and isValid(host)):
            return
        if host._reshared.get(self._name) is not self:
            return  # it is shared no longer
        state = replica._ro.state
        if state is _State.Valid:
            self._show(replica)
            self._dismiss()
        elif state is _State.SignatureMismatch:
            self._stand(replica)

    def _stand(self, replica: QRemoteObjectReplica) -> None:
        """Share what can be learned of the source, which is not what the replica expects."""
        other = self._other
        if other is not None and other._ro.state is _State.Valid:
            self._show(other)
        elif other is None or other._ro.state is _State.SignatureMismatch:
            self._hide()
            self._dismiss()
            node = replica._ro.node
            # Who shares a typed one wants to share that API, and no other.
            if isinstance(replica, QRemoteObjectDynamicReplica) and node and not replica._ro.child:
                self._other = other = node.acquireDynamic(replica._ro.name)
                other._letNodeGo()
                other._ro_own[1].connect(weakly(self.settle))
                self.settle()  # it may be Valid already

    def _show(self, replica: QRemoteObjectReplica) -> None:
        host, state = self._host(), replica._ro
        assert host is not None and state.described is not None
        readOnly = self._readOnly or state.readOnly
        told = (state.described.signature, readOnly)
        if self._shown is replica and self._told == told:
            return
        self._hide()
        self._shown, self._told = replica, told
        standIn = self if replica is self._other else None
        host._share(replica, self._name, Sharing(self._name, readOnly, self._access), standIn)

    def _hide(self, reason: str = _OTHER) -> None:
        self._shown = self._told = None
        host = self._host()
        source = host._sources.get(self._name) if host is not None else None
        if host is not None and source is not None:
            host._withdraw(source, reason)

    def stop(self) -> None:
        """Look after it no longer: the host has forgotten it."""
        replica = self._replica()
        if replica is not None and isValid(replica):
            replica._ro_own[1].disconnect(self._changed)
            replica.destroyed.disconnect(self._destroyed)
        self._dismiss()

    def _dismiss(self) -> None:
        other, self._other = self._other, None
        if other is not None and isValid(other):
            other._ro.leave(other)
            other.deleteLater()


def stopResharing(host: QRemoteObjectHostBase, obj: QObject | None, name: str = "") -> bool:
    """Have a host forget a replica, given as such or by the name that it is shared as."""
    for known, reshared in list(host._reshared.items()):
        if known == name or (obj is not None and reshared.original() is obj):
            del host._reshared[known]
            reshared.stop()
            return True
    return False
