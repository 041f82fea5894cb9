"""The command line, ``pyside-ro``: a demo, and a look at what any host shares.

Knows the public API of the package. typer and rich are the extra ``cli``: nothing here imports
them before `main` runs.
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line with ``sys.argv`` and end the process with its exit code.

    0: done. 1: the remote side refused. 2: a mistake in what was typed. 3: no connection.
    130: Ctrl-C. Our own.
    """
    try:
        try:
            from pyside_ro.cli.app import run
        except ModuleNotFoundError as error:
            if error.name not in ("typer", "rich"):
                raise
            print(
                f"pyside-ro needs {error.name}, which is not installed here: "
                'pip install "pyside-ro[cli]"',
                file=sys.stderr,
            )
            sys.exit(2)
        run()
    except KeyboardInterrupt:
        sys.exit(130)
