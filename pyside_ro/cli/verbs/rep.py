"""``pyside-ro rep MODULE:CLASS``: the .rep text of a QObject subclass."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from PySide6.QtCore import QObject

from pyside_ro import RepError
from pyside_ro.cli.exits import Mistake, command
from pyside_ro.cli.files import writeText

__all__ = ["rep"]


@command
def rep(
    cls: Annotated[
        str,
        typer.Argument(metavar="MODULE:CLASS", help="Where the class is, as in 'printers:Laser'."),
    ],
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="OUT.rep", help="The file to write; else to stdout."),
    ] = None,
) -> None:
    """Write the .rep file of a class that exists. The module is imported, from here as well."""
    from pyside_ro.repc.describing import repOfClass

    found = _found(cls)
    try:
        text = repOfClass(found)
    except RepError as error:
        raise Mistake(f"{cls} cannot be written as .rep: {error.message}") from None
    writeText(out, text)


def _found(name: str) -> Any:
    moduleName, _, className = name.partition(":")
    if not moduleName or not className:
        raise Mistake(f"'{name}': MODULE:CLASS is expected, as in 'printers:Laser'")
    sys.path.insert(0, "")
    try:
        found: Any = importlib.import_module(moduleName)
    except Exception as error:
        text = f"the module '{moduleName}' cannot be imported: {type(error).__name__}: {error}"
        raise Mistake(text) from None
    for part in className.split("."):
        found = getattr(found, part, None)
    if not isinstance(found, type):
        raise Mistake(f"there is no class '{className}' in '{moduleName}'")
    if not issubclass(found, QObject):
        raise Mistake(f"{name} is no QObject")
    # Of a replica class made from .rep its source's class knows more: defaults, records, models.
    return getattr(found, "_ro_describedBy", found)
