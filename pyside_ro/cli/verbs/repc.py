"""``pyside-ro repc FILE.rep``: a Python module, and its type stubs, from a .rep file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pyside_ro import RepError, RepFile
from pyside_ro.cli.exits import Mistake, command
from pyside_ro.cli.files import readText, writeText

__all__ = ["repc"]


@command
def repc(
    file: Annotated[Path, typer.Argument(metavar="FILE.rep", help="The .rep file.")],
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="OUT.py", help="The module to write; else to stdout."),
    ] = None,
    stubs: Annotated[
        bool,
        typer.Option(
            "--stubs",
            help="Write the type stubs too, beside OUT.py as OUT.pyi; without -o only them.",
        ),
    ] = False,
) -> None:
    """Make a Python module of a .rep file: its source, replica and record classes and enums.

    The module needs nothing but pyside_ro. With its stubs an editor completes the members and
    mypy checks the calls.
    """
    from pyside_ro.repc.modules import moduleText
    from pyside_ro.repc.stubs import repStub

    if out is not None and out.suffix != ".py":
        raise Mistake(f"{out}: the module's name ends with .py")
    text = readText(file)
    try:
        rep = RepFile(text, str(file))
        module = moduleText(rep, text, file.name)
    except RepError as error:
        raise Mistake(*str(error).split("\n")) from None
    stub = repStub(rep, f"Types of {file.name}, made by `pyside-ro repc --stubs`.")
    if out is None:
        writeText(None, stub if stubs else module)
        return
    writeText(out, module)
    if stubs:
        writeText(out.with_suffix(".pyi"), stub)
