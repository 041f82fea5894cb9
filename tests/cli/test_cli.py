"""The verbs list, show, watch, call and set, run as a user runs them, on a host of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.running import COMMAND, demo_host, environment, run, running
from tests.cli.values_host import VALUES, cabinet_host
from tests.helpers import PeerProcess, remove_socket_file, unique_local_url


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    """The URL of the demo's host."""
    url = unique_local_url()
    with demo_host(url):
        yield url
    remove_socket_file(url)


@pytest.fixture(scope="module")
def cabinet(qapp: Any) -> Iterator[str]:
    """The URL of a host with a value of every kind."""
    url = unique_local_url()
    # What it logs of slots that raise is not looked at here.
    process = PeerProcess(cabinet_host, app="gui", allow_stderr=True, url=url)
    yield url
    process.stop()


def failed(*arguments: str, code: int) -> str:
    """Run a command that must fail with `code`: its one line on stderr, without a traceback."""
    ended = run(*arguments)
    assert ended.returncode == code, ended
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    assert ended.stderr.startswith("error: ")
    assert ended.stderr.count("\n") == 1
    return ended.stderr


def test_list(demo: str) -> None:
    ended = run("list", demo)
    assert ended.returncode == 0, ended
    assert ended.stderr == ""
    lines = [line.split() for line in ended.stdout.splitlines()]
    assert lines == [["name", "type"], ["gps", "GpsReceiver"], ["printer", "Printer"]]
    ended = run("list", demo, "--json")
    assert json.loads(ended.stdout)[0] == {"name": "gps", "type": "GpsReceiver"}


def test_show(demo: str) -> None:
    ended = run("show", demo, "printer")
    assert ended.returncode == 0, ended
    lines = ended.stdout.splitlines()
    assert lines[0].split() == ["printer", "Printer"]
    assert ["paper", "int", "read-only", "64"] in [line.split() for line in lines]
    assert ["tray", "int", "constant", "100"] in [line.split() for line in lines]
    text = [line.rstrip() for line in lines]
    assert "submit(title: QString, pages: int) -> int" in text
    assert "jobFinished(id: int, title: QString)" in text
    assert "Fix  NoFix=0, Gps=1, Dgps=2" in run("show", demo, "gps").stdout


def test_show_json(demo: str) -> None:
    shown = json.loads(run("show", demo, "gps", "--json").stdout)
    assert (shown["name"], shown["type"]) == ("gps", "GpsReceiver")
    properties = {p["name"]: p for p in shown["properties"]}
    assert properties["interval"] == {
        "name": "interval",
        "type": "int",
        "writable": True,
        "constant": False,
        "notify": "intervalChanged",
        "value": 100,
    }
    assert isinstance(properties["latitude"]["value"], float)
    [history] = shown["slots"]
    assert history["arguments"] == [{"name": "seconds", "type": "int"}]
    assert {"name": "stopPassed", "arguments": [{"name": "name", "type": "QString"}]} in shown[
        "signals"
    ]
    assert shown["enums"][0]["keys"]["RtkFixed"] == 4


def test_call(demo: str) -> None:
    ended = run("call", demo, "printer", "submit", "Two words", "2")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert int(ended.stdout) >= 1
    ended = run("call", demo, "printer", "estimate", "1", "--json")
    assert json.loads(ended.stdout) > 0
    ended = run("call", demo, "printer", "refill")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert run("call", demo, "printer", "refill", "--json").stdout == "null\n"


def test_call_that_is_refused(demo: str) -> None:
    error = failed("call", demo, "printer", "submit", "Book", "5000", code=1)
    assert error.startswith("error: PrinterError: not enough paper: ")
    assert error.endswith("5000 needed (printer.submit)\n")
    # A dash before a number makes no option of it.
    error = failed("call", demo, "gps", "history", "-3", code=1)
    assert "ValueError: history(seconds) takes 0 to 600, not -3 (gps.history)" in error


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["printer", "submit", "x"], "does not take 1 argument: it is submit(title: QString,"),
        (["printer", "submit", "x", "y"], "argument 2 (pages) of printer.submit must be a whole"),
        (["printer", "sumbit"], "did you mean 'submit'? There are: submit, cancel, refill"),
        (["printer", "paper"], "printer.paper is a property"),
        (["printer", "jobFinished"], "printer.jobFinished is a signal"),
        (["Printer", "submit"], "did you mean 'printer'? There are: gps, printer"),
    ],
)
def test_mistakes_in_calls(demo: str, arguments: list[str], words: str) -> None:
    assert words in failed("call", demo, *arguments, code=2)


