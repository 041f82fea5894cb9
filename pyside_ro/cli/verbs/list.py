"""``pyside-ro list URL``: what a host shares."""

from __future__ import annotations

from pyside_ro.cli.exits import command
from pyside_ro.cli.options import AsJson, Timeout, Url
from pyside_ro.cli.output import console, printJson, section, text
from pyside_ro.cli.session import Session

__all__ = ["list_"]


@command
def list_(url: Url, json: AsJson = False, timeout: Timeout = 5.0) -> None:
    """Say which objects a host shares, with their types."""
    with Session(url, timeout) as session:
        objects = session.objects()
    if json:
        printJson([{"name": name, "type": info.typeName} for name, info in objects.items()])
        return
    if not objects:
        console().print(text(f"{url} shares nothing", "dim"))
        return
    table = section("", "name", "type")
    table.title = None
    for name, info in objects.items():
        table.add_row(text(name, "bold"), text(info.typeName))
    console().print(table)
