"""Building a replica's class from an interface.

Knows PySide's Property, Signal and Slot. What a member does when it is used is all here; each
function is made once a class and shared by its replicas.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Property, Signal, Slot

from .. import log
from ..errors import CannotCross, ConnectionLost
from ..interface import Interface, SignalInfo, SlotInfo, askMembers
from ..interface.types import declared, declaredProperty
from ..link import FULL
from .enums import enumsOf
from .pending import QRemoteObjectPendingCall, failedCall
from .references import naming
from .state import ReplicaState, State

__all__ = ["replicaClass", "slotCaller"]

_get_ident = threading.get_ident
_VALID = State.Valid
_classes: dict[tuple[type, str], type] = {}


def replicaClass(interface: Interface, base: type) -> type:
    """The class of replicas with this interface, made once for each base class."""
    key = (base, interface.signature)
    found = _classes.get(key)
    if found is None:
        found = _classes[key] = _build(interface, base)
    return found


#: Names by which Qt itself calls or manages a QObject: a member of that name would be taken for
#: an override.
_RESERVED = frozenset(
    ("event", "eventFilter", "timerEvent", "childEvent", "customEvent", "connectNotify")
    + ("disconnectNotify", "metaObject", "deleteLater", "destroyed", "objectName", "parent")
    + ("property", "setProperty", "sender", "receivers", "thread", "connect", "disconnect")
)


def _usable(name: str) -> bool:
    """Whether a name from the wire may become an attribute: no private or special one may."""
    if name in _RESERVED:
        log.core.info("a source's member '%s' is left out: a QObject needs that name", name)
        return False
    return name.isidentifier() and not name.startswith("_")


def _build(interface: Interface, base: type) -> type:
    namespace: dict[str, Any] = {
        "__module__": "pyside_ro.replicas",
        "__doc__": f"A replica of {interface.name}.",
    }
    signals: dict[str, Any] = {}
    for name, overloads in _grouped(interface.signals):
        types: list[Any] = [tuple(map(declared, s.types)) for s in overloads]
        names = list(overloads[0].names)
        if len(types) > 1:
            signals[name] = Signal(*types)
        elif len(names) == len(types[0]) and names:
            signals[name] = Signal(*types[0], arguments=names)
        else:
            signals[name] = Signal(*types[0])
    namespace.update(signals)
    slots: dict[str, list[tuple[int, SlotInfo]]] = {}
    for index, slot in enumerate(interface.slots):
        slots.setdefault(slot.name, []).append((index, slot))
    for name, overloads in slots.items():
        if _usable(name) and name not in namespace:
            namespace[name] = _slot(interface, name, overloads)
    relays: dict[str, str] = {}
    # A class made from a .rep file may refuse what the source would take.
    readOnly: set[str] = set(base._ro_readOnly)  # type: ignore[attr-defined]
    for index, prop in enumerate(interface.properties):
        if not _usable(prop.name):
            continue
        if prop.name in namespace:
            log.core.debug("%s: a property hides the other '%s'", interface.name, prop.name)
        options: dict[str, Any] = {"constant": prop.constant and prop.notify < 0}
        if prop.notify >= 0:
            told = interface.signals[prop.notify]
            options["notify"] = signals.get(told.name)
            if told.name in signals and _inherited(base, told):
                # PySide makes no signal of its own of it, and QML crashes, or hears nothing of
                # the property, when its notify signal is a base class's.
                relay = relays[told.name] = f"_ro_{told.name}"
                options["notify"] = namespace.setdefault(relay, Signal())
        if not prop.writable:
            readOnly.add(prop.name)
        if prop.name not in readOnly:
            options["fset"] = _setter(index)  # PySide6 6.8 calls a setter even if it is None
        namespace[prop.name] = Property(declaredProperty(prop.type), _getter(index), **options)
    for enumeration, kind in enumsOf(interface).items():
        if _usable(enumeration) and enumeration not in namespace and not hasattr(base, enumeration):
            namespace[enumeration] = kind
    namespace["_ro_readOnly"] = frozenset(readOnly)
    namespace["_ro_relays"] = relays
    members = {s.name for s in interface.signals} | {s.name for s in interface.slots}
    namespace["_ro_members"] = tuple(members | {p.name for p in interface.properties})
    name = getattr(base, "_ro_className", interface.name)
    name = name if name.isidentifier() else "Replica"
    # PySide6 6.8 takes a class's signals for those of its base of the same name.
    made: type = type(base)(f"{name}_" if name == base.__name__ else name, (base,), namespace)
    made.__name__ = made.__qualname__ = name
    return made


def _inherited(base: Any, signal: SignalInfo) -> bool:
    """Whether a signal of a source has name and types of one that the base class has."""
    return askMembers(base, lambda meta: meta.indexOfSignal(signal.signature)) >= 0


def _grouped(signals: tuple[Any, ...]) -> list[tuple[str, list[Any]]]:
    groups: dict[str, list[Any]] = {}
    for signal in signals:
        if _usable(signal.name):
            groups.setdefault(signal.name, []).append(signal)
    return list(groups.items())


def _getter(index: int) -> Callable[[Any], Any]:
    return lambda self: self._ro.values[index]


def _setter(index: int) -> Callable[[Any, Any], None]:
    return lambda self, value: self._ro.write(index, value)


def _slot(interface: Interface, name: str, overloads: list[tuple[int, SlotInfo]]) -> Any:
    if len(overloads) == 1:
        function = _single(interface, *overloads[0])
    else:
        function = _overloaded(interface, name, overloads)
    function.__name__ = function.__qualname__ = name
    function.__doc__ = " and ".join(s.signature for _, s in overloads) + ", at the source."
    for _, slot in reversed(overloads):
        # QVariant carries the pending call itself, into QML and back.
        function = Slot(*map(declared, slot.types), result="QVariant", name=name)(function)
    return function


@functools.cache
def slotCaller(interface: Interface, name: str) -> Any:
    """A function that calls the slot `name` for a replica given first, whatever its class has."""
    [(index, slot)] = [(i, s) for i, s in enumerate(interface.slots) if s.name == name]
    return _single(interface, index, slot)


def _single(interface: Interface, index: int, slot: SlotInfo) -> Any:
    count = len(slot.types)
    offset = len(interface.signals) + index

    def call(self: Any, *args: Any, **named: Any) -> QRemoteObjectPendingCall:
        if named:
            args = _bound(slot, args, named)
        if len(args) != count:
            raise TypeError(f"{_title(self, slot)} takes {count} arguments, {len(args)} given")
        state: ReplicaState = self._ro
        link = state.link
        calls = state.calls
        if link is None or calls is None or state.state is not _VALID or _get_ident() != state.home:
            return _refused(state, slot)
        channel = state.base + offset if state._order is None else state.channel(1, index)
        serial = calls.nextSerial()
        try:
            data = link.encoder.packPlain([channel, serial, *args])
        except Exception:
            return _callGeneral(state, slot, channel, serial, args)
        pending = calls.pending[serial] = QRemoteObjectPendingCall()
        pending._owner = calls
        pending._name = state.name
        out = link.out
        out += data
        if len(out) > FULL:
            try:
                link.full(data)
            except CannotCross as error:
                del calls.pending[serial]
                raise CannotCross(f"{state.name}.{slot.name}: {error}") from None
        elif not link.awake:
            link.wake()
        return pending

    return call


def _overloaded(interface: Interface, name: str, overloads: list[tuple[int, SlotInfo]]) -> Any:
    singles = [(slot, _single(interface, index, slot)) for index, slot in overloads]

    def call(self: Any, *args: Any, **named: Any) -> QRemoteObjectPendingCall:
        count = len(args) + len(named)
        fitting = [(slot, single) for slot, single in singles if len(slot.types) == count]
        if not fitting:
            forms = " or ".join(slot.signature for slot, _ in singles)
            raise TypeError(f"{self._ro.name}.{name} takes {forms}, {count} arguments given")
        if named:
            ours = [pair for pair in fitting if not pair[0].names or {*named} <= {*pair[0].names}]
            longer = [slot for slot, _ in singles if {*named} <= {*slot.names}]
            if not ours and longer:
                raise TypeError(
                    f"{self._ro.name}.{name}: of {', '.join(longer[0].names)} only the last ones "
                    "can be left out: give all those before"
                )
            fitting = ours or fitting
        if len(fitting) > 1:
            fitting.sort(key=lambda pair: _distance(pair[0], args))
        chosen: QRemoteObjectPendingCall = fitting[0][1](self, *args, **named)
        return chosen

    return call


def _distance(slot: SlotInfo, args: tuple[Any, ...]) -> int:
    """How far arguments are from an overload's types; 0 when they are just those."""
    distance = 0
    for value, kind in zip(args, slot.types, strict=False):
        wanted = declared(kind)
        if isinstance(wanted, type):
            distance += 0 if type(value) is wanted else 1 if isinstance(value, wanted) else 10
        else:
            distance += 0 if type(value).__name__ == kind else 2
    return distance


