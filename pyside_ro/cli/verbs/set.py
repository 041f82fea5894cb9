"""``pyside-ro set URL NAME PROPERTY VALUE``: ask a source to set a property, and look."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pyside_ro import interfaceOf
from pyside_ro.cli.arguments import valueOf
from pyside_ro.cli.exits import Mistake, Refused, command, unknown
from pyside_ro.cli.options import AsJson, Name, Timeout, Url
from pyside_ro.cli.output import console, printJson, text
from pyside_ro.cli.session import Session, memberNames
from pyside_ro.cli.trust import NOBODY, Trust, trusting
from pyside_ro.cli.values import readable

__all__ = ["set_"]

_GRACE = 1.0  # seconds that a source may take to set a property after it was asked


@trusting
@command
def set_(
    url: Url,
    name: Name,
    property: Annotated[str, typer.Argument(metavar="PROPERTY", help="The property's name.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="Read as the property's type.")],
    json: AsJson = False,
    timeout: Timeout = 5.0,
    trust: Trust = NOBODY,
) -> None:
    """Set a property and print the value that the source has then.

    A source may refuse (exit code 1), or make something else of the value: what is printed is
    what it has.
    """
    with Session(url, timeout, trust) as session:
        replica: Any = session.acquire(name)
        interface = interfaceOf(replica)
        found = next((p for p in interface.properties if p.name == property), None)
        if found is None:
            raise unknown("property", property, f"{url} {name}", memberNames(interface.properties))
        if not found.writable:
            writable = memberNames(p for p in interface.properties if p.writable)
            hint = f"; writable are: {', '.join(writable)}" if writable else ""
            raise Mistake(f"{name}.{property} is read-only{hint}")
        wanted = valueOf(value, found.type, f"{name}.{property}", interface.enums)
        before = getattr(replica, property)
        try:
            setattr(replica, property, wanted)
        except PermissionError as error:  # the whole object is read-only for this client
            raise Refused(str(error)) from None
        # A fresh snapshot, asked for behind the write on the same link, has the answer even of
        # a source that tells of no change.
        del replica
        replica = session.acquire(name)
        if session.notes.refusals:
            raise Refused(str(session.notes.refusals[0]))

        def arrived() -> bool:
            return bool(_same(getattr(replica, property), wanted))

        if not arrived() and _same(getattr(replica, property), before):
            session.linger(arrived, min(_GRACE, timeout))
        after = getattr(replica, property)
    if _same(after, before) and not _same(after, wanted):
        raise Refused(f"{name}.{property} is still {readable(after)}: the source did not take it")
    if json:
        printJson(after, lines=True)
    else:
        console().print(text(after if isinstance(after, str) else readable(after)))


def _same(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except Exception:  # an array of another shape
        return False
