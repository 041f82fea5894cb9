"""Saving the picture of a window. Knows images and files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage

__all__ = ["savePicture"]


def savePicture(image: QImage, path: Path) -> str:
    """Save a picture, in a folder that is made; the problem in words, or nothing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return str(error)
    return "" if image.save(str(path)) else f"{path} cannot be written"
