"""Writing to the terminal or into a pipe: JSON lines, tables, a pipe that nobody reads.

Knows rich.
"""

from __future__ import annotations

import io
import json
import os
import sys
from typing import Any, NoReturn

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pyside_ro.cli.values import toJson

__all__ = ["brokenPipe", "console", "printJson", "section", "text"]

_WIDE = 4000  # columns when the output is no terminal: a script cuts lines itself


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Let the verb end in its own way; rich would end the process right here."""
        raise


def console() -> Console:
    """A console on stdout: as wide as the terminal, never cut into lines in a pipe."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A value may hold what the terminal's encoding lacks.
        sys.stdout.reconfigure(errors="backslashreplace")
    terminal = sys.stdout.isatty()
    return _Console(
        width=None if terminal else _WIDE, highlight=False, markup=False, soft_wrap=not terminal
    )


def text(value: object, style: str = "") -> Text:
    """`value` as it is: nothing in it is taken for markup."""
    return Text(str(value), style=style)


def section(title: str, *columns: str) -> Table:
    """An empty table under a title, without lines, so that it can be cut and grepped."""
    table = Table(
        title=text(title, "bold"),
        title_justify="left",
        box=box.SIMPLE_HEAD if sys.stdout.isatty() else None,
        pad_edge=False,
        show_header=bool(columns),
        header_style="dim",
    )
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def printJson(value: Any, *, lines: bool = False) -> None:
    """Print `value` as JSON, on one line if `lines`, and flush."""
    print(json.dumps(toJson(value), indent=None if lines else 2, allow_nan=False), flush=True)


def brokenPipe() -> NoReturn:
    """End as a program does whose reader went away, without a word."""
    # Python flushes stdout once more at exit; give it somewhere to flush to.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(141)
