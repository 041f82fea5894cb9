"""From figures to words: the rows, the JSON, the Markdown and the table in a terminal.

Knows results and cases. rich, if there, draws the table; else it is plain text.
"""

import os
import platform
from dataclasses import dataclass
from typing import Any

import PySide6

from .cases import ECHO_THERE, Metric, Target
from .runner import Result
from .sides import NAMES


@dataclass(frozen=True)
class Row:
    """One line: a metric on one transport, the medians, and what they come to."""

    result: Result
    metric: Metric
    ours: float | None
    peer: float | None
    ratio: float | None
    """ours / peer, as it is."""
    times: float | None
    """How many times as good as the peer: the ratio, or its inverse where less is better."""
    met: bool | None


def environment() -> dict[str, Any]:
    """Where the figures come from."""
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "pyside6": PySide6.__version__,
        "cpus": os.cpu_count(),
        "os": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
    }


def busy() -> str:
    """A warning when the machine does other work besides: "" when it is quiet or cannot tell."""
    if not hasattr(os, "getloadavg"):
        return ""
    load = os.getloadavg()[0]
    if load < 0.5:
        return ""
    return f"the machine is busy (load {load:.1f}): what the figures say, it says too"


def environmentLine() -> str:
    """The same in one line."""
    e = environment()
    return (
        f"{e['implementation']} {e['python']}, PySide6 {e['pyside6']}, {e['cpus']} CPUs, "
        f"{e['os']} ({e['machine']})"
    )


def echoScale(results: list[Result]) -> float:
    """How fast this machine is beside the one of the targets, by the peer's echo; 1 unknown."""
    for transport in ("local", "tcp"):
        for result in results:
            if result.case.key == "echo" and result.transport == transport:
                median = result.sides["peer"].median("p50") if "peer" in result.sides else None
                if median:
                    return ECHO_THERE / median
    return 1.0


def rows(results: list[Result]) -> list[Row]:
    """One row for each metric of each result."""
    made, scale = [], echoScale(results)
    for result in results:
        for metric in result.case.metrics:
            ours, peer = (
                result.sides[side].median(metric.key) if side in result.sides else None
                for side in ("ours", "peer")
            )
            ratio = ours / peer if ours is not None and peer else None
            times = ratio
            if ratio is not None and not metric.higherIsBetter:
                times = 1 / ratio if ratio else None
            target = metric.target
            met = target.met(ours, ratio, scale) if target else None
            made.append(Row(result, metric, ours, peer, ratio, times, met))
    return made


def number(value: float) -> str:
    """Three to four digits that count, with thousands separated."""
    if value >= 10_000:
        digits = len(str(int(value))) - 3
        return f"{round(value, -digits):,.0f}"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def cell(row: Row, side: str) -> str:
    """A side's figure with its unit, or why there is none."""
    samples = row.result.sides.get(side)
    value = row.ours if side == "ours" else row.peer
    if value is not None:
        return f"{number(value)} {row.metric.unit}"
    if samples is None or samples.cannot:
        return "-  (cannot)" if samples and side in row.result.case.cannot else "-"
    return f"failed: {samples.failed}" if samples.failed else "-"


def goal(target: Target | None, scale: float) -> str:
    """A target in words: "≥ 1.5 x", "≤ 1.05"."""
    if target is None:
        return ""
    sign = "≥" if target.sign == ">=" else "≤"
    return f"{sign} {number(target.limit(scale))}" + (" x" if target.of == "ratio" else "")


def _ratio(row: Row) -> str:
    return "" if row.ratio is None else f"{row.ratio:.2f}"


