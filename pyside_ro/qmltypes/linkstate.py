"""LinkState: whether a replica or a node is connected, in the words of a user.

Knows nodes and replicas. pyside6-metaobjectdump reads this file.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QEnum, QObject, Signal
from shiboken6 import isValid

from ..node import QRemoteObjectNode
from ..node.weakly import weakly
from ..replica import QRemoteObjectReplica
from .elements import QmlElement
from .links import Links
from .models import ModelReplica
from .node import Node
from .problems import refuse
from .properties import Property
from .reasons import reasonOf
from .replica import Replica

__all__ = ["LinkState"]


@QmlElement
class LinkState(QObject):
    """Waiting, Live or Lost, and why.

    `of` is a Replica, a ModelReplica, a replica, or a Node; a Node is live when all hosts that it
    was told to connect to are connected.
    """

    ofChanged = Signal()
    stateChanged = Signal()

    @QEnum
    class State(IntEnum):
        """Not connected yet; connected; no longer connected."""

        Waiting = 0
        Live = 1
        Lost = 2

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._of: QObject | None = None
        self._state = 0
        self._reason = ""
        self._links = Links(self)
        #: The connections that stood once, by their URLs.
        self._stood: set[str] = set()
        self.look()

    def look(self, *_: object) -> None:
        """See what is, and tell when it changed."""
        if not isValid(self):
            return
        found = self._found()
        if found != (self._state, self._reason):
            self._state, self._reason = found
            self.stateChanged.emit()

    def _found(self) -> tuple[int, str]:
        what: Any = self.of
        if isinstance(what, (Replica, ModelReplica)):
            state = QRemoteObjectReplica.State(what.state)
            return _fromReplica(state), str(what.error)
        if isinstance(what, QRemoteObjectReplica):
            state = QRemoteObjectReplica.state(what)
            live = _fromReplica(state)
            if live == LinkState.State.Live:
                return live, ""
            node: Any = what._ro.node
            known = node if isinstance(node, QRemoteObjectNode) else None
            return live, reasonOf(known, what._ro.name, what)
        if isinstance(what, Node):
            return self._fromNode(what)
        return LinkState.State.Waiting, "there is nothing to connect to yet"

    def _fromNode(self, node: Node) -> tuple[int, str]:
        connections = [c for c in node.node()._connections.values() if c.requested]
        if not connections:
            text = "the node was told no address: set its connectTo or its registryUrl"
            return LinkState.State.Waiting, text
        missing = [c for c in connections if not c.ready]
        self._stood.update(c.url.toString() for c in connections if c.ready)
        if not missing:
            return LinkState.State.Live, ""
        lost = [c for c in missing if c.url.toString() in self._stood]
        first = (lost or missing)[0]
        state = LinkState.State.Lost if lost else LinkState.State.Waiting
        return state, f"{first.url.toString()}: {first.reason}"

    @Property(QObject, notify=ofChanged)
    def of(self) -> QObject | None:
        """What is looked at: a Replica, a ModelReplica, a replica, or a Node."""
        return self._of if self._of is not None and isValid(self._of) else None

    @of.setter  # type: ignore[no-redef]
    def of(self, what: QObject | None) -> None:
        if what is self._of:
            return
        if what is not None and not isinstance(
            what, (Replica, ModelReplica, QRemoteObjectReplica, Node)
        ):
            refuse(
                self,
                f"of: a Replica, ModelReplica, replica or Node is expected, not {what!r:.80}",
            )
            return
        self._links.cut()
        self._stood.clear()
        if isinstance(self._of, Node):
            self._of.watchers.discard(self)
        self._of = what
        look = weakly(self.look)
        if isinstance(what, (Replica, ModelReplica)):
            self._links.connect(what, what.stateChanged, look)
            self._links.connect(what, what.errorChanged, look)
        elif isinstance(what, QRemoteObjectReplica):
            self._links.connect(what, what._ro_own[1], look)
            node: Any = what._ro.node
            if isinstance(node, QRemoteObjectNode):
                self._links.connect(node, node.error, look)
        elif isinstance(what, Node):
            what.watchers.add(self)
        self.ofChanged.emit()
        self.look()

    @Property(int, notify=stateChanged)
    def state(self) -> int:
        """A LinkState.State."""
        return int(self._state)

    @Property(str, notify=stateChanged)
    def reason(self) -> str:
        """Why it is not live, in words; empty when it is."""
        return self._reason


def _fromReplica(state: QRemoteObjectReplica.State) -> int:
    states = QRemoteObjectReplica.State
    if state is states.Valid:
        return LinkState.State.Live
    lost = state in (states.Suspect, states.SignatureMismatch)
    return LinkState.State.Lost if lost else LinkState.State.Waiting
