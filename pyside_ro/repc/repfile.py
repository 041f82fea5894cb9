"""RepFile: classes from .rep text at run time.

Knows all of this room.
"""

from __future__ import annotations

from typing import Any

from .checking import check, complainer
from .making import Maker

__all__ = ["RepFile"]


class RepFile:
    """The classes that a .rep file describes (PySide6.QtRemoteObjects.RepFile).

    `content` is the text of the file, not its name. ``source["Simple"]`` is a QObject subclass
    with the properties (and their defaults), signals and ``pushX`` slots of ``class Simple``;
    its slots raise NotImplementedError until a subclass overrides them. ``replica["Simple"]`` is
    for `QRemoteObjectNode.acquire`. ``pod["Point"]`` is a tuple subclass that checks its fields'
    types. The classes' `get_enum` gives their enums.

    Beyond PySide6's: `file` names the file in errors, ``enum["Top"]`` is an enum or flag
    declared outside of the classes, and the enums of a class are its attributes as well.

    Raises RepError (a ValueError, and a RuntimeError as PySide6's is) for what is no .rep file,
    TypeError when `content` is no text.
    """

    def __init__(self, content: str, /, file: str = "") -> None:
        if not isinstance(content, str):
            raise TypeError(
                f"RepFile() takes the text of a .rep file, not {type(content).__name__}"
            )
        # Here, as lark takes its time, and who has no .rep file needs none of it.
        from .parser import parse

        self._file = parse(content, file)
        complain = complainer(content, file)
        check(self._file, complain)
        maker = Maker(complain, self._file.uses)
        maker.makeAll(self._file)
        #: The source classes, replica classes, record classes and file-level enums, by name.
        self.source: dict[str, Any] = maker.source
        self.replica: dict[str, Any] = maker.replica
        self.pod: dict[str, Any] = maker.pod
        self.enum: dict[str, Any] = maker.enum
        self._scope = maker.scope

    def __repr__(self) -> str:
        classes, pods = ", ".join(self.source), ", ".join(self.pod)
        return f"RepFile(Classes: [{classes}], PODs: [{pods}])"
