"""A replica that is shared again by hand, whose source comes back as another one."""

from __future__ import annotations

from typing import Any

import pytest

from pyside_ro import QRemoteObjectNode, interfaceOf
from tests.behaviour.hosts.versions import Meter1, Meter2, meter
from tests.behaviour.support import State, finished
from tests.helpers import wait_until
from tests.network.sides import resharing_host
from tests.network.support import LOG, dropped, suspect, valid
from tests.types.versions import depot, storeClass


def mismatched(replica: Any) -> None:
    wait_until(lambda: replica.state() is State.SignatureMismatch, 15.0, lambda: repr(replica))


def test_other_members(peer: Any, urls: dict[str, str]) -> None:
    first = peer(meter, url=urls["host"], allow_stderr=LOG)
    middle = peer(
        resharing_host, url=urls["middle"], inner=urls["host"], name="meter", allow_stderr=LOG
    )
    node = QRemoteObjectNode()
    with dropped(node):
        node.connectToNode(urls["middle"])
        one, two = node.acquire(Meter1, "meter"), node.acquire(Meter2, "meter")
        valid(one)
        for version, right, wrong in ((2, two, one), (1, one, two), (2, two, one)):
            first.kill()
            first = peer(meter, url=urls["host"], version=version, allow_stderr=LOG)
            valid(right)
            mismatched(wrong)
            fresh = node.acquireDynamic("meter")
            valid(fresh)
            assert fresh.value == right.value == (1 if version == 1 else 2.5)
            assert interfaceOf(fresh).name == f"Meter{version}"
            assert middle.ask("state") == ("Valid" if version == 1 else "SignatureMismatch")
            if version == 1:
                assert finished(one.scaled(3)) == 3
                one.value = 4
                wait_until(lambda: one.value == 4)
        assert middle.ask("told") == ["removed", "added"] * 3
        # Whichever replica it is that clients see, it is the program's that is shared.
        assert not middle.ask("enable"), "taken"
        assert middle.ask("disable") and middle.ask("shares") == []
        suspect(two)
        assert not middle.ask("disable")
        assert middle.ask("enable")
        valid(two)
        middle.ask("delete")
        suspect(two)
        wait_until(lambda: middle.ask("shares") == [])


@pytest.mark.parametrize("sudden", [True, False], ids=["killed", "ended"])
def test_other_enums_and_records(peer: Any, urls: dict[str, str], sudden: bool) -> None:
    first = peer(depot, url=urls["host"], later=True, allow_stderr=LOG)
    middle = peer(
        resharing_host, url=urls["middle"], inner=urls["host"], name="store", allow_stderr=LOG
    )
    node = QRemoteObjectNode()
    with dropped(node):
        node.connectToNode(urls["middle"])
        mine, free = node.acquire(storeClass(False), "store"), node.acquireDynamic("store")
        mismatched(mine)
        valid(free)
        other = interfaceOf(free).signature
        for later in (False, True):
            first.kill() if sudden else first.stop()
            first = peer(depot, url=urls["host"], later=later, allow_stderr=LOG)
            if later:
                mismatched(mine)
            else:
                valid(mine)
            wait_until(lambda later=later: (interfaceOf(free).signature == other) is later)  # type: ignore[misc]
            valid(free)
            assert free.count == 3 and middle.ask("state") == "Valid"
        assert middle.ask("told") == ["removed", "added"] * 2


def test_nothing_is_told_of_the_same_source_that_comes_back(
    peer: Any, urls: dict[str, str]
) -> None:
    first = peer(meter, url=urls["host"], allow_stderr=LOG)
    middle = peer(
        resharing_host, url=urls["middle"], inner=urls["host"], name="meter", allow_stderr=LOG
    )
    node = QRemoteObjectNode()
    with dropped(node):
        node.connectToNode(urls["middle"])
        one = node.acquire(Meter1, "meter")
        valid(one)
        first.kill()
        peer(meter, url=urls["host"], value=9, allow_stderr=LOG)
        wait_until(lambda: one.value == 9)
        assert one.state() is State.Valid and middle.ask("told") == []
