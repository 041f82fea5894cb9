"""The server process: shares what a case needs, says where, and serves until told to stop.

`python -m tests.benchmarks.server SIDE URL SHARE COUNT`. Prints one line of JSON with the URL
when it is ready; ends when its standard input does, so that it never outlives the runner.
"""

import os
import sys
import time
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QCoreApplication, QObject, QUrl

from . import models, sources
from .child import endWithInput, profiled, say, settle
from .sides import load


def offered(share: str, count: int) -> tuple[dict[str, QObject], list[Any]]:
    """What is shared, by name, and what has to live besides."""
    if share == "bench":
        return {"bench": sources.Bench()}, []
    if share == "arrays":
        return {"arrays": sources.Arrays()}, []
    if share == "unwatched":
        quiet = sources.Bench()
        return {"quiet": quiet, "control": sources.Control(quiet)}, []
    if share == "gauges":
        gauges: dict[str, QObject] = {f"gauge{i}": sources.Gauge() for i in range(count)}
        unused = sources.Bench()
        return {**gauges, "control": sources.Control(unused)}, [unused]
    if share == "models":
        rows = models.Rows(count)
        return {"changer": models.Changer(rows)}, [rows, models.Million()]
    raise ValueError(f"nothing to share is called {share!r}")


def network(api: Any, url: str, count: int) -> tuple[Any, list[object]]:
    """A registry host, with as many hosts that have one gauge each, and what has to live."""
    unused = sources.Bench()
    control = sources.Control(unused)
    registry = api.QRemoteObjectRegistryHost(QUrl(url))
    at = registry.registryUrl()
    kept: list[object] = [unused, control]
    shared = registry.enableRemoting(control, "control")
    for i in range(count):
        there = url if url.endswith(":0") else f"{url}-{i}"
        host, gauge = api.QRemoteObjectHost(QUrl(there), at), sources.Gauge()
        shared = shared and host.enableRemoting(gauge, f"gauge{i}")
        kept += [host, gauge]
        # Else the peer's hosts all wait at once, and the system turns most of them away.
        QCoreApplication.processEvents()
    if not shared:
        raise ConnectionError(f"a host of the network cannot share: {registry.lastError()}")
    end = time.monotonic() + 30
    while len(registry.registry().sourceLocations()) <= count:
        QCoreApplication.processEvents()
        if time.monotonic() > end:
            raise TimeoutError(f"{len(registry.registry().sourceLocations())} hosts registered")
    return registry, kept


def main() -> None:
    side, url, share, count = sys.argv[1:5]
    settle(last=False)
    app = QCoreApplication(sys.argv[:1])
    api = load(side)
    kept: list[Any]
    if share == "network":
        host, kept = network(api, url, int(count))
    else:
        host = api.QRemoteObjectHost(QUrl(url))
        shared, kept = offered(share, int(count))
        kept.append(shared)
        for name, source in shared.items():
            if not host.enableRemoting(source, name):
                say({"failed": f"enableRemoting({name!r}) failed: {host.lastError()}"})
                os._exit(1)
    for model in kept:
        if isinstance(model, QAbstractItemModel):
            host.enableRemoting(model, type(model).__name__.lower(), [models.DISPLAY])
    say({"url": host.hostUrl().toString()})
    endWithInput(app)
    with profiled():
        app.exec()
    del kept
    # Not sys.exit: the peer may crash when Python takes its objects apart.
    os._exit(0)


if __name__ == "__main__":
    main()
