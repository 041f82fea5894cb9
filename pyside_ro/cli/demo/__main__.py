"""``python -m pyside_ro.cli.demo``: one process of the demo. Needs neither typer nor rich,
unless it is given options of trust.

Knows the roles. The controlling process starts its children with it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
    for option in ("--tls-ca", "--tls-cert", "--tls-key", "--key-file"):
        parser.add_argument(option, type=Path)
    parser.add_argument("--tls-demand-certificates", action=argparse.BooleanOptionalAction)
    found = parser.parse_args(arguments)
    trust = _trust(found)
    if found.role == "host":
        from pyside_ro.cli.demo.host import runHost

        return runHost(found.url, found.child, trust=trust)
    from pyside_ro.cli.demo.window import runWindow

    return runWindow(
        found.role, found.url, found.child, found.auto, found.seconds, found.picture, trust
    )


def _trust(found: argparse.Namespace) -> Callable[[], dict[str, Any]]:
    names = ("tls_ca", "tls_cert", "tls_key", "key_file", "tls_demand_certificates")
    given = {name: getattr(found, name) for name in names}
    if not any(value is not None for value in given.values()):
        return dict
    from pyside_ro.cli.trust import Trust

    return Trust(**given).arguments


if __name__ == "__main__":
    sys.exit(main())
