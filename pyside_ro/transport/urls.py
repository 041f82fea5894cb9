"""URLs as programs give them: texts or QUrls, also such that QUrl cannot parse.

Knows QUrl and nothing else of Qt. A QUrl that is not valid has no text of its own any more, and no
parts that mean anything; what was given, and why it is no URL, is in its errorString.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QUrl

__all__ = ["isGiven", "sameUrl", "toUrl", "urlProblem", "urlText"]

#: QUrl::errorString: the reason, the text, and the parts that were recognized before.
_ERROR = re.compile(
    r'(?P<reason>.*?); source was "(?P<text>.*)";'
    r'( (scheme|userinfo|host|port|path|query|fragment) = ".*)?',
    re.DOTALL,
)


def toUrl(url: QUrl | str) -> QUrl:
    """A URL from what Qt's classes take for one. Raises TypeError for anything else."""
    if isinstance(url, QUrl):
        return url
    if isinstance(url, str):
        return QUrl(url)
    raise TypeError(f"a QUrl or str is expected as address, not {type(url).__name__}")


def isGiven(url: QUrl | str | None) -> bool:
    """Whether this is a URL, be it one that cannot be used; empty ones and None stand for none."""
    if url is None:
        return False
    found = toUrl(url)
    return not found.isEmpty() or bool(found.errorString())


def sameUrl(one: QUrl, other: QUrl) -> bool:
    """Whether two URLs are equal; QUrl compares what it could make of those it cannot parse."""
    return one == other and one.errorString() == other.errorString()


def urlText(url: QUrl) -> str:
    """A URL for messages: as it is, or as it was given if QUrl cannot parse it."""
    found = _ERROR.fullmatch(url.errorString())
    return found["text"] if found is not None else url.toString()


def urlProblem(url: QUrl) -> str:
    """Why QUrl cannot parse what was given, in words, or ''; an empty URL is no problem."""
    error = url.errorString()
    if not error:
        return ""
    found = _ERROR.fullmatch(error)
    if found is None:
        return f"'{url.toString()}' is no URL: {error}"
    reason = found["reason"]
    if QUrl(found["text"]).errorString() == error:
        # It names the character that is too much, where the tolerant mode sees a strange path.
        strict = QUrl(found["text"], QUrl.ParsingMode.StrictMode).errorString()
        reason = strict.partition("; source was ")[0] or reason
    return f"'{found['text']}' is no URL: {reason}"
