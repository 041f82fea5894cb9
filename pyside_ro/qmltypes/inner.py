"""The nodes inside the QML types: Qt's own, which tell the QML type instead of the log.

Knows nodes and hosts. Overrides what a node does when something goes wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import ErrorCode
from ..node import QRemoteObjectHost, QRemoteObjectNode, QRemoteObjectRegistryHost

__all__ = ["InnerHost", "InnerNode", "InnerRegistryHost"]

if TYPE_CHECKING:
    _Base = QRemoteObjectNode
else:
    _Base = object


class _Telling(_Base):
    """Calls `told` with an error's code, or None when something else may be worth a look."""

    told: Callable[[ErrorCode | None], object] | None = None
    #: Whether its QML type's settings are still to come.
    waiting = False

    def _tell(self, code: ErrorCode | None = None) -> None:
        if self.told is not None:
            self.told(code)

    def _report(self, code: ErrorCode, text: str) -> None:
        super()._report(code, text)
        self._tell(code if code is not ErrorCode.NoError else None)

    def _refuse(self, code: ErrorCode, text: str) -> bool:
        # The log is not told: the QML type says it, with the file.
        self._report(code, text)
        return False

    def _objectsChanged(self, entries: Sequence[Any] | None = None) -> None:
        super()._objectsChanged(entries)
        self._tell()


class InnerNode(_Telling, QRemoteObjectNode):
    """Inside a Node."""


class InnerHost(_Telling, QRemoteObjectHost):
    """Inside a Host."""


class InnerRegistryHost(_Telling, QRemoteObjectRegistryHost):
    """Inside a RegistryHost."""
