"""``pyside-ro call URL NAME SLOT ARGS…``: call a slot and print what it returns."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pyside_ro import interfaceOf
from pyside_ro.cli.arguments import valuesOf
from pyside_ro.cli.exits import Mistake, command, unknown
from pyside_ro.cli.options import AsJson, Name, Timeout, Url
from pyside_ro.cli.output import console, printJson, text
from pyside_ro.cli.session import Session, memberNames
from pyside_ro.cli.trust import NOBODY, Trust, trusting
from pyside_ro.cli.values import readable

__all__ = ["call"]


@trusting
@command
def call(
    url: Url,
    name: Name,
    slot: Annotated[str, typer.Argument(metavar="SLOT", help="The slot's name.")],
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ARGS",
            help="Its arguments, read as the slot's types want: a number, a text, JSON for lists "
            "and whatever else.",
        ),
    ] = None,
    json: AsJson = False,
    timeout: Timeout = 5.0,
    trust: Trust = NOBODY,
) -> None:
    """Call a slot and print its result (nothing when it returns nothing).

    When the slot raises, the exit code is 1 and the error says what.
    """
    with Session(url, timeout, trust) as session:
        replica: Any = session.acquire(name)
        interface = interfaceOf(replica)
        overloads = [found for found in interface.slots if found.name == slot]
        if not overloads:
            if slot in memberNames(interface.properties):
                raise Mistake(f"{name}.{slot} is a property: use 'show', 'watch' or 'set'")
            if slot in memberNames(interface.signals):
                raise Mistake(f"{name}.{slot} is a signal: use 'watch'")
            raise unknown("slot", slot, f"{url} {name}", memberNames(interface.slots))
        member = f"{name}.{slot}"
        values = valuesOf(arguments or [], overloads, member, interface.enums)
        result = session.result(getattr(replica, slot)(*values), member)
    if json:
        printJson(result, lines=True)
    elif result is not None:
        console().print(text(result if isinstance(result, str) else readable(result)))
