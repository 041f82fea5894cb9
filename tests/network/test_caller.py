"""A slot learns who calls it, and when that one has gone."""

from __future__ import annotations

from typing import Any

from pyside_ro import Caller, QRemoteObjectNode, interfaceOf
from tests.helpers import wait_until
from tests.network.sides import Room, member, room_host
from tests.network.support import dropped, valid


def test_members_leave_with_their_connection(peer: Any, url: str) -> None:
    address = peer(room_host, url=url).info["url"]
    node = QRemoteObjectNode()
    with dropped(node):
        node.connectToNode(address)
        room = node.acquireDynamic("room")
        valid(room)
        ada = peer(member, url=address, name="ada")
        bob = peer(member, url=address, name="bob")
        assert ada.info["answers"] == bob.info["answers"] == [True, False]
        wait_until(lambda: room.members == ["ada", "bob"])
        ada.kill()
        wait_until(lambda: room.members == ["bob"])
        bob.stop()
        wait_until(lambda: room.members == [])


def test_the_parameter_is_not_part_of_the_api(qapp: Any) -> None:
    [join] = interfaceOf(Room).slots
    assert join.types == ("QString",) and join.names == ("name",)


def test_a_callback_that_raises_does_not_hold_up_the_others(qapp: Any) -> None:
    caller = Caller("somewhere")
    called: list[int] = []
    caller.onGone(lambda: 1 / 0)
    caller.onGone(lambda: called.append(1))
    caller._gone()
    caller.onGone(lambda: called.append(2))
    assert called == [1, 2] and not caller.connected and "somewhere" in repr(caller)
