"""When a host starts again, who is in a place goes on; who was there earlier does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pyside_ro import QRemoteObjectNode
from tests.behaviour.support import Peer, State, live, own, valid
from tests.children.hosts import Root, middle, serve
from tests.helpers import PeerProcess, wait_until

Orders = list[list[Any]]
Again = Callable[..., PeerProcess]


@pytest.fixture
def host(peer: Peer, local_url: str) -> PeerProcess:
    return peer(serve, url=local_url)


@pytest.fixture
def root(host: PeerProcess, node: QRemoteObjectNode) -> Any:
    return live(node, host, "root")


@pytest.fixture
def again(request: Any, peer: Peer, local_url: str, host: PeerProcess, root: Any) -> Again:
    """Kill the host (or have it end by itself), and start it with other orders to begin with."""

    def start(*begin: Any) -> PeerProcess:
        if getattr(request, "param", "killed") == "closed":
            host.ask("close")
        host.kill()
        wait_until(lambda: own(root) is State.Suspect)
        second = peer(serve, url=local_url, start=100, begin=list(begin))
        valid(root)
        return second

    return start


def items(*names: str) -> Orders:
    """Orders that make objects and hold them; their values follow the order of their names."""
    values = {name: value for value, name in enumerate(sorted(names), 1)}
    made = [["make", name, value] for name, value in values.items()]
    return [*made, ["put", "root", "items", list(names)]]


def do(host: PeerProcess, *orders: list[Any]) -> None:
    for command, *arguments in orders:
        host.ask(command, *arguments)


def replaced(host: PeerProcess, root: Any, *names: Any) -> list[Any]:
    """The root's children, one after the other."""
    found = [root.child]
    for value, name in enumerate(names, 2):
        if name is not None:
            host.ask("make", name, value)
        host.ask("put", "root", "child", name)
        wait_until(lambda: root.child is not found[-1])
        found.append(root.child)
    return found


def test_a_replaced_one_is_not_revived(host: PeerProcess, root: Any, again: Again) -> None:
    first, second, third = replaced(host, root, "second", "third")
    wait_until(lambda: own(first) is own(second) is State.Suspect)
    again()
    assert root.child is third and own(third) is State.Valid and third.value == 101
    assert own(first) is own(second) is State.Suspect


def test_nothing_in_between(host: PeerProcess, root: Any, again: Again) -> None:
    first, _, second = replaced(host, root, None, "second")
    again()
    assert root.child is second and own(second) is State.Valid
    assert own(first) is State.Suspect


def test_nothing_when_the_host_went(host: PeerProcess, root: Any, again: Again) -> None:
    """Who was there last is better than nobody."""
    first, second, _ = replaced(host, root, "second", None)
    wait_until(lambda: own(second) is State.Suspect)
    again()
    assert root.child is second and own(second) is State.Valid
    assert own(first) is State.Suspect


@pytest.mark.parametrize("again", ["killed", "closed"], indirect=True)
def test_a_list_in_another_order(host: PeerProcess, root: Any, again: Again) -> None:
    do(host, *items("a", "b"))
    wait_until(lambda: len(root.items) == 2)
    a, b = root.items
    host.ask("put", "root", "items", ["b", "a"])
    wait_until(lambda: root.items == [b, a])
    again(*items("b", "a"))
    assert root.items == [b, a] and (b.value, a.value) == (2, 1)
    assert own(a) is own(b) is State.Valid


def test_one_more_in_front(host: PeerProcess, root: Any, again: Again) -> None:
    do(host, *items("b", "c"))
    wait_until(lambda: len(root.items) == 2)
    b, c = root.items
    do(host, ["make", "a", 1], ["put", "root", "items", ["a", "b", "c"]])
    wait_until(lambda: len(root.items) == 3)
    a = root.items[0]
    again(*items("a", "b", "c", "d"))
    assert root.items[:3] == [a, b, c] and [item.value for item in root.items] == [1, 2, 3, 4]
    # Once more, from where they are now.
    assert own(a) is own(b) is own(c) is own(root.items[3]) is State.Valid


def test_twice(peer: Peer, local_url: str, host: PeerProcess, root: Any, again: Again) -> None:
    """What was taken down at one end says nothing at the next."""
    do(host, *items("a", "b"))
    wait_until(lambda: len(root.items) == 2)
    a, b = root.items
    second = again(*items("a", "b"))
    assert root.items == [a, b]
    second.ask("put", "root", "items", ["b"])
    wait_until(lambda: root.items == [b])
    second.kill()
    wait_until(lambda: own(root) is State.Suspect)
    peer(serve, url=local_url, begin=items("a"))
    valid(root)
    assert root.items == [b] and own(b) is State.Valid and own(a) is State.Suspect


def test_the_child_of_a_replaced_one(host: PeerProcess, root: Any, again: Again) -> None:
    do(host, ["make", "deep", 11], ["put", "child", "child", "deep"])
    wait_until(lambda: root.child.child is not None)
    first, old = root.child, root.child.child
    do(host, ["make", "deep2", 12], ["make", "second", 2, "deep2"])
    host.ask("put", "root", "child", "second")
    wait_until(lambda: root.child is not first)
    second, deep = root.child, root.child.child
    again(["make", "deep", 13], ["put", "child", "child", "deep"])
    assert root.child is second and second.child is deep
    assert own(second) is own(deep) is State.Valid and deep.value == 13
    assert own(first) is own(old) is State.Suspect


