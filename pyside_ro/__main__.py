"""``python -m pyside_ro``: the command line. Knows only that there is one."""

from __future__ import annotations

from pyside_ro.cli import main

if __name__ == "__main__":
    main()
