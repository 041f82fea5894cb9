"""Files that verbs read and write, with the mistakes that can be made about them."""

from __future__ import annotations

import sys
from pathlib import Path

from pyside_ro.cli.exits import Mistake

__all__ = ["readText", "writeText"]


def readText(path: Path) -> str:
    """The text of a file in UTF-8. Raises Mistake."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Mistake(f"{path}: it is no text in UTF-8 ({error.reason})") from None
    except OSError as error:
        raise Mistake(f"{path}: it cannot be read: {error.strerror}") from None


def writeText(path: Path | None, text: str) -> None:
    """Write a file, or to stdout. Raises Mistake."""
    if path is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Mistake(f"{path}: it cannot be written: {error.strerror}") from None
