"""``pyside-ro show URL NAME``: an object's API and its current values."""

from __future__ import annotations

from typing import Any

from pyside_ro import Interface, interfaceOf
from pyside_ro.cli.arguments import signatureOf
from pyside_ro.cli.exits import command
from pyside_ro.cli.options import AsJson, Name, Timeout, Url
from pyside_ro.cli.output import console, printJson, section, text
from pyside_ro.cli.session import Session
from pyside_ro.cli.trust import NOBODY, Trust, trusting
from pyside_ro.cli.values import readable

__all__ = ["show"]


@trusting
@command
def show(
    url: Url, name: Name, json: AsJson = False, timeout: Timeout = 5.0, trust: Trust = NOBODY
) -> None:
    """Say what an object offers: properties with their values, signals, slots, enums."""
    with Session(url, timeout, trust) as session:
        replica: Any = session.acquire(name)
        interface = interfaceOf(replica)
        values = {p.name: getattr(replica, p.name, None) for p in interface.properties}
        # As long as it is connected: what properties hold says its state.
        if json:
            printJson(_described(name, interface, values))
        else:
            _print(name, interface, values)


def _access(p: Any) -> str:
    if p.constant:
        return "constant"
    access = "writable" if p.writable else "read-only"
    return access if p.notify >= 0 else f"{access}, no notify signal"


def _described(name: str, interface: Interface, values: dict[str, Any]) -> dict[str, Any]:
    signals = interface.signals
    return {
        "name": name,
        "type": interface.name,
        "properties": [
            {
                "name": p.name,
                "type": p.type,
                "writable": p.writable,
                "constant": p.constant,
                "notify": signals[p.notify].name if p.notify >= 0 else None,
                "value": values[p.name],
            }
            for p in interface.properties
        ],
        "signals": [{"name": s.name, "arguments": _arguments(s)} for s in signals],
        "slots": [
            {"name": m.name, "arguments": _arguments(m), "result": m.result or None}
            for m in interface.slots
        ],
        "enums": [{"name": e.name, "flag": e.flag, "keys": dict(e.keys)} for e in interface.enums],
    }


def _arguments(member: Any) -> list[dict[str, Any]]:
    named = len(member.names) == len(member.types)
    return [
        {"name": (member.names[i] or None) if named else None, "type": kind}
        for i, kind in enumerate(member.types)
    ]


def _print(name: str, interface: Interface, values: dict[str, Any]) -> None:
    out = console()
    out.print(text(name, "bold").append(f"  {interface.name}", "dim"))
    if interface.properties:
        table = section("Properties", "name", "type", "access", "value")
        for p in interface.properties:
            table.add_row(
                text(p.name, "bold"),
                text(p.type),
                text(_access(p), "dim"),
                text(readable(values[p.name])),
            )
        out.print(table)
    notify = {p.notify for p in interface.properties}
    others = [s for i, s in enumerate(interface.signals) if i not in notify]
    for title, members in (("Signals", others), ("Slots", interface.slots)):
        if members:
            table = section(title)
            for member in members:
                table.add_row(text(signatureOf(member)))
            out.print(table)
    if interface.enums:
        table = section("Enums")
        for e in interface.enums:
            keys = ", ".join(f"{key}={value}" for key, value in e.keys)
            table.add_row(text(e.name, "bold"), text(keys))
        out.print(table)
