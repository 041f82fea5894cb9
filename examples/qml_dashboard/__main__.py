"""Starts the vehicle and the dashboard of this example."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _run import run

sys.exit(run(Path(__file__).parent, clients=[["Main.qml"]], needs=["typer"]))
