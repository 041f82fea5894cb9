"""A QML engine for tests that fails them on any warning. Knows QtQml."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtQml import QQmlComponent, QQmlEngine, QQmlError

from tests.helpers.events import process_events


class QmlStage:
    """An engine, what was loaded into it, and every warning it gave.

    The fixture `qml` makes one and calls close(), which fails the test if there was a warning
    that the test did not take out of `warnings` itself.
    """

    def __init__(self) -> None:
        self.engine = QQmlEngine()
        self.warnings: list[str] = []
        self._kept: list[Any] = []
        self.engine.setOutputWarningsToStandardError(False)
        # Not a method of a QObject: it would be queued, and a warning at the end be lost.
        self.engine.warnings.connect(self._note)

    def load(self, text: str, **properties: Any) -> QObject:
        """Create the QML document `text`, with these initial properties, and return its root.

        `import QtQml` (or more) stands in the text. Values that are QObjects keep a reference.
        """
        component = QQmlComponent(self.engine)
        component.setData(text.encode(), QUrl("test.qml"))
        assert component.isReady(), component.errorString()
        root = component.createWithInitialProperties(properties)
        assert root is not None, component.errorString()
        self._kept.extend([component, root, properties])
        return root

    def set_context(self, **properties: Any) -> None:
        """Set context properties of the engine, for documents loaded afterwards."""
        for name, value in properties.items():
            self.engine.rootContext().setContextProperty(name, value)
        self._kept.append(properties)

    def close(self) -> None:
        """Destroy what was loaded, then fail if the engine warned of anything."""
        process_events(0.02)
        for item in reversed(self._kept):
            if isinstance(item, QObject) and not isinstance(item, QQmlComponent):
                item.deleteLater()
        process_events(0.02)
        self._kept.clear()
        self.engine.deleteLater()
        process_events(0.02)
        assert not self.warnings, "QML warned:\n" + "\n".join(self.warnings)

    def _note(self, errors: list[QQmlError]) -> None:
        self.warnings.extend(error.toString() for error in errors)
