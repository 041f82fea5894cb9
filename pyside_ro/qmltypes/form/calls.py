"""The slots of a replica, as rows of a form.

Knows interfaces, replicas and pending calls.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject
from shiboken6 import isValid

from ...errors import RemoteError
from ...interface import Interface, SlotInfo
from ...node.weakly import weakly
from ...replica import QRemoteObjectPendingCall
from .fields import Field, shown
from .rows import Rows

__all__ = ["CallRows"]

_TIMEOUT = 30000  # ms


class CallRows(Rows):
    """A row for each slot: its arguments' fields, and what became of its last call."""

    roles = ("name", "signature", "fields", "busy", "answer", "failed")

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._replica: Any = None
        self._slots: tuple[SlotInfo, ...] = ()
        self._fields: list[list[Field]] = []
        #: The last call of each row; what an earlier one answers comes too late.
        self._calls: dict[int, QRemoteObjectPendingCall] = {}

    def show(self, replica: Any, interface: Interface | None) -> None:
        """Show this replica's slots; none without an interface."""
        self._replica = replica
        self._calls.clear()
        self._slots = interface.slots if interface is not None else ()
        enums = interface.enums if interface is not None else ()
        self._fields = [
            [
                Field.of(kind, name, enums)
                for kind, name in zip(slot.types, _names(slot), strict=True)
            ]
            for slot in self._slots
        ]
        self.reset(
            [
                {
                    "name": slot.name,
                    "signature": _signature(slot),
                    "fields": [
                        {**field.described(), "name": name, "value": field.empty()}
                        for field, name in zip(fields, _names(slot), strict=True)
                    ],
                    "busy": False,
                    "answer": "",
                    "failed": False,
                }
                for slot, fields in zip(self._slots, self._fields, strict=True)
            ]
        )

    def call(self, row: int, entered: list[Any]) -> bool:
        """Call a slot with what was entered; False, with the row's answer, if it cannot be."""
        if not 0 <= row < len(self.rows) or self._replica is None or not isValid(self._replica):
            return False
        slot = self._slots[row]
        arguments = []
        given = zip(self._fields[row], _names(slot), entered, strict=False)
        for field, name, value in given:
            try:
                arguments.append(field.parsed(value))
            except Exception as error:
                self.tell(row, busy=False, answer=f"{name}: {error}", failed=True)
                return False
        try:
            call = getattr(self._replica, slot.name)(*arguments)
        except Exception as error:
            self.tell(row, busy=False, answer=str(error), failed=True)
            return False
        self._calls[row] = call
        self.tell(row, busy=True, answer="", failed=False)
        call.setTimeout(_TIMEOUT)
        call.add_done_callback(weakly(self._done, row))
        return True

    def _done(self, row: int, call: QRemoteObjectPendingCall) -> None:
        if not isValid(self) or self._calls.get(row) is not call:
            return
        self._calls.pop(row)
        error = call.exception()
        if error is None:
            result = call.returnValue()
            answer = shown(result) if result is not None or self._slots[row].result else "done"
        elif isinstance(error, RemoteError):
            answer = error._what()
        else:
            answer = str(error)
        self.tell(row, busy=False, answer=answer, failed=error is not None)


def _names(slot: SlotInfo) -> list[str]:
    known = [*slot.names, *[""] * len(slot.types)][: len(slot.types)]
    return [name or f"argument {number}" for number, name in enumerate(known, 1)]


def _signature(slot: SlotInfo) -> str:
    arguments = ", ".join(
        f"{name}: {kind}" for name, kind in zip(_names(slot), slot.types, strict=True)
    )
    return f"{slot.name}({arguments})" + (f": {slot.result}" if slot.result else "")
