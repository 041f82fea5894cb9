"""Starts the machine of this example, its gateway, and a client outside."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _run import run

inside = ["--inside", f"local:proxy-inside-{os.getpid()}"]
sys.exit(run(Path(__file__).parent, host=["gateway.py", *inside], bots=[["machine.py", *inside]]))
