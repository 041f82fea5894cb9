"""A registry with two hundred hosts, and a client that wants something of each."""

from __future__ import annotations

from typing import Any

import pytest

from pyside_ro import QRemoteObjectNode
from tests.helpers import wait_until
from tests.network.sides import many_hosts, registry_host
from tests.network.support import dropped, listed, suspect, valid

HOSTS = 200
PROCESSES = 4


@pytest.mark.timeout(180)
def test_a_client_of_two_hundred_hosts(peer: Any, local_url: str) -> None:
    node = QRemoteObjectNode(local_url)
    with dropped(node):
        replicas = [node.acquireDynamic(f"counter {number}") for number in range(HOSTS)]
        peer(registry_host, url=local_url)
        share = HOSTS // PROCESSES
        hosts = [
            peer(many_hosts, registry=local_url, first=share * index, count=share)
            for index in range(PROCESSES)
        ]
        valid(*replicas, timeout=60)
        assert [replica.value for replica in replicas] == list(range(HOSTS))
        assert len(listed(node)) == len(node._connections) - 1 == HOSTS
        hosts[0].kill()
        suspect(*replicas[:share])
        wait_until(lambda: len(listed(node)) == HOSTS - share)
        assert all(replica.isReplicaValid() for replica in replicas[share:])
