"""What the wire has of objects within objects and of models, for tests to send rightly and wrongly.

Knows plain values, and pyside_ro where a test needs a living host.
"""

from __future__ import annotations

from typing import Any

import msgpack
from PySide6.QtCore import Property, QAbstractItemModel, QObject, QStringListModel, Signal, Slot

from pyside_ro import Limits, QRemoteObjectHost
from pyside_ro.interface import Interface
from pyside_ro.models import modelInterface
from pyside_ro.protocol.extensions import Code, Reference
from pyside_ro.protocol.packets import Kind
from tests.badinput.raw import RawClient
from tests.badinput.ticking import Ticker, peak
from tests.helpers import PeerSide

HELD, NAMED, PASSED, MODEL = (
    int(how) for how in (Reference.HELD, Reference.NAMED, Reference.PASSED, Reference.MODEL)
)

#: What the objects are, as it crosses: a value, and two properties that may hold anything.
THING: list[Any] = [
    "Thing",
    [
        ["value", "int", True, False, 0],
        ["one", "QObject*", False, False, 1],
        ["any", "QVariant", False, False, 2],
    ],
    [["valueChanged", ["int"], []], ["oneChanged", ["QObject*"], []], ["anyChanged", [], []]],
    [["take", ["QVariant"], ["what"], "QVariant"]],
    [],
]
TABLE: Any = modelInterface().toWire()


def signature(wire: list[Any]) -> str:
    """The signature of an interface."""
    return Interface.fromWire(wire).signature


def reference(how: int, name: str) -> msgpack.ExtType:
    """A reference to an object."""
    return msgpack.ExtType(int(Code.OBJECT), bytes((how,)) + name.encode())


def root(one: Any = None, any: Any = None, name: str = "thing", base: int = 32) -> list[list[Any]]:
    """What announces an object that is shared by its name, and its snapshot."""
    line = [name, "Thing", signature(THING)]
    return [
        [int(Kind.ObjectList), [line]],
        [int(Kind.InitDynamicPacket), name, base, [0, one, any], THING],
    ]


def child(
    name: str, base: int, values: list[Any], wire: Any = THING, sent: bool = True, own: bool = False
) -> list[Any]:
    """What tells of an object that a property holds."""
    head: list[Any] = [int(Kind.Child), name, base, values, wire[0], signature(wire)]
    return [*head, wire if sent else None, own]


def channels(client: RawClient) -> dict[str, int]:
    """The channels of "holder", and of the model that it holds."""
    found = client.subscribe("holder")
    for packet in client.packets:
        if packet[0] == int(Kind.Child) and packet[4] == "QAbstractItemModelAdapter":
            assert packet[5] == signature(TABLE)
            _, properties, signals, slots, _ = TABLE
            for i, member in enumerate([*signals, *slots, *properties]):
                found[f"model.{member[0]}"] = packet[2] + i
            found["model"] = packet[1]
        elif packet[0] == int(Kind.Child):
            found["inner"] = packet[1]
    return found


class Holder(QObject):
    """Holds another one and a model, and takes whatever it is given."""

    oneChanged = Signal(QObject)

    def __init__(self, one: QObject | None = None, table: QAbstractItemModel | None = None) -> None:
        super().__init__()
        self._one = one
        self._table = table

    def _setOne(self, one: QObject | None) -> None:
        self._one = one
        self.oneChanged.emit(one)

    one = Property(QObject, lambda self: self._one, _setOne, notify=oneChanged)
    table = Property(QAbstractItemModel, lambda self: self._table, constant=True)

    @Slot("QVariant", result=str)
    def take(self, what: Any) -> str:
        return type(what).__name__


def holding_host(side: PeerSide, url: str, **limits: int) -> None:
    """A host of a Ticker, and of a Holder with another one, which hold each other, and a model."""
    ticker = Ticker()
    table = QStringListModel([f"row {row}" for row in range(100)])
    inner = Holder()
    holder = Holder(inner, table)
    inner._one = holder
    host = QRemoteObjectHost(limits=Limits(**limits))
    assert host.setHostUrl(url), host.errorString()
    assert host.enableRemoting(ticker, "ticker")
    assert host.enableRemoting(holder, "holder")
    side.keep(host, ticker, table, inner, holder)
    side.command(lambda: peak(), "peak")
    side.command(lambda: len(host._clients) + len(host._unproven), "connections")
    side.command(lambda: len(host._family._children), "children")
    side.command(lambda: table.stringList(), "rows")
    side.command(lambda: [holder._one is inner, inner._one is holder], "intact")
    side.ready(url=host.hostUrl().toString())
