"""The socket files of local hosts: whose they are, when they are taken over, when they are not."""

from __future__ import annotations

import os
import socket
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QDir
from PySide6.QtNetwork import QLocalServer

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode
from pyside_ro.errors import ErrorCode
from tests.badinput.ticking import Witness, ticking_host
from tests.helpers import unique_local_url, wait_until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="named pipes are no files")

Option = QLocalServer.SocketOption
OPTIONS = [Option.NoOptions, Option.UserAccessOption, Option.WorldAccessOption]


@pytest.fixture(params=OPTIONS, ids=lambda option: option.name)
def access(request):
    """All hosts of the test listen with this access option."""
    QRemoteObjectHost.setLocalServerOptions(request.param)
    yield request.param
    QRemoteObjectHost.setLocalServerOptions(Option.UserAccessOption)


def file(url: str) -> Path:
    return Path(QDir.tempPath(), url.partition(":")[2])


def test_the_file_is_for_the_same_user_only(qapp, local_url):
    host = QRemoteObjectHost(local_url)
    info = file(local_url).stat()
    assert stat.S_ISSOCK(info.st_mode)
    assert info.st_mode & 0o077 == 0
    assert info.st_uid == os.geteuid()
    assert host.hostUrl().toString() == local_url


def test_the_world_may_when_it_is_told_so(qapp, local_url):
    QRemoteObjectHost.setLocalServerOptions(Option.WorldAccessOption)
    try:
        host = QRemoteObjectHost(local_url)
    finally:
        QRemoteObjectHost.setLocalServerOptions(Option.UserAccessOption)
    assert file(local_url).stat().st_mode & 0o666 == 0o666
    assert host.hostUrl().toString() == local_url


def test_the_file_of_a_crashed_host_is_taken_over(peer, local_url, access):
    first = peer(ticking_host, url=local_url)
    first.kill()
    # As if it had died before it could remove it.
    assert file(local_url).exists()
    host = QRemoteObjectHost()
    assert host.setHostUrl(local_url), host.errorString()
    node = QRemoteObjectNode()
    node.connectToNode(local_url)
    assert node.waitForNode(local_url, 10_000)


def test_a_living_host_is_left_alone(peer, local_url, access):
    first = peer(ticking_host, url=local_url)
    witness = Witness(local_url)
    host = QRemoteObjectHost()
    assert host.setHostUrl(local_url) is False
    assert host.lastError() is ErrorCode.ListenFailed
    assert "another host listens under that name" in host.errorString()
    assert local_url in host.errorString()
    witness.check()
    late = Witness(local_url)
    late.check()
    assert first.ask("connections") == 2


def test_a_frozen_host_is_a_living_one(peer, local_url, access):
    first = peer(ticking_host, url=local_url)
    first.freeze()
    host = QRemoteObjectHost()
    assert host.setHostUrl(local_url) is False
    assert host.lastError() is ErrorCode.ListenFailed
    first.thaw()
    Witness(local_url).check()


def test_the_same_process_cannot_take_it_either(qapp, local_url, access):
    first = QRemoteObjectHost(local_url)
    host = QRemoteObjectHost()
    assert host.setHostUrl(local_url) is False
    assert host.lastError() is ErrorCode.ListenFailed
    first.close()
    assert host.setHostUrl(local_url)


def test_a_file_that_is_no_socket_is_not_touched(qapp, tmp_path, access):
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("two years of work")
    for path in (thesis, tmp_path):
        host = QRemoteObjectHost()
        assert host.setHostUrl(f"local:{path}") is False
        assert host.lastError() is ErrorCode.ListenFailed
        assert "a file of that name is there and is no socket" in host.errorString()
    assert thesis.read_text() == "two years of work"


def test_an_abstract_name_of_a_living_host_is_taken(peer):
    if sys.platform != "linux":
        pytest.skip("Linux alone has abstract sockets")
    url = unique_local_url("localabstract")
    first = peer(ticking_host, url=url)
    host = QRemoteObjectHost()
    assert host.setHostUrl(url) is False
    assert host.lastError() is ErrorCode.ListenFailed
    first.kill()
    wait_until(lambda: host.setHostUrl(url))


def test_a_crashed_host_that_comes_back_finds_its_clients(peer, local_url):
    first = peer(ticking_host, url=local_url)
    witness = Witness(local_url)
    first.kill()
    wait_until(lambda: witness.states == ["Suspect"])
    again = peer(ticking_host, url=local_url)
    wait_until(lambda: witness.states == ["Suspect", "Valid"])
    ticks: list[Any] = witness.ticks
    del ticks[:], witness.states[:]
    witness.check()
    assert again.ask("connections") == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="how much is told there only")
def test_both_ends_let_the_system_keep_more_than_usual(qapp, local_url):
    host = QRemoteObjectHost(local_url)
    node = QRemoteObjectNode(local_url)
    assert node.waitForNode(local_url, 10_000)
    with socket.socket(socket.AF_UNIX) as plain:
        usual = plain.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
    conduits = [host._clients[0].link.conduit, node._connections[local_url].link.conduit]
    for conduit in conduits:
        with socket.socket(fileno=os.dup(int(conduit.device.socketDescriptor()))) as end:
            assert end.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) > usual