def test_arguments_are_read_as_the_slot_wants(cabinet: str) -> None:
    def called(*arguments: str) -> str:
        ended = run("call", cabinet, "cabinet", *arguments)
        assert ended.returncode == 0, ended
        return ended.stdout.rstrip("\n")

    assert called("kind", "12") == "int 12"
    assert called("kind", "twelve") == "str 'twelve'"
    assert called("kind", '{"a": [1, null]}') == "dict {'a': [1, None]}"
    assert called("paint", "red") == "#ff0000"
    assert called("along", "[2.5, 1]") == "2.5"
    assert called("mixed", "[1]", "yes", "-2") == "[1] True -2.0"
    assert "must be a QColor, not 'reddish'" in failed(
        "call", cabinet, "cabinet", "paint", "reddish", code=2
    )
    assert "argument 2 (flag) of cabinet.mixed must be true or false" in failed(
        "call", cabinet, "cabinet", "mixed", "[]", "perhaps", "1", code=2
    )


def test_arguments_that_are_no_text(cabinet: str) -> None:
    # Bytes that are not UTF-8 reach Python as lone surrogates.
    error = failed("call", cabinet, "cabinet", "kind", os.fsdecode(b"caf\xe9"), code=2)
    assert "argument 1 (value) of cabinet.kind" in error
    assert "surrogate" in error


def test_a_slot_that_does_not_answer(cabinet: str) -> None:
    error = failed("call", cabinet, "cabinet", "sleep", "--timeout", "0.3", code=3)
    assert error == "error: no answer from cabinet.sleep within 0.3 s\n"


@pytest.mark.parametrize("name", VALUES)
def test_each_value_is_one_short_line(cabinet: str, name: str) -> None:
    from pyside_ro.cli.values import readable

    shown = readable(VALUES[name])
    assert "\n" not in shown
    assert len(shown) < 350


def test_every_value_crosses_into_text_and_json(cabinet: str) -> None:
    ended = run("call", cabinet, "cabinet", "all", "--json")
    assert (ended.returncode, ended.stderr) == (0, "")

    def no_constants(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    found = json.loads(ended.stdout, parse_constant=no_constants)
    assert list(found) == list(VALUES)
    assert found["big"] == 2**64 - 1
    assert found["nan"] is None
    assert found["text"] == VALUES["text"]
    assert found["bytes"]["base64"].startswith("AAECAw")
    assert found["odd keys"] == {"1": "one", "(2, 3)": "pair"}
    assert found["datetime"] == "2024-02-29T12:30:00+00:00"
    assert found["array"]["shape"] == [64, 64]
    assert found["array"]["data"][1][0] == 64.0
    assert found["nan array"]["data"] == [None, 1.0]
    assert found["colour"] == "#ff336699"
    assert found["point"] == [1.5, -2.0]
    assert found["qdatetime"] == "1970-01-01T00:00:00.000Z"
    assert found["image"]["type"] == "QImage"
    assert found["named tuple"] == {"x": 1, "y": 2}
    assert found["dataclass"] == {"name": "one", "values": [1.0, None]}
    ended = run("call", cabinet, "cabinet", "value", "array")
    assert ended.stdout == "array(64x64, float64) [0.0 1.0 2.0 3.0 4.0 5.0 …]\n"
    # Not taken for markup.
    assert "[bold]" in run("call", cabinet, "cabinet", "value", "text").stdout


def test_set(cabinet: str) -> None:
    def wrote(*arguments: str) -> tuple[int, str]:
        ended = run("set", cabinet, "cabinet", *arguments)
        assert ended.stderr == ""
        return ended.returncode, ended.stdout

    assert wrote("level", "-3") == (0, "-3\n")
    assert wrote("level", "-3") == (0, "-3\n")
    assert wrote("level", "99", "--json") == (0, "10\n")  # the source made something else of it
    assert wrote("late", "7") == (0, "7\n")  # no notify signal: read back nevertheless
    assert wrote("box", '{"b": [2]}', "--json") == (0, '{"b": [2]}\n')
    error = failed("set", cabinet, "cabinet", "deaf", "4", code=1)
    assert error == "error: cabinet.deaf is still 1: the source did not take it\n"


def test_set_that_is_refused(demo: str) -> None:
    assert run("set", demo, "gps", "interval", "120").stdout == "120\n"
    error = failed("set", demo, "gps", "interval", "1", code=1)
    assert error == "error: ValueError: interval takes 10 to 5000 ms, not 1 (gps.interval)\n"
    assert run("set", demo, "gps", "interval", "100").stdout == "100\n"
    error = failed("set", demo, "gps", "speed", "1", code=2)
    assert error == "error: gps.speed is read-only; writable are: interval\n"
    assert "must be a whole number (int), not 'fast'" in failed(
        "set", demo, "gps", "interval", "fast", code=2
    )
    assert "did you mean 'interval'?" in failed("set", demo, "gps", "intervall", "1", code=2)


def test_watch(demo: str) -> None:
    ended = run("watch", demo, "gps", "latitude", "timeChanged", "--count", "4")
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = [line.split(maxsplit=1)[1] for line in ended.stdout.splitlines()]
    assert len(lines) == 4
    assert {line.split(" ")[0].split("(")[0] for line in lines} == {
        "gps.latitude",
        "gps.timeChanged",
    }
    ended = run("watch", demo, "gps", "--count", "3", "--json")
    entries = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len(entries) == 3
    assert entries[0]["object"] == "gps"
    assert {entry["kind"] for entry in entries} == {"property"}


def test_watch_signals(cabinet: str) -> None:
    with running("watch", cabinet, "cabinet", "rung", "level", "--json") as watch:
        time_of_first = None
        while time_of_first is None:  # until the watcher is there
            run("call", cabinet, "cabinet", "ring", "2")
            time_of_first = watch.output or _read_soon(watch)
        entry = json.loads(watch.output.splitlines()[0])
        assert entry.pop("time")
        assert entry == {
            "object": "cabinet",
            "member": "rung",
            "kind": "signal",
            "arguments": ["ding", 2],
        }
        run("set", cabinet, "cabinet", "level", "8")
        watch.wait_output(r'"member": "level", "kind": "property", "value": 8')
        watch.interrupt()
        assert watch.finish() == (130, "")


def _read_soon(watch: Any) -> str | None:
    try:
        watch.wait_output(r"rung.*\n", timeout=0.5)
    except AssertionError:
        return None
    return str(watch.output)


def test_mistakes_in_watch(cabinet: str) -> None:
    error = failed("watch", cabinet, "cabinet", "levle", code=2)
    assert "no property or signal 'levle'" in error
    assert "did you mean 'level'?" in error
    error = failed("watch", cabinet, "cabinet", "deaf", code=2)
    assert "cabinet.deaf has no notify signal" in error


def test_watch_outlives_its_host(local_url: str) -> None:
    with demo_host(local_url) as host:
        watch_context = running("watch", local_url, "gps", "latitude")
        with watch_context as watch:
            watch.wait_output(r"gps\.latitude = ")
            host.process.kill()
            watch.wait_output(r"gps  Suspect  local:\S+: ", timeout=5)
            with demo_host(local_url):
                watch.wait_output(r"gps  Valid(?s:.*)gps\.latitude = ")
            watch.interrupt()
            assert watch.finish() == (130, "")


def test_ctrl_c_while_connecting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        url = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with running("list", url, "--timeout", "30") as waiting:
            connection, _ = server.accept()  # and never a word
            with connection:
                connection.recv(1)
                waiting.interrupt()
                assert waiting.finish(timeout=15) == (130, "")  # not after the 30 s


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_pipe_that_nobody_reads(demo: str, options: list[str]) -> None:
    process = subprocess.Popen(
        [*COMMAND, "watch", demo, "gps", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(20) == 141
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "'nonsense' is no URL of a host: local:NAME or tcp://HOST:PORT is expected"),
        ("foo://x", "foo://x"),
        ("tcp://127.0.0.1", "port"),
        ("tcp://127.0.0.1:99999", "error: 'tcp://127.0.0.1:99999' is no URL: Invalid port"),
        (" local:x", "error: ' local:x' is no URL: Invalid path (character ' ' not permitted)"),
        ("", "is no URL of a host"),
    ],
)
def test_bad_urls(url: str, words: str) -> None:
    assert words in failed("list", url, code=2)


