"""Persisted properties: restored when a replica is acquired, saved as they change.

Knows replicas' states and stores. Qt saves when the last replica is deleted; here they are also
saved a second after a change and at the program's end, so that a crash loses little.
"""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QObject, QTimer
from shiboken6 import isValid

from .. import log
from ..interface import persistedNames
from ..interface.types import fit
from ..replica import QRemoteObjectReplica, ReplicaState

if TYPE_CHECKING:
    from .node import QRemoteObjectNode
    from .stores import QRemoteObjectAbstractPersistedStore

__all__ = ["Persistence"]

_State = QRemoteObjectReplica.State

#: From a change to when it is saved, in milliseconds.
_PAUSE = 1000


class Persistence:
    """A node's store, and what is to be saved there. Outlives the node, to save a last time."""

    def __init__(self) -> None:
        self.store: QRemoteObjectAbstractPersistedStore | None = None
        self._keepers: list[_Keeper] = []
        self._home = threading.get_ident()

    def start(self, node: QRemoteObjectNode) -> None:
        """Save what changed when the node ends, or the program."""
        # Its Python object is collected, or the interpreter exits; or Qt deletes it.
        weakref.finalize(node, self.flush)
        node.destroyed.connect(self.flush)

    def keep(self, replica: QRemoteObjectReplica, cls: type, timers: QObject) -> None:
        """Restore what `cls` marks as persisted, and save it from now on."""
        state = replica._ro
        if state.keeper is not None or state.interface is None:
            return
        names = persistedNames(cls)
        # Not by the replica: its own class may have an enum called State.
        if not names or state.node is None or state.state is _State.SignatureMismatch:
            return
        indexes = {p.name: i for i, p in enumerate(state.interface.properties)}
        for name in sorted(names - indexes.keys()):
            log.core.warning(
                "%s has no property '%s', which its ClassInfo('RemoteObject Persisted') names",
                cls.__name__,
                name,
            )
        places = sorted(indexes[name] for name in names & indexes.keys())
        if not places:
            return
        if self.store is None:
            log.core.info(
                "'%s' has persisted properties, and its node no store: call "
                "setPersistedStore() before acquire()",
                state.name,
            )
        keeper = _Keeper(self, state, places, timers)
        self._keepers.append(keeper)
        if state.state is _State.Default:
            keeper.restore()
        state.setKeeper(keeper)

    def forget(self, state: ReplicaState) -> None:
        """The last replica of a state was deleted: save it, as Qt does then."""
        keeper, state.keeper = state.keeper, None
        if isinstance(keeper, _Keeper):
            keeper.save()
            keeper.stop()
            self._keepers.remove(keeper)

    def flush(self, *_: object) -> None:
        """Save what changed and was not saved yet."""
        if threading.get_ident() != self._home:
            return  # collected in another thread, in which the store must not be used
        for keeper in list(self._keepers):
            keeper.save()


class _Keeper:
    """The persisted properties of one state."""

    def __init__(
        self, persistence: Persistence, state: ReplicaState, places: list[int], timers: QObject
    ) -> None:
        self._persistence = persistence
        self._name = state.name
        assert state.interface is not None
        self._interface = state.interface
        self._places = places
        #: The state's own list: the state itself would keep this, and be kept by it.
        self._values = state.values
        self._changed = False
        self.signals = frozenset(
            index
            for index, notified in enumerate(self._interface.notified)
            if not set(places).isdisjoint(notified)
        )
        self._timer = QTimer(timers)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.save)

    def touch(self, *_: object) -> None:
        """A value may have changed."""
        self._changed = True
        if not self._timer.isActive():
            self._timer.start(_PAUSE)

    def stop(self) -> None:
        """Nothing is to be saved any more."""
        if isValid(self._timer):
            self._timer.stop()
            self._timer.deleteLater()

    def save(self) -> None:
        """Give the values to the store, if any changed since."""
        store = self._store()
        if not self._changed or store is None:
            return
        self._changed = False
        values = [self._values[place] for place in self._places]
        try:
            store.saveProperties(self._name, self._signature(), values)
        except Exception as error:
            text = f"the persisted store raised, the properties of '{self._name}' are not saved"
            log.core.exception(text, error)

    def restore(self) -> None:
        """Take what the store has, all of it or nothing."""
        store = self._store()
        if store is None:
            return
        try:
            found: Any = store.restoreProperties(self._name, self._signature())
        except Exception as error:
            text = f"the persisted store raised, '{self._name}' starts with its defaults"
            log.core.exception(text, error)
            return
        problem, values = self._fitting(found)
        if problem:
            log.core.warning(
                "what the persisted store gave for '%s' is ignored: %s", self._name, problem
            )
            return
        for place, value in zip(self._places, values, strict=False):
            self._values[place] = value

    def _fitting(self, found: Any) -> tuple[str, list[Any]]:
        if not isinstance(found, list | tuple):
            return f"a list of values is expected, not {found!r:.80}", []
        if not found:
            return "", []
        if len(found) != len(self._places):
            return f"{len(found)} values for {len(self._places)} persisted properties", []
        values: list[Any] = []
        for place, value in zip(self._places, found, strict=True):
            prop = self._interface.properties[place]
            try:
                values.append(fit(value, prop.type))
            except (TypeError, ValueError, OverflowError) as error:
                return f"property '{prop.name}': {error}", []
        return "", values

    def _store(self) -> QRemoteObjectAbstractPersistedStore | None:
        store = self._persistence.store
        return store if store is not None and isValid(store) else None

    def _signature(self) -> QByteArray:
        return QByteArray(self._interface.signature.encode())
