"""Starts the host of this example and two clients: one printer, two people."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _run import run

clients = [["client.py", "--user", "Ada"], ["client.py", "--user", "Grace"]]
sys.exit(run(Path(__file__).parent, clients=clients, auto=["--auto"]))
