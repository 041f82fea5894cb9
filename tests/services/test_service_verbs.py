"""The verbs registry and proxy, run as a service manager runs them."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pyside_ro import QRemoteObjectNode
from tests.cli.running import Running, environment, run, running
from tests.helpers import ROOT, remove_socket_file, unique_local_url, wait_until
from tests.network.sides import counter_host
from tests.network.support import LOG, dropped, listed, suspect, valid

UNITS = sorted((ROOT / "docs" / "systemd").glob("*.service"))


def printed(service: Running) -> str:
    """The URL that a service prints."""
    return service.wait_output(r"^(\S+)\n").group(1)


@pytest.mark.parametrize("end", ["terminate", "interrupt"])
def test_a_registry_serves_and_ends(peer: Any, local_url: str, end: str) -> None:
    with running("registry", "tcp://127.0.0.1:0") as service:
        url = printed(service)
        assert url.startswith("tcp://127.0.0.1:") and not url.endswith(":0")
        node = QRemoteObjectNode(url)
        with dropped(node):
            counter = node.acquireDynamic("counter")
            host = peer(
                counter_host,
                url=local_url,
                registry=url,
                names=["counter"],
                value=5,
                allow_stderr=LOG,
            )
            valid(counter)
            assert counter.value == 5
            host.stop()
            suspect(counter)
            registry = node.registry()
            assert registry is not None
            getattr(service, end)()
            code, errors = service.finish()
            assert code == 0
            assert service.output == f"{url}\n"
            assert "Traceback" not in errors
            assert f"INFO: 'counter' is at {local_url}" in errors
            assert f"INFO: 'counter' is no longer at {local_url}" in errors
            assert errors.endswith("INFO: stopping\n")
            wait_until(lambda: not registry.isReplicaValid())
            wait_until(lambda: "the service was stopped" in registry._ro.reason)


def test_a_registry_that_was_killed_comes_back(peer: Any, local_url: str) -> None:
    url = unique_local_url()
    node = QRemoteObjectNode(url)
    with dropped(node):
        counter = node.acquireDynamic("counter")
        peer(counter_host, url=local_url, registry=url, names=["counter"], allow_stderr=LOG)
        for _ in range(3):
            with running("registry", url) as service:
                assert printed(service) == url
                valid(counter, node.registry())
                wait_until(lambda: listed(node) == {"counter": local_url})
                service.process.kill()
                suspect(node.registry())
            assert counter.isReplicaValid()  # it does not pass through the registry
    remove_socket_file(url)


def test_a_registry_that_cannot_listen() -> None:
    ended = run("registry", "nonsense:here")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "error: 'nonsense:here' is no address to listen at" in ended.stderr
    ended = run("registry", "tls://127.0.0.1:99999")  # and no word of certificates
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "error: 'tls://127.0.0.1:99999' is no URL: Invalid port" in ended.stderr
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        ended = run("registry", url)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert f"error: cannot listen at '{url}'" in ended.stderr


@pytest.mark.parametrize("abstract", [False, True])
def test_the_service_manager_is_told(tmp_path: Path, local_url: str, abstract: bool) -> None:
    if abstract and sys.platform != "linux":
        pytest.skip("abstract socket names exist on Linux only")
    name = f"@pyside_ro-notify-{tmp_path.name}-{local_url}" if abstract else str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(name.replace("@", "\0", 1) if abstract else name)
        manager.settimeout(20)
        with running("registry", local_url, NOTIFY_SOCKET=name, JOURNAL_STREAM="8:1") as service:
            assert manager.recv(4096).decode() == f"READY=1\nSTATUS=listening at {local_url}"
            service.terminate()
            assert manager.recv(4096).decode() == "STOPPING=1"
            code, errors = service.finish()
    assert code == 0
    assert errors == "<6>stopping\n"


def test_a_service_manager_that_is_not_there(local_url: str) -> None:
    with running("registry", local_url, NOTIFY_SOCKET="/nowhere/at/all") as service:
        assert printed(service) == local_url
        service.terminate()
        code, errors = service.finish()
    assert code == 0
    assert "WARNING: NOTIFY_SOCKET cannot be written" in errors


def test_a_registry_that_others_can_reach_says_so() -> None:
    with running("registry", "tcp://0.0.0.0:0") as service:
        printed(service)
        service.terminate()
        code, errors = service.finish()
    assert code == 0
    assert errors.count("can be reached from other machines") == 1


def test_a_proxy(peer: Any, local_url: str) -> None:
    inner, outer, middle = (unique_local_url() for _ in range(3))
    names = ["camera 1", "camera 2", "motor"]
    node, inside = QRemoteObjectNode(outer), QRemoteObjectNode(inner)
    back = unique_local_url()
    with dropped(node, inside), running("registry", inner) as registry:
        printed(registry)
        host = peer(
            counter_host, url=local_url, registry=inner, names=names, value=3, allow_stderr=LOG
        )
        filters = ["--filter", "camera*", "--reverse", middle, "--reverse-filter", "door"]
        with running("proxy", *filters, inner, outer) as proxy:
            assert printed(proxy) == outer
            cameras = [node.acquireDynamic(name) for name in names[:2]]
            valid(*cameras)
            host.ask("setValue", "camera 1", 8)
            wait_until(lambda: cameras[0].value == 8)
            call = cameras[1].add(2, 3)
            assert call.waitForFinished(10_000) and call.returnValue() == 5
            assert set(node.connectedSources()) == {"Registry", "camera 1", "camera 2"}
            peer(counter_host, url=back, registry=outer, names=["door", "window"], allow_stderr=LOG)
            door = inside.acquireDynamic("door")
            valid(door)
            assert set(listed(inside)) == {*names, "door"}
            proxy.terminate()
            code, errors = proxy.finish()
            assert code == 0, errors
            assert "'camera 1' is shared\n" in errors and "'motor'" not in errors
            assert "Traceback" not in errors
            suspect(*cameras, door)
        with running("proxy", *filters, inner, outer) as proxy:
            printed(proxy)
            valid(*cameras, door)
            proxy.process.kill()
            suspect(*cameras, door)
        with running("proxy", *filters, inner, outer) as proxy:
            printed(proxy)
            valid(*cameras, door)
    for url in (inner, outer, middle, back):
        remove_socket_file(url)


def test_a_proxy_with_mistakes(local_url: str) -> None:
    ended = run("proxy", "nonsense", local_url)
    assert ended.returncode == 2
    assert "error: proxy: 'nonsense' is no address" in ended.stderr
    ended = run("proxy", "tcp://127.0.0.1:1", local_url, "--reverse-filter", "a*")
    assert ended.returncode == 2
    assert "--reverse URL" in ended.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_the_unit_files(unit: Path, tmp_path: Path) -> None:
    text = unit.read_text()
    [start] = [line for line in text.splitlines() if line.startswith("ExecStart=")]
    program, verb, *rest = start.removeprefix("ExecStart=").split()
    assert program.endswith("/pyside-ro")
    # The verb and its options are real ones.
    shown = run(verb, "--help").stdout
    assert all(word in shown for word in rest if word.startswith("--"))
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd-analyze is not installed here")
    copy = tmp_path / unit.name
    copy.write_text(text.replace(program, sys.executable))
    ended = subprocess.run(
        [tool, "verify", "--man=no", str(copy)],
        capture_output=True,
        text=True,
        timeout=30,
        env=environment(),
        check=False,
    )
    complaints = [line for line in ended.stderr.splitlines() if unit.name in line]
    assert not complaints, json.dumps(complaints)
