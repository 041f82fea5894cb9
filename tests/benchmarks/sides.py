"""The two sides that are compared, and the only places where a client's code differs.

Knows how to import a side and how to reach a source with it; nothing of cases or processes.
"""

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

from PySide6.QtCore import QMetaObject, QUrl

MODULES = {"ours": "pyside_ro", "peer": "PySide6.QtRemoteObjects"}
NAMES = {"ours": "pyside_ro", "peer": "QtRemoteObjects"}


def load(side: str) -> ModuleType:
    """The module of a side ("ours" or "peer"); ImportError when this machine has it not."""
    module = importlib.import_module(MODULES[side])
    if not hasattr(module, "QRemoteObjectHost"):
        raise ImportError(f"{MODULES[side]} has no QRemoteObjectHost")
    return module


def missing(side: str) -> str:
    """Why a side cannot run here; "" when it can."""
    try:
        load(side)
    except ImportError as error:
        hint = " (it is in PySide6-Addons)" if side == "peer" else ""
        return f"{MODULES[side]} cannot be imported{hint}: {error}"
    return ""


class Side:
    """One side in a client process: makes nodes and replicas that reach the server at `url`."""

    def __init__(self, side: str, url: str, timeout: float) -> None:
        self.name = side
        self.api: Any = load(side)
        self.timeout = timeout
        self._url = QUrl(url)

    def connected(self) -> Any:
        """A new node with its own connection to the server."""
        node = self.api.QRemoteObjectNode()
        if not node.connectToNode(self._url):
            raise ConnectionError(f"connectToNode({self._url.toString()!r}) is refused")
        return node

    def found(self) -> Any:
        """A new node that is told only of the registry, which the server is."""
        node = self.api.QRemoteObjectNode()
        if not node.setRegistryUrl(self._url):
            raise ConnectionError(f"setRegistryUrl({self._url.toString()!r}) is refused")
        return node

    def acquired(self, node: Any, name: str) -> Any:
        """A valid dynamic replica of the source `name`."""
        return self.valid(node.acquireDynamic(name), name)

    def valid(self, replica: Any, name: str) -> Any:
        """The replica, as soon as it is valid; TimeoutError when it does not become so."""
        if not replica.waitForSource(int(self.timeout * 1000)):
            raise TimeoutError(f"the replica of {name!r} is {replica.state()}, not valid")
        return replica

    def reader(self, replica: Any, name: str) -> Callable[[], Any]:
        """Reads a property: an attribute of our replicas, `property(name)` of the peer's."""
        if self.name == "ours":
            return lambda: getattr(replica, name)
        return lambda: replica.property(name)

    def adder(self, replica: Any) -> Callable[[int, int], Any]:
        """Calls the slot `add`, returns the pending call: an attribute of ours, as one calls
        it; the peer's gives None, so `sendWithReply` does what its generated replicas do."""
        if self.name == "ours":
            return lambda a, b: replica.add(a, b)
        index = replica.metaObject().indexOfMethod("add(int,int)")
        kind = QMetaObject.Call.InvokeMetaMethod
        return lambda a, b: replica.sendWithReply(kind, index, [a, b])
