"""The proof of a shared key, without a socket: two provers, and whoever stands between them."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgpack
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pyside_ro.errors import AccessRefused, ProtocolError
from pyside_ro.protocol.packets import Handshake, Kind
from pyside_ro.protocol.proof import Prover

KEYS = st.binary(min_size=1, max_size=80)
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
FEATURES = st.dictionaries(
    st.text(max_size=5).filter(lambda name: name != "key"), PLAIN, max_size=3
)
HANDSHAKES = st.builds(
    lambda node, features, minor: Handshake(node, tuple(features.items()), minor=minor),
    st.text(max_size=20),
    FEATURES,
    st.integers(0, 100),
)


def cross(packet: list[object]) -> Any:
    """A packet as it arrives."""
    return msgpack.unpackb(msgpack.packb(packet), strict_map_key=False)


class Two:
    """A client and a host that have met; their handshakes may be tampered with on the way."""

    def __init__(
        self,
        clientKey: bytes | None,
        hostKey: bytes | None,
        hellos: tuple[Handshake, Handshake] = (Handshake("c"), Handshake("h")),
    ) -> None:
        self.client, self.host = Prover(clientKey, host=False), Prover(hostKey, host=True)
        self.fromClient = cross(self.client.hello(hellos[0]))
        self.fromHost = cross(self.host.hello(hellos[1]))

    def meet(self) -> list[bool]:
        return [
            self.client.meet(self.fromHost, Handshake.parse(self.fromHost)),
            self.host.meet(self.fromClient, Handshake.parse(self.fromClient)),
        ]

    def prove(self) -> None:
        self.host.check(cross(self.client.proof()))
        self.client.check(cross(self.host.proof()))


@given(KEYS, HANDSHAKES, HANDSHAKES)
def test_the_same_key_proves_both(key: bytes, one: Handshake, other: Handshake) -> None:
    two = Two(key, key, (one, other))
    assert two.meet() == [True, True]
    assert not two.client.proven and not two.host.proven
    two.prove()
    assert two.client.proven and two.host.proven
    assert two.client.speaksFirst and not two.host.speaksFirst
    crossed = msgpack.packb([two.fromClient, two.fromHost, two.client.proof(), two.host.proof()])
    assert len(key) < 8 or key not in crossed


@given(KEYS, KEYS)
def test_different_keys_prove_nothing(mine: bytes, theirs: bytes) -> None:
    assume(mine.rstrip(b"\0") != theirs.rstrip(b"\0"))  # HMAC pads with zeros
    two = Two(mine, theirs)
    two.meet()
    with pytest.raises(AccessRefused, match="the client's shared key is another one"):
        two.host.check(cross(two.client.proof()))
    with pytest.raises(AccessRefused, match="the host's shared key is another one"):
        two.client.check(cross(two.host.proof()))
    assert not two.client.proven and not two.host.proven


@pytest.mark.parametrize(
    ("client", "host", "words"),
    [
        (b"k" * 16, None, "the client has a shared key and the host has none"),
        (None, b"k" * 16, "the host has a shared key and the client has none"),
    ],
)
def test_a_key_on_one_side(client: bytes | None, host: bytes | None, words: str) -> None:
    two = Two(client, host)
    for mine, packet in ((two.client, two.fromHost), (two.host, two.fromClient)):
        with pytest.raises(AccessRefused, match=words):
            mine.meet(packet, Handshake.parse(packet))
        assert not mine.proven


def test_no_key_needs_no_proof() -> None:
    two = Two(None, None)
    assert two.meet() == [False, False]
    assert two.fromClient == Handshake("c").packet()
    assert not two.client.proven


@given(KEYS)
def test_a_proof_sent_back_proves_nothing(key: bytes) -> None:
    two = Two(key, key)
    two.meet()
    for prover in (two.client, two.host):
        with pytest.raises(AccessRefused):
            prover.check(cross(prover.proof()))


@given(KEYS)
def test_a_handshake_sent_back_proves_nothing(key: bytes) -> None:
    # Somebody without the key answers a client with the client's own packets, nonce and all.
    client = Prover(key, host=False)
    echoed = cross(client.hello(Handshake("c")))
    client.meet(echoed, Handshake.parse(echoed))
    with pytest.raises(AccessRefused):
        client.check(cross(client.proof()))


@given(KEYS)
def test_a_recorded_connection_proves_nothing_again(key: bytes) -> None:
    recorded = Two(key, key)
    recorded.meet()
    recorded.prove()
    host, client = Prover(key, host=True), Prover(key, host=False)
    host.hello(Handshake("h"))
    client.hello(Handshake("c"))
    host.meet(recorded.fromClient, Handshake.parse(recorded.fromClient))
    client.meet(recorded.fromHost, Handshake.parse(recorded.fromHost))
    with pytest.raises(AccessRefused):
        host.check(cross(recorded.client.proof()))
    with pytest.raises(AccessRefused):
        client.check(cross(recorded.host.proof()))


@given(KEYS, HANDSHAKES, st.sampled_from(["fromClient", "fromHost"]))
def test_a_handshake_changed_on_its_way_spoils_both_proofs(
    key: bytes, hello: Handshake, which: str
) -> None:
    two = Two(key, key, (Handshake("c"), Handshake("h")))
    real = getattr(two, which)
    nonce = real[4]["key"]
    changed = dataclasses.replace(hello, features=(*hello.features, ("key", nonce))).packet()
    assume(cross(changed) != real)
    setattr(two, which, cross(changed))
    two.meet()
    with pytest.raises(AccessRefused):
        two.host.check(cross(two.client.proof()))
    with pytest.raises(AccessRefused):
        two.client.check(cross(two.host.proof()))


@given(PLAIN)
def test_what_is_no_nonce(nonce: Any) -> None:
    assume(nonce is not None)
    packet = [1, "pyside_ro", 1, 0, {"key": nonce}, "x"]
    host = Prover(b"k" * 16, host=True)
    host.hello(Handshake("h"))
    with pytest.raises(ProtocolError, match="the client announced a shared key without a nonce"):
        host.meet(packet, Handshake.parse(packet))


@given(st.lists(PLAIN, max_size=3))
def test_what_is_no_proof(rest: list[Any]) -> None:
    two = Two(b"k" * 16, b"k" * 16)
    two.meet()
    with pytest.raises(ProtocolError):
        two.host.check([int(Kind.Proof), *rest])
    assert not two.host.proven


def test_no_two_nonces_are_the_same() -> None:
    nonces = {Prover(b"k", host=True).hello(Handshake())[4]["key"] for _ in range(100)}  # type: ignore[index]
    assert len(nonces) == 100 and all(len(nonce) == 32 for nonce in nonces)
