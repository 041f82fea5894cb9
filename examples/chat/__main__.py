"""Starts the host of this example, one client with a window and three without."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _run import run

bots = [["client.py", "--bot", "--name", name] for name in ("Ada", "Emmy", "Grace")]
sys.exit(run(Path(__file__).parent, bots=bots, auto=["--auto"]))
