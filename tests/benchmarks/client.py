"""The client process: measures one case on one side, once.

`python -m tests.benchmarks.client SIDE URL CASE full|quick`. Prints one line of JSON: the
figures by metric, or `failed` with the reason.
"""

import os
import sys

from PySide6.QtCore import QCoreApplication

from .cases import byKey
from .child import endWithInput, profiled, say, settle
from .measures import MEASURES
from .sides import Side


def main() -> None:
    side, url, key, size = sys.argv[1:5]
    settle(last=True)
    app = QCoreApplication(sys.argv[:1])
    endWithInput(app, atOnce=True)
    case = byKey(key)
    parameters = case.full if size == "full" else case.quick
    try:
        with profiled():
            figures = MEASURES[case.measure](Side(side, url, case.timeout), **parameters)
    except Exception as error:
        say({"failed": f"{type(error).__name__}: {error}"})
        os._exit(1)
    say({"figures": figures})
    # The peer crashes when Python exits while it holds a dynamic replica.
    os._exit(0)


if __name__ == "__main__":
    main()
