"""The log: three Qt categories, and the way from them to Python's logging.

Knows Qt's logging only. Warnings are shown, everything quieter is off until ``QT_LOGGING_RULES``
(for example ``pyside_ro.*=true``) or `QLoggingCategory.setFilterRules` switches it on.
"""

from __future__ import annotations

import logging
import traceback
from typing import Any

from PySide6.QtCore import QLoggingCategory, QtMsgType, qCCritical, qCDebug, qCInfo, qCWarning

__all__ = ["Log", "core", "io", "logToPython", "models"]

_to_python = False


class Log:
    """One category. Messages are plain text; nothing is formatted when the level is off."""

    def __init__(self, name: str) -> None:
        self.name = name
        make: Any = QLoggingCategory
        self.category: QLoggingCategory = make(name, QtMsgType.QtWarningMsg)
        self._python = logging.getLogger(name)

    def _write(self, function: Any, text: str) -> None:
        # PySide6's stubs ask for bytes, and its functions for str; lone surrogates, which an
        # exception's text may well hold, they refuse.
        function(self.category, text.encode("utf-8", "backslashreplace").decode())

    @property
    def debugging(self) -> bool:
        """Whether `debug` writes anything, to spare the making of its text."""
        if _to_python:
            return self._python.isEnabledFor(logging.DEBUG)
        return self.category.isDebugEnabled()

    def debug(self, text: str, *args: object) -> None:
        """Write what only someone looking for a fault wants to read."""
        if _to_python:
            self._python.debug(text, *args)
        elif self.category.isDebugEnabled():
            self._write(qCDebug, text % args if args else text)

    def info(self, text: str, *args: object) -> None:
        """Write what is worth knowing and no cause for concern."""
        if _to_python:
            self._python.info(text, *args)
        elif self.category.isInfoEnabled():
            self._write(qCInfo, text % args if args else text)

    def warning(self, text: str, *args: object) -> None:
        """Write what someone should look at; shown by default."""
        if _to_python:
            self._python.warning(text, *args)
        elif self.category.isWarningEnabled():
            self._write(qCWarning, text % args if args else text)

    def exception(self, text: str, error: BaseException) -> None:
        """Write that user code raised `error`, with its traceback; shown by default."""
        if _to_python:
            self._python.error(text, exc_info=error)
        elif self.category.isCriticalEnabled():
            lines = "".join(traceback.format_exception(type(error), error, error.__traceback__))
            self._write(qCCritical, f"{text}\n{lines.rstrip()}")


def logToPython(enable: bool = True) -> None:
    """Send the messages of this library to Python's `logging` instead of Qt's message handler.

    The loggers have the categories' names (``pyside_ro``, ``pyside_ro.io``,
    ``pyside_ro.models``); their levels then decide, and ``QT_LOGGING_RULES`` does not.
    Our own addition. `enable` False goes back to Qt's handler.
    """
    global _to_python
    _to_python = enable


core = Log("pyside_ro")
io = Log("pyside_ro.io")
models = Log("pyside_ro.models")
