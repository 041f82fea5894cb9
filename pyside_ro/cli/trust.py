"""The options by which a verb proves who it is and checks who the others are.

Knows typer and what the constructors of nodes take. A verb decorated with `trusting` has the
options without listing them: its parameter `trust` holds what was given.
"""

from __future__ import annotations

import functools
import inspect
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

import typer
from PySide6.QtCore import QUrl

from pyside_ro import sslConfiguration
from pyside_ro.cli.exits import Mistake

__all__ = ["NOBODY", "Trust", "trusting", "withOptions"]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_PASSPHRASE = "PYSIDE_RO_TLS_PASSPHRASE"  # noqa: S105 - the name of a variable


@dataclass(frozen=True)
class Trust:
    """What a verb was given."""

    tls_ca: Path | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    key_file: Path | None = None

    def arguments(self) -> dict[str, Any]:
        """What the constructor of a node or host takes; Mistake when a file will not do."""
        found = self._tls()
        if self.key_file is not None:
            found["sharedKey"] = _keyIn(self.key_file)
        return found

    def _tls(self) -> dict[str, Any]:
        if self.tls_ca is None and self.tls_cert is None and self.tls_key is None:
            return {}
        try:
            configuration = sslConfiguration(
                self.tls_cert,
                self.tls_key,
                authority=self.tls_ca,
                passphrase=os.environ.get(_PASSPHRASE, ""),
            )
        except (OSError, ValueError, RuntimeError) as error:
            words = str(error)
            if "no passphrase was given" in words:
                words += f": set the environment variable {_PASSPHRASE}"
            raise Mistake(words) from None
        return {"sslConfiguration": configuration}

    def listeningAt(self, *urls: str) -> None:
        """Mistake when one of these is a TLS address and there is no certificate for it."""
        for url in urls:
            if QUrl(url).scheme() in ("tls", "wss") and self.tls_cert is None:
                raise Mistake(
                    f"to listen at {url} needs a certificate: --tls-cert FILE and --tls-key FILE"
                )


def _keyIn(path: Path) -> bytes:
    """The shared key in a file, without the line end behind it."""
    try:
        key = path.read_bytes().strip()
        mode = path.stat().st_mode
    except OSError as error:
        raise Mistake(f"the key file '{path}' cannot be read: {error.strerror}") from None
    if not key:
        raise Mistake(f"the key file '{path}' is empty")
    if os.name == "posix" and mode & 0o077:
        print(
            f"warning: others on this machine may read the key file '{path}': chmod 600 it",
            file=sys.stderr,
            flush=True,
        )
    return key


#: What a verb has that was given nothing.
NOBODY = Trust()

_OPTIONS = {
    "tls_ca": Annotated[
        Path | None,
        typer.Option(
            "--tls-ca",
            metavar="FILE",
            help="Authorities to trust at tls:// and wss:// instead of the system's (PEM). Who "
            "listens then takes only clients with a certificate of theirs.",
        ),
    ],
    "tls_cert": Annotated[
        Path | None,
        typer.Option("--tls-cert", metavar="FILE", help="The own certificate (PEM)."),
    ],
    "tls_key": Annotated[
        Path | None,
        typer.Option(
            "--tls-key",
            metavar="FILE",
            help=f"Its private key (PEM), by default in the same file; {_PASSPHRASE} in the "
            "environment decrypts it.",
        ),
    ],
    "key_file": Annotated[
        Path | None,
        typer.Option(
            "--key-file",
            metavar="FILE",
            envvar="PYSIDE_RO_KEY_FILE",
            help="A shared key: both sides prove that they have it.",
        ),
    ],
}


#: What words in a node's reason the option that helps is told after; its first match counts.
_HELP = (
    ("the host has a shared key and the client has none", "give it with --key-file FILE"),
    ("the client has a shared key and the host has none", "leave out --key-file"),
    ("shared key is another one", "give the host's with --key-file FILE"),
    ("unknown authority", "name the host's with --tls-ca FILE"),
    ("certificate is self-signed", "to trust it, name it with --tls-ca FILE"),
    ("demands a certificate", "show one with --tls-cert FILE and --tls-key FILE"),
)


def withOptions(reason: str) -> str:
    """A node's reason why it has no connection, with the option that helps instead of the API."""
    for words, help_ in _HELP:
        if words in reason:
            return f"{reason.partition(': give both the same one')[0]}: {help_}"
    return reason


def trusting(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Give a verb the options of `Trust` in the place of its parameter `trust`."""
    call: Callable[..., _R] = function
    signature = inspect.signature(function, eval_str=True)
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in _OPTIONS.items()
    ]
    own = [each for name, each in signature.parameters.items() if name != "trust"]

    @functools.wraps(function)
    def verb(*args: Any, **kwargs: Any) -> _R:
        given = {name: kwargs.pop(name, None) for name in _OPTIONS}
        return call(*args, **kwargs, trust=Trust(**given))

    verb.__signature__ = signature.replace(parameters=[*own, *options])  # type: ignore[attr-defined]
    verb.__annotations__ = {each.name: each.annotation for each in [*own, *options]}
    return verb
