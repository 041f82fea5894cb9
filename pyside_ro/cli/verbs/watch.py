"""``pyside-ro watch URL NAME [MEMBER…]``: property changes and signals as they come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import typer
from PySide6.QtCore import SIGNAL, QCoreApplication, QMetaMethod, QObject
from rich.text import Text

from pyside_ro import QRemoteObjectReplica, interfaceOf
from pyside_ro.cli.exits import Mistake, command, unknown
from pyside_ro.cli.options import AsJson, Name, Timeout, Url
from pyside_ro.cli.output import console, printJson
from pyside_ro.cli.session import Session, memberNames
from pyside_ro.cli.trust import NOBODY, Trust, trusting
from pyside_ro.cli.values import readable

__all__ = ["watch"]


@trusting
@command
def watch(
    url: Url,
    name: Name,
    members: Annotated[
        list[str] | None,
        typer.Argument(metavar="MEMBERS", help="Properties and signals; by default all."),
    ] = None,
    count: Annotated[
        int | None, typer.Option("--count", min=1, help="End after so many lines.")
    ] = None,
    json: AsJson = False,
    timeout: Timeout = 5.0,
    trust: Trust = NOBODY,
) -> None:
    """Print what changes and what is emitted, as it comes, until Ctrl-C.

    A lost connection is said so, and made again.
    """
    with Session(url, timeout, trust) as session:
        replica = session.acquire(name)
        watcher = _Watcher(session, replica, name, _print if not json else _printJson, count)
        watcher.connect(members or [])
        try:
            session.run()
        finally:
            watcher.silent = True
        if watcher.problem is not None:
            raise watcher.problem


def _print(entry: dict[str, Any], time: datetime) -> None:
    line = Text(time.strftime("%H:%M:%S.%f")[:-3], "dim").append(f"  {entry['object']}", "default")
    if entry["kind"] == "state":
        line.append(f"  {entry['state']}", "bold yellow").append(f"  {entry['reason']}", "default")
    elif entry["kind"] == "property":
        line.append(f".{entry['member']}", "bold").append(f" = {readable(entry['value'])}")
    else:
        inner = ", ".join(map(readable, entry["arguments"]))
        line.append(f".{entry['member']}", "bold cyan").append(f"({inner})")
    console().print(line)


def _printJson(entry: dict[str, Any], time: datetime) -> None:
    printJson({"time": time.isoformat(timespec="milliseconds"), **entry}, lines=True)


class _Watcher:
    """Connects to the signals of a replica and prints what comes."""

    def __init__(
        self,
        session: Session,
        replica: Any,
        name: str,
        show: Callable[[dict[str, Any], datetime], None],
        count: int | None,
    ) -> None:
        self.problem: BaseException | None = None
        self.silent = False
        self._session = session
        self._replica = replica
        self._name = name
        self._show = show
        self._left = count
        self._interface = interfaceOf(replica)
        self._last: dict[str, Any] = {}

    def connect(self, members: list[str]) -> None:
        """Watch these members (all when there are none); Mistake for one that is not there."""
        properties = {p.name: p for p in self._interface.properties}
        signals = memberNames(self._interface.signals)
        for member in members:
            if member in properties:
                if properties[member].notify < 0:
                    raise Mistake(
                        f"{self._name}.{member} has no notify signal: nobody hears when it "
                        "changes; 'show' has its value"
                    )
            elif member not in signals:
                known = [*properties, *(s for s in signals if s not in properties)]
                where = f"{self._session.url} {self._name}"
                raise unknown("property or signal", member, where, known)
        wanted = set(members)
        for index, info in enumerate(self._interface.signals):
            told = [self._interface.properties[i].name for i in self._interface.notified[index]]
            shown = [p for p in told if not wanted or p in wanted]
            if shown:
                self._listen(info.name, self._changes(shown))
            # A notify signal is told of by its properties, unless it was asked for by name.
            if info.name in wanted or (not wanted and not told):
                self._listen(info.name, self._emissions(info.name))
        self._last = {p: getattr(self._replica, p) for p in properties}
        if "stateChanged" not in signals:  # the source's own would be found
            self._replica.stateChanged.connect(self._state)

    def _listen(self, name: str, hear: Callable[..., None]) -> None:
        """Connect to all overloads of a signal."""
        meta = self._replica.metaObject()
        for index in range(meta.methodOffset(), meta.methodCount()):
            method = meta.method(index)
            if (
                method.methodType() is QMetaMethod.MethodType.Signal
                and method.name().data().decode() == name
            ):
                signature = method.methodSignature().data().decode()
                QObject.connect(self._replica, SIGNAL(signature), hear)

    def _changes(self, properties: list[str]) -> Callable[..., None]:
        def hear(*_: object) -> None:
            for name in properties:
                value = getattr(self._replica, name)
                # A signal of several properties: only those that are new.
                if len(properties) > 1 and _same(self._last.get(name), value):
                    continue
                self._last[name] = value
                self._tell({"member": name, "kind": "property", "value": value})

        return hear

    def _emissions(self, name: str) -> Callable[..., None]:
        def hear(*args: object) -> None:
            self._tell({"member": name, "kind": "signal", "arguments": list(args)})

        return hear

    def _state(self, new: Any, old: Any) -> None:
        reason = "" if new is QRemoteObjectReplica.State.Valid else self._session.node.errorString()
        entry = {"kind": "state", "state": new.name, "reason": reason}
        self._tell(entry, counts=False)

    def _tell(self, entry: dict[str, Any], counts: bool = True) -> None:
        if self.silent or self.problem is not None or self._left == 0:
            return
        try:
            self._show({"object": self._name, **entry}, datetime.now().astimezone())
        except Exception as problem:  # a pipe that nobody reads any more
            # Raised here it would be lost: Qt called this.
            self.problem = problem
            QCoreApplication.quit()
            return
        if counts and self._left is not None:
            self._left -= 1
            if self._left == 0:
                QCoreApplication.quit()


def _same(one: Any, other: Any) -> bool:
    try:
        return type(one) is type(other) and bool(one == other)
    except Exception:  # arrays
        return False
