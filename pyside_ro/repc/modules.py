"""A Python module of a .rep file: the text that `pyside-ro repc` writes.

The module holds the .rep text itself, so that it needs no other file, and gives the classes their
names; what an editor and mypy need to know of them is in the stub beside it.
"""

from __future__ import annotations

import keyword

from ..errors import RepError
from .repfile import RepFile

__all__ = ["moduleText"]


def moduleText(rep: RepFile, text: str, name: str) -> str:
    """The module for the .rep file `name`, whose content is `text` and whose classes are `rep`.

    Raises RepError for a name that no module can have.
    """
    lines = [_doc(name), "", "from pyside_ro import RepFile", ""]
    assigned: list[tuple[str, str]] = []
    assigned += [(key, f'_rep.enum["{key}"]') for key in rep.enum]
    assigned += [(key, f'_rep.pod["{key}"]') for key in rep.pod]
    for key, source in rep.source.items():
        assigned.append((source.__name__, f'_rep.source["{key}"]'))
        assigned.append((key, f'_rep.replica["{key}"]'))
    for key, _ in assigned:
        if keyword.iskeyword(key):
            raise RepError(f"a module cannot have {key!r}, a word of Python: use RepFile", name)
    names = [f'    "{key}",' for key in sorted(dict(assigned))]
    lines += ["__all__ = [", *names, "]", ""] if names else ["__all__: list[str] = []", ""]
    lines += ["_rep = RepFile(", f"    {_literal(text)},", f'    "{name}",', ")", ""]
    lines += [f"{key} = {value}" for key, value in assigned]
    return "\n".join(lines).rstrip("\n") + "\n"


def _doc(name: str) -> str:
    return f'"""The classes of {name}, made by `pyside-ro repc`: change that file, not this one."""'


def _literal(text: str) -> str:
    """The text as a Python literal that reads like the file."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    raw = "\\" in text
    if '"""' in text or (raw and text.endswith("\\")):
        raw, text = False, text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if text.endswith('"'):
        text += "\n"
    return f'{"r" if raw else ""}"""{text}"""' if raw else f'"""\\\n{text}"""'
