"""The QML snippets of docs/qml.md. Knows Markdown's fences."""

from __future__ import annotations

import re

from tests.helpers import ROOT


def snippets(language: str = "qml") -> list[str]:
    """The fenced blocks of a language, in their order."""
    text = (ROOT / "docs" / "qml.md").read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
