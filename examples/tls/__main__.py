"""Makes throwaway certificates, then starts the host and the client of this example."""

import socket
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _run import run
from certificates import make

if not any(argument.startswith("--url") for argument in sys.argv):
    with socket.create_server(("127.0.0.1", 0)) as free:
        sys.argv += ["--url", f"tls://127.0.0.1:{free.getsockname()[1]}"]
with tempfile.TemporaryDirectory() as folder:
    problem = make(Path(folder))
    if problem:
        sys.exit(problem)
    given = ("--certificates", folder)
    code = run(Path(__file__).parent, host=("host.py", *given), clients=[("client.py", *given)])
sys.exit(code)
