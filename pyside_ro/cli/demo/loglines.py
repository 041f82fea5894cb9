"""What the library warns of in a process of the demo: a line each, on stderr.

Knows Python's logging.
"""

from __future__ import annotations

import logging
import sys

from pyside_ro import logToPython

__all__ = ["LogLines"]


class LogLines(logging.Handler):
    """A line for each warning: a refused job is daily business, not worth a traceback.

    It keeps them until `begin`: when a role cannot start, that is said in its own words, once.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._kept: list[str] | None = []
        logger = logging.getLogger("pyside_ro")
        logger.addHandler(self)
        logger.propagate = False
        logToPython()

    def begin(self) -> None:
        """Print what was kept, and from now on each line as it comes."""
        kept, self._kept = self._kept, None
        for text in kept or ():
            print(text, file=sys.stderr, flush=True)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep or print a line."""
        error = record.exc_info[1] if record.exc_info else None
        text = record.getMessage() if error is None else f"refused: {error}"
        if self._kept is not None:
            self._kept.append(text)
        elif error is None or sys.stderr.isatty():
            print(text, file=sys.stderr, flush=True)
