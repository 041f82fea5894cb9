"""``python -m pyside_ro.cli.demo``: one process of the demo. Needs neither typer nor rich.

Knows the roles. The controlling process starts its children with it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Run a role of the demo; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m pyside_ro.cli.demo", description=__doc__)
    parser.add_argument("role", choices=["host", "widgets", "qml"])
    parser.add_argument("--url", required=True)
    parser.add_argument("--child", action="store_true", help="take orders on stdin")
    parser.add_argument("--auto", action="store_true", help="submit jobs now and then")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--picture", type=Path)
    found = parser.parse_args(arguments)
    if found.role == "host":
        from pyside_ro.cli.demo.host import runHost

        return runHost(found.url, found.child)
    from pyside_ro.cli.demo.window import runWindow

    return runWindow(found.role, found.url, found.child, found.auto, found.seconds, found.picture)


if __name__ == "__main__":
    sys.exit(main())
