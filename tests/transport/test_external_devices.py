"""addHostSideConnection and addClientSideConnection, over every kind of device."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QObject, QProcess, QProcessEnvironment, QThread
from PySide6.QtNetwork import (
    QHostAddress,
    QLocalServer,
    QLocalSocket,
    QSsl,
    QSslCertificate,
    QSslConfiguration,
    QSslKey,
    QSslServer,
    QSslSocket,
    QTcpServer,
    QTcpSocket,
)

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, QRemoteObjectReplica
from tests.helpers import ROOT, PeerProcess, wait_until
from tests.transport.devices import Counter, client_of, pair, tcp_host

Peer = Callable[..., PeerProcess]
State = QRemoteObjectReplica.State
ErrorCode = QRemoteObjectNode.ErrorCode
MB = 1 << 20


def connected(port: int, parent: QObject | None = None) -> QTcpSocket:
    socket = QTcpSocket(parent)
    socket.connectToHost("127.0.0.1", port)
    assert socket.waitForConnected(5000)
    return socket


def valid(node: QRemoteObjectNode) -> Any:
    replica = node.acquireDynamic("counter")
    wait_until(lambda: replica.state() is State.Valid, message=lambda: node.errorString())
    return replica


def works(replica: Any) -> None:
    call = replica.add(2, 3)
    wait_until(call.isFinished)
    assert call.returnValue() == 5
    data = bytes(range(256)) * 4096
    call = replica.echo(data)
    wait_until(call.isFinished, 20)
    assert call.result() == data


def test_the_documentations_two_programs(peer: Peer) -> None:
    host = peer(tcp_host)
    node = QRemoteObjectNode()
    socket = QTcpSocket(node)
    socket.connected.connect(lambda: node.addClientSideConnection(socket))
    socket.connectToHost("127.0.0.1", host.info["port"])
    replica = valid(node)
    works(replica)
    host.ask("setValue", 7)
    wait_until(lambda: replica.value == 7)
    assert [info.hostUrl.scheme() for info in node.connectedSources().values()] == ["device"]


def test_a_socket_may_be_given_before_it_is_connected(peer: Peer) -> None:
    host = peer(tcp_host)
    node = QRemoteObjectNode()
    socket = QTcpSocket(node)
    socket.connectToHost("127.0.0.1", host.info["port"])
    node.addClientSideConnection(socket)
    works(valid(node))


def test_a_killed_host_and_a_new_device(peer: Peer) -> None:
    node = QRemoteObjectNode()
    replica = node.acquireDynamic("counter")
    for number in range(1, 21):
        host = peer(tcp_host)
        socket = connected(host.info["port"], node)
        node.addClientSideConnection(socket)
        host.ask("setValue", number)
        wait_until(lambda number=number: replica.state() is State.Valid and replica.value == number)
        pending = replica.add(1, 1)
        host.kill()
        wait_until(lambda: replica.state() is State.Suspect)
        wait_until(pending.isFinished)
        assert not socket.isOpen()
        assert "closed" in node.errorString()
        assert not node._connections, "a device that ended is forgotten"


def test_a_killed_client_is_noticed_and_others_go_on(peer: Peer) -> None:
    host = peer(tcp_host)
    node = QRemoteObjectNode()
    node.addClientSideConnection(connected(host.info["port"], node))
    replica = valid(node)
    other = peer(client_of, port=host.info["port"])
    other.wait_event("initialized")
    assert host.ask("clients") == 2
    other.kill()
    wait_until(lambda: host.ask("clients") == 1)
    assert host.ask("open") == [True, False], "it is closed, and not deleted: it is the program's"
    works(replica)


@pytest.mark.parametrize("end", ["close", "abort", "delete"])
def test_a_device_that_its_owner_ends(peer: Peer, end: str) -> None:
    host = peer(tcp_host)
    node = QRemoteObjectNode()
    socket = connected(host.info["port"])
    node.addClientSideConnection(socket)
    replica = valid(node)
    if end == "delete":
        socket.deleteLater()
    else:
        getattr(socket, end)()
    wait_until(lambda: replica.state() is State.Suspect)
    assert node.errorString()
    wait_until(lambda: host.ask("clients") == 0)
    node.addClientSideConnection(connected(host.info["port"], node))
    wait_until(lambda: replica.state() is State.Valid)


def test_a_host_whose_sockets_are_deleted_under_it(peer: Peer) -> None:
    server = QTcpServer()
    assert server.listen(QHostAddress("127.0.0.1"), 0)
    host = QRemoteObjectHost()
    server.newConnection.connect(lambda: host.addHostSideConnection(server.nextPendingConnection()))
    other = peer(client_of, port=server.serverPort())
    wait_until(lambda: host._clients)
    counter = Counter()
    assert host.enableRemoting(counter, "counter")
    other.wait_event("initialized")
    server.deleteLater()  # and with it the sockets, which it is the parent of
    wait_until(lambda: not host._clients)
    counter.setValue(5)


def test_the_host_hangs_up(peer: Peer) -> None:
    host = peer(tcp_host)
    node = QRemoteObjectNode()
    socket = connected(host.info["port"], node)
    node.addClientSideConnection(socket)
    replica = valid(node)
    host.ask("hangUp")
    wait_until(lambda: replica.state() is State.Suspect)
    assert not socket.isOpen()


def test_a_deleted_node_closes_its_devices(peer: Peer) -> None:
    host = peer(tcp_host)
    node = QRemoteObjectNode()
    socket = connected(host.info["port"])
    node.addClientSideConnection(socket)
    replica = valid(node)
    replica.deleteLater()
    node.deleteLater()
    wait_until(lambda: host.ask("clients") == 0)
    assert not socket.isOpen()


def test_local_sockets(local_url: str) -> None:
    name = local_url.partition(":")[2]
    server = QLocalServer()
    assert server.listen(name), server.errorString()
    host = QRemoteObjectHost()
    server.newConnection.connect(lambda: host.addHostSideConnection(server.nextPendingConnection()))
    socket = QLocalSocket()
    socket.connectToServer(name)
    assert socket.waitForConnected(5000)
    node = QRemoteObjectNode()
    node.addClientSideConnection(socket)
    wait_until(lambda: host._clients)
    counter = Counter()
    assert host.enableRemoting(counter, "counter")
    works(valid(node))


def test_encrypted_sockets(qapp: Any) -> None:
    trustme = pytest.importorskip("trustme")
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    server = QSslServer()
    configuration = QSslConfiguration.defaultConfiguration()
    configuration.setLocalCertificate(QSslCertificate(issued.cert_chain_pems[0].bytes()))
    configuration.setPrivateKey(
        QSslKey(issued.private_key_pem.bytes(), QSsl.KeyAlgorithm.Rsa)
        if b"RSA" in issued.private_key_pem.bytes()
        else QSslKey(issued.private_key_pem.bytes(), QSsl.KeyAlgorithm.Ec)
    )
    server.setSslConfiguration(configuration)
    assert server.listen(QHostAddress("127.0.0.1"), 0)
    host, counter = QRemoteObjectHost(), Counter()
    server.pendingConnectionAvailable.connect(
        lambda: host.addHostSideConnection(server.nextPendingConnection())
    )
    trusting = QSslConfiguration.defaultConfiguration()
    trusting.setCaCertificates([QSslCertificate(authority.cert_pem.bytes())])
    node = QRemoteObjectNode()
    replica = node.acquireDynamic("counter")
    for number in range(1, 4):
        socket = QSslSocket(node)
        socket.setSslConfiguration(trusting)
        socket.connectToHostEncrypted("127.0.0.1", server.serverPort())
        node.addClientSideConnection(socket)  # waited for until it is encrypted
        wait_until(lambda: host._clients, message=node.errorString)
        if number == 1:
            assert host.enableRemoting(counter, "counter")
        counter.setValue(number)
        wait_until(lambda: replica.state() is State.Valid, message=node.errorString)
        wait_until(lambda number=number: replica.value == number)
        assert socket.isEncrypted()
        works(replica)
        socket.close()
        wait_until(lambda: replica.state() is State.Suspect and not host._clients)
    stranger = QSslSocket(node)  # which does not know the authority
    stranger.connectToHostEncrypted("127.0.0.1", server.serverPort())
    node.addClientSideConnection(stranger)
    wait_until(lambda: "certificate" in node.errorString(), message=node.errorString)
    assert replica.state() is State.Suspect and not host._clients


def started() -> QProcess:
    process = QProcess()
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("PYTHONPATH", str(ROOT))
    process.setProcessEnvironment(environment)
    process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
    program = "import sys; from tests.transport.devices import stdio_host; sys.exit(stdio_host())"
    process.start(sys.executable, ["-c", program])
    assert process.waitForStarted()
    return process


def test_the_pipes_of_a_process(qapp: Any) -> None:
    node = QRemoteObjectNode()
    replica = node.acquireDynamic("counter")
    for _ in range(2):
        process = started()
        node.addClientSideConnection(process)
        wait_until(lambda: replica.state() is State.Valid, 20, node.errorString)
        works(replica)
        process.kill()
        wait_until(lambda process=process: process.state() is QProcess.ProcessState.NotRunning)
        wait_until(lambda: replica.state() is State.Suspect)
        process.close()


def test_a_process_that_is_left_ends_by_itself(qapp: Any) -> None:
    node = QRemoteObjectNode()
    process = started()
    node.addClientSideConnection(process)
    replica = valid(node)
    assert node.disconnectFromNode(next(iter(node._connections)))
    wait_until(lambda: process.state() is QProcess.ProcessState.NotRunning)
    assert process.exitStatus() is QProcess.ExitStatus.NormalExit
    assert process.exitCode() == 0
    assert replica.state() is State.Suspect


@pytest.mark.parametrize("bite", [1, 7, 5000])
def test_a_pair_in_memory_that_gives_few_bytes_at_a_time(qapp: Any, bite: int) -> None:
    mine, theirs = pair(bite)
    host, node, counter = QRemoteObjectHost(), QRemoteObjectNode(), Counter()
    host.addHostSideConnection(theirs)
    assert host.lastError() is ErrorCode.NoError
    assert host.hostUrl().isEmpty()
    assert host.enableRemoting(counter, "counter"), "as in Qt, without a URL"
    node.addClientSideConnection(mine)
    replica = valid(node)
    counter.storm(50)
    wait_until(lambda: replica.value == 50)
    call = replica.add(2, 3)
    wait_until(call.isFinished)
    assert call.result() == 5
    mine.close()
    wait_until(lambda: replica.state() is State.Suspect)


def test_a_client_that_reads_nothing_is_closed_in_bounded_memory(peer: Peer) -> None:
    host = peer(tcp_host, allow_stderr=["has read nothing"])
    node = QRemoteObjectNode()
    node.addClientSideConnection(connected(host.info["port"], node))
    replica = valid(node)
    frozen = peer(client_of, port=host.info["port"])
    frozen.wait_event("initialized")
    before = host.rss()
    frozen.freeze()
    host.ask("flood", 400, MB)
    assert host.rss() - before < 120 * MB
    assert host.ask("clients") == 1
    works(replica)


UNFIT = {
    "none": (lambda: None, "None: a QIODevice that is open"),
    "closed": (QTcpSocket, "QTcpSocket is not open: open or connect it first"),
    "read only": (lambda: opened(QIODevice.OpenModeFlag.ReadOnly), "open one way only"),
    "buffer": (lambda: opened(QIODevice.OpenModeFlag.ReadWrite), "random access"),
    "deleted": (lambda: deleted(), "was deleted already"),
}


def opened(mode: QIODevice.OpenModeFlag) -> QBuffer:
    buffer = QBuffer()
    assert buffer.open(mode)
    return buffer


def deleted() -> QBuffer:
    parent = QObject()
    buffer = QBuffer(parent)
    del parent
    return buffer


@pytest.mark.parametrize("case", UNFIT)
@pytest.mark.parametrize("side", ["Host", "Client"])
def test_a_device_that_cannot_be_used_is_ignored_in_words(
    qapp: Any, qtlog: Any, case: str, side: str
) -> None:
    make, words = UNFIT[case]
    host = QRemoteObjectHost()
    getattr(host, f"add{side}SideConnection")(make())
    assert words in host.errorString()
    assert host.errorString().startswith(f"add{side}SideConnection: ")
    assert any(words in record.message for record in qtlog.records)
    assert host.lastError() is ErrorCode.NoError, "Qt warns, and has no code for it"
    assert not host.enableRemoting(Counter(), "counter")
    assert host.lastError() is ErrorCode.OperationNotValidOnClientNode


def test_what_is_no_device_at_all(qapp: Any) -> None:
    with pytest.raises(TypeError, match="a QIODevice is expected, not str"):
        QRemoteObjectNode().addClientSideConnection("local:x")  # type: ignore[arg-type]


def test_a_device_of_another_thread_and_one_in_use(qapp: Any) -> None:
    node, host = QRemoteObjectNode(), QRemoteObjectHost()
    mine, theirs = pair()
    thread = QThread()
    mine._timer.stop()
    mine.moveToThread(thread)
    node.addClientSideConnection(mine)
    assert "lives in another thread" in node.errorString()
    host.addHostSideConnection(theirs)
    node.addClientSideConnection(theirs)
    assert "carries a connection already" in node.errorString()


def test_a_url_after_a_device_comes_too_late(qapp: Any, local_url: str) -> None:
    host = QRemoteObjectHost()
    _mine, theirs = pair()
    host.addHostSideConnection(theirs)
    assert not host.setHostUrl(local_url)
    assert host.lastError() is ErrorCode.ServerAlreadyCreated, "as in Qt"
    assert "call setHostUrl() before addHostSideConnection()" in host.errorString()
