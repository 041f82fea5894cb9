"""Starts the host and the client of this example, and without a user a hand for the slider."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _run import run

sys.exit(run(Path(__file__).parent, hands=[["hand.py"]]))
