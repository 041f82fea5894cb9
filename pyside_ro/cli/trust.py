"""The options by which a verb proves who it is and checks who the others are.

Knows typer and what the constructors of nodes take. A verb decorated with `trusting`, or one that
listens with `hosting`, has the options without listing them: its parameter `trust` holds what was
given.
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

__all__ = ["NOBODY", "Trust", "hosting", "trusting", "withOptions"]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_DEMAND = "tls-demand-certificates"
_PASSPHRASE = "PYSIDE_RO_TLS_PASSPHRASE"  # noqa: S105 - the name of a variable


@dataclass(frozen=True)
class Trust:
    """What a verb was given."""

    tls_ca: Path | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    key_file: Path | None = None
    #: None: as the verb has it.
    tls_demand_certificates: bool | None = None

    def arguments(self, demand: bool = False) -> dict[str, Any]:
        """What the constructor of a node or host takes; Mistake when a file will not do.

        `demand`: whether a host demands certificates of its clients where nothing else was said
        and there are authorities to check them by.
        """
        if self.tls_demand_certificates is not None:
            demand = self.tls_demand_certificates
        if self.tls_demand_certificates and self.tls_ca is None:
            raise Mistake(
                "--tls-demand-certificates needs the authority that issues them: --tls-ca FILE"
            )
        found = self._tls(demand)
        if self.key_file is not None:
            found["sharedKey"] = _keyIn(self.key_file)
        return found

    def words(self) -> list[str]:
        """The options, as they were given."""
        found: list[str] = []
        for name in _OPTIONS:
            path = getattr(self, name)
            if path is not None:
                found += ["--" + name.replace("_", "-"), str(path)]
        if self.tls_demand_certificates is not None:
            found.append(("--" if self.tls_demand_certificates else "--no-") + _DEMAND)
        return found

    def _tls(self, demand: bool) -> dict[str, Any]:
        if self.tls_ca is None and self.tls_cert is None and self.tls_key is None:
            return {}
        try:
            configuration = sslConfiguration(
                self.tls_cert,
                self.tls_key,
                authority=self.tls_ca,
                passphrase=os.environ.get(_PASSPHRASE, ""),
                demandCertificates=demand,
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
            parsed = QUrl(url)  # what is no URL the host itself refuses, in words
            secure = parsed.isValid() and parsed.scheme() in ("tls", "wss")
            if secure and self.tls_cert is None:
                raise Mistake(
                    f"to listen at {url} needs a certificate: --tls-cert FILE and --tls-key FILE"
                )

    def takesAnybody(self, *urls: str) -> bool:
        """Whether it may surprise that clients there need no certificate, despite authorities."""
        secure = any(QUrl(url).scheme() in ("tls", "wss") for url in urls)
        return secure and self.tls_ca is not None and self.tls_demand_certificates is None


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
            help="Authorities to trust at tls:// and wss:// instead of the system's (PEM).",
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
    return _with(_OPTIONS, function)


def hosting(default: str) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """As `trusting`, for a verb that listens: one option more, with its default in words."""
    demand = Annotated[
        bool | None,
        typer.Option(
            f"--{_DEMAND}/--no-{_DEMAND}",
            help="Take only clients with a certificate of an authority in --tls-ca (mutual TLS). "
            + default,
        ),
    ]
    return lambda function: _with({**_OPTIONS, "tls_demand_certificates": demand}, function)


def _with(options: dict[str, Any], function: Callable[_P, _R]) -> Callable[_P, _R]:
    call: Callable[..., _R] = function
    signature = inspect.signature(function, eval_str=True)
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in options.items()
    ]
    own = [each for name, each in signature.parameters.items() if name != "trust"]

    @functools.wraps(function)
    def verb(*args: Any, **kwargs: Any) -> _R:
        given = {name: kwargs.pop(name, None) for name in options}
        return call(*args, **kwargs, trust=Trust(**given))

    verb.__signature__ = signature.replace(parameters=[*own, *more])  # type: ignore[attr-defined]
    verb.__annotations__ = {each.name: each.annotation for each in [*own, *more]}
    return verb
