"""How a verb ends when it cannot do its work: three errors, their exit codes, a line of words.

Knows typer's Exit and the package's exceptions.
"""

from __future__ import annotations

import difflib
import functools
import sys
from collections.abc import Callable, Iterable
from typing import ParamSpec, TypeVar

import typer

from pyside_ro import CannotCross, RemoteObjectsError
from pyside_ro.cli.output import brokenPipe

__all__ = ["Mistake", "Refused", "Unreachable", "command", "unknown"]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_MOST_NAMES = 30


class _Failure(Exception):
    """Ends the verb with `code` and this text; `lines` are shown below it as they are."""

    code = 1

    def __init__(self, text: str, *lines: str) -> None:
        super().__init__(text)
        self.lines = lines


class Refused(_Failure):
    """The remote side raised, or did not do as asked."""


class Mistake(_Failure):
    """What was typed cannot be right."""

    code = 2


class Unreachable(_Failure):
    """There is no connection, or no answer in time."""

    code = 3


def command(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Have a verb end with one line and an exit code instead of a traceback."""

    @functools.wraps(function)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return function(*args, **kwargs)
        except _Failure as error:
            _tell(str(error), *error.lines)
            raise typer.Exit(error.code) from None
        except RemoteObjectsError as error:
            _tell(str(error))
            # What cannot cross was typed here.
            raise typer.Exit(2 if isinstance(error, CannotCross) else 1) from None
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
        except BrokenPipeError:
            brokenPipe()

    return guarded


def _tell(text: str, *lines: str) -> None:
    text = " ".join(text.split())
    try:
        print(f"error: {text}", *lines, sep="\n", file=sys.stderr, flush=True)
    except BrokenPipeError:
        pass


def unknown(kind: str, name: str, where: str, known: Iterable[str]) -> Mistake:
    """The mistake of naming something that is not there: with the names that are.

    ``unknown("object", "gpz", "local:demo", ["gps"])`` reads "no object 'gpz' at local:demo; did
    you mean 'gps'? There are: gps".
    """
    names = list(known)
    close = difflib.get_close_matches(name, names, 1, 0.5)
    if not close:
        close = [n for n in names if n.casefold() == name.casefold()]
    hint = f"; did you mean '{close[0]}'?" if close else "."
    if not names:
        return Mistake(f"no {kind} '{name}' at {where}{hint} There is none at all")
    shown = ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
    return Mistake(f"no {kind} '{name}' at {where}{hint} There are: {shown}")
