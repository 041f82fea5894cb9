"""``pyside-ro list [URL]``: what a host shares, or which hosts the network has."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pyside_ro.cli.exits import command
from pyside_ro.cli.network import look
from pyside_ro.cli.options import AsJson, secondsOption
from pyside_ro.cli.output import console, printJson, section, text
from pyside_ro.cli.session import Session
from pyside_ro.cli.trust import NOBODY, Trust, trusting

__all__ = ["list_"]


@trusting
@command
def list_(
    url: Annotated[
        str | None,
        typer.Argument(
            metavar="URL", help="Where the host is; without: hosts that are on the network."
        ),
    ] = None,
    json: AsJson = False,
    timeout: Annotated[
        float | None,
        secondsOption("--timeout", "How long to wait: for a host 5 s, for the network 3 s."),
    ] = None,
    trust: Trust = NOBODY,
) -> None:
    """Say which objects a host shares, with their types; or which hosts advertise themselves.

    Of a registry: also which objects are registered there, and at which host each is.
    """
    if url is None:
        _network(look(3.0 if timeout is None else timeout, trust), json)
        return
    with Session(url, 5.0 if timeout is None else timeout, trust) as session:
        objects = session.objects()
        elsewhere = objects.keys() - session.node.connectedSources().keys()
    if json:
        printJson(
            [
                {"name": name, "type": info.typeName}
                | ({"url": info.hostUrl.toString()} if name in elsewhere else {})
                for name, info in objects.items()
            ]
        )
        return
    if not objects:
        console().print(text(f"{url} shares nothing", "dim"))
        return
    table = section("", "name", "type", *(["at"] if elsewhere else []))
    table.title = None
    for name, info in objects.items():
        where = [text(info.hostUrl.toString() if name in elsewhere else "", "dim")]
        table.add_row(text(name, "bold"), text(info.typeName), *(where if elsewhere else []))
    console().print(table)


def _network(hosts: list[dict[str, Any]], json: bool) -> None:
    if json:
        printJson(hosts)
        return
    if not hosts:
        console().print(text("nobody advertises a host on this network", "dim"))
        return
    table = section("", "host", "URL", "objects")
    table.title = None
    for host in hosts:
        notes = [word for word, is_so in (("key", host["key"]), ("TLS", host["tls"])) if is_so]
        if host["objects"] is not None:
            shown = ", ".join(host["objects"]) or "none"
        elif notes:
            shown = f"(needs {' and '.join(notes)})"
        else:
            shown = f"({host['problem']})"
        table.add_row(text(host["name"], "bold"), text(host["url"]), text(shown))
    console().print(table)