def test_below_what_moved(host: PeerProcess, root: Any, again: Again) -> None:
    do(host, *items("a", "b"), ["make", "below", 8], ["put", "a", "child", "below"])
    wait_until(lambda: len(root.items) == 2 and root.items[0].child)
    a, b = root.items
    below = a.child
    do(host, ["put", "root", "items", ["b", "a"]], ["put", "root", "child", None])
    wait_until(lambda: root.items == [b, a] and root.child is None)
    again(*items("b", "a"), ["make", "below", 9], ["put", "a", "child", "below"])
    assert root.items == [b, a] and a.child is below and b.child is None
    assert own(below) is State.Valid and below.value == 9


@pytest.mark.parametrize("left", ["child", "items"])
def test_one_object_in_two_places(host: PeerProcess, root: Any, again: Again, left: str) -> None:
    """Either place is its own, and that of what it holds."""
    before = root.child
    do(host, ["make", "a", 1], ["make", "deep", 5], ["put", "a", "child", "deep"])
    do(host, ["put", "root", "items", ["a", "child"]], ["put", "root", "child", "a"])
    wait_until(lambda: root.child is not before)
    a, deep = root.child, root.child.child
    do(host, ["put", "root", "items", ["child", "a"]])
    wait_until(lambda: root.items == [before, a])
    orders: Orders = [["make", "a", 1], ["make", "deep", 6], ["put", "a", "child", "deep"]]
    orders.append(["put", "root", "items", ["child", "a" if left == "items" else "child"]])
    orders.append(["put", "root", "child", "a" if left == "child" else None])
    again(*orders)
    found = root.child if left == "child" else root.items[1]
    assert found is a and a.child is deep and root.items[0] is before
    assert own(a) is own(deep) is own(before) is State.Valid and deep.value == 6


def test_objects_that_hold_each_other(host: PeerProcess, root: Any, again: Again) -> None:
    """There a reference comes before its object."""
    first, second = replaced(host, root, "second")
    do(host, ["make", "b", 7, "second"], ["put", "second", "child", "b"])
    wait_until(lambda: second.child is not None)
    b = second.child
    again(["make", "b", 8, "child"], ["put", "child", "child", "b"])
    assert root.child is second and second.child is b and b.child is second
    assert own(second) is own(b) is State.Valid and (second.value, b.value) == (101, 8)
    assert own(first) is State.Suspect


def test_a_dict(host: PeerProcess, root: Any, again: Again) -> None:
    do(host, ["make", "a", 1], ["make", "b", 2], ["put", "root", "any", {"x": "a", "y": ["b"]}])
    wait_until(lambda: root.any)
    a, b = root.any["x"], root.any["y"][0]
    host.ask("put", "root", "any", {"x": "b", "y": ["a"]})
    wait_until(lambda: root.any["x"] is b)
    again(["make", "a", 1], ["make", "b", 2], ["put", "root", "any", {"y": ["a"], "x": "b"}])
    assert root.any == {"x": b, "y": [a]} and (a.value, b.value) == (1, 2)


def test_far_below(host: PeerProcess, root: Any, again: Again) -> None:
    def all_() -> list[Any]:
        found = [root.child]
        while found[-1] is not None:
            found.append(found[-1].child)
        return found[:-1]

    replaced(host, root, "second")
    host.ask("tree", 120)
    wait_until(lambda: len(all_()) == 120)
    before = all_()
    again(["tree", 120])
    assert all(found is known for found, known in zip(all_(), before, strict=True))
    assert [found.value for found in before] == list(range(1, 121))


def test_what_was_met_elsewhere_first(host: PeerProcess, root: Any, again: Again) -> None:
    """The new host has named its objects for another client, when they were in other places."""
    do(host, *items("a", "b"))
    wait_until(lambda: len(root.items) == 2)
    a, b = root.items
    again(
        ["make", "early", 0],
        ["make", "b", 2],
        ["make", "a", 1, "b"],
        ["put", "early", "child", "a"],
        ["share", "early"],
        ["acquire", "early"],
        ["put", "a", "child", None],
        ["put", "root", "items", ["a", "b"]],
    )
    assert root.items == [a, b] and (a.value, b.value) == (1, 2)


def test_a_typed_replica(
    peer: Peer, local_url: str, host: PeerProcess, node: QRemoteObjectNode
) -> None:
    node.connectToNode(local_url)
    root: Any = valid(node.acquire(Root, "root"))
    do(host, *items("a", "b"))
    first, second = replaced(host, root, "second")
    a, b = root.items
    host.ask("put", "root", "items", ["b", "a"])
    wait_until(lambda: root.items == [b, a])
    host.kill()
    wait_until(lambda: own(root) is State.Suspect)
    peer(serve, url=local_url, begin=items("b", "a"))
    valid(root)
    assert root.child is second and root.items == [b, a]
    assert own(first) is State.Suspect


def test_through_a_middle_host(peer: Peer, local_url: str, middle_url: str, nodes: Any) -> None:
    host = peer(serve, url=local_url, begin=items("a", "b"))
    between = peer(middle, url=middle_url, behind=local_url)
    root = live(nodes(), between, "root")
    first, (a, b) = root.child, root.items
    do(host, ["make", "second", 2], ["put", "root", "child", "second"])
    host.ask("put", "root", "items", ["b", "a"])
    wait_until(lambda: root.items == [b, a])
    second = root.child
    # The one behind it, and then itself.
    host.kill()
    wait_until(lambda: between.ask("state") == "Suspect")
    peer(serve, url=local_url, start=100, begin=items("b", "a"))
    wait_until(lambda: second.value == 101)
    for _ in range(2):
        assert root.child is second and root.items == [b, a]
        assert (second.value, b.value, a.value) == (101, 2, 1)
        assert own(a) is own(b) is own(second) is State.Valid
        assert own(first) is State.Suspect
        between.kill()
        wait_until(lambda: own(root) is State.Suspect)
        between = peer(middle, url=middle_url, behind=local_url)
        valid(root)
