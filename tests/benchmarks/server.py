"""The server process: shares what a case needs, says where, and serves until told to stop.

`python -m tests.benchmarks.server SIDE URL SHARE COUNT`. Prints one line of JSON with the URL
when it is ready; ends when its standard input does, so that it never outlives the runner.
"""

import os
import sys

from PySide6.QtCore import QCoreApplication, QObject, QUrl

from . import sources
from .child import endWithInput, profiled, say, settle
from .sides import load


def offered(share: str, count: int) -> tuple[dict[str, QObject], list[QObject]]:
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
    raise ValueError(f"nothing to share is called {share!r}")


def main() -> None:
    side, url, share, count = sys.argv[1:5]
    settle(last=False)
    app = QCoreApplication(sys.argv[:1])
    api = load(side)
    host = api.QRemoteObjectHost(QUrl(url))
    shared, kept = offered(share, int(count))
    for name, source in shared.items():
        if not host.enableRemoting(source, name):
            say({"failed": f"enableRemoting({name!r}) failed: {host.lastError()}"})
            os._exit(1)
    say({"url": host.hostUrl().toString()})
    endWithInput(app)
    with profiled():
        app.exec()
    del kept
    # Not sys.exit: the peer may crash when Python takes its objects apart.
    os._exit(0)


if __name__ == "__main__":
    main()
