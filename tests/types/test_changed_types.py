"""A source whose class is the same, and whose records and enums are others: two processes."""

from __future__ import annotations

from typing import Any

import pytest

from pyside_ro import QRemoteObjectHost, QRemoteObjectNode, RepFile, interfaceOf
from pyside_ro.protocol.packets import ObjectEntry
from pyside_ro.replica.state import ReplicaState
from tests.behaviour.support import Peer, State, failure, live, valid
from tests.helpers import Recorder, process_events, unique_local_url, wait_until
from tests.network.sides import proxy_host, registry_host
from tests.network.support import LOG, dropped
from tests.types.versions import REP, depot, storeClass

DEPOT = (
    "POD DepotEntry: field number is 'QString' at the source, expected 'int'",
    "POD DepotSize: field height is 'double' at the source, expected 'int'",
    "enum DepotKind: key Letter is 3 at the source, expected 2",
    "enum DepotKind: key Crate is new at the source",
    "enum Mood: key Busy is missing at the source",
    "enum Mood: key Lazy is new at the source",
)
STORE = (
    "record depot.Note: field size is missing at the source",
    "record depot.Note: field length is new at the source",
    "record depot.Page: field ink is 'float' at the source, expected 'depot.Ink'",
    "enum depot.Ink: key Red is 3 at the source, expected 2",
    "enum Heat: key High is 9 at the source, expected 7",
)


@pytest.fixture(scope="module")
def rep() -> RepFile:
    return RepFile(REP)


def mismatch(replica: Any, parts: tuple[str, ...]) -> None:
    """Wait for it, and see that its words are just those."""
    wait_until(lambda: replica.state() is State.SignatureMismatch, 15.0, repr(replica))
    call = replica.kindOf("box") if hasattr(replica, "kindOf") else replica.dye(None)
    found = str(failure(call))
    for part in parts:
        assert part in found, found
    assert found.count(";") == len(parts) - 1, "nothing else differs"
    assert "the source's interface is another one: " in replica.node().errorString()


def test_typed_replicas_dynamic_ones_and_children(
    peer: Peer, local_url: str, nodes: Any, rep: RepFile, qtlog: Any
) -> None:
    typed, free = nodes(), nodes()
    first = peer(depot, url=local_url, later=True, allow_stderr=LOG)
    mine = typed.acquire(rep.replica["Depot"])
    store: Any = typed.acquire(storeClass(False), "store")
    typed.connectToNode(local_url)
    assert mine.waitForSource(10_000) is False
    mismatch(mine, DEPOT)
    mismatch(store, STORE)
    assert mine.count == 1 and store.newest is None, "nothing of it is applied"
    assert not any("is None here" in record.message for record in qtlog.records), "said once"

    # Dynamic ones expect nothing; what they cannot read is None, as ever.
    loose, box = live(free, local_url, "Depot"), live(free, local_url, "store")
    yard = valid(free.acquireDynamic("yard"))
    child = yard.shelf
    assert (loose.count, loose.last, child.count, box.count) == (2, None, 5, 3)
    other = interfaceOf(loose).signature
    states = Recorder(loose.stateChanged)
    # Who asks for another class only now is told at once, and disturbs nobody.
    late = free.acquire(rep.replica["Depot"])
    assert late.state() is State.SignatureMismatch and "field number" in late._ro.reason
    assert not states.calls

    # The right one comes.
    first.kill()
    second = peer(depot, url=local_url, allow_stderr=LOG)
    valid(mine)
    valid(store)
    assert mine.last == rep.pod["DepotEntry"]("box", 7, rep.enum["DepotKind"].Letter, [(1, 2)])
    valid(loose)
    assert loose.last == mine.last and valid(box).newest == store.newest
    wait_until(lambda: child.state() is State.Valid)
    assert yard.shelf is child and child.last == mine.last
    assert interfaceOf(loose).signature == interfaceOf(mine).signature != other
    assert states.values == [State.Suspect, State.Valid]

    # What a dynamic replica is shared as has the definitions of now.
    again = QRemoteObjectHost(unique_local_url())
    with dropped(again):
        assert again.enableRemoting(loose, "again")
        assert again._sources["again"].entry.signature == interfaceOf(mine).signature

    # And goes again.
    second.kill()
    peer(depot, url=local_url, later=True, allow_stderr=LOG)
    mismatch(mine, DEPOT)
    mismatch(store, STORE)
    valid(loose)
    assert interfaceOf(loose).signature == other
    assert yard.shelf is child and child.state() is State.Valid
    assert mine.last.number == 7, "the last good value stays"


