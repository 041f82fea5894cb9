"""The properties of a replica, as rows of a form.

Knows interfaces and replicas.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject
from shiboken6 import isValid

from ...interface import Interface
from .fields import Field
from .rows import Rows

__all__ = ["ValueRows"]


class ValueRows(Rows):
    """A row for each property: its field, its value for a control and its text."""

    roles = ("name", "field", "writable", "value", "text", "problem")

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._replica: Any = None
        self._fields: list[Field] = []
        #: Which properties may be written at all.
        self._writable: list[bool] = []
        self._dirty: set[int] = set()

    def show(self, replica: Any, interface: Interface | None) -> None:
        """Show this replica's properties; none without an interface."""
        self._dirty.clear()
        self._replica = replica
        known = interface.properties if interface is not None else ()
        enums = interface.enums if interface is not None else ()
        self._fields = [Field.of(info.type, info.name, enums) for info in known]
        self._writable = [info.writable and not info.constant for info in known]
        self.reset(
            [
                {"name": info.name, "field": field.described(), **self._now(number, info.name)}
                for number, (info, field) in enumerate(zip(known, self._fields, strict=True))
            ]
        )

    def changed(self, numbers: tuple[int, ...]) -> None:
        """These properties have new values."""
        self._dirty.update(numbers)
        self.soon()

    def flush(self) -> None:
        """Read and tell the properties that changed."""
        dirty, self._dirty = sorted(self._dirty), set()
        for number in dirty:
            if number < len(self.rows):
                self.tell(number, **self._now(number, self.rows[number]["name"]))

    def write(self, row: int, entered: Any) -> bool:
        """Ask the source for what was entered; False, with the row's problem, if it cannot be."""
        if not 0 <= row < len(self.rows) or self._replica is None or not isValid(self._replica):
            return False
        try:
            setattr(self._replica, self.rows[row]["name"], self._fields[row].parsed(entered))
        except Exception as error:
            self.refused(row, str(error))
            return False
        self.tell(row, problem="")
        return True

    def refused(self, row: int, problem: str) -> None:
        """Say at a row why its value was not taken."""
        self.flush()  # what changed before would take the words back
        self.tell(row, problem=problem)

    def rowOf(self, name: str) -> int:
        """The row of a property; -1: there is none."""
        return next((n for n, row in enumerate(self.rows) if row["name"] == name), -1)

    def _now(self, number: int, name: str) -> dict[str, Any]:
        """What a row has of the value that there is now."""
        value, field = self._read(name), self._fields[number]
        return {
            "writable": self._writable[number] and field.editable(value),
            "value": field.plain(value),
            "text": field.text(value),
            "problem": "",
        }

    def _read(self, name: str) -> Any:
        replica = self._replica
        try:
            return getattr(replica, name) if replica is not None and isValid(replica) else None
        except Exception as error:
            return f"({error})"
