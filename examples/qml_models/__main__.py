"""Starts the observatory and the window on its models."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _run import run

sys.exit(run(Path(__file__).parent, clients=[["Main.qml"]], needs=["typer"]))