def test_through_a_registry_and_a_proxy(peer: Peer, qapp: Any, rep: RepFile) -> None:
    urls = [unique_local_url() for _ in range(3)]
    peer(registry_host, url=urls[0], allow_stderr=LOG)
    first = peer(depot, url=urls[1], registry=urls[0], later=True, allow_stderr=LOG)
    middle = peer(proxy_host, url=urls[2], registry=urls[0], allow_stderr=LOG)
    wait_until(lambda: {"Depot", "store"} <= {*middle.ask("shares")})
    near, far = QRemoteObjectNode(urls[0]), QRemoteObjectNode(urls[2])
    with dropped(near, far):
        replicas: list[Any] = [
            (node.acquire(rep.replica["Depot"]), node.acquire(storeClass(False), "store"))
            for node in (near, far)
        ]
        for mine, store in replicas:
            mismatch(mine, DEPOT)
            mismatch(store, STORE)
        first.kill()
        peer(depot, url=urls[1], registry=urls[0], allow_stderr=LOG)
        for mine, store in replicas:
            wait_until(lambda m=mine: m.state() is State.Valid, 15.0, repr(mine))
            wait_until(lambda s=store: s.state() is State.Valid, 15.0, repr(store))
            assert mine.last.number == 7 and mine.count == 2 and store.newest.pages == []


def test_who_knows_the_definitions_is_not_sent_them(
    qapp: Any, local_url: str, node: QRemoteObjectNode, rep: RepFile, monkeypatch: Any
) -> None:
    sent: list[bool] = []
    plain = ReplicaState.initialize

    def initialize(self: Any, base: int, values: Any, source: Any) -> bool:
        sent.append(source is not None)
        return plain(self, base, values, source)

    monkeypatch.setattr(ReplicaState, "initialize", initialize)
    host, source = QRemoteObjectHost(local_url), rep.source["Depot"]()
    assert host.enableRemoting(source)
    node.connectToNode(local_url)
    mine = valid(node.acquire(rep.replica["Depot"]))
    assert sent == [False] and mine._ro._order is None
    interface = interfaceOf(mine)
    line = ObjectEntry("Depot", "Depot", interface.signature).toWire()
    assert len(line[2]) == 32 and {t.name for t in interface.types} == {
        "DepotEntry",
        "DepotKind",
        "DepotSize",
    }
    host.deleteLater()
    process_events(0.01)


def test_a_dynamic_replica_beside_a_typed_one_expects_nothing(
    peer: Peer, local_url: str, node: QRemoteObjectNode
) -> None:
    mine: Any = node.acquire(storeClass(False), "store")
    first = peer(depot, url=local_url, allow_stderr=LOG)
    node.connectToNode(local_url)
    valid(mine)
    free, right = valid(node.acquireDynamic("store")), interfaceOf(mine).signature
    states = Recorder(mine.stateChanged, free.stateChanged)
    for later in (True, False):
        first.kill()
        first = peer(depot, url=local_url, later=later, allow_stderr=LOG)
        if later:
            mismatch(mine, STORE)
        else:
            valid(mine)
            assert mine._ro is free._ro, "one subscription"
        valid(free)
        assert free.count == 3
        assert (interfaceOf(free).signature == right) is not later
    assert [new for index, (new, _) in states.calls if index == 0] == [
        State.Suspect, State.SignatureMismatch, State.Valid,
    ]  # fmt: skip
    assert [new for index, (new, _) in states.calls if index == 1] == [
        State.Suspect, State.Valid, State.Suspect, State.Valid,
    ]  # fmt: skip
