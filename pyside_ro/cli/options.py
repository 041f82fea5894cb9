"""The arguments and options that several verbs share. Knows typer."""

from __future__ import annotations

import math
from typing import Annotated, Any

import typer

__all__ = [
    "Advertise",
    "AsJson",
    "Heartbeat",
    "ListenUrl",
    "Name",
    "NodeName",
    "Timeout",
    "Url",
    "secondsOption",
]


def secondsOption(
    name: str, help: str, *, metavar: str = "SECONDS", most: float | None = None
) -> Any:
    """An option that takes a number of seconds, from 0 to `most`."""
    return typer.Option(name, metavar=metavar, min=0.0, max=most, callback=_finite, help=help)


def _finite(value: float | None) -> float | None:
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter(f"{value} is no number of seconds")
    return value


Url = Annotated[
    str,
    typer.Argument(
        metavar="URL",
        help="Where the host is, or a registry that knows it: local:NAME, tcp://HOST:PORT, tls:, "
        "ws:, wss:.",
    ),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The object's name, as `list` says.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
Timeout = Annotated[float, secondsOption("--timeout", "How long to wait for host and answer.")]


# Of the verbs that serve

ListenUrl = Annotated[
    str,
    typer.Argument(
        metavar="URL", help="Where to listen: local:NAME, tcp://HOST:PORT, tls:, ws:, wss:."
    ),
]
Advertise = Annotated[
    bool,
    typer.Option("--advertise", help="Be found on the network, by its name: see `list`."),
]
NodeName = Annotated[str, typer.Option("--name", help="The node's name, for logs and its peers.")]
Heartbeat = Annotated[
    float,
    secondsOption(
        "--heartbeat", "How often to ask each peer for a sign of life; 0: never.", most=86400.0
    ),
]
