"""The Node that an element of QML is given: told of, and forgotten when it is gone.

Knows nodes. Not a base class: a property whose notify signal is a base class's crashes QML.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from ..node import QRemoteObjectNode
from ..node.weakly import weakly
from .links import Links
from .node import Node, nodeOf
from .problems import refuse

__all__ = ["NodeFollower"]


class NodeFollower:
    """What the property `node` of `owner` holds, as long as that lives."""

    def __init__(
        self,
        owner: QObject,
        changed: Callable[[], object],
        news: Callable[[], object] | None = None,
        gone: Callable[[], object] | None = None,
    ) -> None:
        """Methods, kept weakly: `changed` is called when there is another node, or none any more,
        `news` when its connections or its error may be others, `gone` while it is being deleted.
        """
        self._owner = weakref.ref(owner)
        self._changed = weakly(changed)
        self._news = weakly(news) if news is not None else None
        self._gone = weakly(gone) if gone is not None else None
        self._given: QObject | None = None
        self._links = Links(owner)

    def given(self) -> QObject | None:
        """What QML has set the property to, None when that was deleted."""
        return self._given if self._given is not None and isValid(self._given) else None

    def node(self) -> QRemoteObjectNode | None:
        """The node itself."""
        return nodeOf(self._given)

    def set(self, node: QObject | None) -> None:
        """Follow this one; refused when it is no node."""
        if node is self._given:
            return
        try:
            nodeOf(node)
        except TypeError as error:
            owner = self._owner()
            assert owner is not None  # it is its setter that calls
            refuse(owner, str(error))
            return
        self._take(node)

    def _take(self, node: Any) -> None:
        self._links.cut()
        self._given = node
        if node is not None:
            self._links.connect(node, node.destroyed, weakly(self._leave))
        if node is not None and self._news is not None:
            told = node.errorStringChanged if isinstance(node, Node) else node.error
            self._links.connect(node, told, self._news)
            if isinstance(node, Node):
                self._links.connect(node, node.connectedSourcesChanged, self._news)
        self._changed()

    def _leave(self, *_: object) -> None:
        if self._gone is not None:
            self._gone()
        self._links.forget()
        # Later: when all the QML goes, nobody wants to see its bindings run once more.
        QTimer.singleShot(0, weakly(self._lose))

    def _lose(self) -> None:
        owner = self._owner()
        deleted = self._given is not None and not isValid(self._given)
        if deleted and owner is not None and isValid(owner):
            self._take(None)
