"""Starts the registry of this example, three thermometers and a client, each on its own."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _run import run

rooms = [["thermometer.py", "--room", room] for room in ("kitchen", "cellar")]
rooms.append(["thermometer.py", "--room", "attic", "--comes-and-goes"])
sys.exit(run(Path(__file__).parent, host=["registry.py"], bots=rooms))
