"""The comments of a .rep file: those that stand beside or right above a declaration.

Knows what is a comment and what a text in quotes, and no more of the language.
"""

from __future__ import annotations

import re

__all__ = ["Comments"]

_TOKEN = re.compile(
    r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|//([^\n]*)|/\*[\s\S]*?\*/|\n|\s+|.'
)
#: What tools read as an order.
_ORDER = re.compile(r"(?i)(fmt|yapf|ruff|noqa|type|isort|mypy|pyright|pylint|flake8|!|-\*-)")


class Comments:
    """The ``//`` comments of a text."""

    def __init__(self, text: str) -> None:
        #: By the number of their line.
        self._found: dict[int, str] = {}
        #: The lines that have something else.
        self._full: set[int] = set()
        line = 1
        for match in _TOKEN.finditer(text):
            token = match.group()
            if match[1] is not None:
                words = " ".join(match[1].lstrip("/!<").split())
                if words and words.isprintable() and not _ORDER.match(words):
                    self._found[line] = words
            elif token.strip():
                self._full.update(range(line, line + token.count("\n") + 1))
            line += token.count("\n")

    def above(self, line: int) -> list[str]:
        """What stands on the lines right above a declaration on this one."""
        above = line - 1
        while above in self._found and above not in self._full:
            above -= 1
        return [self._found[number] for number in range(above + 1, line)]

    def beside(self, line: int) -> list[str]:
        """What stands at the end of a line."""
        return [self._found[line]] if line in self._found else []