def test_nobody_there(local_url: str) -> None:
    error = failed("list", local_url, "--timeout", "0.3", code=3)
    assert error.startswith(f"error: no connection within 0.3 s: {local_url}: ")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        url = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        error = failed("show", url, "gps", "--timeout", "0.3", code=3)
    assert "refused" in error


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b""])
def test_another_kind_of_server(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connections = []
            try:
                while True:
                    connection, _ = server.accept()
                    connection.sendall(answer)
                    connections.append(connection)
            except OSError:
                for connection in connections:
                    connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        url = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        error = failed("list", url, "--timeout", "0.5", code=3)
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert ("speaks HTTP" in error) if answer else ("no connection within 0.5 s" in error)


@pytest.mark.parametrize("module", ["typer", "rich"])
def test_without_the_extra(module: str) -> None:
    code = f"import sys; sys.modules['{module}'] = None; import pyside_ro.cli as c; c.main()"
    ended = subprocess.run(
        [sys.executable, "-c", code, "list"],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert ended.returncode == 2
    assert 'pip install "pyside-ro[cli]"' in ended.stderr
    assert "Traceback" not in ended.stderr


def test_usage() -> None:
    ended = run("show")
    assert ended.returncode == 2
    assert "Missing argument" in ended.stderr
    ended = run("list", "local:x", "--timeout", "nan")
    assert (ended.returncode, ended.stdout) == (2, "")
    ended = run("--help")
    assert ended.returncode == 0
    for verb in ("demo", "list", "show", "watch", "call", "set", "registry", "proxy"):
        assert verb in ended.stdout
