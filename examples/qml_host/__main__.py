"""Starts the panel, its remote control, and without a user a hand that moves the faders."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _run import run

sys.exit(
    run(
        Path(__file__).parent,
        host=["Panel.qml"],
        clients=[["Remote.qml"]],
        hands=[["hand.py"]],
        needs=["typer"],
    )
)
