"""``pyside-ro stub URL NAME``: the type stub of a living object's replica."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pyside_ro import interfaceOf
from pyside_ro.cli.exits import Mistake, command
from pyside_ro.cli.files import writeText
from pyside_ro.cli.options import Name, Timeout, Url
from pyside_ro.cli.session import Session
from pyside_ro.cli.trust import NOBODY, Trust, trusting

__all__ = ["stub"]


@trusting
@command
def stub(
    url: Url,
    name: Name,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="OUT.pyi", help="The stub to write; else to stdout."),
    ] = None,
    timeout: Timeout = 5.0,
    trust: Trust = NOBODY,
) -> None:
    """Write what an editor and mypy need to know of an object that some host shares.

    The stub has one class, of the object's type, to annotate its replica with.
    """
    from pyside_ro.repc.stubs import objectStub

    if out is not None and out.suffix != ".pyi":
        raise Mistake(f"{out}: the stub's name ends with .pyi")
    with Session(url, timeout, trust) as session:
        interface = interfaceOf(session.acquire(name))
    if not interface.name.isidentifier():
        raise Mistake(f"'{name}' is of the type '{interface.name}', which no class can be called")
    writeText(out, objectStub(interface, f"Types of '{name}', made by `pyside-ro stub`."))