def _bound(slot: SlotInfo, args: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
    """Positional arguments from named ones."""
    if not slot.names:
        raise TypeError(f"{slot.signature}: its argument names are not known, give them in order")
    rest = slot.names[len(args) :]
    unknown = [name for name in named if name not in rest]
    if unknown:
        raise TypeError(
            f"{slot.name}() got an unexpected argument {unknown[0]!r}; "
            f"it takes {', '.join(slot.names)}"
        )
    missing = [name for name in rest if name not in named]
    if missing:
        raise TypeError(f"{slot.name}() lacks the argument {missing[0]!r}")
    return (*args, *(named[name] for name in rest))


def _title(replica: Any, slot: SlotInfo) -> str:
    return f"{replica._ro.name}.{slot.signature}"


def _refused(state: ReplicaState, slot: SlotInfo) -> QRemoteObjectPendingCall:
    if _get_ident() != state.home:
        raise RuntimeError(
            f"{state.name}.{slot.name} was called from another thread than its node's: "
            "use a signal, or a node of that thread"
        )
    text = f"{state.name}.{slot.name} was not called, there is no source: {state.reason}"
    return failedCall(ConnectionLost(text))


def _callGeneral(
    state: ReplicaState, slot: SlotInfo, channel: int, serial: int, args: tuple[Any, ...]
) -> QRemoteObjectPendingCall:
    """A call with values that are not plain, or cannot cross at all."""
    assert state.link is not None and state.calls is not None
    encoder = state.link.encoder
    try:
        data, segments = encoder.pack([channel, serial, *args], naming(state.link))
    except CannotCross as error:
        for position, value in enumerate(args):
            try:
                encoder.pack([value], naming(state.link))
            except CannotCross as cause:
                named = f" ({slot.names[position]})" if position < len(slot.names) else ""
                raise CannotCross(
                    f"argument {position + 1}{named} of {state.name}.{slot.name}: {cause}"
                ) from None
        raise CannotCross(f"{state.name}.{slot.name}: {error}") from None
    pending = state.calls.pending[serial] = QRemoteObjectPendingCall()
    pending._owner = state.calls
    pending._name = state.name
    state.link.send(data, segments)
    return pending
