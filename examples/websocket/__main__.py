"""Starts the host and the client of this example."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _run import run

if not any(argument.startswith("--url") for argument in sys.argv):
    sys.argv += ["--url", "ws://127.0.0.1:8765/objects"]
sys.exit(run(Path(__file__).parent, needs=("PySide6.QtWebSockets",)))
