"""Sources in other threads, signals from plain Python threads, and who may use a replica."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QTimer

from pyside_ro import QRemoteObjectNode, RemoteError
from pyside_ro.source.mailbox import Mailbox
from tests.behaviour.hosts.threads import threads
from tests.behaviour.support import QUIET, Peer, failure, finished, live
from tests.helpers import PeerProcess, Recorder, process_events, wait_until


def atLeast(found: list[int], count: int) -> bool:
    return len(found) >= count


@pytest.fixture
def host(peer: Peer, local_url: str) -> Iterator[PeerProcess]:
    process = peer(threads, url=local_url, env=QUIET)
    yield process
    process.ask("end")


def test_slots_run_in_the_sources_thread(host: PeerProcess, node: QRemoteObjectNode) -> None:
    away = live(node, host, "away")
    home = node.acquireDynamic("home")
    assert finished(away.where()) == "worker"
    wait_until(home.isReplicaValid)
    assert finished(home.where()) == "main"
    error = failure(away.fail())
    assert isinstance(error, RemoteError)
    assert (error.typeName, error.message, error.member) == ("ValueError", "worker", "away.fail")
    assert finished(away.later(3)) == "3 worker"
    assert finished(away.future()) == "elsewhere"
    calls = [away.later(n) for n in range(20)]
    assert [finished(call) for call in calls] == [f"{n} worker" for n in range(20)]


def test_snapshots_and_writes_happen_in_the_sources_thread(
    host: PeerProcess, node: QRemoteObjectNode
) -> None:
    away = live(node, host, "away")
    away.value = 7
    wait_until(lambda: away.value == 7)
    assert host.ask("reads", "away") == ["worker"]
    assert host.ask("writes", "away") == ["worker"]


def test_a_source_that_is_moved_while_shared(host: PeerProcess, node: QRemoteObjectNode) -> None:
    moving = live(node, host, "moving")
    assert finished(moving.where()) == "main"
    host.ask("move")
    assert finished(moving.where()) == "worker"
    changes = Recorder(moving.valueChanged)
    finished(moving.storm(50))
    assert changes.values == list(range(1, 51))


@pytest.mark.parametrize("name", ["home", "away"])
def test_a_storm_in_the_sources_thread(
    host: PeerProcess, node: QRemoteObjectNode, name: str
) -> None:
    worker = live(node, host, name)
    seen = Recorder(worker.valueChanged, worker.ticked)
    finished(worker.storm(3000))
    wait_until(lambda: len(seen) >= 6000)
    expected = [(kind, (n,)) for n in range(1, 3001) for kind in (0, 1)]
    assert seen.calls == expected
    assert worker.value == 3000


@pytest.mark.parametrize("name", ["home", "away"])
def test_a_storm_from_a_plain_python_thread(
    host: PeerProcess, node: QRemoteObjectNode, name: str
) -> None:
    worker = live(node, host, name)
    seen = Recorder(worker.valueChanged, worker.ticked)
    stormed = Recorder(worker.stormed)
    host.ask("pythonStorm", name, 3000)
    # The host goes on meanwhile.
    assert finished(worker.where()) == ("main" if name == "home" else "worker")
    stormed.wait()
    process_events(0.01)
    assert seen.calls == [(kind, (n,)) for n in range(1, 3001) for kind in (0, 1)]
    assert worker.value == 3000


def test_a_thread_that_posts_without_pause_starves_nobody(qapp: Any) -> None:
    box = Mailbox()
    stop = threading.Event()

    def flood() -> None:
        end = time.monotonic() + 20
        while not stop.is_set() and time.monotonic() < end:
            box.post(time.sleep, 0.0002, size=512 * 1024)

    turns: list[int] = []
    timer = QTimer()
    timer.timeout.connect(lambda: turns.append(1))
    timer.start(1)
    thread = threading.Thread(target=flood)
    thread.start()
    try:
        wait_until(lambda: len(turns) > 20)
        assert thread.is_alive()
    finally:
        stop.set()
        wait_until(lambda: not thread.is_alive())


def test_storms_from_two_threads_lose_nothing(host: PeerProcess, node: QRemoteObjectNode) -> None:
    worker = live(node, host, "home")
    ticks = Recorder(worker.ticked)
    stormed = Recorder(worker.stormed)
    host.ask("pythonStorm", "home", 1500)
    host.ask("pythonStorm", "home", 1500)
    stormed.wait(2)
    process_events(0.01)
    assert sorted(ticks.values) == sorted([*range(1, 1501)] * 2)


@pytest.mark.parametrize("emitter", ["beat", "pythonBeat"])
@pytest.mark.parametrize("name", ["home", "away"])
def test_a_snapshot_in_a_storm_is_followed_by_what_came_after_it(
    host: PeerProcess, nodes: Any, name: str, emitter: str
) -> None:
    host.ask(emitter, name)
    exact = emitter == "beat"  # a plain thread may be between changing the value and telling
    for _ in range(12):
        node = nodes()
        assert node.connectToNode(host.info["url"])
        worker = node.acquireDynamic(name)
        values: list[int] = []
        ticks: list[int] = []

        def begin(worker: Any = worker, values: Any = values, ticks: Any = ticks) -> None:
            values.append(worker.value)
            worker.valueChanged.connect(lambda n: values.append(worker.value))
            worker.ticked.connect(ticks.append)

        worker.initialized.connect(begin)
        wait_until(partial(atLeast, ticks, 60))
        node.disconnectFromNode(host.info["url"])
        first = values[0]
        # Setting the snapshot counts as a change as well, in Qt and here.
        rest = values[2:] if values[1] == first else values[1:]
        if exact:
            assert rest == list(range(first + 1, first + 1 + len(rest)))
            assert ticks[0] == first + 1 or (ticks[0] == first and rest[0] == first + 1)
        else:
            assert rest[0] in (first, first + 1)
            assert rest == list(range(rest[0], rest[0] + len(rest)))
        assert ticks == list(range(ticks[0], ticks[0] + len(ticks))), "no signal lost or doubled"
    host.ask("calm")


def test_a_replica_belongs_to_its_nodes_thread(host: PeerProcess, node: QRemoteObjectNode) -> None:
    worker = live(node, host, "home")
    errors: list[str] = []

    def use() -> None:
        for attempt in (lambda: worker.where(), lambda: setattr(worker, "value", 3)):
            try:
                attempt()
            except RuntimeError as error:
                errors.append(str(error))

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert len(errors) == 2, errors
    assert "home.where was called from another thread" in errors[0]
    assert "home.value" in errors[1] and "another thread" in errors[1]
    assert finished(worker.where()) == "main"
