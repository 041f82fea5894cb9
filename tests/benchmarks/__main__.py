"""The command line of the benchmarks: `python -m tests.benchmarks --help`.

Knows the options; what they ask for is done elsewhere.
"""

import argparse
import json
import sys
from pathlib import Path

from . import report
from .cases import CASES, Case, chosen
from .runner import run
from .sides import MODULES, missing


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="pyside_ro beside PySide6.QtRemoteObjects: two processes, in turn, ratios.",
        epilog="Cases: " + ", ".join(case.key for case in CASES),
    )
    add = parser.add_argument
    add("--only", metavar="PATTERN", default="", help="cases by name, wildcard, comma-separated")
    add("--side", choices=["both", *MODULES], default="both", help="run one side alone")
    add("--transport", choices=["local", "tcp", "both"], default="both")
    add("--rounds", type=int, metavar="N", help="samples of each side (5; 1 with --quick)")
    add("--quick", action="store_true", help="small and short; the figures mean nothing")
    add("--json", nargs="?", const="-", metavar="FILE", help="results as JSON, to FILE or stdout")
    add("--plot", metavar="FILE", help="the ratios as a bar chart (PNG)")
    add("--markdown", action="store_true", help="print the table for the README")
    add("--profile", metavar="DIR", help="cProfile of each process into DIR; slows all down")
    add("--list", action="store_true", help="print the names of the cases")
    return parser


def _sides(which: str) -> dict[str, str]:
    """Why each side cannot run here; "" for one that can."""
    sides = {side: missing(side) for side in MODULES if which in (side, "both")}
    for reason in filter(None, sides.values()):
        print(f"{reason}; the other side runs alone.", file=sys.stderr)
    return sides


def _select(only: str) -> list[Case]:
    """The chosen cases, without those that need what is not installed."""
    cases = []
    for case in chosen(only):
        absent = [need for need in case.needs if not _installed(need)]
        if absent:
            print(f"{case.key} is left out: {absent[0]} is not installed", file=sys.stderr)
        else:
            cases.append(case)
    return cases


def _installed(module: str) -> bool:
    try:
        __import__(module)
    except ImportError:
        return False
    return True


def main() -> int:
    options = _parser().parse_args()
    if options.list:
        print("\n".join(case.key for case in CASES))
        return 0
    cases = _select(options.only)
    if not cases:
        print(f"no case matches {options.only!r}; --list names them", file=sys.stderr)
        return 2
    sides = _sides(options.side)
    if all(sides.values()):
        print("no side can run here", file=sys.stderr)
        return 2
    transports = ["local", "tcp"] if options.transport == "both" else [options.transport]
    rounds = options.rounds or (1 if options.quick or options.profile else 5)
    profiles = Path(options.profile).resolve() if options.profile else None
    if profiles:
        profiles.mkdir(parents=True, exist_ok=True)

    def told(words: str) -> None:
        print(words, file=sys.stderr, flush=True)

    if report.busy():
        print(report.busy(), file=sys.stderr)
    try:
        results = run(cases, sides, transports, rounds, options.quick, told, profiles)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    if options.json:
        chosenOptions = {"rounds": rounds, "quick": options.quick, "transports": transports}
        text = json.dumps(report.asJson(results, chosenOptions), indent=1)
        if options.json == "-":
            print(text)
        else:
            Path(options.json).write_text(text + "\n", encoding="utf-8")
    if options.markdown:
        print(report.markdown(results))
    elif options.json != "-":
        report.show(results)
    if options.plot:
        from .plot import plot

        plot(report.rows(results), options.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
