"""What the demo prints: a live table while it runs, a short summary at its end.

Knows rich and what the conductor knows.
"""

from __future__ import annotations

import sys
import time as clock
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from rich import box
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from pyside_ro.cli.demo.observer import Observer, Row
from pyside_ro.cli.demo.tally import Tally
from pyside_ro.cli.output import console
from pyside_ro.cli.values import readable

if TYPE_CHECKING:
    from pyside_ro.cli.demo.conductor import Conductor

__all__ = ["Report"]

_STATES = {"Valid": "green", "Suspect": "bold red", "Uninitialized": "yellow"}
_LINKS = {"live": "green", "lost": "bold red", "waiting": "yellow"}
_NOTES = 4


class Report:
    """The printed side of one run. On a terminal a table that stays in place; else lines."""

    def __init__(self, conductor: Conductor) -> None:
        self._conductor = conductor
        self._console: Console = console()
        self._notes: list[str] = []
        self._began = clock.monotonic()
        self._next_line = 0.0
        self._last: Table | None = None
        #: Whether nobody reads any more what is printed.
        self.broken = False
        self._live: Live | None = None
        if self._console.is_terminal:
            self._live = Live(console=self._console, auto_refresh=False)

    def __enter__(self) -> Report:  # noqa: PYI034 - typing.Self is newer than 3.10
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def note(self, text: str) -> None:
        """Say that something happened."""
        if self._live is None:
            self._print(Text(f"{self._passed():5.1f} s  {text}"))
        else:
            self._notes = [*self._notes, f"{self._passed():.1f} s  {text}"][-_NOTES:]

    def refresh(self) -> None:
        """Show how things stand."""
        observer = self._conductor.observer
        if observer is not None:
            observer.measure()
        if self._live is not None:
            self._live.update(self._picture(), refresh=True)
        elif observer is not None and self._passed() >= self._next_line:
            self._next_line = self._passed() + 1.0
            self._print(Text(f"{self._passed():5.1f} s  {_line(observer)}"))

    def freeze(self) -> None:
        """Remember the values as they are now: the end changes the states."""
        if self._conductor.observer is not None:
            self._last = _values(self._conductor.observer)

    def _print(self, what: RenderableType) -> None:
        """Print; a pipe that nobody reads ends the demo, as raising would do nothing here."""
        try:
            self._console.print(what)
        except BrokenPipeError:
            self.broken = True
            QCoreApplication.quit()

    def _passed(self) -> float:
        return clock.monotonic() - self._began

    # The table

    def _picture(self) -> RenderableType:
        observer = self._conductor.observer
        parts: list[RenderableType] = [Text(f"pyside-ro demo at {self._conductor.url}", "bold")]
        if observer is None:
            return Group(*parts, Text("starting …", "dim"))
        parts += [_values(observer), self._processes()]
        parts += [Text(f"  {note}", "default") for note in self._notes]
        hint = "Ctrl-C ends. Kill the host and start it again: "
        parts.append(Text(hint, "dim").append(self._conductor.hostCommand(), "dim"))
        return Group(*parts)

    def _processes(self) -> Table:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim")
        for heading in ("process", "pid", "link"):
            table.add_column(heading)
        for heading in ("updates", "jobs accepted", "refused", "round trip"):
            table.add_column(heading, justify="right")
        for role, child in self._conductor.processes.items():
            pid = str(child.pid) if child.running else child.outcome
            if role == "host":
                table.add_row(role, pid)
            else:
                link = Text(child.link, _LINKS.get(child.link, ""))
                table.add_row(role, pid, link, *_counts(child.tally))
        observer = self._conductor.observer
        assert observer is not None
        here = "live" if observer.live() else "lost"
        table.add_row("this one", "", Text(here, _LINKS[here]), *_counts(observer.tally))
        return table

    # The end

    def summary(self) -> None:
        """Say what was seen; or, in words, what went wrong."""
        conductor = self._conductor
        if conductor.problem:
            text = conductor.problem
            text = text if text.startswith("error: ") else f"error: {text}"
            print(text, file=sys.stderr)
            return
        for role, child in conductor.processes.items():
            for line in child.errors:
                print(f"{role}: {line}", file=sys.stderr)
        if conductor.observer is None:
            return
        if self._live is None and self._last is not None:
            self._console.print(self._last)
        windows = [c.tally for role, c in conductor.processes.items() if role != "host"]
        total = Tally.together([*windows, conductor.observer.tally])
        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_column(style="dim")
        table.add_column(overflow="fold")
        here = conductor.observer.tally.updates
        by_window = " and ".join(
            f"{c.tally.updates:,} in the {role} window"
            for role, c in conductor.processes.items()
            if role != "host"
        )
        table.add_row("updates seen", f"{total.updates:,}: {by_window}, {here:,} here")
        table.add_row(
            "calls made",
            f"{total.calls:,}: {total.accepted} print jobs accepted, {total.refused} refused, "
            f"{total.other} others" + (f", {total.failed} lost" if total.failed else ""),
        )
        latency = total.latency()
        if latency is not None:
            median, slowest = latency
            table.add_row("call round trip", f"p50 {median:.2f} ms, max {slowest:.1f} ms")
        for path in conductor.pictures:
            table.add_row("picture", str(path))
        self._console.print(table)


def _values(observer: Observer) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim")
    for heading in ("object", "state", "property", "value"):
        table.add_column(heading, no_wrap=True)
    table.add_column("updates/s", justify="right")
    for name in observer.NAMES:
        state = observer.state(name).name
        shown = [row for row in observer.rows(name) if row.name not in ("signalStrengths", "tray")]
        for i, row in enumerate(shown or [Row("", "", 0.0)]):
            table.add_row(
                Text(name if i == 0 else "", "bold"),
                Text(state if i == 0 else "", _STATES.get(state, "")),
                row.name,
                Text(_short(row)) if row.name else "",
                f"{row.rate:.1f}" if row.rate else "",
            )
    return table


def _short(row: Row) -> str:
    if row.name == "jobs":
        active = sum(job["state"] in ("waiting", "printing") for job in row.value)
        return f"{active} in the queue" if active else "none in the queue"
    if isinstance(row.value, float):
        return f"{row.value:.5f}" if row.name in ("latitude", "longitude") else f"{row.value:g}"
    if isinstance(row.value, dict):
        return "  ".join(f"{key} {value:.0f} %" for key, value in row.value.items())
    return row.value if isinstance(row.value, str) else readable(row.value)


def _counts(tally: Tally) -> tuple[str, str, str, str]:
    latency = tally.latency()
    trip = f"{latency[0]:.2f} ms" if latency else ""
    return f"{tally.updates:,}", str(tally.accepted), str(tally.refused), trip


def _line(observer: Observer) -> str:
    """The state of things on one line, for logs."""
    if not all(observer.rows(name) for name in observer.NAMES):
        return "starting"
    if not observer.live():
        return "  ".join(f"{name} {observer.state(name).name}" for name in observer.NAMES)
    gps = {row.name: row.value for row in observer.rows("gps")}
    printer = {row.name: row.value for row in observer.rows("printer")}
    return (
        f"gps {gps['latitude']:.5f} {gps['longitude']:.5f}, {gps['speed']:.0f} km/h, "
        f"{gps['satellites']} satellites; printer {printer['status']}, "
        f"{printer['paper']} sheets; {observer.rate():.0f} updates/s"
    )
