"""The command line's table of contents: which verb is where, and how any of them may end.

Knows typer and the verbs; each verb knows only itself.
"""

from __future__ import annotations

import typer

from pyside_ro import __version__
from pyside_ro.cli.verbs.call import call
from pyside_ro.cli.verbs.demo import demo
from pyside_ro.cli.verbs.list import list_
from pyside_ro.cli.verbs.proxy import proxy
from pyside_ro.cli.verbs.qml import qml
from pyside_ro.cli.verbs.registry import registry
from pyside_ro.cli.verbs.rep import rep
from pyside_ro.cli.verbs.repc import repc
from pyside_ro.cli.verbs.set import set_
from pyside_ro.cli.verbs.show import show
from pyside_ro.cli.verbs.stub import stub
from pyside_ro.cli.verbs.watch import watch

__all__ = ["run"]

# Values may begin with a dash ("call URL stage move -5"): what is no option is an argument.
_VALUES = {"ignore_unknown_options": True}

_app = typer.Typer(
    help="Share live QObjects between processes: a demo, a look at what a host shares, services.",
    epilog="Exit codes: 0 done, 1 the remote side refused, 2 a mistake in what was typed, "
    "3 no connection, 130 Ctrl-C. URLs: local:NAME, localabstract:NAME, tcp://HOST:PORT, "
    "tls://HOST:PORT, ws://HOST:PORT, wss://HOST:PORT.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
_app.command("demo")(demo)
_app.command("list")(list_)
_app.command("show")(show)
_app.command("watch")(watch)
_app.command("call", context_settings=_VALUES)(call)
_app.command("qml")(qml)
_app.command("set", context_settings=_VALUES)(set_)
_app.command("registry")(registry)
_app.command("proxy")(proxy)
_app.command("repc")(repc)
_app.command("stub")(stub)
_app.command("rep")(rep)


def _tellVersion(wanted: bool) -> None:
    if wanted:
        print(f"pyside-ro {__version__}")
        raise typer.Exit


@_app.callback()
def _main(
    version: bool = typer.Option(
        False, "--version", help="Print the version and end.", callback=_tellVersion, is_eager=True
    ),
) -> None:
    """Share live QObjects between processes: a demo, a look at what a host shares, services."""


def run() -> None:
    """Run what ``sys.argv`` says and end the process."""
    _app(prog_name="pyside-ro")