def asJson(results: list[Result], options: dict[str, Any]) -> dict[str, Any]:
    """Everything: environment, options, and each metric with the samples of each side."""
    scale = echoScale(results)
    entries = []
    for row in rows(results):
        target = row.metric.target
        entries.append(
            {
                "case": row.result.case.key,
                "metric": row.metric.key,
                "title": row.metric.title,
                "unit": row.metric.unit,
                "better": "higher" if row.metric.higherIsBetter else "lower",
                "transport": row.result.transport,
                "sides": {
                    side: {
                        "median": samples.median(row.metric.key),
                        "samples": samples.values(row.metric.key),
                        "drain": samples.values("drain"),
                        "failed": samples.failed,
                        "cannot": samples.cannot,
                    }
                    for side, samples in row.result.sides.items()
                },
                "ratio": row.ratio,
                "times": row.times,
                "target": {"of": target.of, "sign": target.sign, "value": target.limit(scale)}
                if target
                else None,
                "met": row.met,
            }
        )
    return {"environment": environment(), "options": options, "results": entries}


HEADS = ("what", "transport", "pyside_ro", "QtRemoteObjects", "ours / peer", "target", "")


def _lines(results: list[Result]) -> list[tuple[str, ...]]:
    scale = echoScale(results)
    return [
        (
            row.metric.title,
            row.result.transport,
            cell(row, "ours"),
            cell(row, "peer"),
            _ratio(row),
            goal(row.metric.target, scale),
            {True: "ok", False: "missed", None: ""}[row.met],
        )
        for row in rows(results)
    ]


def show(results: list[Result]) -> None:
    """Prints the table, with rich if it is installed."""
    lines = _lines(results)
    try:
        from rich.console import Console
        from rich.table import Table
    except ImportError:
        print(plain(lines))
    else:
        table = Table(*HEADS, caption=environmentLine())
        for index in (2, 3, 4, 5):
            table.columns[index].justify = "right"
        for line in lines:
            table.add_row(*line, style="red" if line[-1] == "missed" else None)
        console = Console()
        if not console.is_terminal:
            console = Console(width=140)
        console.print(table)
    for note in notes(results):
        print(note)


def plain(lines: list[tuple[str, ...]]) -> str:
    """The table as text, for a terminal without rich."""
    widths = [max(len(line[i]) for line in [HEADS, *lines]) for i in range(len(HEADS))]
    text = []
    for line in [HEADS, *lines]:
        cells = [
            part.rjust(width) if 2 <= i <= 5 else part.ljust(width)
            for i, (part, width) in enumerate(zip(line, widths, strict=True))
        ]
        text.append("  ".join(cells).rstrip())
    return "\n".join([*text, environmentLine()])


def notes(results: list[Result]) -> list[str]:
    """What the table does not say: failures among the samples, and what a side cannot do."""
    said: dict[str, None] = {}
    for result in results:
        for side, samples in result.sides.items():
            where = f"{result.case.key} over {result.transport}, {NAMES[side]}"
            if samples.failed and samples.figures:
                said[f"{where}: one sample failed: {samples.failed}"] = None
            if side in result.case.cannot:
                reason = result.case.cannot[side]
                said[f"{result.case.key}, {NAMES[side]} cannot: {reason}"] = None
    return list(said)


def markdown(results: list[Result]) -> str:
    """The table for the README: a line for each metric, both transports side by side."""
    transports = list(dict.fromkeys(result.transport for result in results))
    head = ["what"]
    for transport in transports:
        head += [f"{transport}: pyside_ro", "QtRemoteObjects", "ratio"]
    lines = [head, ["---", *["---:"] * (len(head) - 1)]]
    made = rows(results)
    for key in dict.fromkeys((row.result.case.key, row.metric.key) for row in made):
        line: list[str] = []
        for transport in transports:
            row = next(
                (
                    row
                    for row in made
                    if (row.result.case.key, row.metric.key) == key
                    and row.result.transport == transport
                ),
                None,
            )
            if row:
                title = row.metric.title
                line += [cell(row, "ours"), cell(row, "peer"), _ratio(row)]
            else:
                line += ["", "", ""]
        lines.append([title, *line])
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{table}\n\n{environmentLine()}. Ratios are ours / peer."
