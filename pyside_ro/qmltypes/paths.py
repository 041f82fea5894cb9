"""Where the QML side of the module is. Knows how the package is installed."""

from __future__ import annotations

from pathlib import Path

__all__ = ["importPath"]

_PACKAGE = Path(__file__).resolve().parents[1]


def importPath() -> str:
    """The folder with the module PySideRO, for an engine's import path.

    In a wheel it is in the package, in a checkout (and an editable install) beside it.
    """
    for folder in (_PACKAGE / "qml", _PACKAGE.parent / "qml"):
        if (folder / "PySideRO" / "qmldir").is_file():
            return str(folder)
    raise FileNotFoundError(
        f"the QML module PySideRO is neither in {_PACKAGE} nor beside it: install the package again"
    )
