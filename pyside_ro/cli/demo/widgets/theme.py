"""Colours and the style sheet of the widgets window. Knows QtGui's colours only."""

from __future__ import annotations

from PySide6.QtGui import QColor

__all__ = ["ACCENT", "FIX_COLOURS", "INK_COLOURS", "LINK_COLOURS", "MUTED", "STYLE", "TEXT"]

TEXT = QColor("#1a2530")
MUTED = QColor("#6d7b89")
ACCENT = QColor("#1668dc")
INK_COLOURS = {
    "cyan": QColor("#12a5d9"),
    "magenta": QColor("#d93a8c"),
    "yellow": QColor("#f0b90b"),
    "black": QColor("#36404a"),
}
FIX_COLOURS = {0: "#c93636", 1: "#b7791f", 2: "#0e7c86", 4: "#1f8a4c", 5: "#3c8a1f"}
LINK_COLOURS = {"waiting": "#b7791f", "live": "#1f8a4c", "lost": "#c93636", "mismatch": "#c93636"}

STYLE = """
QWidget#window { background: #eef1f4; }
QWidget { color: #1a2530; }
QFrame#header { background: #ffffff; border-bottom: 1px solid #dde3e9; }
QFrame#card { background: #ffffff; border: 1px solid #dde3e9; border-radius: 10px; }
QLabel { background: transparent; }
QLabel#title { font-size: 17px; font-weight: 600; }
QLabel#muted { color: #6d7b89; font-size: 11px; }
QLabel#caption { color: #6d7b89; font-size: 11px; font-weight: 600; }
QLabel#value { font-size: 13px; font-weight: 600; }
QLabel#value:disabled { color: #6d7b89; }
QLineEdit, QSpinBox {
    background: #ffffff; border: 1px solid #c9d2da; border-radius: 6px;
    padding: 4px 8px; min-height: 20px; font-size: 12px;
    selection-background-color: #1668dc;
}
QLineEdit:focus, QSpinBox:focus { border-color: #1668dc; }
QSpinBox::up-button, QSpinBox::down-button { width: 0; border: none; }
QPushButton {
    background: #ffffff; border: 1px solid #c9d2da; border-radius: 6px;
    padding: 5px 12px; min-height: 20px; font-size: 12px; font-weight: 600;
}
QPushButton:hover { background: #f3f6f9; }
QPushButton:pressed { background: #e6ebf0; }
QPushButton#primary { background: #1668dc; border-color: #1668dc; color: #ffffff; }
QPushButton#primary:hover { background: #1f76f0; }
QPushButton#primary:pressed { background: #1058bd; }
QPushButton:disabled, QPushButton#primary:disabled {
    background: #e6ebf0; border-color: #dde3e9; color: #9aa6b1;
}
"""
